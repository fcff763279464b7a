"""Who plays the day: phones with and without a signed-in owner, an officer, gates, cards, a class of pupils."""

import asyncio
import base64
import random
import re
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, TypeVar

from bench.day.foundations import CHIEF, Keys
from bench.day.wire import Phone, Wire, headers_of, take_tokens

LANGUAGES = ("vi", "vi", "vi", "vi", "en", "zh-Hans", "fr", "ko", "ja")
TOWNS = ((22.3364, 103.8438), (22.4856, 103.9707), (22.5372, 104.2880), (21.7050, 104.8700))
IN_DANGER = (22.33, 103.84)
SCHOOL, HOSPITAL, MERCHANT = "s07", "bvdk-khu-vuc-sa-pa", "day-sights"
PRODUCT, SIGHTS = "sa-pa-48h", ("P009", "P010")
AGREED = ("HEALTH", "PHOTOS")
HANOI = timezone(timedelta(hours=7))
OFFICER = "officer@example.com"
PUPILS, SEEDED_AT_ONCE, JOB_SECONDS = 12, 8, 60.0
_Found = TypeVar("_Found")
ROLES = (
    ("CLERK", "FACILITY", HOSPITAL),
    ("CLERK", "SCHOOL", SCHOOL),
    ("GATEKEEPER", "SCHOOL", SCHOOL),
    ("MERCHANT", "MERCHANT", MERCHANT),
    ("GATEKEEPER", "MERCHANT", MERCHANT),
)


@dataclass(slots=True)
class Cast:
    """`phones`: the first ones belong to `people`, and every third of all stands where it will flood."""

    keys: Keys
    phones: list[Phone]
    people: list[Phone]
    officer: Phone
    gates: list[str] = field(default_factory=list[str])
    school_gate: str = ""
    class_id: str = ""
    pupil_tokens: list[str] = field(default_factory=list[str])
    session_id: str = ""


def new_key() -> dict[str, str]:
    """Return an idempotency key for one change."""
    return {"idempotencyKey": uuid.uuid4().hex}


async def seeded(wire: Wire, keys: Keys, devices: int, people: int, seed: int) -> Cast:
    """Let everybody register and sign in, the officer take up work, and buyers have cards."""
    chance = random.Random(seed)
    phones = [_phone(number, chance) for number in range(1, devices + 1)]
    await _each(phones, lambda phone: registered(wire, phone))
    officer, chief = _phone(devices + 1, chance), _phone(devices + 2, chance)
    await asyncio.gather(signed_in(wire, officer, OFFICER), signed_in(wire, chief, CHIEF))
    await _given_roles(wire, chief, officer)
    cast = Cast(keys, phones, phones[:people], officer)
    await _each(cast.people, lambda phone: _resident(wire, phone))
    cast.gates = [await _gate(wire, officer, "MERCHANT", MERCHANT, it) for it in SIGHTS]
    await _each(cast.people[::2], lambda phone: _buyer(wire, officer, phone))
    await _school(wire, cast)
    await _clinic(wire, cast)
    return cast


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


def _phone(number: int, chance: random.Random) -> Phone:
    latitude, longitude = IN_DANGER if number % 3 == 0 else chance.choice(TOWNS)
    spot = {
        "latitude": round(latitude + chance.uniform(-0.01, 0.01), 6),
        "longitude": round(longitude + chance.uniform(-0.01, 0.01), 6),
    }
    return Phone(number, chance.choice(LANGUAGES), spot)


async def _each(phones: Sequence[Phone], does: Callable[[Phone], Awaitable[None]]) -> None:
    lanes = asyncio.Semaphore(SEEDED_AT_ONCE)

    async def one(phone: Phone) -> None:
        async with lanes:
            await does(phone)

    async with asyncio.TaskGroup() as tasks:
        for phone in phones:
            tasks.create_task(one(phone))


async def _given_roles(wire: Wire, chief: Phone, officer: Phone) -> None:
    for role, kind, scope in ROLES:
        asked = {
            "address": OFFICER,
            "role": role,
            "scopeKind": kind,
            "scopeId": scope,
            **new_key(),
        }
        offered = await wire.ask(chief, "accounts/InviteStaff", {"input": asked})
        accepted = {"id": offered["invitation"]["id"], **new_key()}
        await wire.ask(officer, "accounts/AcceptInvitation", {"input": accepted})


async def _resident(wire: Wire, phone: Phone) -> None:
    await signed_in(wire, phone, f"person-{phone.number}-{uuid.uuid4().hex[:8]}@example.com")
    linked = {**phone.device, **new_key()}
    await wire.ask(phone, "accounts/LinkDevice", {"input": linked})
    profile = {"name": f"Người {phone.number}"}
    await wire.ask(phone, "accounts/UpdateProfile", {"input": profile})
    shown = await wire.ask(phone, "accounts/ConsentPurposes", {})
    versions = {it["purpose"]: it["version"] for it in shown["texts"]}
    for purpose in AGREED:
        consent = {"purpose": purpose, "version": versions[purpose], "language": "vi", **new_key()}
        await wire.ask(phone, "accounts/GiveConsent", {"input": consent})


async def _buyer(wire: Wire, officer: Phone, phone: Phone) -> None:
    """Pay in at the officer's counter, buy a card, and take it to the phone."""
    product = await wire.ask(phone, "tourist_cards/CardProduct", {"id": PRODUCT})
    wallet = await wire.ask(phone, "wallet/Wallet", {})
    paid = {
        "scopeKind": "MERCHANT",
        "scopeId": MERCHANT,
        "walletId": wallet["id"],
        "amount": product["price"] + 100_000,
        **new_key(),
    }
    await wire.ask(officer, "wallet/TopUpAtCounter", {"input": paid})
    bought = {"productId": PRODUCT, "price": product["price"], **new_key()}
    passes = await wire.ask(phone, "tourist_cards/BuyPass", {"input": bought})
    taking = {
        "id": passes["passes"][0]["credentialId"],
        "device": phone.device["id"],
        **new_key(),
    }
    taken = await wire.ask(phone, "credentials/TakeCredential", {"input": taking})
    phone.person["card"] = (base64.b64decode(taken["key"]), str(taken["token"]))


async def _gate(wire: Wire, officer: Phone, kind: str, scope: str, place: str | None) -> str:
    asked: dict[str, Any] = {
        "names": [{"language": "vi", "text": "Cổng"}],
        "scopeKind": kind,
        "scopeId": scope,
        **({"placeId": place} if place else {}),
        **new_key(),
    }
    return str((await wire.ask(officer, "credentials/AddGate", {"input": asked}))["gate"]["id"])


async def _school(wire: Wire, cast: Cast) -> None:
    """Take in a class by a roster, give each pupil a card, and set up the gate."""
    officer = cast.officer
    head = "Mã học sinh;Họ và tên;Ngày sinh;Lớp\n"
    rows = "".join(f"HS{n:03};Giàng Thị {n};05/03/2014;6A\n" for n in range(PUPILS))
    async with wire.session.post(
        f"{wire.base_of(officer)}/students/v1/schools/{SCHOOL}/rosters",
        data=(head + rows).encode(),
        headers=headers_of(officer),
    ) as reply:
        checked = await reply.json()
    at = {"schoolId": SCHOOL, "year": checked["year"], "digest": checked["digest"]}
    await wire.ask(
        officer, "students/ApplyRoster", {"input": {**at, "isWhole": False, **new_key()}}
    )

    async def applied() -> bool | None:
        state = (await wire.ask(officer, "students/Roster", at))["state"]
        return state == "APPLIED" or None

    await until(applied)
    found = await wire.ask(officer, "students/SchoolClasses", {"schoolId": SCHOOL})
    cast.class_id = str(found["classes"][0]["id"])
    of_class = {"schoolId": SCHOOL, "classId": cast.class_id}
    await wire.ask(officer, "students/IssueStudentCards", {"input": {**of_class, **new_key()}})
    pupils = await wire.ask(officer, "students/Pupils", of_class)
    for edge in pupils["edges"]:
        asked = {"input": {"pupilId": edge["node"]["id"]}}
        card = await wire.ask(officer, "students/PrintStudentCard", asked)
        cast.pupil_tokens.append(str(card["card"]["token"]))
    cast.school_gate = await _gate(wire, officer, "SCHOOL", SCHOOL, None)


async def _clinic(wire: Wire, cast: Cast) -> None:
    """Open a clinic of today, whatever the time is; walk-ins come to its desk."""
    officer, now = cast.officer, datetime.now(HANOI)
    names = [{"language": "vi", "text": "Khám trong ngày"}]
    offered = {
        "facilityId": HOSPITAL,
        "specialty": "internal",
        "names": names,
        "mode": "IN_PERSON",
        "payments": ["INSURANCE", "SELF_PAY"],
        **new_key(),
    }
    service = await wire.ask(officer, "health/CreateService", {"input": offered})
    opens = f"{max(now.hour - 1, 0):02}:00"
    closes = f"{now.hour + 6:02}:00" if now.hour < 18 else "23:50"
    session = {
        "weekday": f"{now:%A}".upper(),
        "opens": opens,
        "closes": closes,
        "slotMinutes": 10,
        "capacity": 4,
    }
    schedule = {
        "facilityId": HOSPITAL,
        "serviceId": service["service"]["id"],
        "sessions": [session],
        "firstDay": now.date().isoformat(),
        "lastDay": (now.date() + timedelta(days=13)).isoformat(),
        "worksOnHolidays": True,
        **new_key(),
    }
    await wire.ask(officer, "health/CreateSchedule", {"input": schedule})

    async def made() -> str | None:
        today = {"facilityId": HOSPITAL, "date": now.date().isoformat()}
        found = await wire.ask(officer, "health/DeskDay", today)
        mine = service["service"]["id"]
        ids = [it["id"] for it in found["sessions"] if it["service"]["id"] == mine]
        return str(ids[0]) if ids else None

    cast.session_id = await until(made)


def now_utc() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
