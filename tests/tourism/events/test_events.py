"""Events as readers ask for them, through the contract."""

from typing import Any

import httpx
import pytest

from api.context import Services
from tests.accounts.people import SignedInPerson
from tests.conftest import MovableClock, send, send_raw
from tests.tourism.editing.editors import texts
from tests.tourism.events.events import SA_PA, add, event, listed, say

IN_SPRING = {"from_": "2027-02-01", "to": "2027-03-31"}


async def test_a_lunar_festival_is_told_with_its_days_and_place(
    client: httpx.AsyncClient, festivals: None
) -> None:
    (found,) = await listed(client, search="den thuong", **IN_SPRING)

    assert found["event"]["id"] == "E001"
    assert (found["start"], found["end"]) == (
        "2027-02-20T00:00:00+07:00",
        "2027-02-21T00:00:00+07:00",
    )
    assert (found["isAllDay"], found["isConfirmed"], found["status"]) == (True, True, "SCHEDULED")
    assert found["daysText"] == "Saturday, February 20, 2027"
    assert found["place"]["id"] == "P047"
    assert found["commune"]["code"] == "02647"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "Khoảng Thứ Bảy, 6 tháng 2, 2027; ngày chính xác sẽ được thông báo sau"),
        ("en", "About Saturday, February 6, 2027; the exact days are announced later"),
        ("fr", "Vers le samedi 6 février 2027 ; les jours exacts seront annoncés plus tard"),
        ("zh", "约在2027年2月6日星期六；确切日期另行公布"),
        ("ko", "2027년 2월 6일 토요일경, 정확한 날짜는 추후 공지됩니다"),
        ("ja", "2027年2月6日土曜日頃（正確な日程は後日発表されます）"),
    ],
)
async def test_days_that_are_announced_each_year_are_about_right_until_then(
    client: httpx.AsyncClient, festivals: None, language: str, words: str
) -> None:
    (found,) = await listed(client, search="Roong Pooc", language=language, **IN_SPRING)

    assert found["isConfirmed"] is False
    assert found["daysText"] == words


@pytest.mark.parametrize(
    ("event_id", "language", "words"),
    [
        ("E001", "en", "Every year on day 15 of lunar month 1"),
        ("E004", "vi", "Hằng năm, ngày Thìn đầu tiên của tháng 1 âm lịch"),
        ("E005", "en", "Every year from day 2 of lunar month 1"),
        ("E007", "fr", "Chaque année à partir du 1er juin"),
        ("E007", "vi", "Hằng năm, từ 1 tháng 6"),
    ],
)
async def test_a_rule_is_told_in_words(
    client: httpx.AsyncClient, festivals: None, event_id: str, language: str, words: str
) -> None:
    found = await event(client, event_id, language=language)

    assert found is not None
    assert found["ruleText"] == words


async def test_occurrences_come_by_start_and_pages_leave_no_gap(
    client: httpx.AsyncClient, festivals: None
) -> None:
    whole = await listed(client, from_="2027-01-01", to="2027-12-31", first=100)

    paged: list[dict[str, Any]] = []
    after: str | None = None
    while after is not None or not paged:
        variables = {"from": "2027-01-01", "to": "2027-12-31", "first": 4, "after": after}
        page = (await send(client, "tourism/Events", variables))["events"]
        paged += [edge["node"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None

    assert [it["id"] for it in paged] == [it["id"] for it in whole]
    assert len(whole) == 13
    assert [it["start"] for it in whole] == sorted(it["start"] for it in whole)


async def test_what_is_asked_without_days_is_the_next_ninety(
    client: httpx.AsyncClient, festivals: None
) -> None:
    found = await listed(client)

    assert [it["event"]["id"] for it in found] == ["E007", "E009"]


async def test_kinds_and_distance_narrow_the_list_and_distance_is_told(
    client: httpx.AsyncClient, festivals: None
) -> None:
    sport = await listed(client, from_="2026-05-01", to="2026-12-31", kinds=["SPORT"])
    near = await listed(client, near=SA_PA, within=15_000, **IN_SPRING)
    told = await listed(client, near=SA_PA, search="Bao Ha", from_="2026-08-01")

    assert {it["event"]["id"] for it in sport} == {"E007", "E011"}
    assert {it["event"]["id"] for it in near} == {"E004"}
    assert near[0]["distance"] < 15_000
    assert told[0]["distance"] == pytest.approx(55_560, rel=0.01)


async def test_a_search_finds_events_by_kind_and_in_other_languages(
    client: httpx.AsyncClient, festivals: None
) -> None:
    asked = {"from_": "2026-05-01", "to": "2026-12-31"}

    assert {it["event"]["id"] for it in await listed(client, search="경마", **asked)} == {"E007"}
    assert "E002" in {it["event"]["id"] for it in await listed(client, search="le hoi", **asked)}
    assert await listed(client, search="qwxzv", **asked) == []


async def test_an_event_tells_what_is_next_and_what_follows(
    client: httpx.AsyncClient, festivals: None
) -> None:
    found = await event(
        client, "E002", at="2026-08-29T23:00:00+07:00", from_="2026-05-01", to="2027-04-30"
    )
    later = await event(client, "E002", at="2026-08-30T00:00:00+07:00")

    assert found is not None
    assert later is not None
    assert found["next"]["firstDay"] == "2026-08-29"
    assert later["next"]["firstDay"] == "2027-08-18"
    assert [it["firstDay"] for it in found["occurrences"]] == ["2026-08-29"]
    assert found["place"]["id"] == "P073"


@pytest.mark.parametrize("event_id", ["E999", "", "../etc", "E001' OR 1=1", "x" * 10_000])
async def test_an_unknown_event_is_null(
    client: httpx.AsyncClient, festivals: None, event_id: str
) -> None:
    assert await event(client, event_id) is None


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        ({"from": "2026-06-02", "to": "2026-06-01"}, "INVALID_WINDOW", "The last day lies before the first."),
        ({"from": "2026-06-01", "to": "2027-06-02"}, "WINDOW_TOO_LONG", "Ask for at most 366 days at a time."),
        ({"from": "2025-04-29"}, "DATE_OUT_OF_RANGE", "Ask for days from 2025-04-30 to 2036-12-31."),
        ({"to": "2025-04-29"}, "DATE_OUT_OF_RANGE", "Ask for days from 2025-04-30 to 2036-12-31."),
        ({"from": "2036-12-31", "to": "2037-01-01"}, "DATE_OUT_OF_RANGE", "Ask for days from 2025-04-30 to 2036-12-31."),
        ({"from": "0001-01-01"}, "DATE_OUT_OF_RANGE", "Ask for days from 2025-04-30 to 2036-12-31."),
        ({"to": "9999-12-31"}, "DATE_OUT_OF_RANGE", "Ask for days from 2025-04-30 to 2036-12-31."),
        ({"within": 500.0}, "DISTANCE_WITHOUT_POSITION", "To look within a distance, say near which position."),
        ({"search": "x" * 101}, "SEARCH_TOO_LONG", "Search with at most 100 characters."),
        ({"first": 101}, "INVALID_PAGE_SIZE", "Ask for 1 to 100 items at a time."),
        ({"after": "nonsense"}, "INVALID_CURSOR", "This cursor is not one of this list. Start again from the first page."),
        ({"near": {"latitude": 91, "longitude": 0}}, "INVALID_POSITION", None),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_with_a_code(
    client: httpx.AsyncClient,
    festivals: None,
    asked: dict[str, Any],
    code: str,
    message: str | None,
) -> None:
    reply = await send_raw(client, "tourism/Events", asked)

    (error,) = reply.json()["errors"]
    assert error["extensions"]["code"] == code
    assert message is None or error["message"] == message


async def test_a_refusal_speaks_the_reader_s_language(
    client: httpx.AsyncClient, festivals: None
) -> None:
    asked = {"from": "2026-06-02", "to": "2026-06-01"}

    reply = await send_raw(client, "tourism/Events", asked, language="vi")

    assert reply.json()["errors"][0]["message"] == "Ngày cuối lại trước ngày đầu."


async def test_the_one_search_finds_events_where_they_are_held(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    editor: SignedInPerson,
) -> None:
    added = await add(client, editor, names=texts(vi="Hội hoa đỗ quyên"), position=SA_PA)
    clock.advance(seconds=10)

    found = await send(client, "guide/Search", {"text": "do quyen", "kinds": ["EVENT"]})

    (hit,) = [edge["node"] for edge in found["search"]["edges"]]
    assert (hit["kind"], hit["id"]) == ("EVENT", added["event"]["id"])
    assert hit["around"]["text"] == "Sa Pa Ward"


async def test_an_event_whose_place_is_gone_is_still_told(
    client: httpx.AsyncClient, services: Services, festivals: None
) -> None:
    from api.tourism.repository import TourismRepository

    await TourismRepository(services.store).hide("P047")

    (found,) = await listed(client, search="den thuong", **IN_SPRING)

    assert (found["place"], found["position"], found["commune"]) == (None, None, None)


async def test_the_planner_is_told_what_is_on_between_two_moments(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    added = await add(client, editor, startsAt="19:00", endsAt="21:30")
    event_id = added["event"]["id"]
    await say(
        client, editor, event_id, 1, status="CANCELLED", reasons=texts(vi="Mưa lớn"),
    )  # fmt: skip

    calendar = services.tourism.calendar.calendar
    (occurrence,) = await calendar.occurrences(
        services.tourism.places.moment(None), services.tourism.places.moment(None).replace(month=7)
    )

    assert occurrence.id == f"{event_id}.2026-06-06"
    assert occurrence.is_held is False
    assert occurrence.start.isoformat() == "2026-06-06T19:00:00+07:00"
    assert occurrence.end.isoformat() == "2026-06-07T21:30:00+07:00"
