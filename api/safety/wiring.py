"""Builds the services of the slice, before accounts, which asks some of them about people."""

from dataclasses import dataclass

from api.accounts.devices.service import DeviceService
from api.accounts.sign_in.send_caps import SendCaps
from api.alerts.service import AlertService
from api.foundations import Foundations
from api.kit.jobs import Handler
from api.kit.personal_data import PersonalData
from api.kit.resealing import Resealed
from api.safety.askers import Askers
from api.safety.desks import RescueDesks
from api.safety.safe.expected import Expected
from api.safety.safe.muster import MusterService
from api.safety.safe.personal_data import SafeData
from api.safety.safe.repository import MUSTER_ANSWERS, MUSTER_COUNTS, MusterRepository
from api.safety.safe.words import SAFETY_WORDS, SafetyWords
from api.safety.sos.desk import SosDesk
from api.safety.sos.personal_data import SosData
from api.safety.sos.raising import Communes, SosRaising
from api.safety.sos.repository import SOS, SosRepository
from api.safety.sos.sms_gateway import SmsGateway
from api.safety.sos.telling import SosTelling
from api.safety.tracks import TRACK_POINTS, Tracks
from api.safety.trips.alarms import TripAlarms
from api.safety.trips.dangers import Dangers
from api.safety.trips.meters import TripMeters
from api.safety.trips.personal_data import TripData
from api.safety.trips.repository import TRIPS, TripRepository
from api.safety.trips.service import Trails, TripService
from notifications.whereabouts import Whereabouts

SAFETY_COLLECTIONS = (SOS, TRACK_POINTS, TRIPS, MUSTER_ANSWERS, MUSTER_COUNTS, SAFETY_WORDS)


@dataclass(frozen=True, slots=True)
class LowerFloors:
    """What the slice stands on. `sms_secrets`: shared with the SMS gateway; none: there is no gateway."""

    devices: DeviceService
    communes: Communes
    alerts: AlertService
    trails: Trails
    caps: SendCaps
    sms_secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafetyServices:
    """Everything of the slice. `data`: what is kept of people; `resealed`: who holds sealed values."""

    raising: SosRaising
    desk: SosDesk
    sos_telling: SosTelling
    sms_gateway: SmsGateway
    trips: TripService
    alarms: TripAlarms
    dangers: Dangers
    muster: MusterService
    words: SafetyWords
    data: tuple[PersonalData, ...]
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        return {**self.sos_telling.handlers(), **self.alarms.handlers()}


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, below: LowerFloors) -> None:
        self.askers = Askers(below.devices)
        self.desks = RescueDesks(on.store, on.audit)
        self.tracks = Tracks(on.store, on.sealer)
        self.sos = SosRepository(on.store, on.sealer)
        self.sos_telling = SosTelling(
            on.store,
            self.sos,
            self.tracks,
            self.desks,
            on.jobs,
            on.notifications,
            on.events,
            on.clock,
        )
        self.trips = TripRepository(on.store, on.sealer, on.seeing.once(TripMeters))
        self.dangers = Dangers(below.alerts, on.clock)
        self.musters = MusterRepository(on.store, on.sealer)
        self.words = SafetyWords(on.store, on.sealer, self.askers, on.public_url, on.clock)
        self.alarms = TripAlarms(
            on.store,
            self.trips,
            self.tracks,
            self.desks,
            self.dangers,
            on.jobs,
            on.notifications,
            on.texts,
            below.caps,
            on.clock,
        )


def safety_on(on: Foundations, below: LowerFloors) -> SafetyServices:
    """Build the services."""
    parts = _Parts(on, below)
    raising = SosRaising(
        on.store,
        on.sealer,
        parts.sos,
        parts.tracks,
        parts.askers,
        below.communes,
        parts.sos_telling,
        on.events,
        on.idempotency,
        on.clock,
    )
    return SafetyServices(
        raising=raising,
        desk=_desk(on, parts),
        sos_telling=parts.sos_telling,
        sms_gateway=SmsGateway(raising, below.sms_secrets, on.clock),
        trips=_trips(on, below, parts),
        alarms=parts.alarms,
        dangers=parts.dangers,
        muster=_muster(on, below, parts),
        words=parts.words,
        data=(
            SosData(parts.sos, parts.tracks, parts.sos_telling),
            TripData(parts.trips, parts.tracks, parts.alarms),
            SafeData(parts.musters, parts.words),
        ),
        resealed=(parts.sos, parts.tracks, parts.trips, parts.musters, parts.words),
    )


def _desk(on: Foundations, parts: _Parts) -> SosDesk:
    return SosDesk(
        parts.sos,
        parts.tracks,
        parts.desks,
        parts.sos_telling,
        on.events,
        on.idempotency,
        on.clock,
    )


def _trips(on: Foundations, below: LowerFloors, parts: _Parts) -> TripService:
    return TripService(
        on.store,
        parts.trips,
        parts.tracks,
        parts.alarms,
        below.trails,
        below.communes,
        parts.desks,
        on.idempotency,
        on.clock,
    )


def _muster(on: Foundations, below: LowerFloors, parts: _Parts) -> MusterService:
    return MusterService(
        on.store,
        parts.musters,
        parts.askers,
        below.alerts,
        below.communes,
        parts.desks,
        Expected(Whereabouts(on.store, below.communes.at, on.clock), on.clock),
        on.clock,
    )
