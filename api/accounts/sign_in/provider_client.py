"""One sign-in provider, spoken to in the code flow of OpenID Connect with PKCE (RFC 7636)."""

from dataclasses import dataclass, field
from urllib.parse import quote_plus

import structlog
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from pydantic import BaseModel, ConfigDict, ValidationError

from api.accounts.errors import AccountProblem
from api.accounts.sign_in.errors import ProviderRefused
from api.accounts.sign_in.id_tokens import (
    ExpectedToken,
    IdTokenRefused,
    UnknownKey,
    subject_of,
)
from api.accounts.sign_in.provider_documents import ProviderDocuments, ProviderMetadata
from api.accounts.sign_in.provider_http import Answer, ProviderHttp, unavailable
from api.kit.clock import Clock

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Registration:
    """What the provider and we agreed on. Without `client_secret` we are a public client."""

    issuer: str
    client_id: str
    client_secret: str | None = field(repr=False)
    redirect_uris: frozenset[str]
    scopes: str


@dataclass(frozen=True, slots=True, repr=False)
class AttemptSecrets:
    """What ties the steps of one attempt together: each to be guessed by nobody."""

    state: str
    nonce: str
    verifier: str


class _Tokens(BaseModel):
    model_config = ConfigDict(strict=True)

    id_token: str
    access_token: str


class _Refusal(BaseModel):
    model_config = ConfigDict(strict=True)

    error: str


class ProviderClient:
    def __init__(self, registration: Registration, http: ProviderHttp, clock: Clock) -> None:
        self.registration = registration
        self._http = http
        self._documents = ProviderDocuments(http, registration.issuer, clock)
        self._clock = clock

    async def metadata(self) -> ProviderMetadata:
        """Return what the provider publishes of itself. Raises ProviderUnavailable."""
        return await self._documents.metadata()

    def authorization_url(
        self, metadata: ProviderMetadata, secrets: AttemptSecrets, redirect_uri: str, language: str
    ) -> str:
        """Return where the person's browser goes."""
        url: str = prepare_grant_uri(
            metadata.authorization_endpoint,
            self.registration.client_id,
            "code",
            redirect_uri,
            self.registration.scopes,
            secrets.state,
            nonce=secrets.nonce,
            code_challenge=create_s256_code_challenge(secrets.verifier),
            code_challenge_method="S256",
            ui_locales=language,
        )
        return url

    async def subject(
        self, code: str, named_issuer: str | None, secrets: AttemptSecrets, redirect_uri: str
    ) -> str:
        """Return the provider's id of the person whose browser brought `code`.

        `named_issuer`: the `iss` that came along (RFC 9207). Raises ProviderRefused, and
        ProviderUnavailable.
        """
        metadata = await self._documents.metadata()
        self._check_issuer(metadata, named_issuer)
        await self._documents.keys()  # a code works once: it is not spent before all else is there
        tokens = await self._exchanged(metadata, code, secrets.verifier, redirect_uri)
        expected = ExpectedToken(
            self.registration.issuer,
            self.registration.client_id,
            secrets.nonce,
            tokens.access_token,
        )
        try:
            return await self._verified(tokens.id_token, expected)
        except IdTokenRefused as error:
            log.warning("ID token refused", reason=str(error))
            raise ProviderRefused from error

    def _check_issuer(self, metadata: ProviderMetadata, named: str | None) -> None:
        is_missing = named is None and metadata.authorization_response_iss_parameter_supported
        if is_missing or named not in (None, self.registration.issuer):
            log.warning("sign-in provider refused", reason="another issuer in the response")
            raise ProviderRefused

    async def _verified(self, token: str, expected: ExpectedToken) -> str:
        try:
            return subject_of(token, await self._documents.keys(), expected, self._clock())
        except UnknownKey:
            newer = await self._documents.newer_keys()
            return subject_of(token, newer, expected, self._clock())

    async def _exchanged(
        self, metadata: ProviderMetadata, code: str, verifier: str, redirect_uri: str
    ) -> _Tokens:
        form = prepare_token_request(
            "authorization_code", "", redirect_uri, code=code, code_verifier=verifier
        )
        _, headers, body = self._authentication(metadata).prepare(
            "POST", metadata.token_endpoint, {}, form
        )
        answer = await self._http.post(metadata.token_endpoint, headers, body)
        if answer.status != 200:
            raise _refusal(answer)
        try:
            return _Tokens.model_validate_json(answer.body)
        except ValidationError as error:
            raise unavailable("token response") from error

    def _authentication(self, metadata: ProviderMetadata) -> ClientAuth:
        client_id, secret = self.registration.client_id, self.registration.client_secret
        if secret is None:
            return ClientAuth(client_id, None, "none")
        if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            # RFC 6749, section 2.3.1: both are encoded as in a form before they are put together.
            return ClientAuth(quote_plus(client_id), quote_plus(secret), "client_secret_basic")
        return ClientAuth(client_id, secret, "client_secret_post")


def _refusal(answer: Answer) -> AccountProblem:
    """Return what a token endpoint's error means (RFC 6749, section 5.2)."""
    if answer.status in (400, 401):
        try:
            error = _Refusal.model_validate_json(answer.body).error
        except ValidationError:
            return unavailable("token response", status=answer.status)
        if error == "invalid_grant":
            return ProviderRefused()
        log.error("sign-in provider refuses us: check the LAOCAI_OIDC_ settings")
    return unavailable("status", status=answer.status)
