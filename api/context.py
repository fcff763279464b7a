"""What a resolver may reach: services, the reader's language, and who asks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

from api.kit.audit_log import AuditLog
from api.kit.events import Events
from api.kit.jobs import Jobs
from api.kit.limits import Limits
from api.kit.resealing import Resealed
from api.kit.sealing import Sealer
from api.kit.seeing import Seeing, Tracer
from api.kit.store import Store
from api.kit.tickets import Ticket, Tickets
from locales import translator
from notifications.recordings import Recordings
from notifications.service import Notifications
from notifications.texts import Texts

if TYPE_CHECKING:
    from api.accounts.caller import Caller
    from api.accounts.devices.service import DeviceService
    from api.accounts.wiring import AccountServices
    from api.alerts.by_sms.wiring import SmsServices
    from api.alerts.composing.wiring import ComposingServices
    from api.alerts.relays.wiring import RelayServices
    from api.alerts.service import AlertService
    from api.alerts.stays.wiring import StayServices
    from api.bot.delegation import Delegation
    from api.bot.handoff.callbacks.desk import CallbackDesk
    from api.bot.handoff.callbacks.service import Callbacks
    from api.bot.handoff.desk import HandoffDesks
    from api.bot.handoff.lapse import HandoffLapse
    from api.bot.handoff.service import Handoffs
    from api.bot.service import ChatService
    from api.bot.unanswered.service import Unanswered
    from api.bot.words import ChatWords
    from api.conditions.wiring import ConditionServices
    from api.credentials.service import CredentialService
    from api.feedback.wiring import FeedbackServices
    from api.guide.wiring import GuideServices
    from api.health.wiring import HealthServices
    from api.media.wiring import MediaServices
    from api.operations.service import Operations
    from api.safety.wiring import SafetyServices
    from api.students.wiring import StudentServices
    from api.tourism.commune_index import CommuneIndex
    from api.tourism.wiring import TourismServices
    from api.tourist_cards.service import CardService
    from api.wallet.wiring import WalletServices

Key = TypeVar("Key")
Loaded = TypeVar("Loaded")


@dataclass(frozen=True, slots=True)
class Services:
    """Built once in the lifespan by api.wiring (tests build their own)."""

    seeing: Seeing
    store: Store
    jobs: Jobs
    events: Events
    sealer: Sealer
    audit: AuditLog
    tickets: Tickets
    limits: Limits
    notifications: Notifications
    recordings: Recordings
    texts: Texts
    devices: "DeviceService"
    accounts: "AccountServices"
    communes: "CommuneIndex"
    tourism: "TourismServices"
    guide: "GuideServices"
    alerts: "AlertService"
    conditions: "ConditionServices"
    by_sms: "SmsServices"
    relays: "RelayServices"
    stays: "StayServices"
    composing: "ComposingServices"
    chat: "ChatService"
    chat_words: "ChatWords"
    handoffs: "Handoffs"
    handoff_desks: "HandoffDesks"
    handoff_lapse: "HandoffLapse"
    callbacks: "Callbacks"
    callback_desk: "CallbackDesk"
    unanswered: "Unanswered"
    chat_resealed: tuple[Resealed, ...]
    delegation: "Delegation"
    media: "MediaServices"
    students: "StudentServices"
    health: "HealthServices"
    feedback: "FeedbackServices"
    safety: "SafetyServices"
    credentials: "CredentialService"
    cards: "CardService"
    wallet: "WalletServices"
    operations: "Operations"


class Context:
    """One HTTP request, or one WebSocket connection."""

    __slots__ = (
        "_loaders",
        "_loaders_cache",
        "caller",
        "client_address",
        "connection_params",
        "language",
        "services",
        "ticket",
        "trace_id",
        "translate",
    )

    def __init__(
        self,
        services: Services,
        language: str,
        trace_id: str,
        caller: "Caller",
        ticket: Ticket | None = None,
        *,
        client_address: str = "",
        is_connection: bool = False,
    ) -> None:
        self.services = services
        self.trace_id = trace_id
        self.caller = caller
        self.client_address = client_address
        self.ticket = ticket
        self.connection_params: Any = None
        self._loaders: dict[Any, DataLoader[Any, Any]] = {}
        # A connection outlives what it loads: there, loaders gather keys but keep no answers.
        self._loaders_cache = not is_connection
        self.speak(language)

    @property
    def tracer(self) -> Tracer:
        """What the executor traces root fields with."""
        return self.services.seeing.tracer

    def speak(self, language: str) -> None:
        """Answer in `language` (one of locales.AVAILABLE) from here on."""
        self.language = language
        self.translate = translator(language)

    def loader(
        self, load: Callable[[list[Key]], Awaitable[list[Loaded]]]
    ) -> DataLoader[Key, Loaded]:
        """Return the DataLoader of this request for `load`, which answers in the order of its keys."""
        if load not in self._loaders:
            self._loaders[load] = DataLoader(load, cache=self._loaders_cache)
        return self._loaders[load]


Info = strawberry.Info[Context, None]


def bearer_token(authorization: str | None) -> str | None:
    """Return the token of an `Authorization: Bearer` header (RFC 6750), or None."""
    scheme, _, token = (authorization or "").partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None
