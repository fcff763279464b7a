from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from api.accounts.caller import Caller
from api.accounts.errors import NotFound
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.accounts.sign_in.addresses import address_of
from api.accounts.sign_in.codes import Challenge, CodePurpose, Codes, NewCode
from api.accounts.sign_in.errors import AddressInUse, CodeEnded, LastAddress
from api.accounts.sign_in.messages import code_message
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.sessions import Sessions, SessionTokens
from api.accounts.sign_in.ways_in import WayIn, WaysIn, way_of
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency, check_key
from api.kit.ids import new_id
from api.kit.sealing import Sealer
from api.kit.store import DuplicateKey, Store, WriteConflict
from api.kit.transactions import transact
from notifications.texts import Texts

UseUp = Callable[[str], Awaitable[None]]
"""Uses up what proved a way in; joins the open transaction. Given the id of the session it opens, or
of the way it adds; raises the refusal when it was used already."""


@dataclass(frozen=True, slots=True)
class RequestedCode:
    """What whoever asked for a code is told: the same, whether or not the address is known."""

    challenge_id: str
    sent_to: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """`is_new`: the account was made just now."""

    tokens: SessionTokens
    is_new: bool


class SignIn:
    """Ways into accounts. Signing in with an address nobody has makes an account."""

    def __init__(
        self,
        store: Store,
        codes: Codes,
        caps: SendCaps,
        ways: WaysIn,
        accounts: AccountRepository,
        sessions: Sessions,
        texts: Texts,
        idempotency: Idempotency,
        sealer: Sealer,
        clock: Clock,
    ) -> None:
        self._store = store
        self._codes = codes
        self._caps = caps
        self._ways = ways
        self._accounts = accounts
        self._sessions = sessions
        self._texts = texts
        self._idempotency = idempotency
        self._sealer = sealer
        self._clock = clock

    async def request_code(
        self,
        typed: str,
        language: str,
        idempotency_key: str,
        client: str,
        *,
        caller: Caller | None = None,
    ) -> RequestedCode:
        """Send a code to an address, to sign in with, or to add it to the account of `caller`.

        `language`: of the message; `client`: the network address it is asked from, or "". Raises
        InvalidAddress, TooManyCodes, NotSignedIn, SignInAgain and IdempotencyProblem; nothing is
        sent then.
        """
        address = address_of(typed)
        if caller is not None:
            await self._sessions.check_recent(caller)
        person_id = caller.person() if caller else None
        purpose = CodePurpose.ADD_ADDRESS if caller else CodePurpose.SIGN_IN

        async def send() -> dict[str, object]:
            if person_id is None:
                await self._caps.count(address, client, self._clock())
            else:
                await self._caps.count_added(address, person_id, client, self._clock())
            new = await self._codes.add(address, purpose, person_id, language)
            await self._texts.queue(code_message(new))
            return _requested(new)

        scope = person_id or self._sealer.digest("code requests", address.value)
        asked = {"language": language, "address": address.value}
        result = await self._idempotency.once(scope, "requestCode", idempotency_key, asked, send)
        return RequestedCode(sent_to=address.masked, **result)

    async def sign_in(
        self, challenge_id: str, code: str, idempotency_key: str, app: str
    ) -> SignedIn:
        """Open a session for whoever read the code. The same call again gives the same session.

        Raises CodeWrong, CodeEnded and InvalidIdempotencyKey.
        """
        check_key(idempotency_key)
        claim = self._claim(challenge_id, idempotency_key)
        challenge = await self._codes.guess(challenge_id, code, CodePurpose.SIGN_IN, None)
        if challenge.used_at is not None:
            return await self._again(challenge, claim)

        async def use_up(session_id: str) -> None:
            if not await self._codes.use(challenge, claim, session_id):
                raise CodeEnded

        way = way_of(challenge.address, self._clock())
        return await self.enter(way, challenge.language, claim, app, use_up)

    async def enter(
        self, way: WayIn, language: str, claim: str, app: str, use_up: UseUp
    ) -> SignedIn:
        """Open a session in the account behind a proved way, which is made when there is none.

        What proved it is used up in the same transaction. Raises what `use_up` raises.
        """

        async def work() -> tuple[SessionTokens, bool]:
            person_id, is_new = await self.account_behind(way, language)
            session = await self._sessions.add(person_id, claim, app)
            await use_up(session.id)
            return await self._sessions.tokens(session), is_new

        return SignedIn(*await transact(self._store, work))

    async def _again(self, challenge: Challenge, claim: str) -> SignedIn:
        session = await self._sessions.unused(challenge.session_id or "", claim)
        if session is None:
            raise CodeEnded
        return SignedIn(await self._sessions.tokens(session), is_new=False)

    async def account_behind(self, way: WayIn, language: str) -> tuple[str, bool]:
        """Return who comes in by this way, and whether the account was made just now.

        Joins the open transaction. `language`: of a new account.
        """
        person_id = await self._ways.person_behind(way)
        if person_id is not None:
            return person_id, False
        person_id = new_id()
        try:
            await self._ways.add(person_id, way)
        except DuplicateKey as error:
            raise WriteConflict from error  # somebody else's first sign-in: begin again
        now = self._clock()
        await self._accounts.add(Account(person_id, language, Profile(), frozenset(), now))
        return person_id, True

    async def add_address(
        self, caller: Caller, challenge_id: str, code: str, idempotency_key: str
    ) -> WayIn:
        """Let an address lead into the caller's account too, once its code was read.

        The same call again answers the same. Raises NotSignedIn, SignInAgain, CodeWrong, CodeEnded,
        AddressInUse and InvalidIdempotencyKey.
        """
        person_id = caller.person()
        check_key(idempotency_key)
        await self._sessions.check_recent(caller)
        challenge = await self._codes.guess(challenge_id, code, CodePurpose.ADD_ADDRESS, person_id)
        way = way_of(challenge.address, self._clock())

        async def use_up(_: str) -> None:
            is_theirs = await self._ways.person_behind(way) == person_id
            if not await self._codes.use(challenge, "", None) and not is_theirs:
                raise CodeEnded

        await self.add_way(person_id, way, use_up)
        return way

    async def add_way(self, person_id: str, way: WayIn, use_up: UseUp) -> None:
        """Let a proved way lead into an account; one that does already stays.

        What proved it is used up in the same transaction. Raises AddressInUse, and what `use_up`
        raises.
        """

        async def work() -> None:
            owner = await self._ways.person_behind(way)
            if owner not in (None, person_id):
                raise AddressInUse
            await use_up(self._ways.index(way))
            if owner is None:
                await self._add(person_id, way)

        await transact(self._store, work)

    async def _add(self, person_id: str, way: WayIn) -> None:
        try:
            await self._ways.add(person_id, way)
        except DuplicateKey as error:
            raise WriteConflict from error
        await self._touch(person_id)

    async def remove_way(self, caller: Caller, way_id: str) -> None:
        """Close a way into the caller's account.

        Raises NotSignedIn, SignInAgain, NotFound and LastAddress.
        """
        person_id = caller.person()
        await self._sessions.check_recent(caller)

        async def work() -> None:
            if not await self._ways.remove(person_id, way_id):
                raise NotFound
            if not await self._ways.of_person(person_id):
                raise LastAddress
            await self._touch(person_id)

        await transact(self._store, work)

    async def ways(self, caller: Caller) -> list[tuple[str, WayIn]]:
        """Return the ways into the caller's account with their ids. Raises NotSignedIn."""
        return await self._ways.of_person(caller.person())

    async def _touch(self, person_id: str) -> None:
        # So that of two transactions that each remove another way one begins again and sees it.
        account = await self._accounts.get(person_id)
        if account is None or account.is_leaving:
            raise NotFound
        if await self._accounts.replace(replace(account)) is None:
            raise WriteConflict

    def _claim(self, challenge_id: str, idempotency_key: str) -> str:
        return self._sealer.digest("sign-in", challenge_id, idempotency_key)


def _requested(new: NewCode) -> dict[str, object]:
    return {"challenge_id": new.challenge.id, "expires_at": new.challenge.expires_at}
