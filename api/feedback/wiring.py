"""Builds the services of the slice, before accounts, which asks some of them about people and consents."""

from dataclasses import dataclass

from api.accounts.devices.service import DeviceService
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.sign_in.ways_in import WaysIn
from api.feedback.agencies.agency import AgencyLibrary, shipped_agencies
from api.feedback.agencies.staff import AgencyStaff
from api.feedback.categories.category import CategoryLibrary, shipped_categories
from api.feedback.categories.suggesting import CategoryModel, shipped_model
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
from api.feedback.personal_data import FeedbackData
from api.feedback.photos.service import DeskPhotos
from api.feedback.reports.photos_consent import ReportPhotosConsent
from api.feedback.reports.reading import Reading
from api.feedback.reports.reporters import Reporters
from api.feedback.reports.repository import REPORTS, ReportRepository
from api.feedback.reports.submitting import Communes, Submitting
from api.feedback.routing.route import Routing, shipped_owners
from api.foundations import Foundations
from api.kit.jobs import Handler
from api.kit.personal_data import PersonalData
from api.kit.resealing import Resealed
from api.media.blurring.service import Blurring
from api.media.library import MediaLibrary

FEEDBACK_COLLECTIONS = (REPORTS, STEPS, FOLLOWERS)


@dataclass(frozen=True, slots=True)
class Below:
    """What the slice stands on of lower floors."""

    devices: DeviceService
    communes: Communes
    library: MediaLibrary
    blurring: Blurring
    translation: MachineTranslation


@dataclass(frozen=True, slots=True)
class FeedbackServices:
    """Everything of the slice.

    `reports`, `followers`: for slices and doors that build on reports, to read; `data`: what is kept of
    people; `resealed`: who holds sealed values; `consent`: what rests on the consent PHOTOS.
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
    clocks: ReportClocks
    closing: Closing
    telling: Telling
    moving: ReportMoving
    reports: ReportRepository
    followers: FollowerRepository
    consent: ReportPhotosConsent
    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return {
            **self.telling.handlers(),
            **self.clocks.handlers(),
            **self.closing.handlers(),
        }


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, below: Below) -> None:
        store, sealer = on.store, on.sealer
        self.agencies = shipped_agencies()
        self.categories = shipped_categories()
        self.staff = AgencyStaff(store, self.agencies)
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
        self.telling = Telling(
            store,
            self.reports,
            self.steps,
            self.followers,
            self.agencies,
            on.jobs,
            Senders(on.notifications, on.texts, self.ways),
            on.clock,
        )
        self.moving = ReportMoving(self.reports, self.steps, self.telling)
        self._time(on, below)

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
    return FeedbackServices(
        agencies=parts.agencies,
        categories=parts.categories,
        model=shipped_model(),
        translation=below.translation,
        submitting=_submitting(on, below, parts),
        reading=_reading(on, parts),
        duplicates=Duplicates(parts.reports, parts.categories),
        joining=Joining(
            parts.reports,
            parts.followers,
            parts.reporters,
            on.limits,
            on.idempotency,
            on.clock,
        ),
        reporter_turn=_reporter_turn(on, parts),
        agency_turn=_agency_turn(on, below, parts),
        desk_photos=DeskPhotos(
            on.store,
            parts.reports,
            parts.steps,
            parts.staff,
            below.blurring,
            below.library,
            on.audit,
            on.idempotency,
        ),
        merging=_merging(on, parts),
        clocks=parts.clocks,
        closing=parts.closing,
        telling=parts.telling,
        moving=parts.moving,
        reports=parts.reports,
        followers=parts.followers,
        consent=parts.consent,
        data=(FeedbackData(on.store, parts.reports, parts.steps, parts.followers, parts.closing),),
        resealed=(parts.reports, parts.steps),
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
        parts.ways,
        on.audit,
        on.clock,
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
