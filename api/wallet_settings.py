"""What the settings say of the wallet: its limits, and where people pay in online."""

from collections.abc import Callable

from api.kit.clock import Clock
from api.setting_values import Environment, PaymentProviderKind
from api.settings import Settings
from api.wallet.ledger.limits import AccountLimits, WalletLimits
from api.wallet.ledger.records import AccountKind
from api.wallet.payments.providers import LocalProvider, PaymentProvider, SignedProvider


def payment_provider_of(
    settings: Settings, local_secret: Callable[[], str], clock: Clock
) -> PaymentProvider | None:
    """Return where people pay in online; None where that is nowhere."""
    if settings.payment_provider is PaymentProviderKind.SIGNED:
        secrets = [secret.get_secret_value() for secret in settings.payment_provider_secrets]
        url = settings.payment_provider_url or ""
        return SignedProvider(settings.payment_provider_name, url, secrets, clock)
    if settings.environment is Environment.PRODUCTION:
        return None
    return LocalProvider(f"{settings.public_url}/dev/payments", local_secret(), clock)


def wallet_limits_of(settings: Settings) -> WalletLimits:
    """Return what the settings say, and for cards the limits of the ledger itself."""
    return WalletLimits(
        by_kind={
            **WalletLimits().by_kind,
            AccountKind.PERSON: AccountLimits(
                settings.wallet_paid_per_day,
                settings.wallet_topped_up_per_day,
                settings.wallet_balance_at_most,
            ),
            AccountKind.MERCHANT: AccountLimits(taken_a_day=settings.wallet_merchant_per_day),
            AccountKind.COUNTER_CASH: AccountLimits(taken_a_day=settings.wallet_counter_per_day),
        }
    )
