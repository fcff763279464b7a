"""When a school teaches: what its office wrote, and the holidays of the country."""

import asyncio
from datetime import date
from typing import Any

import httpx

from api.context import Services
from api.students.calendar.repository import SCHOOL_CALENDARS
from api.students.calendar.school_calendar import school_year_of
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.students.school import ELSEWHERE, SCHOOL, YEAR, a_clerk, ask, call

WEEK = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"]
A_CALENDAR: Answer = {
    "schoolId": SCHOOL,
    "year": YEAR,
    "terms": [
        {"starts": "2025-09-05", "ends": "2026-01-16"},
        {"starts": "2026-01-19", "ends": "2026-05-29"},
    ],
    "weekdays": WEEK,
    "daysOff": [{"starts": "2026-02-13", "ends": "2026-02-22", "reason": "Nghỉ Tết"}],
    "extraDays": ["2026-05-09"],
    "bells": [
        {"shift": "MORNING", "starts": "07:00", "ends": "11:30"},
        {"shift": "AFTERNOON", "starts": "13:00", "ends": "17:00"},
    ],
    "lateAfter": 5,
}


async def put(
    client: httpx.AsyncClient,
    clerk: SignedInPerson | None,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    values = {**A_CALENDAR, "idempotencyKey": new_key(), **changes}
    return await call(client, "SetSchoolCalendar", values, clerk)


async def kind_of(client: httpx.AsyncClient, day: str, school: str = SCHOOL) -> str:
    variables = {"id": school, "year": YEAR, "date": day}
    found: Answer = (await ask(client, "School", variables))["day"]
    holiday: Answer = found["holiday"] or {"text": ""}
    return f"{found['kind']} {found['reason'] or holiday['text']}".strip()


async def test_what_a_day_is(client: httpx.AsyncClient, services: Services) -> None:
    await put(client, await a_clerk(client, services))

    days = {
        "2026-05-04": "TEACHING",
        "2026-05-02": "WEEKEND",
        "2026-05-09": "TEACHING",
        "2026-05-01": "HOLIDAY Labour Day",
        "2026-02-16": "HOLIDAY Lunar New Year",
        "2026-02-13": "DAY_OFF Nghỉ Tết",
        "2026-01-18": "OUTSIDE_TERMS",
        "2026-06-01": "OUTSIDE_TERMS",
        "2026-09-07": "NO_CALENDAR",
    }
    told = {day: await kind_of(client, day) for day in days}
    assert {day: kind.split()[0] for day, kind in told.items()} == {
        day: kind.split()[0] for day, kind in days.items()
    }
    assert told["2026-02-13"] == "DAY_OFF Nghỉ Tết"
    assert await kind_of(client, "2026-05-04", ELSEWHERE) == "NO_CALENDAR"


async def test_a_calendar_is_told_as_it_was_written(
    client: httpx.AsyncClient, services: Services
) -> None:
    await put(client, await a_clerk(client, services))

    variables = {"id": SCHOOL, "year": YEAR, "date": "2026-05-04"}
    school = await ask(client, "School", variables, language="vi")

    assert school["name"] == {"text": "THPT số 1 Sa Pa", "language": "vi"}
    names = ("terms", "weekdays", "daysOff", "extraDays", "bells", "lateAfter", "year")
    assert {name: school["calendar"][name] for name in names} == {
        name: A_CALENDAR[name] for name in names
    }


async def test_whoever_changes_an_older_version_looks_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)
    await put(client, clerk)

    unseen = await put(client, clerk, lateAfter=10)
    changed = await put(client, clerk, lateAfter=10, version=1)
    outdated = await put(client, clerk, lateAfter=15, version=1)

    assert (unseen["code"], outdated["code"]) == ("CALENDAR_CHANGED", "CALENDAR_CHANGED")
    assert changed["calendar"]["version"] == 2
    (kept,) = await services.store[SCHOOL_CALENDARS].find({})
    assert kept["late_after"] == 10


async def test_of_two_first_calendars_at_once_one_stays(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)

    results = await asyncio.gather(put(client, clerk), put(client, clerk, lateAfter=10))

    assert sorted(it.get("code", "") for it in results) == ["", "CALENDAR_CHANGED"]


async def test_what_cannot_be_names_its_field(
    client: httpx.AsyncClient, services: Services
) -> None:
    clerk = await a_clerk(client, services)
    term = {"starts": "2025-09-05", "ends": "2026-01-16"}
    wrong: list[Answer] = [
        {"terms": []},
        {"terms": [term, term]},
        {"terms": [{"starts": "2026-01-16", "ends": "2025-09-05"}]},
        {"terms": [{"starts": "2025-07-31", "ends": "2026-01-16"}]},
        {"weekdays": []},
        {"daysOff": [{**term, "reason": ""}]},
        {"daysOff": [{**term, "reason": "a\u202eb"}]},
        {"extraDays": ["2027-01-01"]},
        {"bells": []},
        {
            "bells": [
                {"shift": "MORNING", "starts": it, "ends": "11:30"} for it in ("07:00", "08:00")
            ]
        },
        {"bells": [{"shift": "MORNING", "starts": "11:30", "ends": "07:00"}]},
        {"bells": [{"shift": "MORNING", "starts": "7:00", "ends": "11:30"}]},
        {"lateAfter": 61},
        {"year": 0},
    ]

    results = [await put(client, clerk, **changes) for changes in wrong]

    assert [(it["code"], it["field"]) for it in results] == [
        ("INVALID_CALENDAR", next(iter(changes))) for changes in wrong
    ]
    assert await services.store[SCHOOL_CALENDARS].count({}) == 0


async def test_only_the_school_s_own_office_writes_it(
    client: httpx.AsyncClient, services: Services
) -> None:
    elsewhere = await a_clerk(client, services, ELSEWHERE)

    by_elsewhere = await put(client, elsewhere)
    by_nobody = await put(client, None)

    assert (by_elsewhere["code"], by_nobody["code"]) == ("NOT_ALLOWED", "NOT_SIGNED_IN")
    assert await services.store[SCHOOL_CALENDARS].count({}) == 0


async def test_all_schools_are_told_page_by_page(client: httpx.AsyncClient) -> None:
    first = await ask(client, "Schools", {"first": 20}, language="vi")
    rest = await ask(client, "Schools", {"first": 20, "after": first["pageInfo"]["endCursor"]})

    ids = [edge["node"]["id"] for page in (first, rest) for edge in page["edges"]]
    assert ids == [f"s{number:02}" for number in range(1, 29)]
    assert first["edges"][6]["node"]["name"]["text"] == "THPT số 1 Sa Pa"


def test_a_school_year_begins_in_august() -> None:
    assert school_year_of(date(2026, 7, 31)) == 2025
    assert school_year_of(date(2026, 8, 1)) == 2026
