"""Builds the services of the slice, before accounts, which asks some of them about people and consents."""

from dataclasses import dataclass

from api.accounts.devices.service import DeviceService
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.privacy.consents import RestsOnConsent
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn
from api.feedback.agencies.agency import AgencyLibrary, shipped_agencies
from api.feedback.agencies.staff import AgencyStaff
from api.feedback.categories.category import CategoryLibrary, shipped_categories
from api.feedback.categories.suggesting import CategoryModel, shipped_model
from api.feedback.channels.wiring import (
    CHANNEL_COLLECTIONS,
    ChannelServices,
    OfFeedback,
    channels_on,
)
from api.feedback.clocks.escalating import ReportClocks
from api.feedback.clocks.working_days import shipped_calendar
from api.feedback.duplicates.merging import Merging
from api.feedback.duplicates.similar import Duplicates
from api.feedback.following.followers import FOLLOWERS, FollowerRepository
from api.feedback.following.joining import Joining
from api.feedback.following.telling import Senders, Telling
from api.feedback.following.translation import MachineTranslation
from api.feedback.life.agency_turn import AgencyTurn
from api.feedback.life.closing import Closing
from api.feedback.life.moving import ReportMoving
from api.feedback.life.reporter_turn import ReporterTurn
from api.feedback.life.steps import STEPS, StepRepository
from api.feedback.open311.api_keys import API_KEYS, ApiKeys
from api.feedback.open311.door import Open311Door
from api.feedback.open311.wiring import Parts as DoorParts
from api.feedback.open311.wiring import open311_on
from api.feedback.open_data.wiring import OpenData, open_data_on
from api.feedback.personal_data import FeedbackData
from api.feedback.photos.service import DeskPhotos
from api.feedback.reports.photos_consent import ReportPhotosConsent
from api.feedback.reports.public_search import PublicSearch
from api.feedback.reports.reading import Reading
from api.feedback.reports.reporters import Reporters
from api.feedback.reports.repository import REPORTS, ReportRepository
from api.feedback.reports.submitting import Communes, Submitting
from api.feedback.routing.route import Routing, shipped_owners
from api.feedback.satisfaction.offices import Institutions
from api.feedback.satisfaction.wiring import (
    SATISFACTION_COLLECTIONS,
    SatisfactionBelow,
    SatisfactionServices,
    satisfaction_on,
)
from api.foundations import Foundations
from api.kit.jobs import Handler
from api.kit.personal_data import PersonalData
from api.kit.resealing import Resealed
from api.media.blurring.service import Blurring
from api.media.library import MediaLibrary

FEEDBACK_COLLECTIONS = (
    REPORTS,
    STEPS,
    FOLLOWERS,
    API_KEYS,
    *SATISFACTION_COLLECTIONS,
    *CHANNEL_COLLECTIONS,
)


@dataclass(frozen=True, slots=True)
class Below:
    """What the slice stands on of lower floors. `institutions`: what other slices know of who is rated."""

    devices: DeviceService
    communes: Communes
    library: MediaLibrary
    blurring: Blurring
    translation: MachineTranslation
    institutions: Institutions
    caps: SendCaps


@dataclass(frozen=True, slots=True)
class FeedbackServices:
    """Everything of the slice.

    `reports`, `followers`: for slices and doors that build on reports, to read; `data`: what is kept of
    people; `resealed`: who holds sealed values; `resting`: what rests on the consents PHOTOS and HEALTH.
    """

    agencies: AgencyLibrary
    categories: CategoryLibrary
    model: CategoryModel
    translation: MachineTranslation
    submitting: Submitting
    reading: Reading
    duplicates: Duplicates
    joining: Joining
    reporter_turn: ReporterTurn
    agency_turn: AgencyTurn
    desk_photos: DeskPhotos
    merging: Merging
    open311: Open311Door
    open_data: OpenData
    clocks: ReportClocks
    closing: Closing
    telling: Telling
    moving: ReportMoving
    satisfaction: SatisfactionServices
    reports: ReportRepository
    followers: FollowerRepository
    resting: tuple[RestsOnConsent, ...]
    channels: ChannelServices
    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return {
            **self.telling.handlers(),
            **self.clocks.handlers(),
            **self.closing.handlers(),
            **self.satisfaction.handlers(),
            **self.channels.handlers(),
        }


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, below: Below) -> None:
        store, sealer = on.store, on.sealer
        self.agencies = shipped_agencies()
        self.categories = shipped_categories()
        self.keys = ApiKeys(store, self.agencies, on.audit, on.clock)
        self.staff = AgencyStaff(store, self.agencies, self.keys)
        self.reporters = Reporters(below.devices)
        self.reports = ReportRepository(store, sealer)
        self.steps = StepRepository(store, sealer)
        self.followers = FollowerRepository(store)
        self.ways = WaysIn(store, sealer)
        self.consent = ReportPhotosConsent(
            ConsentLedger(store, sealer),
            AccountRepository(store, sealer),
            self.reports,
            below.library,
        )
        self.senders = Senders(on.notifications, on.texts, self.ways, below.caps, on.clock)
        self.telling = Telling(
            store,
            self.reports,
            self.steps,
            self.followers,
            self.agencies,
            on.jobs,
            self.senders,
            on.clock,
        )
        self.moving = ReportMoving(self.reports, self.steps, self.telling)
        self._time(on, below)
        self.submitting, self.reading = _submitting(on, below, self), _reading(on, self)
        self.agency_turn = _agency_turn(on, below, self)
        self.reporter_turn = _reporter_turn(on, self)

    def _time(self, on: Foundations, below: Below) -> None:
        self.closing = Closing(
            on.store,
            self.reports,
            self.steps,
            self.followers,
            self.moving,
            below.library,
            on.jobs,
            on.clock,
        )
        self.clocks = ReportClocks(
            on.store,
            self.reports,
            self.moving,
            self.categories,
            self.agencies,
            self.staff,
            shipped_calendar(),
            on.jobs,
            on.notifications,
            on.clock,
        )


def feedback_on(on: Foundations, below: Below) -> FeedbackServices:
    """Build the services."""
    parts = _Parts(on, below)
    satisfaction, channels = _satisfaction(on, below, parts), _channels(on, parts)
    return FeedbackServices(
        agencies=parts.agencies,
        categories=parts.categories,
        model=shipped_model(),
        translation=below.translation,
        submitting=parts.submitting,
        reading=parts.reading,
        duplicates=Duplicates(parts.reports, parts.categories),
        joining=_joining(on, parts),
        reporter_turn=parts.reporter_turn,
        agency_turn=parts.agency_turn,
        desk_photos=_desk_photos(on, below, parts),
        merging=_merging(on, parts),
        open311=_open311(on, below, parts),
        open_data=open_data_on(on.store, parts.steps, parts.categories, on.clock),
        clocks=parts.clocks,
        closing=parts.closing,
        telling=parts.telling,
        moving=parts.moving,
        satisfaction=satisfaction,
        reports=parts.reports,
        followers=parts.followers,
        resting=(parts.consent, satisfaction.data),
        channels=channels,
        data=(
            FeedbackData(on.store, parts.reports, parts.steps, parts.followers, parts.closing),
            satisfaction.data,
        ),
        resealed=(parts.reports, parts.steps, *satisfaction.resealed, *channels.resealed),
    )


def _submitting(on: Foundations, below: Below, parts: _Parts) -> Submitting:
    return Submitting(
        parts.reports,
        parts.steps,
        parts.followers,
        parts.reporters,
        parts.categories,
        Routing(parts.agencies, shipped_owners()),
        parts.clocks,
        below.communes,
        below.library,
        parts.consent,
        on.limits,
        on.idempotency,
        on.clock,
    )


def _reading(on: Foundations, parts: _Parts) -> Reading:
    return Reading(
        parts.reports,
        parts.steps,
        parts.followers,
        parts.reporters,
        parts.staff,
        PublicSearch(parts.reports, parts.categories, on.clock),
        parts.ways,
        on.audit,
        on.clock,
    )


def _joining(on: Foundations, parts: _Parts) -> Joining:
    return Joining(
        parts.reports, parts.followers, parts.reporters, on.limits, on.idempotency, on.clock
    )


def _desk_photos(on: Foundations, below: Below, parts: _Parts) -> DeskPhotos:
    return DeskPhotos(
        on.store,
        parts.reports,
        parts.steps,
        parts.staff,
        below.blurring,
        below.library,
        on.audit,
        on.idempotency,
    )


def _reporter_turn(on: Foundations, parts: _Parts) -> ReporterTurn:
    return ReporterTurn(
        parts.reports,
        parts.followers,
        parts.reporters,
        parts.moving,
        parts.closing,
        parts.clocks,
        parts.categories,
        on.idempotency,
        on.clock,
    )


def _agency_turn(on: Foundations, below: Below, parts: _Parts) -> AgencyTurn:
    return AgencyTurn(
        parts.reports,
        parts.moving,
        parts.closing,
        parts.clocks,
        parts.categories,
        parts.agencies,
        parts.staff,
        below.library,
        on.audit,
        on.idempotency,
        on.clock,
    )


def _merging(on: Foundations, parts: _Parts) -> Merging:
    return Merging(
        parts.reports,
        parts.moving,
        parts.clocks,
        parts.staff,
        on.audit,
        on.idempotency,
        on.clock,
    )


def _satisfaction(on: Foundations, below: Below, parts: _Parts) -> SatisfactionServices:
    return satisfaction_on(
        on,
        SatisfactionBelow(
            below.devices,
            parts.agencies,
            below.institutions,
            parts.reports,
            parts.followers,
            parts.reporters,
            parts.senders,
        ),
    )


def _channels(on: Foundations, parts: _Parts) -> ChannelServices:
    return channels_on(
        on,
        OfFeedback(parts.reports, parts.reading, parts.submitting, parts.categories, parts.staff),
    )


def _open311(on: Foundations, below: Below, parts: _Parts) -> Open311Door:
    return open311_on(
        on,
        DoorParts(
            parts.keys,
            parts.categories,
            parts.agencies,
            parts.reports,
            parts.steps,
            parts.submitting,
            parts.reading,
            parts.agency_turn,
            parts.reporter_turn,
            below.library,
        ),
    )
