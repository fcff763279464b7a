"""Where a one-time code can be sent: a phone number anywhere in the world, or an e-mail address."""

from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from api.accounts.sign_in.errors import InvalidAddress
from notifications.text_message import Channel

HOME_REGION = "VN"
"""Numbers without a country code are of here."""
_CHARACTERS_AT_MOST = 254
_NUMBERS_IN_A_RANGE = 3  # digits

_REACHED_BY_SMS = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """`value`: E.164 (`+84912345678`), or an e-mail address in lower case."""

    channel: Channel
    value: str

    @property
    def masked(self) -> str:
        """What shows its owner which one is meant, and tells nobody else."""
        if self.channel is Channel.SMS:
            return f"{self.value[:3]}…{self.value[-3:]}"
        local, _, domain = self.value.rpartition("@")
        return f"{local[0]}…@{domain}"

    @property
    def mailbox(self) -> str:
        """Where it arrives, for counting only: of `mai+1@` and `mai+2@` it is one."""
        if self.channel is Channel.SMS:
            return self.value
        local, _, domain = self.value.rpartition("@")
        return f"{local.partition('+')[0]}@{domain}"

    @property
    def number_range(self) -> str | None:
        """The thousand numbers it is one of: what SMS pumping goes through. None for e-mail."""
        return self.value[:-_NUMBERS_IN_A_RANGE] if self.channel is Channel.SMS else None

    @property
    def is_foreign_number(self) -> bool:
        return self.channel is Channel.SMS and not self.value.startswith("+84")


def address_of(text: str) -> Address:
    """Return what a person typed as an address. Raises InvalidAddress.

    A phone number may hold spaces, dots and brackets, and begin with 0, 84 or +.
    """
    text = text.strip()
    if not 0 < len(text) <= _CHARACTERS_AT_MOST:
        raise InvalidAddress
    return _email(text) if "@" in text else _phone(text)


def _phone(text: str) -> Address:
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise InvalidAddress from error
    is_reached = phonenumbers.number_type(number) in _REACHED_BY_SMS
    if number.extension or not is_reached or not phonenumbers.is_valid_number(number):
        raise InvalidAddress
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Address(Channel.SMS, e164)


def _email(text: str) -> Address:
    try:
        checked = validate_email(text, check_deliverability=False, allow_quoted_local=False)
    except EmailNotValidError as error:
        raise InvalidAddress from error
    if checked.ascii_email is None:
        raise InvalidAddress  # no mail service that we send through takes such a local part
    # Whoever writes Mai@ and mai@ means one mailbox: no provider of note tells them apart.
    return Address(Channel.EMAIL, checked.ascii_email.lower())
