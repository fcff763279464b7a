"""What administrators do with relays; each act is in the audit log."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.accounts.caller import Caller
from api.accounts.devices.requests import our_language
from api.accounts.errors import NotFound
from api.accounts.staff.grants import ADMINISTRATION
from api.alerts.bulletins import Communes
from api.alerts.relays.errors import InvalidRelay
from api.alerts.relays.records import Relay, RelayKind, Target
from api.alerts.relays.repository import RelayRepository
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.preferences import WarningLevel

NAME_CHARACTERS_AT_MOST = 100
CHAT_CHARACTERS_AT_MOST = 64
_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True, repr=False)
class NewRelay:
    kind: RelayKind
    name: str
    commune: str
    language: str
    least: WarningLevel
    url: str
    chat: str


@dataclass(frozen=True, slots=True, repr=False)
class RelayWithSecret:
    relay: Relay
    secret: str


class ManagingRelays:
    def __init__(
        self,
        store: Store,
        relays: RelayRepository,
        communes: Communes,
        may_be_called: Callable[[str], bool],
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._relays = relays
        self._communes = communes
        self._may_be_called = may_be_called
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def all(self, caller: Caller) -> list[Relay]:
        """Return every relay, the first added first. Raises NotSignedIn, NotAllowed."""
        _administrator(caller)
        return await self._relays.all()

    async def add(self, caller: Caller, wanted: NewRelay, key: str) -> RelayWithSecret:
        """Send warnings to a relay from now on; the same key again answers the same relay.

        Raises NotSignedIn, NotAllowed, InvalidRelay, UnknownLanguage and IdempotencyProblem, and
        NotFound for a replay after the relay was removed.
        """
        person_id = _administrator(caller)
        self._check(wanted)
        language = our_language(wanted.language)

        async def work() -> dict[str, Any]:
            relay = Relay(
                id=new_id(),
                kind=wanted.kind,
                name=wanted.name.strip(),
                commune=wanted.commune,
                language=language,
                least=wanted.least,
                added_at=self._clock(),
            )
            secret = secrets.token_urlsafe(_SECRET_BYTES)
            await self._relays.add(relay, Target(wanted.url, secret, wanted.chat))
            await self._note(person_id, "alert.relay.add", relay.id, wanted.commune)
            return {"relay": relay.id}

        asked = {
            "kind": wanted.kind,
            "name": wanted.name,
            "commune": wanted.commune,
            "language": language,
            "least": wanted.least,
            "url": wanted.url,
            "chat": wanted.chat,
        }
        result = await self._idempotency.once(person_id, "addRelay", key, asked, work)
        found = await self._relays.get(result["relay"])
        if found is None:
            raise NotFound
        relay, target = found
        return RelayWithSecret(relay, target.secret)

    async def remove(self, caller: Caller, relay_id: str) -> None:
        """Send nothing there any more. Raises NotSignedIn, NotAllowed, NotFound."""
        person_id = _administrator(caller)

        async def work() -> None:
            found = await self._relays.get(relay_id)
            if found is None or not await self._relays.remove(relay_id):
                raise NotFound
            await self._note(person_id, "alert.relay.remove", relay_id, found[0].commune)

        await transact(self._store, work)

    def _check(self, wanted: NewRelay) -> None:
        is_named = 0 < len(wanted.name.strip()) <= NAME_CHARACTERS_AT_MOST
        is_placed = wanted.commune in self._communes.codes
        has_chat = 0 < len(wanted.chat) <= CHAT_CHARACTERS_AT_MOST
        fits = has_chat if wanted.kind is RelayKind.TELEGRAM else not wanted.chat
        is_plain = wanted.name.isprintable() and wanted.chat.isprintable()
        if not (is_named and is_placed and fits and is_plain and self._may_be_called(wanted.url)):
            raise InvalidRelay(most=NAME_CHARACTERS_AT_MOST)

    async def _note(self, person_id: str, action: str, relay_id: str, commune: str) -> None:
        # Not where it is reached: the address may hold a key.
        details = {"commune": commune}
        await self._audit.append(
            AuditEntry(person_id, action, relay_id, str(ADMINISTRATION), details)
        )


def _administrator(caller: Caller) -> str:
    return caller.require(ADMINISTRATION.role, ADMINISTRATION.scope)
