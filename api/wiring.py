"""Builds the services from the settings: the one place where slices, store and notifications meet.

A slice adds its collections to api.collections and its own wiring here, nothing else.
"""

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import httpx

from api.accounts.devices.location_consent import LocationConsent
from api.accounts.devices.service import DeviceService
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.wiring import AccountServices, accounts_on
from api.alerts.by_sms.wiring import SmsTerms, by_sms_on
from api.alerts.composing.wiring import Below as BelowComposing
from api.alerts.composing.wiring import composing_on
from api.alerts.relays.wiring import relays_on
from api.alerts.service import AlertService
from api.alerts.stays.expected import ExpectedGuests
from api.alerts.stays.repository import StayRepository
from api.alerts.stays.wiring import stays_on
from api.booking_meters import BookingMeters
from api.bot.delegation import DELEGATED_OPERATIONS, Delegation
from api.bot.rasa import connections_to_rasa
from api.bot.wiring import BotPlace, Chats
from api.collections import COLLECTIONS
from api.conditions.wiring import conditions_on
from api.context import Services
from api.credentials.personal_data import CredentialData
from api.credentials.service import CredentialService
from api.credentials.wiring import credentials_on, issuing_on
from api.feedback.following.translation import NoTranslation
from api.feedback.wiring import Below as BelowFeedback
from api.feedback.wiring import FeedbackServices, feedback_on
from api.foundations import Foundations
from api.generated_secrets import (
    bot_secret,
    device_key,
    key_file_of,
    local_payment_secret,
    ticket_secret,
)
from api.guide.planner.road_graph import shipped_graph
from api.guide.planner.solvers import Solvers
from api.guide.planner.travel_sources import TravelSources
from api.guide.speech.recordings import Recordings as SpeechRecordings
from api.guide.tours.library import shipped_tours
from api.guide.tours.service import TourService
from api.guide.wiring import GuideServices, GuideSources, guide_on
from api.health.directory.names import FacilityNames
from api.health.wiring import health_on
from api.kit.audience_source import AudienceSource
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock, system_clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from api.kit.jobs import Jobs
from api.kit.limits import LimitMeters, Limits
from api.kit.operation_texts import texts_of
from api.kit.sealing import Sealer
from api.kit.sealing_keys import SealingKeys
from api.kit.sealing_root import check_keys_fit
from api.kit.seeing import Seeing
from api.kit.store import Store
from api.kit.store.opening import STORE_FILE, store_for
from api.kit.store.seen import SeenStore
from api.kit.tickets import Tickets
from api.media.wiring import media_on
from api.media_settings import media_plan
from api.observed_warnings import ObservedWarnings
from api.operations.funnels import Funnels
from api.operations.service import Observed, Operations
from api.rated_visits import RatedFacilities, RatedVisits
from api.safety.trips.expected import ExpectedTrekkers
from api.safety.trips.meters import TripMeters
from api.safety.trips.repository import TripRepository
from api.safety.wiring import LowerFloors as SafetyBelow
from api.safety.wiring import safety_on
from api.settings import Settings
from api.sign_in_settings import provider_of
from api.students.wiring import LowerFloors as StudentsBelow
from api.students.wiring import StudentServices, students_on
from api.tourism.commune_index import CommuneIndex
from api.tourism.wiring import tourism_on
from api.tourist_cards.personal_data import CardData
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.scanning import PassUsing
from api.tourist_cards.service import CardService
from api.wallet.wiring import wallet_on
from api.wallet_settings import payment_provider_of, wallet_limits_of
from notifications.device_repository import DeviceRepository
from notifications.outbox import Outbox
from notifications.recordings import Recordings
from notifications.service import Notifications
from notifications.text_outbox import TextOutbox
from notifications.texts import Texts


def store_of(settings: Settings) -> Store:
    """Return the engine that the settings name, not yet opened."""
    url = settings.mongodb_url
    return store_for(
        None if url is None else url.get_secret_value(),
        settings.mongodb_database,
        settings.mongo_driver,
        settings.data_folder / STORE_FILE,
    )


@cache
def _trusted_certificates() -> ssl.SSLContext:
    """Return what every client of the process trusts; reading it takes 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


@asynccontextmanager
async def services_on(
    opened: Store, settings: Settings, clock: Clock, seeing: Seeing | None = None
) -> AsyncGenerator[Services]:
    """Build the services over an opened store, and let go of what they hold."""
    seeing = seeing or Seeing()
    store = SeenStore(opened, seeing)
    on = _foundations(store, settings, clock, seeing)
    await check_keys_fit(store, on.sealer)
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    http = httpx.AsyncClient(trust_env=False, cookies=no_cookies, verify=_trusted_certificates())
    to_rasa = connections_to_rasa(_trusted_certificates())
    solvers = Solvers(
        settings.planner_processes, settings.planner_waiting, settings.planner_seconds
    )
    services = _services(on, settings, http, to_rasa, solvers)
    try:
        yield services
    finally:
        await solvers.close()
        await http.aclose()
        await to_rasa.close()
        await services.media.files.close()
        await on.limits.close()
        await on.events.close()


def _foundations(store: Store, settings: Settings, clock: Clock, seeing: Seeing) -> Foundations:
    sealer = Sealer(key_file_of(settings, clock))
    return Foundations(
        seeing=seeing,
        store=store,
        sealer=sealer,
        jobs=Jobs(store, clock, seeing.tracer),
        events=Events(store, clock),
        tickets=Tickets(ticket_secret(settings), clock),
        texts=Texts(store, sealer, clock),
        limits=limits_of(settings, clock, seeing),
        notifications=Notifications(store, clock, _knowing_who_comes(store, sealer, seeing)),
        audit=AuditLog(store, sealer.key_for("audit log"), clock),
        idempotency=Idempotency(store, clock),
        clock=clock,
        public_url=settings.public_url,
    )


def _knowing_who_comes(store: Store, sealer: Sealer, seeing: Seeing) -> tuple[AudienceSource, ...]:
    """Return whom warnings ask about people who will be there; a slice that knows of some adds its own."""
    return (
        ExpectedGuests(StayRepository(store)),
        ExpectedTrekkers(TripRepository(store, sealer, seeing.once(TripMeters))),
    )


class _LowerFloors:
    """The slices that those above and the people build on, each once."""

    def __init__(self, on: Foundations, settings: Settings) -> None:
        store, sealer, clock = on.store, on.sealer, on.clock
        self.communes = CommuneIndex.in_folder(settings.data_folder)
        self.devices = _devices(on, self.communes, settings)
        self.media = media_on(store, sealer, on.jobs, clock, media_plan(settings))
        self.alerts = AlertService(
            store, on.jobs, on.events, on.notifications, self.communes, clock
        )
        self.tours = TourService(shipped_tours(), self.alerts, self.communes)
        self.tourism = tourism_on(on, self.communes, self.media, self.tours)
        self.composing = composing_on(
            on,
            BelowComposing(self.alerts, self.devices, self.communes, self.tourism.places),
        )
        self.conditions = conditions_on(
            on,
            self.communes,
            ObservedWarnings(self.composing.rule_drafts),
            self.composing.same_people,
        )
        self.issuing = issuing_on(store, sealer)
        self.wallet = wallet_on(
            store,
            on.jobs,
            on.audit,
            wallet_limits_of(settings),
            payment_provider_of(settings, lambda: local_payment_secret(settings), clock),
            clock,
        )
        self.caps = SendCaps(
            store,
            sealer,
            abroad_per_day=settings.sms_abroad_per_day,
            in_all_per_day=settings.sms_per_day,
        )
        self.relays = relays_on(on, self.alerts, self.communes)
        self.stays = stays_on(on, self.alerts, self.communes, self.tourism.places)
        self.by_sms = by_sms_on(on, self.alerts, self.communes, self.caps, _sms_terms(settings))


def _services(
    on: Foundations,
    settings: Settings,
    http: httpx.AsyncClient,
    to_rasa: aiohttp.ClientSession,
    solvers: Solvers,
) -> Services:
    below = _LowerFloors(on, settings)
    place = BotPlace(settings.bot_url, bot_secret(settings), settings.bot_timeout_seconds)
    chats = Chats(on, place, to_rasa)
    lower = StudentsBelow(below.caps, below.issuing, below.wallet.ledger)
    students, health = students_on(on, lower), health_on(on, below.caps)
    feedback = _feedback(on, below, RatedFacilities(health.places.library))
    health.booking.changes.listen(RatedVisits(feedback.satisfaction.inviting))
    health.booking.changes.listen(on.seeing.once(BookingMeters))
    safety = safety_on(on, _below_safety(below, settings))
    accounts = accounts_on(
        on,
        below.devices,
        (
            chats.data,
            below.media.data,
            *below.tourism.data,
            below.composing.data,
            *below.conditions.data,
            below.by_sms.data,
            below.stays.data,
            *students.data,
            *health.data,
            *feedback.data,
            *safety.data,
            CredentialData(on.store, below.issuing, on.clock),
            CardData(on.store, below.issuing, on.clock),
            below.wallet.data,
        ),
        provider=provider_of(settings, http, on.clock),
        caps=below.caps,
        resting=(
            below.tourism.consent,
            students.consent,
            *health.resting,
            *feedback.resting,
            chats.sharing,
        ),
        keepers=(*health.keepers, feedback.satisfaction.data),
        institutions=FacilityNames(health.places.library, students.names),
        creditors=(below.wallet.data,),
    )
    operations = Operations(
        Observed(
            store=on.store,
            limits=on.limits,
            rasa=chats.rasa,
            outbox=Outbox(on.store, on.clock),
            texts=TextOutbox(on.store, on.sealer, on.clock),
            jobs=on.jobs,
            alerts=below.alerts,
            near=below.conditions.near,
            reports=feedback.reports,
            caps=below.caps,
        ),
        Funnels(below.alerts, on.notifications, safety.muster),
        on.clock,
    )
    return Services(
        operations=operations,
        seeing=on.seeing,
        store=on.store,
        jobs=on.jobs,
        events=on.events,
        sealer=on.sealer,
        audit=on.audit,
        tickets=on.tickets,
        limits=on.limits,
        notifications=on.notifications,
        recordings=Recordings(on.store),
        texts=on.texts,
        communes=below.communes,
        devices=below.devices,
        media=below.media,
        accounts=accounts,
        alerts=below.alerts,
        conditions=below.conditions,
        composing=below.composing,
        by_sms=below.by_sms,
        relays=below.relays,
        stays=below.stays,
        tourism=below.tourism,
        wallet=below.wallet,
        credentials=_credentials(on, below, accounts, students),
        guide=_guide(on, below, settings, http, solvers),
        cards=_cards(on, below),
        students=students,
        health=health,
        feedback=feedback,
        safety=safety,
        chat=chats.service,
        chat_words=chats.words,
        handoffs=chats.handoffs,
        handoff_desks=chats.desks,
        handoff_lapse=chats.lapse,
        callbacks=chats.callbacks,
        callback_desk=chats.callback_desk,
        unanswered=chats.unanswered,
        chat_resealed=chats.resealed,
        delegation=Delegation(
            chats.repository,
            accounts.sessions,
            on.clock,
            texts_of(settings.contract_folder / "operations", DELEGATED_OPERATIONS),
        ),
    )


def _feedback(
    on: Foundations, below: _LowerFloors, facilities: RatedFacilities
) -> FeedbackServices:
    return feedback_on(
        on,
        BelowFeedback(
            below.devices,
            below.communes,
            below.media.library,
            below.media.blurring,
            NoTranslation(),
            facilities,
            below.caps,
        ),
    )


def _below_safety(below: _LowerFloors, settings: Settings) -> SafetyBelow:
    secrets = tuple(one.get_secret_value() for one in settings.sms_gateway_secrets)
    return SafetyBelow(
        below.devices,
        below.communes,
        below.alerts,
        below.tourism.trails,
        below.caps,
        secrets,
    )


def _credentials(
    on: Foundations, below: _LowerFloors, accounts: AccountServices, students: StudentServices
) -> CredentialService:
    return credentials_on(
        on.store,
        on.sealer,
        on.audit,
        accounts.device_links,
        below.tourism.places,
        (PassUsing(CardRepository(on.store), below.issuing), students.use),
        on.clock,
        public_url=on.public_url,
    )


def _guide(
    on: Foundations,
    below: _LowerFloors,
    settings: Settings,
    http: httpx.AsyncClient,
    solvers: Solvers,
) -> GuideServices:
    sources = GuideSources(
        alerts=below.alerts,
        roads=below.conditions.roads,
        communes=below.communes,
        media=below.media,
        speech=SpeechRecordings(settings.data_folder, settings.public_url),
        solvers=solvers,
        travel=TravelSources(shipped_graph(), http, settings.osrm_url),
    )
    return guide_on(on, sources, below.tourism, below.tours)


def _cards(on: Foundations, below: _LowerFloors) -> CardService:
    return CardService.on(
        on.store,
        AccountRepository(on.store, on.sealer),
        below.tourism.places,
        below.wallet.ledger,
        below.issuing,
        on.audit,
        on.sealer.key_for("pass offers"),
        on.clock,
    )


def _devices(on: Foundations, communes: CommuneIndex, settings: Settings) -> DeviceService:
    devices = DeviceRepository(on.store)
    ledger = ConsentLedger(on.store, on.sealer)
    accounts = AccountRepository(on.store, on.sealer)
    return DeviceService(
        devices,
        LocationConsent(ledger, accounts, devices, on.clock),
        on.idempotency,
        communes.codes,
        device_key(settings),
        on.clock,
    )


def _sms_terms(settings: Settings) -> SmsTerms:
    return SmsTerms(
        timedelta(minutes=settings.warning_sms_after_minutes),
        settings.warning_sms_segments,
        settings.sms_segment_price,
    )


@asynccontextmanager
async def wired(
    settings: Settings, clock: Clock = system_clock, seeing: Seeing | None = None
) -> AsyncGenerator[Services]:
    """Open the store, build the services, and close in reverse."""
    store = store_of(settings)
    await store.open(COLLECTIONS)
    try:
        async with services_on(store, settings, clock, seeing) as services:
            yield services
    finally:
        await store.close()


def sealing_keys_of(services: Services, settings: Settings, clock: Clock) -> SealingKeys:
    """Return the same keys over their life, with everything that may be sealed under them."""
    keys = key_file_of(settings, clock)
    holders = (
        *services.accounts.resealed,
        services.texts,
        *services.students.resealed,
        *services.health.resealed,
        *services.feedback.resealed,
        *services.safety.resealed,
        *services.media.resealed,
        *services.chat_resealed,
        *services.chat.resealed,
        services.relays.repository,
        services.guide.packs.signatures.keys,
        services.credentials.keys,
    )
    return SealingKeys(services.store, keys, COLLECTIONS, holders, clock)


def limits_of(settings: Settings, clock: Clock, seeing: Seeing) -> Limits:
    """Return what counts requests: in Redis, or in this process."""
    url = settings.limits_url
    return Limits(None if url is None else url.get_secret_value(), clock, seeing.once(LimitMeters))
