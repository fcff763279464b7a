from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

import phonenumbers

from api.bot.handoff.callbacks.errors import InvalidPhone
from api.bot.handoff.hours import HandoffDesk, Window

_HOME_REGION = "VN"
_CHARACTERS_AT_MOST = 40
_CALLED = frozenset(
    {
        phonenumbers.PhoneNumberType.FIXED_LINE,
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.VOIP,
    }
)
"""A desk calls no number that costs more than a call."""


class CallbackState(StrEnum):
    WAITING = auto()
    REACHED = auto()
    NOT_REACHED = auto()
    WITHDRAWN = auto()


@dataclass(frozen=True, slots=True, repr=False)
class Callback:
    """`phone`: E.164. `tries`: calls that nobody answered."""

    id: str
    desk: HandoffDesk
    language: str
    phone: str
    window: Window
    state: CallbackState
    tries: int
    asked_at: datetime


def phone_of(text: str) -> str:
    """Return what somebody typed in E.164; without a country code it is of here. Raises InvalidPhone."""
    if len(text) > _CHARACTERS_AT_MOST:
        raise InvalidPhone
    try:
        number = phonenumbers.parse(text, _HOME_REGION)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone from error
    is_called = phonenumbers.number_type(number) in _CALLED
    if number.extension or not is_called or not phonenumbers.is_valid_number(number):
        raise InvalidPhone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
