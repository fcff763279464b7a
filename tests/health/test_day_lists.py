"""What the desk reads: a day's list, sessions and queues, and the page to print."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from api.accounts.people.repository import AccountRepository
from api.context import Services
from api.health.desk.day_list_links import DayListLinks, PrintedDay
from api.kit.formats import day_in_vietnam
from tests.accounts.people import signed_in
from tests.conftest import MovableClock
from tests.health.places import ELSEWHERE, FACILITY, MONDAY, a_clinic
from tests.health.waiting_room import WaitingRoom, a_waiting_room

TODAY = day_in_vietnam(MONDAY)
DAY = {"facilityId": FACILITY, "date": TODAY.isoformat()}


@pytest.fixture
async def room(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> WaitingRoom:
    return await a_waiting_room(client, services, clock)


async def listed(room: WaitingRoom, **wanted: object) -> list[str]:
    """Return the ids on the day's list."""
    found = await room.ask("DayList", {**DAY, **wanted})
    return [edge["node"]["appointmentId"] for edge in found["edges"]]


async def test_a_day_s_patients_are_listed_by_time(room: WaitingRoom) -> None:
    second, first = await room.booked(1), await room.booked(0)
    elsewhere = await a_clinic(room.services.store, ELSEWHERE)
    assert elsewhere.session.start == MONDAY

    assert await listed(room) == [first.id, second.id]
    assert await listed(room, date="2026-05-05") == []


async def test_a_list_is_filtered_by_service_session_and_state(room: WaitingRoom) -> None:
    waits, away = await room.checked_in(0, "06:40"), (await room.booked(1)).id

    assert await listed(room, statuses=["CHECKED_IN"]) == [waits]
    assert await listed(room, statuses=["BOOKED", "CHECKED_IN"]) == [waits, away]
    assert await listed(room, statuses=["PENDING"]) == []
    assert await listed(room, sessionId=room.session_id) == [waits, away]
    assert await listed(room, serviceId=room.clinic.service.id) == [waits, away]
    assert await listed(room, serviceId="another") == []


async def test_a_list_has_pages_and_each_is_noted_once(room: WaitingRoom) -> None:
    ids = [(await room.booked(place)).id for place in range(3)]

    first = await room.ask("DayList", {**DAY, "first": 2})
    after = first["pageInfo"]["endCursor"]
    second = await room.ask("DayList", {**DAY, "first": 2, "after": after})

    pages = [[edge["node"]["appointmentId"] for edge in it["edges"]] for it in (first, second)]
    assert pages == [ids[:2], ids[2:]]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    notes = await room.audited("health.day_list.read")
    assert [note.details for note in notes] == [
        {"day": "2026-05-04", "found": 1},
        {"day": "2026-05-04", "found": 2},
    ]
    assert {note.subject for note in notes} == {FACILITY}


async def test_the_queue_is_shown_in_the_order_of_calls(room: WaitingRoom) -> None:
    called, waits = await room.checked_in(0, "06:40"), await room.checked_in(1, "06:41")
    walk_in = await room.walks_in("06:50")
    room.is_now("07:00")
    await room.calls_next()

    found = await room.ask("SessionQueue", {"sessionId": room.session_id})

    assert [it["appointmentId"] for it in found["called"]] == [called]
    assert [it["appointmentId"] for it in found["waiting"]] == [waits, walk_in]
    assert [it["birthYear"] for it in found["waiting"]] == [None, 1961]
    (note,) = await room.audited("health.queue.read")
    assert (note.subject, note.details) == (room.session_id, {"found": 3})


async def test_the_sessions_of_a_day_say_how_far_they_are(room: WaitingRoom) -> None:
    await room.checked_in(0, "06:40")
    await room.booked(1)

    found = await room.ask("DeskDay", DAY)

    (session,) = found["sessions"]
    assert session == {
        "id": room.session_id,
        "start": "2026-05-04T00:00:00+00:00",
        "end": "2026-05-04T01:00:00+00:00",
        "isOpen": True,
        "closedBecause": None,
        "delayMinutes": 0,
        "delayReason": None,
        "counts": [
            {"status": "BOOKED", "patients": 1},
            {"status": "CHECKED_IN", "patients": 1},
        ],
        "service": {"id": room.clinic.service.id, "name": {"text": "Consultation"}},
        "practitioner": {
            "id": room.clinic.practitioner.id,
            "name": room.clinic.practitioner.name,
        },
    }


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
async def test_the_ends_of_the_calendar_have_no_sessions(room: WaitingRoom, date: str) -> None:
    found = await room.ask("DeskDay", {**DAY, "date": date})

    assert found["sessions"] == []
    assert await listed(room, date=date) == []


async def test_only_the_facility_s_desk_reads_its_lists(room: WaitingRoom) -> None:
    stranger = await signed_in(room.client, room.services, "stranger@example.com")

    refused = [
        await room.ask_refused(query, DAY, person)
        for query in ("DayList", "DeskDay")
        for person in (stranger,)
    ] + [await room.ask_refused("DayList", {**DAY, "facilityId": ELSEWHERE})]

    assert refused == ["NOT_ALLOWED"] * 3
    queue = {"sessionId": room.session_id}
    assert await room.ask_refused("SessionQueue", queue, stranger) == "NOT_FOUND"
    assert await room.audited("health.day_list.read") == []


async def link(room: WaitingRoom, language: str = "vi") -> str:
    """Ask for the page; return its path."""
    reply = await room.client.post(
        "/graphql",
        json={
            "query": "mutation($i: PrintDayListInput!) { printDayList(input: $i)"
            " { ... on PrintDayListSuccess { url } } }",
            "variables": {"i": DAY},
        },
        headers={**room.desk.headers, "accept-language": language},
    )
    url = str(reply.json()["data"]["printDayList"]["url"])
    return url.removeprefix("http://127.0.0.1:8000")


async def test_a_day_is_printed_in_vietnamese_and_english_without_reasons(
    room: WaitingRoom,
) -> None:
    await room.booked(0, patient_name="Nguyễn <b>Hoa</b>")
    await room.walks_in("07:05")

    pages = [await room.client.get(await link(room, language)) for language in ("vi", "en", "ko")]

    assert [page.status_code for page in pages] == [200] * 3
    vietnamese, english, korean = (page.text for page in pages)
    assert vietnamese == korean
    assert "Bệnh nhân trong ngày" in vietnamese
    assert "Bệnh viện đa khoa khu vực Sa Pa" in vietnamese
    assert (
        "<tr><td>1</td><td>7:00 AM</td><td>Nguyễn &lt;b&gt;Hoa&lt;/b&gt;</td><td></td>"
        "<td>Health insurance</td><td>Booked</td></tr>"
        "<tr><td>2</td><td>Without appointment</td><td>Giàng A Páo</td><td>1961</td>"
        "<td></td><td>Waiting</td></tr>"
    ) in english.replace("\u202f", " ")
    assert not any(it in vietnamese + english for it in ("đau bụng", "ho nhiều"))


async def test_the_page_is_kept_nowhere_and_noted(room: WaitingRoom) -> None:
    page = await room.client.get(await link(room))

    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    (note,) = await room.audited("health.day_list.print")
    assert (note.actor, note.subject) == (room.clerk.person(), FACILITY)
    assert note.details == {"day": "2026-05-04", "found": 0}


async def test_a_link_holds_for_five_minutes_and_for_what_it_was_made(room: WaitingRoom) -> None:
    path = await link(room)
    forged = [
        # Not the last character: some of its bits mean nothing.
        path[:-3] + ("A" if path[-3] != "A" else "B") + path[-2:],
        path + "ä",
        "/health/v1/day-lists?ticket=x",
        "/health/v1/day-lists",
    ]

    refused = [(await room.client.get(it)).status_code for it in forged]
    room.clock.advance(minutes=5)
    ended = await room.client.get(path)

    assert refused == [403] * 4
    assert (ended.status_code, ended.json()["code"]) == (403, "LINK_ENDED")
    assert await room.audited("health.day_list.print") == []


async def test_a_link_ends_with_the_role(room: WaitingRoom) -> None:
    path = await link(room)
    accounts = AccountRepository(room.services.store, room.services.sealer)
    account = await accounts.get(room.clerk.person())
    assert account is not None
    await accounts.replace(replace(account, grants=frozenset()))

    assert (await room.client.get(path)).status_code == 403


def test_a_link_tells_nothing_by_itself(services: Services, clock: MovableClock) -> None:
    links = DayListLinks(services.sealer, "https://example.vn/", clock)
    printed = PrintedDay("person", FACILITY, None, TODAY, "vi")

    issued = links.issue(printed)

    token = issued.url.removeprefix("https://example.vn/health/v1/day-lists?ticket=")
    assert links.opened(token) == printed
    assert issued.expires_at == clock() + timedelta(minutes=5)
    assert not any(part in token for part in ("person", FACILITY))
