"""What an SMS gateway posts, read: signed JSON with the number of the sender and the text."""

import json
import re
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from api.kit.clock import Clock
from api.kit.errors import N_, DomainError
from api.kit.json_values import is_object
from api.safety.sos.compact import CompactSos, read_compact
from api.safety.sos.raising import SosRaising
from api.safety.sos.records import Sos
from api.wallet.payments.signatures import CallbackSigner

HEADER = "laocai-signature"
_NUMBER = re.compile(r"\+?[0-9]{3,15}")


class GatewayErrorCode(StrEnum):
    """Codes of the door for SMS gateways. Stable across releases."""

    NO_GATEWAY = auto()
    NOT_UNDERSTOOD = auto()


class GatewayProblem(DomainError):
    """Any refusal of a posted SMS but that of its signature."""


class NoGateway(GatewayProblem):
    code = GatewayErrorCode.NO_GATEWAY
    message = N_("No SMS gateway is set up here.")


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
        self._signer = CallbackSigner(secrets) if secrets else None
        self._clock = clock

    async def receive(self, signature: str | None, body: bytes) -> Sos:
        """Make a call for help of an SMS, once however often it is posted.

        Raises NoGateway, SmsNotUnderstood, SignatureWrong and SignatureOutOfTime.
        """
        if self._signer is None:
            raise NoGateway
        self._signer.check(signature, body, self._clock())
        sms = _read(body)
        return await self._raising.by_sms(sms.compact, sms.number)


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
