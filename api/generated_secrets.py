"""Secrets that the settings give, or that the first process makes in the data folder."""

import secrets
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from api.kit.clock import Clock, system_clock
from api.kit.sealing import KeyFile
from api.kit.whole_file import create_whole
from api.settings import Settings

KEYS: Final = "keys.json"
TICKET_SECRET: Final = "ticket-secret"  # noqa: S105 - the name of a file, as the next ones
BOT_SECRET: Final = "bot-secret"  # noqa: S105
LOCAL_PAYMENT_SECRET: Final = "local-payment-secret"  # noqa: S105
DEVICE_KEY: Final = "device-key"
KEYS_AND_SECRETS: Final = frozenset(
    {KEYS, TICKET_SECRET, BOT_SECRET, LOCAL_PAYMENT_SECRET, DEVICE_KEY}
)
"""All that is made here: no backup holds it unless it is asked for."""


def key_file_of(settings: Settings, clock: Clock = system_clock) -> KeyFile:
    """Return the keys that seal personal data, made by the first process when there are none."""
    return KeyFile(settings.keys_file or settings.data_folder / KEYS, clock)


def ticket_secret(settings: Settings) -> str:
    """Return the secret that signs the bot's tickets."""
    return _secret(settings.ticket_secret, settings.data_folder / TICKET_SECRET)


def bot_secret(settings: Settings) -> str:
    """Return the secret under which the bot takes orders to forget."""
    return _secret(settings.bot_secret, settings.data_folder / BOT_SECRET)


def local_payment_secret(settings: Settings) -> str:
    """Return the secret of the provider that stands in for one on this machine."""
    return _secret(None, settings.data_folder / LOCAL_PAYMENT_SECRET)


def device_key(settings: Settings) -> str:
    """Return the key that devices' secrets are derived from."""
    return _secret(settings.device_key, settings.data_folder / DEVICE_KEY)


def _secret(configured: SecretStr | None, file: Path) -> str:
    """Return what is configured, or what `file` holds, made there by the first process."""
    if configured is not None:
        return configured.get_secret_value()
    if not file.exists():
        create_whole(file, secrets.token_urlsafe(48))
    return file.read_text()
