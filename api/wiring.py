"""Builds the services from the settings: the one place where slices, store and notifications meet.

A slice adds its collections to api.collections and its service to `services_on`, nothing else.
"""

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from api.accounts.devices.location_consent import LocationConsent
from api.accounts.devices.service import DeviceService
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.sign_in.provider_client import ProviderClient, Registration
from api.accounts.sign_in.provider_http import ProviderHttp
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.wiring import accounts_on
from api.alerts.service import AlertService
from api.bot.personal_data import ChatData
from api.bot.rasa import Rasa
from api.bot.repository import ChatRepository
from api.bot.service import ChatService
from api.collections import COLLECTIONS
from api.context import Services
from api.credentials.personal_data import CredentialData
from api.credentials.wiring import credentials_on, issuing_on
from api.generated_secrets import (
    bot_secret,
    device_key,
    key_file_of,
    local_payment_secret,
    ticket_secret,
)
from api.guide.narrations.service import NarrationService
from api.guide.packs.wiring import packs_on
from api.guide.planner.road_graph import shipped_graph
from api.guide.planner.service import PlannerService
from api.guide.planner.solvers import Solvers
from api.guide.planner.travel_sources import TravelSources
from api.guide.search.service import SearchService
from api.guide.speech.recordings import Recordings as SpeechRecordings
from api.guide.tours.library import shipped_tours
from api.guide.tours.service import TourService
from api.health.directory.names import FacilityNames
from api.health.wiring import Foundations as HealthFoundations
from api.health.wiring import health_on
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock, system_clock
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from api.kit.jobs import Jobs
from api.kit.limits import Limits
from api.kit.sealing import Sealer
from api.kit.sealing_keys import SealingKeys
from api.kit.sealing_root import check_keys_fit
from api.kit.search.catalog import SearchCatalogs
from api.kit.store import Store
from api.kit.store.opening import store_for
from api.kit.tickets import Tickets
from api.media.allowances import MEGABYTE, Allowances
from api.media.records import MediaKind
from api.media.wiring import Bucket, MediaPlan, media_on
from api.settings import Settings
from api.students.wiring import Foundations as StudentFoundations
from api.students.wiring import students_on
from api.tourism.closures.wiring import closures_on
from api.tourism.commune_index import CommuneIndex
from api.tourism.editing.editors import Editors
from api.tourism.editing.personal_data import EditingData
from api.tourism.editing.repository import (
    EditingRepository,
)
from api.tourism.editing.service import EditingService
from api.tourism.events.editing import EventEditing
from api.tourism.events.personal_data import EventEditingData
from api.tourism.events.repository import (
    EventRepository,
)
from api.tourism.events.search_source import EventSearch
from api.tourism.events.service import EventService
from api.tourism.exchange.exporting import Exporting
from api.tourism.exchange.importing import Importing
from api.tourism.repository import (
    TourismRepository,
)
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.personal_data import ReviewData
from api.tourism.reviews.photos_consent import PhotosConsent
from api.tourism.reviews.records import SubjectKind
from api.tourism.reviews.service import ReviewService
from api.tourism.reviews.subjects import PlaceSubjects, Subjects
from api.tourism.search_source import PlaceSearch
from api.tourism.service import TourismService
from api.tourism.trails.repository import TrailRepository
from api.tourism.trails.search_source import TrailSearch
from api.tourism.trails.service import TrailService
from api.tourism.trails.wiring import trail_editing_on
from api.tourist_cards.personal_data import CardData
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.scanning import PassUsing
from api.tourist_cards.service import CardService
from api.wallet.wiring import wallet_on
from api.wallet_settings import payment_provider_of, wallet_limits_of
from notifications.device_repository import DeviceRepository
from notifications.recordings import Recordings
from notifications.service import Notifications
from notifications.texts import Texts

_BOT_MARGIN_SECONDS = 3.0


def store_of(settings: Settings) -> Store:
    """Return the engine that the settings name, not yet opened."""
    url = settings.mongodb_url
    return store_for(
        None if url is None else url.get_secret_value(),
        settings.mongodb_database,
        settings.mongo_driver,
        settings.data_folder / "laocai.db",
    )


@cache
def _trusted_certificates() -> ssl.SSLContext:
    """Return what every client of the process trusts; reading it takes 20 ms."""
    return httpx.create_ssl_context(trust_env=False)


@asynccontextmanager
async def services_on(store: Store, settings: Settings, clock: Clock) -> AsyncGenerator[Services]:
    """Build the services over an opened store, and let go of what they hold."""
    events = Events(store, clock)
    communes = CommuneIndex.in_folder(settings.data_folder)
    jobs = Jobs(store, clock)
    sealer = Sealer(key_file_of(settings, clock))
    await check_keys_fit(store, sealer)
    audit = AuditLog(store, sealer.key_for("audit log"), clock)
    notifications = Notifications(store, clock)
    tickets = Tickets(ticket_secret(settings), clock)
    texts = Texts(store, sealer, clock)
    limits = limits_of(settings, clock)
    devices = _devices(store, sealer, communes, settings, clock)
    no_cookies = CookieJar(DefaultCookiePolicy(allowed_domains=()))
    http = httpx.AsyncClient(trust_env=False, cookies=no_cookies, verify=_trusted_certificates())
    tourism = TourismService(store, communes, clock)
    chat, chat_data = _chat(store, settings, tickets, clock, http)
    alerts = AlertService(store, jobs, events, notifications, communes, clock)
    closures = closures_on(store, tourism, communes, audit, clock)
    solvers = Solvers(
        settings.planner_processes, settings.planner_waiting, settings.planner_seconds
    )
    tours = TourService(shipped_tours(), alerts, communes)
    speech = SpeechRecordings(settings.data_folder, settings.public_url)
    media = media_on(store, sealer, jobs, clock, media_plan(settings))
    narrations = NarrationService(
        store, shipped_tours(), media.library, audit, clock, public_url=settings.public_url
    )
    archive = ReviewArchive(store, media.library)
    payments = payment_provider_of(settings, lambda: local_payment_secret(settings), clock)
    wallet = wallet_on(store, jobs, audit, wallet_limits_of(settings), payments, clock)
    photos_consent = PhotosConsent(
        ConsentLedger(store, sealer), AccountRepository(store, sealer), archive
    )
    issuing = issuing_on(store, sealer)
    caps = SendCaps(
        store,
        sealer,
        abroad_per_day=settings.sms_abroad_per_day,
        in_all_per_day=settings.sms_per_day,
    )
    students = students_on(
        StudentFoundations(
            store=store,
            sealer=sealer,
            jobs=jobs,
            texts=texts,
            notifications=notifications,
            audit=audit,
            caps=caps,
            issuing=issuing,
            ledger=wallet.ledger,
            clock=clock,
        )
    )
    health = health_on(
        HealthFoundations(
            store=store,
            sealer=sealer,
            jobs=jobs,
            texts=texts,
            notifications=notifications,
            media=media,
            audit=audit,
            clock=clock,
        )
    )
    accounts = accounts_on(
        store,
        sealer,
        jobs,
        events,
        texts,
        audit,
        devices,
        (
            chat_data,
            EditingData(EditingRepository(store)),
            media.data,
            ReviewData(archive),
            EventEditingData(EventRepository(store)),
            *students.data,
            *health.data,
            CredentialData(store, issuing, clock),
            CardData(store, issuing, clock),
            wallet.data,
        ),
        clock,
        issuer=settings.public_url,
        provider=_provider(settings, http, clock),
        caps=caps,
        resting=(photos_consent, students.consent),
        institutions=FacilityNames(health.places.library, students.names),
        creditors=(wallet.data,),
    )
    services = Services(
        store=store,
        jobs=jobs,
        events=events,
        sealer=sealer,
        audit=audit,
        tickets=tickets,
        limits=limits,
        notifications=notifications,
        recordings=Recordings(store),
        texts=texts,
        devices=devices,
        accounts=accounts,
        communes=communes,
        cards=CardService.on(
            store,
            tourism,
            wallet.ledger,
            issuing,
            audit,
            sealer.key_for("pass offers"),
            clock,
        ),
        tourism=tourism,
        alerts=alerts,
        chat=chat,
        closures=closures,
        trails=TrailService(store, settings.public_url),
        trail_editing=trail_editing_on(store, tourism, communes, audit, clock),
        search=SearchService(
            SearchCatalogs(
                [PlaceSearch(store), TrailSearch(store), tours, EventSearch(store)], clock
            )
        ),
        tours=tours,
        packs=packs_on(
            store,
            sealer,
            shipped_tours(),
            speech,
            narrations,
            communes,
            clock,
            public_url=settings.public_url,
        ),
        speech=speech,
        narrations=narrations,
        editing=EditingService.on(
            store, AccountRepository(store, sealer), communes, media.library, audit, clock
        ),
        exporting=Exporting(store),
        importing=Importing(store, communes, audit, clock),
        media=media,
        reviews=ReviewService.on(
            archive,
            photos_consent,
            Subjects(
                {
                    SubjectKind.PLACE: PlaceSubjects(TourismRepository(store)),
                    SubjectKind.TRAIL: TrailRepository(store),
                    SubjectKind.TOUR: tours,
                }
            ),
            limits,
            audit,
            Idempotency(store, clock),
            clock,
        ),
        calendar=EventService(store, tourism, clock),
        event_editing=EventEditing(
            store, Editors(AccountRepository(store, sealer)), communes, audit, clock
        ),
        credentials=credentials_on(
            store,
            sealer,
            audit,
            accounts.device_links,
            (PassUsing(CardRepository(store), issuing), students.use),
            clock,
            public_url=settings.public_url,
        ),
        planner=PlannerService(
            tourism=tourism,
            alerts=alerts,
            closures=closures,
            communes=communes,
            graph=shipped_graph(),
            sources=TravelSources(shipped_graph(), http, settings.osrm_url),
            solvers=solvers,
            clock=clock,
        ),
        students=students,
        health=health,
        wallet=wallet,
    )
    try:
        yield services
    finally:
        await solvers.close()
        await http.aclose()
        await media.files.close()
        await limits.close()
        await events.close()


def _devices(
    store: Store, sealer: Sealer, communes: CommuneIndex, settings: Settings, clock: Clock
) -> DeviceService:
    devices = DeviceRepository(store)
    ledger, accounts = ConsentLedger(store, sealer), AccountRepository(store, sealer)
    return DeviceService(
        devices,
        LocationConsent(ledger, accounts, devices),
        Idempotency(store, clock),
        communes.codes,
        device_key(settings),
        clock,
    )


def _provider(settings: Settings, http: httpx.AsyncClient, clock: Clock) -> ProviderClient | None:
    issuer, client_id, secret = (
        settings.oidc_issuer,
        settings.oidc_client_id,
        settings.oidc_client_secret,
    )
    if issuer is None or client_id is None:
        return None
    registration = Registration(
        issuer,
        client_id,
        None if secret is None else secret.get_secret_value(),
        frozenset(settings.oidc_redirect_uris),
        settings.oidc_scopes,
    )
    return ProviderClient(registration, ProviderHttp(http), clock)


def _chat(
    store: Store, settings: Settings, tickets: Tickets, clock: Clock, http: httpx.AsyncClient
) -> tuple[ChatService, ChatData]:
    rasa = Rasa(http, settings.bot_url, bot_secret(settings), settings.bot_timeout_seconds)
    patience = timedelta(seconds=settings.bot_timeout_seconds + _BOT_MARGIN_SECONDS)
    chats = ChatRepository(store, patience)
    return ChatService(chats, rasa, tickets, clock, patience), ChatData(chats, rasa, clock)


@asynccontextmanager
async def wired(settings: Settings, clock: Clock = system_clock) -> AsyncGenerator[Services]:
    """Open the store, build the services, and close in reverse."""
    store = store_of(settings)
    await store.open(COLLECTIONS)
    try:
        async with services_on(store, settings, clock) as services:
            yield services
    finally:
        await store.close()


def sealing_keys_of(services: Services, settings: Settings, clock: Clock) -> SealingKeys:
    """Return the same keys over their life, with everything that may be sealed under them."""
    keys = key_file_of(settings, clock)
    holders = (
        *services.accounts.resealed,
        services.texts,
        services.packs.signatures.keys,
        services.credentials.keys,
    )
    return SealingKeys(services.store, keys, COLLECTIONS, holders, clock)


def media_plan(settings: Settings) -> MediaPlan:
    """Return what the settings say of photos and recordings."""
    bucket = settings.media_bucket
    return MediaPlan(
        folder=settings.data_folder / "media",
        bucket=Bucket(bucket, settings.media_s3_url, settings.aws_region) if bucket else None,
        public_url=settings.public_url,
        allowances=Allowances(
            open_at_most=settings.media_open_uploads,
            uploads_a_day=settings.media_uploads_per_day,
            bytes_at_most=settings.media_megabytes_per_person * MEGABYTE,
        ),
        bytes_at_most={
            MediaKind.PHOTO: settings.media_photo_megabytes * MEGABYTE,
            MediaKind.AUDIO: settings.media_audio_megabytes * MEGABYTE,
        },
    )


def limits_of(settings: Settings, clock: Clock) -> Limits:
    """Return what counts requests: in Redis, or in this process."""
    url = settings.limits_url
    return Limits(None if url is None else url.get_secret_value(), clock)
