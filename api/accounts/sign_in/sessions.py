"""Sessions: begin, go on, end; and who is asking by the token that came along."""

import asyncio
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from api.accounts.caller import ANONYMOUS, Caller
from api.accounts.errors import NotFound, NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.accounts.sign_in.access_tokens import AccessTokens
from api.accounts.sign_in.errors import SessionEnded, SignInAgain
from api.accounts.sign_in.refresh_tokens import PresentedToken, RefreshTokens
from api.accounts.sign_in.session_repository import (
    IDLE_AT_MOST,
    EndReason,
    Session,
    SessionRepository,
)
from api.kit.clock import Clock
from api.kit.events import Events
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import Store
from api.kit.transactions import transact

GRACE = timedelta(seconds=60)
"""How long the token before the newest one is answered with the newest one: an answer may be lost."""
ACCESS_CHANGED = "accounts.access_changed"
"""The topic of events: what a person may do has changed. Payload: `person_id`, and `session_id` or None for all."""
SIGNED_IN_WITHIN = timedelta(minutes=10)
"""How young a session must be for what takes an account for good: its end, and its ways in."""
_APP_CHARACTERS_AT_MOST = 80
_LOOK_AGAIN_SECONDS = 30.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class SessionTokens:
    """What an app keeps. The access token goes along with requests, the refresh token brings new ones."""

    session_id: str
    person_id: str
    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


class SessionEndings(Protocol):
    """Whoever keeps something for as long as a session lasts."""

    async def ended(self, person_id: str, session_id: str | None, reason: EndReason) -> None:
        """Let go of it: of this session, or of all of the person's for None.

        Runs in the transaction that ends them.
        """
        ...


class Sessions:
    def __init__(
        self,
        store: Store,
        accounts: AccountRepository,
        access_tokens: AccessTokens,
        sealer: Sealer,
        events: Events,
        endings: SessionEndings,
        clock: Clock,
    ) -> None:
        self._store = store
        self._sessions = SessionRepository(store, sealer)
        self._accounts = accounts
        self._access_tokens = access_tokens
        self._refresh_tokens = RefreshTokens(sealer)
        self._events = events
        self._endings = endings
        self._clock = clock

    async def add(self, person_id: str, claim: str, app: str) -> Session:
        """Begin a session; joins the open transaction. `app`: how its owner tells it from others."""
        now = self._clock()
        session = Session(
            id=new_id(),
            person_id=person_id,
            seed=secrets.token_hex(16),
            claim=claim,
            generation=0,
            rotated_at=now,
            created_at=now,
            expires_at=now + IDLE_AT_MOST,
            app=app.strip()[:_APP_CHARACTERS_AT_MOST],
        )
        await self._sessions.add(session)
        return session

    async def unused(self, session_id: str, claim: str) -> Session | None:
        """Return the session if it was begun under this claim and has not been gone on with."""
        session = await self._sessions.get(session_id)
        if session is None or session.claim != claim or session.generation != 0:
            return None
        return session if session.is_open(self._clock()) else None

    async def tokens(self, session: Session) -> SessionTokens:
        """Return the newest tokens of a session."""
        access_token, access_expires_at = await self._access_tokens.issue(
            session.person_id, session.id
        )
        return SessionTokens(
            session_id=session.id,
            person_id=session.person_id,
            access_token=access_token,
            access_expires_at=access_expires_at,
            refresh_token=self._refresh_tokens.token(session.id, session.seed, session.generation),
            refresh_expires_at=session.expires_at,
        )

    async def refresh(self, token: str) -> SessionTokens:
        """Return the child of a refresh token: always the same one, however often it is asked for.

        After GRACE a token that has a child proves a theft, and the session ends. Raises SessionEnded.
        """
        presented = PresentedToken.of(token)
        session = await self._sessions.get(presented.session_id) if presented else None
        if presented is None or session is None:
            raise SessionEnded
        if not self._refresh_tokens.is_genuine(presented, session.seed):
            raise SessionEnded
        return await self.tokens(await self._child(session, presented.generation))

    async def _child(self, session: Session, generation: int) -> Session:
        now = self._clock()
        if session.generation == generation:
            rotated = await self._sessions.rotate(session, now)
            # Without: somebody was faster with the same token, or the session has ended meanwhile.
            session = rotated or await self._sessions.get(session.id) or session
        if not session.is_open(now):
            raise SessionEnded
        if session.generation != generation + 1 or now - session.rotated_at > GRACE:
            await self._end_stolen(session)
            raise SessionEnded
        return session

    async def _end_stolen(self, session: Session) -> None:
        log.warning("refresh token reused", session=session.id)

        async def work() -> None:
            if await self._sessions.end(session.id, EndReason.REUSED, self._clock()):
                await self._ended(session.person_id, session.id, EndReason.REUSED)

        await transact(self._store, work)

    async def caller_of(self, token: str) -> Caller:
        """Return who is asking with this access token: nobody, unless all of it is in order."""
        read = await self._access_tokens.read(token)
        if read is None:
            return ANONYMOUS
        caller = await self.caller_in(read.session_id)
        return caller if caller.person_id == read.person_id else ANONYMOUS

    async def caller_in(self, session_id: str) -> Caller:
        """Return the person of a session: nobody, unless it is open and the person stays."""
        session = await self._sessions.get(session_id)
        if session is None or not session.is_open(self._clock()):
            return ANONYMOUS
        account = await self._accounts.get(session.person_id)
        if account is None or account.is_leaving:
            return ANONYMOUS
        return Caller(account.id, session.id, account.grants)

    async def check_recent(self, caller: Caller) -> None:
        """Raise SignInAgain unless the caller signed in a moment ago; NotSignedIn for nobody."""
        caller.person()
        session = await self._sessions.get(caller.session_id or "")
        if session is None:
            raise NotSignedIn
        if self._clock() - session.created_at > SIGNED_IN_WITHIN:
            raise SignInAgain

    async def end_own(self, caller: Caller, session_id: str | None = None) -> None:
        """Sign out here, or a session of the caller's elsewhere. Raises NotSignedIn, NotFound."""
        person_id = caller.person()
        which = session_id or caller.session_id or ""

        async def work() -> None:
            if await self._sessions.end_own(which, person_id, self._clock()) is None:
                raise NotFound
            await self._ended(person_id, which, EndReason.SIGNED_OUT)

        await transact(self._store, work)

    async def end_everywhere(self, person_id: str, reason: EndReason) -> int:
        """End all sessions of a person; return how many that were. Joins the open transaction."""

        async def work() -> int:
            ended = await self._sessions.end_all(person_id, reason, self._clock())
            await self._ended(person_id, None, reason)
            return len(ended)

        return await transact(self._store, work)

    async def end_own_everywhere(self, caller: Caller) -> int:
        """Sign out everywhere; return how many sessions that were. Raises NotSignedIn."""
        return await self.end_everywhere(caller.person(), EndReason.SIGNED_OUT)

    async def access_changed(self, person_id: str) -> None:
        """Make open connections of a person come back, so that new grants count; joins the transaction."""
        await self._announce(person_id, None)

    async def of(self, caller: Caller) -> list[Session]:
        """Return the caller's open sessions, the newest first. Raises NotSignedIn."""
        return await self._sessions.of_person(caller.person(), self._clock())

    async def until_access_changes(self, caller: Caller) -> None:
        """Return when the caller's session ends, or what the person may do changes.

        For connections, which outlive the request that began them. Raises NotSignedIn.
        """
        person_id = caller.person()
        while True:
            with suppress(TimeoutError):
                async with (
                    self._events.listening(ACCESS_CHANGED) as changes,
                    asyncio.timeout(_LOOK_AGAIN_SECONDS),
                ):
                    session = await self._sessions.get(caller.session_id or "")
                    if session is None or not session.is_open(self._clock()):
                        return
                    async for change in changes:
                        is_meant = change["session_id"] in (None, session.id)
                        if change["person_id"] == person_id and is_meant:
                            return
                    return  # the process closes, or we were too slow to know

    async def _ended(self, person_id: str, session_id: str | None, reason: EndReason) -> None:
        await self._endings.ended(person_id, session_id, reason)
        await self._announce(person_id, session_id)

    async def _announce(self, person_id: str, session_id: str | None) -> None:
        payload = {"person_id": person_id, "session_id": session_id}
        await self._events.publish(ACCESS_CHANGED, payload)
