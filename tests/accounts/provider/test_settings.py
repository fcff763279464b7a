"""Settings of a provider that cannot be right stop the process, by their names."""

from typing import Any

import pytest
from pydantic import ValidationError

from api.setting_values import Environment
from api.settings import Settings

GOOD = {
    "oidc_issuer": "https://id.example/realms/laocai",
    "oidc_client_id": "laocai-app",
    "oidc_redirect_uris": ["vn.laocai.app:/signed-in"],
}


def made(**changes: object) -> Settings:
    values: dict[str, Any] = {**GOOD, **changes}
    return Settings(
        **values,
        _env_file=None,  # type: ignore[call-arg] # pydantic-settings takes it, its stub does not say so
    )


def test_good_ones_are_taken() -> None:
    assert made().oidc_scopes == "openid"
    assert made(oidc_issuer="http://127.0.0.1:8080").oidc_issuer == "http://127.0.0.1:8080"


def test_without_an_issuer_nothing_is_needed() -> None:
    without = made(oidc_issuer=None, oidc_client_id=None, oidc_redirect_uris=[])

    assert without.oidc_issuer is None


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"oidc_issuer": "http://id.example"}, "oidc_issuer"),
        ({"oidc_issuer": "https://id.example?x"}, "oidc_issuer"),
        ({"oidc_issuer": "https://id.example#x"}, "oidc_issuer"),
        (
            {"oidc_issuer": "http://127.0.0.1:8080", "environment": Environment.PRODUCTION},
            "oidc_issuer",
        ),
        ({"oidc_client_id": None}, "oidc_client_id"),
        ({"oidc_client_id": ""}, "oidc_client_id"),
        ({"oidc_client_secret": ""}, "oidc_client_secret"),
        ({"oidc_redirect_uris": []}, "oidc_redirect_uris"),
        ({"oidc_redirect_uris": ["laocai:/signed-in"]}, "oidc_redirect_uris"),
        ({"oidc_scopes": "profile"}, "oidc_scopes"),
    ],
    ids=str,
)
def test_wrong_ones_are_named(changes: dict[str, object], named: str) -> None:
    with pytest.raises(ValidationError) as caught:
        made(**changes)

    assert [error["loc"] for error in caught.value.errors()] == [(named,)]
