"""What the settings say of signing in with an OpenID provider."""

import httpx

from api.accounts.sign_in.provider_client import ProviderClient, Registration
from api.accounts.sign_in.provider_http import ProviderHttp
from api.kit.clock import Clock
from api.settings import Settings


def provider_of(settings: Settings, http: httpx.AsyncClient, clock: Clock) -> ProviderClient | None:
    """Return the provider with whom people may sign in; None where there is none."""
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
