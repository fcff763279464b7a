"""Offices of the day: who works there, gates, a class with cards, a clinic with a desk."""

from datetime import datetime, timedelta
from typing import Any

from bench.day.cast import HANOI, Cast, new_key, until
from bench.day.wire import Phone, Wire, headers_of

SPECIALTY = "internal"
"""Of the clinic with a desk."""
SCHOOL, HOSPITAL, MERCHANT = "s07", "bvdk-khu-vuc-sa-pa", "day-sights"
PUPILS = 12
ROLES = (
    ("CLERK", "FACILITY", HOSPITAL),
    ("CLERK", "SCHOOL", SCHOOL),
    ("GATEKEEPER", "SCHOOL", SCHOOL),
    ("MERCHANT", "MERCHANT", MERCHANT),
    ("GATEKEEPER", "MERCHANT", MERCHANT),
)


async def employed(wire: Wire, chief: Phone, officer: Phone, address: str) -> None:
    """Let an administrator invite an officer to every office, who accepts."""
    for role, kind, scope in ROLES:
        asked = {
            "address": address,
            "role": role,
            "scopeKind": kind,
            "scopeId": scope,
            **new_key(),
        }
        offered = await wire.ask(chief, "accounts/InviteStaff", {"input": asked})
        accepted = {"id": offered["invitation"]["id"], **new_key()}
        await wire.ask(officer, "accounts/AcceptInvitation", {"input": accepted})


async def new_gate(wire: Wire, officer: Phone, kind: str, scope: str, place: str | None) -> str:
    asked: dict[str, Any] = {
        "names": [{"language": "vi", "text": "Cổng"}],
        "scopeKind": kind,
        "scopeId": scope,
        **({"placeId": place} if place else {}),
        **new_key(),
    }
    return str((await wire.ask(officer, "credentials/AddGate", {"input": asked}))["gate"]["id"])


async def open_school(wire: Wire, cast: Cast) -> None:
    """Take in a class by a roster, give each pupil a card, and set up the gate."""
    officer = cast.officers[0]
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
    cast.school_gate = await new_gate(wire, officer, "SCHOOL", SCHOOL, None)


async def open_clinic(wire: Wire, cast: Cast) -> None:
    """Open a clinic that goes on for a while, whatever the time is; walk-ins come to its desk.

    Half an hour before midnight it is the one of the next day: desks open an hour early.
    """
    officer, now = cast.officers[0], datetime.now(HANOI) + timedelta(minutes=30)
    names = [{"language": "vi", "text": "Khám trong ngày"}]
    day = now.date()
    offered = {
        "facilityId": HOSPITAL,
        "specialty": SPECIALTY,
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
        "firstDay": day.isoformat(),
        "lastDay": (day + timedelta(days=13)).isoformat(),
        "worksOnHolidays": True,
        **new_key(),
    }
    await wire.ask(officer, "health/CreateSchedule", {"input": schedule})

    async def made() -> str | None:
        of_day = {"facilityId": HOSPITAL, "date": day.isoformat()}
        found = await wire.ask(officer, "health/DeskDay", of_day)
        mine = service["service"]["id"]
        ids = [it["id"] for it in found["sessions"] if it["service"]["id"] == mine]
        return str(ids[0]) if ids else None

    cast.session_id = await until(made)
