"""What clerks of the province's office do with sources; each act is in the audit log."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.agencies.staff import AgencyStaff, desk_entry
from api.feedback.channels.errors import (
    InvalidSource,
    NotAWebhook,
    SourceNotFound,
    TooManySources,
)
from api.feedback.channels.records import Source, SourceKind, SourceState
from api.feedback.channels.sources.repository import CHANNEL_TURNS, Secrets, SourceRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.plain_text import NotPlain, plain

SOURCES_AT_MOST = 200
NAME_CHARACTERS_AT_MOST = 100
FAILING_AFTER = timedelta(days=1)
EARLIER_SECRET_FOR = timedelta(hours=24)
_SECRET_BYTES = 32
_ADDING = "adding a source"


class Chains(Protocol):
    """What runs as long as there are sources: polls, the watch and the digest."""

    async def begin(self, source: Source) -> None:
        """Ask for the jobs that a source needs; joins the open transaction."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class SourceWithSecret:
    """A source that sends, and what signs."""

    source: Source
    secret: str


class ManagingSources:
    def __init__(
        self,
        store: Store,
        sources: SourceRepository,
        staff: AgencyStaff,
        chains: Chains,
        may_be_called: Callable[[str], bool],
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._turns = store[CHANNEL_TURNS]
        self._sources = sources
        self._staff = staff
        self._chains = chains
        self._may_be_called = may_be_called
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def all(self, caller: Caller) -> list[Source]:
        """Return every source, the oldest first. Raises NotSignedIn, NotAllowed."""
        self._staff.clerk(caller, PROVINCE_OFFICE)
        return await self._sources.all()

    def is_failing(self, source: Source) -> bool:
        """Tell whether a source has not answered for a day."""
        return has_failed_for_a_day(source, self._clock())

    async def add_feed(self, caller: Caller, name: str, url: str, key: str) -> Source:
        """Have a feed asked from now on; the same key again answers the same source.

        Raises NotSignedIn, NotAllowed, InvalidSource, TooManySources and IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, PROVINCE_OFFICE)
        checked = _name(name)
        if not self._may_be_called(url):
            raise InvalidSource(most=NAME_CHARACTERS_AT_MOST)

        async def work() -> dict[str, Any]:
            source = self._new(checked, SourceKind.FEED, url)
            await self._added(person_id, source, None)
            return {"source": source.id}

        asked = {"name": name, "url": url}
        result = await self._idempotency.once(person_id, "addFeedSource", key, asked, work)
        return await self._found(result["source"])

    async def add_webhook(self, caller: Caller, name: str, key: str) -> SourceWithSecret:
        """Let a system send from now on; the same key again answers the same source and its secret.

        Raises NotSignedIn, NotAllowed, InvalidSource, TooManySources and IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, PROVINCE_OFFICE)
        checked = _name(name)

        async def work() -> dict[str, Any]:
            source = self._new(checked, SourceKind.WEBHOOK, None)
            secret = secrets.token_urlsafe(_SECRET_BYTES)
            await self._added(person_id, source, Secrets(secret))
            return {"source": source.id}

        asked = {"name": name}
        result = await self._idempotency.once(person_id, "addWebhookSource", key, asked, work)
        source = await self._found(result["source"])
        held = await self._sources.secrets_of(source.id)
        assert held is not None, "a source that sends has one"  # noqa: S101
        return SourceWithSecret(source, held.current)

    async def rotate(self, caller: Caller, source_id: str) -> SourceWithSecret:
        """Make a new secret; the one before it is good for another day.

        Raises NotSignedIn, NotAllowed, SourceNotFound and NotAWebhook.
        """
        person_id = self._staff.clerk(caller, PROVINCE_OFFICE)
        secret = secrets.token_urlsafe(_SECRET_BYTES)

        async def work() -> Source:
            source = await self._found(source_id)
            held = await self._sources.secrets_of(source_id)
            if held is None:
                raise NotAWebhook
            until = self._clock() + EARLIER_SECRET_FOR
            await self._sources.turn_secret(source, Secrets(secret, held.current, until))
            await self._note(person_id, "channel.rotate_secret", source)
            return source

        return SourceWithSecret(await transact(self._store, work), secret)

    async def pause(self, caller: Caller, source_id: str) -> Source:
        """Ask a feed no more, take nothing from a system. Again: the same.

        Raises NotSignedIn, NotAllowed and SourceNotFound.
        """
        fields = {"state": SourceState.PAUSED.value}
        return await self._moved(caller, source_id, SourceState.ACTIVE, fields, "channel.pause")

    async def resume(self, caller: Caller, source_id: str) -> Source:
        """Undo a pause. Raises NotSignedIn, NotAllowed and SourceNotFound."""
        fields = {
            "state": SourceState.ACTIVE.value,
            "chain": new_id(),
            "failures": 0,
            "failing_since": None,
            "failure": None,
        }
        return await self._moved(
            caller, source_id, SourceState.PAUSED, fields, "channel.resume", self._chains.begin
        )

    async def _moved(
        self,
        caller: Caller,
        source_id: str,
        was: SourceState,
        fields: dict[str, Any],
        action: str,
        then: Callable[[Source], Awaitable[None]] | None = None,
    ) -> Source:
        person_id = self._staff.clerk(caller, PROVINCE_OFFICE)

        async def work() -> Source:
            found = await self._found(source_id)
            moved = await self._sources.move(source_id, was, fields)
            if moved is None:
                return found
            if then is not None:
                await then(moved)
            await self._note(person_id, action, moved)
            return moved

        return await transact(self._store, work)

    async def _added(self, person_id: str, source: Source, secret: Secrets | None) -> None:
        # Whoever adds one writes the turn: of two at once the second counts anew.
        await self._turns.upsert({"_id": _ADDING, "turn": source.id})
        if len(await self._sources.all()) >= SOURCES_AT_MOST:
            raise TooManySources(most=SOURCES_AT_MOST)
        await self._sources.add(source, secret)
        await self._chains.begin(source)
        await self._note(person_id, "channel.add_source", source)

    async def _found(self, source_id: str) -> Source:
        source = await self._sources.get(source_id)
        if source is None:
            raise SourceNotFound
        return source

    def _new(self, name: str, kind: SourceKind, url: str | None) -> Source:
        return Source(
            id=new_id(),
            name=name,
            kind=kind,
            state=SourceState.ACTIVE,
            url=url,
            added_at=self._clock(),
            chain=new_id(),
        )

    async def _note(self, person_id: str, action: str, source: Source) -> None:
        await self._audit.append(
            desk_entry(person_id, action, source.id, PROVINCE_OFFICE, {"kind": source.kind.name})
        )


def has_failed_for_a_day(source: Source, now: datetime) -> bool:
    return source.failing_since is not None and source.failing_since <= now - FAILING_AFTER


def _name(name: str) -> str:
    try:
        checked = plain(name, with_lines=False)
    except NotPlain as error:
        raise InvalidSource(most=NAME_CHARACTERS_AT_MOST) from error
    if len(checked) > NAME_CHARACTERS_AT_MOST:
        raise InvalidSource(most=NAME_CHARACTERS_AT_MOST)
    return checked
