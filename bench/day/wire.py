"""How phones speak to the product, and what is noted of each word: latency counts from when it was due."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp

from api.kit.json_values import is_object
from bench.day.asked_for import is_asked_for

OPERATIONS = Path(__file__).resolve().parents[2] / "graphql" / "operations"
ANSWER_SECONDS = 30.0
IDLE_SECONDS = 3.0
"""Less than the five after which the API ends a connection that is not used."""
TOKEN_SECONDS = 480.0
"""An access token holds for ten minutes; phones renew it in time."""


@dataclass(slots=True)
class Phone:
    """Somebody's phone. `position` in degrees, WGS 84; tokens when its owner has signed in."""

    number: int
    language: str
    position: dict[str, float]
    device: dict[str, str] = field(default_factory=dict[str, str])
    access: str = ""
    refresh: str = ""
    signed_in_at: float = 0.0
    person: dict[str, Any] = field(default_factory=dict[str, Any])
    renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def address(self) -> str:
        return f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: `refusal` is a Problem's code, `error` whatever no app expects."""

    operation: str
    hour: int
    milliseconds: float
    refusal: str = ""
    error: str = ""


class Refused(Exception):
    """A Problem; the visit ends."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Failed(Exception):
    """No answer, or one that no app expects; the visit ends."""


class Wire:
    """All phones' connections. What was said lies in `said`, in the order of the answers."""

    def __init__(self, bases: Sequence[str]) -> None:
        self.bases = tuple(bases)
        self.said: list[Said] = []
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS)
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        self.session = aiohttp.ClientSession(
            connector=connector, timeout=timeout, json_serialize=json.dumps
        )

    def base_of(self, phone: Phone) -> str:
        return self.bases[phone.number % len(self.bases)]

    async def ask(
        self,
        phone: Phone,
        operation: str,
        variables: dict[str, Any],
        *,
        hour: int = -1,
        due: float | None = None,
    ) -> Any:  # noqa: ANN401
        """Send a published operation and return its field. Raises Refused and Failed, both noted."""
        began = time.perf_counter() if due is None else due
        try:
            answer = await self._answer(phone, operation, variables)
        except (aiohttp.ClientError, TimeoutError, ValueError, Failed) as error:
            self.note(operation, hour, began, error=f"{type(error).__name__} {error}")
            raise Failed(f"{operation}: {error}") from error
        code = _refusal_in(answer)
        if code and not is_asked_for(operation, code):
            self.note(operation, hour, began, error=f"{code} {answer.get('message')}")
            raise Failed(f"{operation}: {answer}")
        self.note(operation, hour, began, refusal=code)
        if code:
            raise Refused(code)
        return answer

    def note(
        self, operation: str, hour: int, began: float, *, refusal: str = "", error: str = ""
    ) -> None:
        took = (time.perf_counter() - began) * 1000
        self.said.append(Said(operation, hour, took, refusal, error[:300]))

    async def _answer(self, phone: Phone, operation: str, variables: dict[str, Any]) -> Any:  # noqa: ANN401
        name = operation.rpartition("/")[2]
        body = {"operationName": name, "query": document(operation), "variables": variables}
        async with self.session.post(
            f"{self.base_of(phone)}/graphql", json=body, headers=headers_of(phone)
        ) as reply:
            answer = json.loads(await reply.read())
        if answer.get("errors") or not answer.get("data"):
            raise Failed(f"{reply.status} {str(answer)[:250]}")
        (value,) = answer["data"].values()
        return value

    async def renewed(self, phone: Phone, hour: int) -> None:
        """Renew the phone's access token when it is about to end."""
        async with phone.renewing:
            if not phone.refresh or time.monotonic() - phone.signed_in_at < TOKEN_SECONDS:
                return
            asked = {"input": {"refreshToken": phone.refresh}}
            phone.access = ""
            take_tokens(phone, await self.ask(phone, "accounts/RefreshSession", asked, hour=hour))

    async def close(self) -> None:
        await self.session.close()


def headers_of(phone: Phone) -> dict[str, str]:
    headers = {"accept-language": phone.language, "x-forwarded-for": phone.address}
    if phone.access:
        headers["authorization"] = f"Bearer {phone.access}"
    return headers


def take_tokens(phone: Phone, signed_in: dict[str, Any]) -> None:
    tokens = signed_in["tokens"]
    phone.access, phone.refresh = str(tokens["accessToken"]), str(tokens["refreshToken"])
    phone.signed_in_at = time.monotonic()


@cache
def document(operation: str) -> str:
    """Return the text of a published operation."""
    return (OPERATIONS / f"{operation}.graphql").read_text()


def _refusal_in(answer: Any) -> str:  # noqa: ANN401
    if not is_object(answer) or "code" not in answer:
        return ""
    kind = str(answer.get("__typename", ""))
    return str(answer["code"]) if kind.endswith(("Error", "Refusal")) else ""
