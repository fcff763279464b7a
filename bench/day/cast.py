"""Who plays the day: phones with and without a signed-in owner, officers, gates, cards, a class of pupils."""

import asyncio
import random
import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import TypeVar

from bench.day.foundations import Keys
from bench.day.wire import Phone, Wire, take_tokens

LANGUAGES = ("vi", "vi", "vi", "vi", "en", "zh-Hans", "fr", "ko", "ja")
TOWNS = ((22.3364, 103.8438), (22.4856, 103.9707), (22.5372, 104.2880), (21.7050, 104.8700))
IN_DANGER = (22.33, 103.84)
HANOI = timezone(timedelta(hours=7))
AT_ONCE, JOB_SECONDS = 8, 300.0
_Found = TypeVar("_Found")


@dataclass(slots=True)
class Cast:
    """`phones`: the first ones belong to `people`, and every third of all stands where it will flood.

    `officers`: each may do all that the day asks of any office.
    """

    keys: Keys
    phones: list[Phone]
    people: list[Phone]
    officers: list[Phone]
    gates: list[str] = field(default_factory=list[str])
    school_gate: str = ""
    class_id: str = ""
    pupil_tokens: list[str] = field(default_factory=list[str])
    session_id: str = ""


def new_key() -> dict[str, str]:
    """Return an idempotency key for one change."""
    return {"idempotencyKey": uuid.uuid4().hex}


def now_utc() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def phone_at(number: int, chance: random.Random) -> Phone:
    """Return a phone in danger or in a town, in a language of its owner's."""
    latitude, longitude = IN_DANGER if number % 3 == 0 else chance.choice(TOWNS)
    spot = {
        "latitude": round(latitude + chance.uniform(-0.01, 0.01), 6),
        "longitude": round(longitude + chance.uniform(-0.01, 0.01), 6),
    }
    return Phone(number, chance.choice(LANGUAGES), spot)


async def registered(wire: Wire, phone: Phone) -> None:
    asked = {
        "registration": f"day-{uuid.uuid4().hex}{uuid.uuid4().hex}",
        "platform": "ANDROID",
        "language": phone.language,
        "position": {"position": phone.position, "consent": True},
        **new_key(),
    }
    made = await wire.ask(phone, "accounts/RegisterDevice", {"input": asked})
    phone.device = {"id": made["device"]["id"], "secret": made["secret"]}


async def signed_in(wire: Wire, phone: Phone, address: str) -> None:
    """Sign in with the code that was sent, as the recorder shows it."""
    known = len(await _codes(wire, address))
    sent = await wire.ask(
        phone, "accounts/RequestCode", {"input": {"address": address, **new_key()}}
    )

    async def came() -> str | None:
        codes = await _codes(wire, address)
        return codes[0] if len(codes) > known else None

    asked = {"codeId": sent["sentCode"]["id"], "code": await until(came), "app": "Day"}
    take_tokens(phone, await wire.ask(phone, "accounts/SignIn", {"input": asked | new_key()}))


async def until(found: Callable[[], Awaitable[_Found | None]]) -> _Found:
    """Ask until there is something."""
    async with asyncio.timeout(JOB_SECONDS):
        while (it := await found()) is None:  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.1)
    return it


async def _codes(wire: Wire, address: str) -> list[str]:
    """Return the codes that were sent there, the newest first."""
    url = f"{wire.bases[0]}/dev/recorder.json"
    async with wire.session.get(url, params={"to": address}) as reply:
        texts = (await reply.json())["texts"]
    return [code for text in texts for code in re.findall(r"\d{6}", text["body"])[:1]]


async def each(phones: Sequence[Phone], does: Callable[[Phone], Awaitable[None]]) -> None:
    """Let every phone do it, a few at a time."""
    lanes = asyncio.Semaphore(AT_ONCE)

    async def one(phone: Phone) -> None:
        async with lanes:
            await does(phone)

    async with asyncio.TaskGroup() as tasks:
        for phone in phones:
            tasks.create_task(one(phone))
