"""What an error of botocore means for a text (SNS API reference, Publish; SES API v2 reference, SendEmail).

Only what is known to be about the message refuses it. All the rest is tried again until the text
ends: a service in trouble, and our own credentials, permissions, quotas and unverified senders,
which are wrong until somebody mends them, then right.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, TypeAlias

from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    BotoCoreError,
    ClientError,
    HTTPClientError,
    ParamValidationError,
)
from botocore.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    ConnectionError as ConnectionTrouble,
)
from botocore.parsers import ResponseParserError  # pyright: ignore[reportMissingTypeStubs]

from notifications.senders import Answer, Verdict
from notifications.senders.retry_after import RETRY_AFTER_AT_MOST, retry_after

AwsError: TypeAlias = BotoCoreError | ClientError | ResponseParserError

_ABOUT_THE_MESSAGE = frozenset(
    {
        # SNS
        "InvalidParameter",
        "InvalidParameterValue",
        "ParameterValueInvalid",
        "OptedOut",
        "OptedOutException",
        # SES
        "BadRequestException",
        "MessageRejected",
        # both
        "ValidationError",
        "ValidationException",
    }
)
_THROTTLES = frozenset(
    {
        "KMSThrottling",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9.]{0,63}")


class Cause(Enum):
    """What an error is about."""

    MESSAGE = auto()
    SERVICE = auto()
    """It is in trouble, or cannot be reached."""
    US = auto()
    """Our credentials, permissions or settings: somebody has to mend them before it can work."""


def cause_of(error: AwsError) -> Cause:
    """Judge what went wrong."""
    if isinstance(error, ParamValidationError):
        return Cause.MESSAGE
    if isinstance(error, HTTPClientError | ConnectionTrouble | ResponseParserError):
        return Cause.SERVICE
    if not isinstance(error, ClientError):
        return Cause.US
    code, status, _ = _parts(error)
    if status >= 500 or status == 429 or code in _THROTTLES:
        return Cause.SERVICE
    is_about_message = code in _ABOUT_THE_MESSAGE and not _is_unverified(error)
    return Cause.MESSAGE if is_about_message else Cause.US


def answer_to(error: AwsError, now: datetime) -> Answer:
    """Return the answer; its reason is the error's code, never its words, which may hold an address."""
    verdict = Verdict.REFUSED if cause_of(error) is Cause.MESSAGE else Verdict.TRY_LATER
    if not isinstance(error, ClientError):
        is_unanswered = isinstance(error, HTTPClientError | ResponseParserError)
        return Answer(verdict, type(error).__name__, may_have_gone=is_unanswered)
    code, status, headers = _parts(error)
    reason = code if _NAME.fullmatch(code) else f"HTTP_{status}"
    return Answer(verdict, reason, _wait_asked_for(headers, now))


def _is_unverified(error: ClientError) -> bool:
    """Tell SES's rejection of a sender, or of anyone in the sandbox, from that of a message."""
    return "is not verified" in str(error)


def _parts(error: ClientError) -> tuple[str, int, Mapping[str, str]]:
    response: Mapping[str, Any] = error.response
    metadata: Mapping[str, Any] = response.get("ResponseMetadata", {})
    code = str(response.get("Error", {}).get("Code", ""))
    return code, int(metadata.get("HTTPStatusCode", 0)), metadata.get("HTTPHeaders", {})


def _wait_asked_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Read Retry-After, or AWS's own form of it in milliseconds."""
    milliseconds = headers.get("x-amz-retry-after", "")
    if milliseconds.isascii() and milliseconds.isdigit() and len(milliseconds) < 10:
        return min(timedelta(milliseconds=int(milliseconds)), RETRY_AFTER_AT_MOST)
    return retry_after(headers.get("retry-after"), now)
