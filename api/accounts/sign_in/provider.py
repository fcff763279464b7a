"""Signing in with an identity at a provider, such as a national one, and adding one to an account."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.accounts.caller import Caller
from api.accounts.sign_in.errors import (
    AddressInUse,
    AlreadySignedIn,
    ProviderNotConfigured,
    ProviderRefused,
    ProviderUnavailable,
    UnknownRedirect,
)
from api.accounts.sign_in.provider_attempts import (
    Attempt,
    AttemptProof,
    AttemptStep,
    ProviderAttempts,
)
from api.accounts.sign_in.provider_client import ProviderClient
from api.accounts.sign_in.service import SignedIn, SignIn
from api.accounts.sign_in.sessions import Sessions
from api.accounts.sign_in.ways_in import WayIn, WayKind
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency, check_key
from api.kit.sealing import Sealer

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_CODE = re.compile(r"[ -~]{1,2048}")  # RFC 6749, appendix A.11
_UNDER_WAY_RETRY_SECONDS = 2
_UNDER_WAY_AT_MOST = timedelta(seconds=60)
"""Longer than any request to the provider takes with its time-outs."""


@dataclass(frozen=True, slots=True, repr=False)
class StartedSignIn:
    """`url`: where the browser goes; `attempt`: the secret of the app that began it."""

    url: str
    attempt: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class ProviderResponse:
    """What the browser came back with, by the names it has there, and the app's `attempt`."""

    state: str
    code: str
    iss: str | None
    attempt: str


class ProviderSignIn:
    """`client`: the provider that the settings name, or None."""

    def __init__(
        self,
        client: ProviderClient | None,
        attempts: ProviderAttempts,
        sign_in: SignIn,
        sessions: Sessions,
        idempotency: Idempotency,
        sealer: Sealer,
        clock: Clock,
    ) -> None:
        self._client = client
        self._attempts = attempts
        self._sign_in = sign_in
        self._sessions = sessions
        self._idempotency = idempotency
        self._sealer = sealer
        self._clock = clock

    async def start(
        self, caller: Caller, redirect_uri: str, language: str, idempotency_key: str
    ) -> StartedSignIn:
        """Begin an attempt: to sign in, or by somebody signed in to add the identity.

        The same call again answers the same. Raises ProviderNotConfigured, UnknownRedirect,
        ProviderUnavailable and IdempotencyProblem.
        """
        client = self._configured()
        if redirect_uri not in client.registration.redirect_uris:
            raise UnknownRedirect
        check_key(idempotency_key)
        metadata = await client.metadata()  # not in the transaction: the network is slow
        scope = self._sealer.digest("provider attempts", caller.person_id or "")
        place = f"idempotency_keys/{scope}"

        async def begin() -> dict[str, object]:
            new = await self._attempts.add(redirect_uri, language, caller.person_id)
            url = client.authorization_url(metadata, new.secrets, redirect_uri, language)
            sealed = self._sealer.seal([url, new.app_secret], place)
            return {"sealed": sealed, "expires_at": new.expires_at}

        request = {"redirect_uri": redirect_uri, "language": language}
        result = await self._idempotency.once(
            scope, "startProviderSignIn", idempotency_key, request, begin
        )
        url, app_secret = self._sealer.open(result["sealed"], place)
        return StartedSignIn(url, app_secret, result["expires_at"])

    async def complete(
        self, caller: Caller, response: ProviderResponse, app: str, idempotency_key: str
    ) -> SignedIn:
        """Open a session for whoever the provider names. The same call again gives the same one.

        Raises AlreadySignedIn, ProviderNotConfigured, ProviderUnavailable, ProviderRefused and
        InvalidIdempotencyKey.
        """
        client = self._configured()
        if caller.person_id is not None:
            raise AlreadySignedIn
        proof, claim = self._proof(response, None), self._claim(response, idempotency_key)
        attempt = await self._attempts.take(proof, claim)
        if attempt is None:
            return await self._signed_in_before(proof, claim)
        way = await self._way(client, attempt, response)

        async def use_up(session_id: str) -> None:
            await self._finish(attempt, session_id)

        return await self._sign_in.enter(way, attempt.language, claim, app, use_up)

    async def link(self, caller: Caller, response: ProviderResponse, idempotency_key: str) -> WayIn:
        """Let the identity that the provider names lead into the caller's account too.

        The same call again answers the same. Raises NotSignedIn, SignInAgain, AddressInUse, and what
        `complete` raises of the provider and the key.
        """
        client = self._configured()
        person_id = caller.person()
        await self._sessions.check_recent(caller)
        proof, claim = self._proof(response, person_id), self._claim(response, idempotency_key)
        attempt = await self._attempts.take(proof, claim)
        if attempt is None:
            return await self._linked_before(caller, proof, claim)
        way = await self._way(client, attempt, response)

        async def use_up(way_id: str) -> None:
            await self._finish(attempt, way_id)

        try:
            await self._sign_in.add_way(person_id, way, use_up)
        except AddressInUse:
            await self._attempts.refuse(attempt)
            raise
        return way

    async def _way(
        self, client: ProviderClient, attempt: Attempt, response: ProviderResponse
    ) -> WayIn:
        try:
            subject = await client.subject(
                response.code, response.iss, attempt.secrets, attempt.redirect_uri
            )
        except ProviderUnavailable:
            await self._attempts.release(attempt)
            raise
        except ProviderRefused:
            await self._attempts.refuse(attempt)
            raise
        issuer = client.registration.issuer
        return WayIn(WayKind.PROVIDER, f"{issuer} {subject}", self._clock())

    async def _signed_in_before(self, proof: AttemptProof, claim: str) -> SignedIn:
        session_id = await self._result_before(proof, claim)
        session = await self._sessions.unused(session_id, claim)
        if session is None:
            raise ProviderRefused
        return SignedIn(await self._sessions.tokens(session), is_new=False)

    async def _linked_before(self, caller: Caller, proof: AttemptProof, claim: str) -> WayIn:
        added = await self._result_before(proof, claim)
        for way_id, way in await self._sign_in.ways(caller):
            if way_id == added:
                return way
        raise ProviderRefused  # removed since

    async def _result_before(self, proof: AttemptProof, claim: str) -> str:
        """Return what the same call led to before, whose answer was lost."""
        attempt = await self._attempts.taken(proof, claim)
        if attempt is None or attempt.step is AttemptStep.REFUSED:
            raise ProviderRefused
        if attempt.result_id is None:
            self._check_under_way(attempt)
            raise ProviderUnavailable(_UNDER_WAY_RETRY_SECONDS)
        return attempt.result_id

    def _check_under_way(self, attempt: Attempt) -> None:
        """Raise ProviderRefused when who took the attempt must have died: begin anew."""
        if attempt.taken_at is None or self._clock() - attempt.taken_at > _UNDER_WAY_AT_MOST:
            raise ProviderRefused

    async def _finish(self, attempt: Attempt, result_id: str) -> None:
        if not await self._attempts.finish(attempt, result_id):
            raise ProviderRefused

    def _configured(self) -> ProviderClient:
        if self._client is None:
            raise ProviderNotConfigured
        return self._client

    def _proof(self, response: ProviderResponse, person_id: str | None) -> AttemptProof:
        secrets = response.state, response.attempt
        if not all(map(_SECRET.fullmatch, secrets)) or not _CODE.fullmatch(response.code):
            raise ProviderRefused
        return AttemptProof(*secrets, person_id)

    def _claim(self, response: ProviderResponse, idempotency_key: str) -> str:
        check_key(idempotency_key)
        return self._sealer.digest("provider sign-in", response.state, idempotency_key)
