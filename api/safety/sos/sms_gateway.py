"""What an SMS gateway posts, read: JSON with the number of the sender and the text.

It carries a stamped signature (api/kit/stamped_signatures.py) over the body as it came.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from api.kit.clock import Clock
from api.kit.errors import N_, DomainError
from api.kit.json_values import is_object
from api.kit.stamped_signatures import TOLERANCE, NotTheirs, OutOfTime, check_stamped, stamped
from api.safety.sos.compact import CompactSos, read_compact
from api.safety.sos.raising import SosRaising
from api.safety.sos.records import Sos

HEADER = "laocai-signature"
_HEADER_CHARACTERS_AT_MOST = 1_024
_NUMBER = re.compile(r"\+?[0-9]{3,15}")


class GatewayErrorCode(StrEnum):
    """Codes of the door for SMS gateways. Stable across releases."""

    NO_GATEWAY = auto()
    SIGNATURE_WRONG = auto()
    SIGNATURE_OUT_OF_TIME = auto()
    NOT_UNDERSTOOD = auto()


class GatewayProblem(DomainError):
    """Any refusal of a posted SMS."""


class NoGateway(GatewayProblem):
    code = GatewayErrorCode.NO_GATEWAY
    message = N_("No SMS gateway is set up here.")


class SignatureWrong(GatewayProblem):
    code = GatewayErrorCode.SIGNATURE_WRONG
    message = N_("The signature is missing or wrong.")


class SignatureOutOfTime(GatewayProblem):
    """`seconds`: how far it may be from our clock."""

    code = GatewayErrorCode.SIGNATURE_OUT_OF_TIME
    message = N_("The signature was made more than {seconds} seconds ago, or in the future.")


class SmsNotUnderstood(GatewayProblem):
    code = GatewayErrorCode.NOT_UNDERSTOOD
    message = N_("This SMS is no call for help that we understand.")


@dataclass(frozen=True, slots=True, repr=False)
class _Sms:
    number: str
    compact: CompactSos


class SmsGateway:
    def __init__(self, raising: SosRaising, secrets: tuple[str, ...], clock: Clock) -> None:
        self._raising = raising
        self._secrets = secrets
        self._clock = clock

    async def receive(self, signature: str | None, body: bytes) -> Sos:
        """Make a call for help of an SMS, once however often it is posted.

        Raises NoGateway, SmsNotUnderstood, SignatureWrong and SignatureOutOfTime.
        """
        if not self._secrets:
            raise NoGateway
        _check(signature or "", self._secrets, body, self._clock())
        sms = _read(body)
        return await self._raising.by_sms(sms.compact, sms.number)


def signed(secret: str, body: bytes, now: datetime) -> str:
    """Return the header that a gateway sends with a body."""
    return stamped(secret, body, now)


def _check(signature: str, secrets: Sequence[str], body: bytes, now: datetime) -> None:
    most = _HEADER_CHARACTERS_AT_MOST
    try:
        check_stamped(signature, secrets, body, now, characters_at_most=most)
    except NotTheirs as error:
        raise SignatureWrong from error
    except OutOfTime as error:
        raise SignatureOutOfTime(seconds=int(TOLERANCE.total_seconds())) from error


def _read(body: bytes) -> _Sms:
    try:
        posted: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SmsNotUnderstood from error
    if not is_object(posted):
        raise SmsNotUnderstood
    number, text = posted.get("from"), posted.get("text")
    if not isinstance(number, str) or not isinstance(text, str):
        raise SmsNotUnderstood
    compact = read_compact(text)
    if _NUMBER.fullmatch(number) is None or compact is None:
        raise SmsNotUnderstood
    return _Sms(number, compact)
