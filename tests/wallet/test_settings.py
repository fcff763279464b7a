"""Where people pay in online is a setting; what makes money from nothing is refused in production."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from api.settings import Settings
from api.wallet.ledger.records import AccountKind
from api.wallet.payments.providers import LocalProvider, SignedProvider
from api.wallet_settings import payment_provider_of, wallet_limits_of
from tests.conftest import MovableClock

SIGNED: dict[str, Any] = {
    "payment_provider": "signed",
    "payment_provider_name": "bank-gateway",
    "payment_provider_url": "https://pay.example.com/checkout",
    "payment_provider_secrets": ["s" * 32],
}


def settings_of(folder: Path, **values: Any) -> Settings:  # noqa: ANN401 - any setting
    return Settings(data_folder=folder, _env_file=None, **values)  # type: ignore[call-arg]


def provider_of(settings: Settings) -> object:
    return payment_provider_of(settings, lambda: "l" * 32, MovableClock())


def test_the_local_provider_stands_in_in_development(tmp_path: Path) -> None:
    assert isinstance(provider_of(settings_of(tmp_path)), LocalProvider)


def test_production_has_none_of_itself(tmp_path: Path) -> None:
    assert provider_of(settings_of(tmp_path, environment="production")) is None


def test_the_local_provider_is_refused_in_production(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="not in production"):
        settings_of(tmp_path, environment="production", payment_provider="local")


def test_a_signed_provider_is_built(tmp_path: Path) -> None:
    provider = provider_of(settings_of(tmp_path, environment="production", **SIGNED))

    assert isinstance(provider, SignedProvider)
    assert not isinstance(provider, LocalProvider)
    assert provider.name == "bank-gateway"


@pytest.mark.parametrize(
    "wrong",
    [
        {"payment_provider_url": None},
        {"payment_provider_url": "http://pay.example.com"},
        {"payment_provider_secrets": []},
        {"payment_provider_secrets": ["short"]},
        {"payment_provider_name": "local"},
        {"payment_provider_name": "A/b"},
    ],
)
def test_a_signed_provider_that_is_not_whole_is_refused(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        settings_of(tmp_path, environment="production", **(SIGNED | wrong))


def test_limits_are_settings(tmp_path: Path) -> None:
    limits = wallet_limits_of(settings_of(tmp_path, wallet_paid_per_day=7))

    assert limits.of(AccountKind.PERSON).paid_a_day == 7
    assert limits.of(AccountKind.CARD).paid_a_day == 5_000_000
    assert limits.of(AccountKind.REVENUE).paid_a_day is None
