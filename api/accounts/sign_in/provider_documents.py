"""What a sign-in provider publishes of itself: OpenID Connect Discovery 1.0, and its keys."""

from datetime import timedelta

from pydantic import BaseModel, ConfigDict, ValidationError

from api.accounts.sign_in.provider_http import ProviderHttp, unavailable
from api.accounts.sign_in.provider_keys import NoKeys, ProviderKeys
from api.accounts.sign_in.remembered import Remembered
from api.kit.clock import Clock
from api.kit.web_addresses import is_endpoint

METADATA_HOLDS_FOR = timedelta(hours=1)
KEYS_HOLD_FOR = timedelta(minutes=10)
"""As long as a key that the provider took back may still be believed."""


class ProviderMetadata(BaseModel):
    """The members of the discovery document that we use, by their names there."""

    model_config = ConfigDict(frozen=True, strict=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


class ProviderDocuments:
    """Fetched when needed, and remembered. `issuer`: as configured, which is whom we trust."""

    def __init__(self, http: ProviderHttp, issuer: str, clock: Clock) -> None:
        self._http = http
        self._issuer = issuer
        # Only a provider on this machine may send us to this machine.
        self._is_loopback = not is_endpoint(issuer, loopback=False)
        self._metadata = Remembered(self._fetch_metadata, METADATA_HOLDS_FOR, clock)
        self._keys = Remembered(self._fetch_keys, KEYS_HOLD_FOR, clock)

    async def metadata(self) -> ProviderMetadata:
        """Return the discovery document. Raises ProviderUnavailable."""
        return await self._metadata.value()

    async def keys(self) -> ProviderKeys:
        """Return them as they were not long ago. Raises ProviderUnavailable."""
        return await self._keys.value()

    async def newer_keys(self) -> ProviderKeys:
        """Return them as they are now; asks at most once in 10 seconds. Raises ProviderUnavailable."""
        return await self._keys.newer_value()

    async def _fetch_metadata(self) -> ProviderMetadata:
        body = await self._document(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            metadata = ProviderMetadata.model_validate_json(body)
        except ValidationError as error:
            raise unavailable("discovery document") from error
        if metadata.issuer != self._issuer:
            raise unavailable("another issuer in the discovery document")
        for endpoint in (
            metadata.authorization_endpoint,
            metadata.token_endpoint,
            metadata.jwks_uri,
        ):
            if not is_endpoint(endpoint, loopback=self._is_loopback):
                raise unavailable("endpoint in the discovery document")
        return metadata

    async def _fetch_keys(self) -> ProviderKeys:
        metadata = await self.metadata()
        try:
            return ProviderKeys.of(await self._document(metadata.jwks_uri))
        except NoKeys as error:
            raise unavailable("key set") from error

    async def _document(self, url: str) -> bytes:
        answer = await self._http.get(url)
        if answer.status != 200:
            raise unavailable("status", status=answer.status)
        return answer.body
