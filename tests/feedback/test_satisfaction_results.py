"""What is published of satisfaction: when, of how many, and how sure it is."""

import csv
import io
from datetime import UTC, datetime

import httpx
import pytest

from api.context import Services
from api.feedback.satisfaction.errors import InvalidMonth
from api.feedback.satisfaction.records import Grade, Reason, shown_from
from api.feedback.satisfaction.repository import RatingRepository
from api.feedback.satisfaction.results.publishing import published_from
from api.feedback.satisfaction.results.wilson import share_of
from tests.conftest import MovableClock, send_raw
from tests.feedback.rating import (
    HOSPITAL,
    LUNG_HOSPITAL,
    an_office_code,
    devices,
    has_rated,
    said,
    scans,
)
from tests.feedback.reporting import ask

PUBLISHED = datetime(2026, 6, 7, 17, tzinfo=UTC)
"""Midnight of 8 June in Vietnam: the last rating of May is final."""


@pytest.mark.parametrize(
    ("part", "total", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # By hand: z² = 3.841459; (0.8 + 0.192073 ± 1.959964·√((0.16 + 0.096036)/10)) / 1.384146.
        (8, 10, 0.4902, 0.9433),
        (10, 10, 0.7225, 1.0000),
        (5, 5, 0.5655, 1.0000),
    ],
)
def test_wilson_s_interval(part: int, total: int, low: float, high: float) -> None:
    found = share_of(part, total)

    assert found.share == part / total
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("part", "total"), [(0, 0), (2, 1), (-1, 3)])
def test_a_share_of_nothing_is_none(part: int, total: int) -> None:
    with pytest.raises(ValueError, match="of"):
        share_of(part, total)


@pytest.mark.parametrize(
    ("month", "published"),
    [
        ("2026-05", PUBLISHED),
        ("2026-12", datetime(2027, 1, 7, 17, tzinfo=UTC)),
        ("2027-02", datetime(2027, 3, 7, 17, tzinfo=UTC)),
    ],
)
def test_a_month_is_published_when_its_last_rating_is_final(
    month: str, published: datetime
) -> None:
    assert published_from(month) == published


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-5", "26-05", "2026-05\n", "٢٠٢٦-٠٥"])
def test_what_is_no_month_is_refused(month: str) -> None:
    with pytest.raises(InvalidMonth):
        published_from(month)


@pytest.mark.parametrize(
    ("rated", "shown"),
    [
        # Friday 1 May: final on Friday 8 May, shown on Monday 11 May.
        (datetime(2026, 5, 1, 9, 30, tzinfo=UTC), datetime(2026, 5, 10, 17, tzinfo=UTC)),
        # Sunday 3 May, 23:59 in Vietnam, is the last of the same week; Monday 0:00 of the next.
        (datetime(2026, 5, 3, 16, 59, tzinfo=UTC), datetime(2026, 5, 10, 17, tzinfo=UTC)),
        (datetime(2026, 5, 3, 17, 0, tzinfo=UTC), datetime(2026, 5, 17, 17, tzinfo=UTC)),
    ],
)
def test_clerks_see_a_week_at_a_time(rated: datetime, shown: datetime) -> None:
    assert shown_from(rated) == shown


async def five_at_the_hospital(services: Services) -> str:
    """Let four be satisfied, of whom all name the attitude, and one not; return the last rating's id."""
    for grade in (Grade.VERY_SATISFIED, Grade.VERY_SATISFIED, Grade.SATISFIED, Grade.SATISFIED):
        await has_rated(services, grade, Reason.ATTITUDE)
    _, rating = await has_rated(services, Grade.DISSATISFIED, Reason.WAITING)
    return rating


async def test_fewer_than_five_are_not_published(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    await five_at_the_hospital(services)
    for _ in range(4):
        await has_rated(services, Grade.SATISFIED, office=LUNG_HOSPITAL)
    clock.now = PUBLISHED

    page = await ask(client, "SatisfactionResults", {"month": "2026-05"})

    (result,) = [edge["node"] for edge in page["edges"]]
    assert (result["office"]["id"], result["ratings"]) == (HOSPITAL.id, 5)


async def test_a_result_tells_counts_share_and_interval(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    await five_at_the_hospital(services)
    await has_rated(services, Grade.NEUTRAL, Reason.WAITING)
    await has_rated(services, Grade.SATISFIED, Reason.ATTITUDE)
    clock.now = PUBLISHED

    page = await ask(client, "SatisfactionResults", {"month": "2026-05"})

    (result,) = [edge["node"] for edge in page["edges"]]
    assert {one["grade"]["code"]: one["ratings"] for one in result["grades"]} == {
        "VERY_SATISFIED": 2,
        "SATISFIED": 3,
        "NEUTRAL": 1,
        "DISSATISFIED": 1,
    }
    satisfied = {name: round(value, 4) for name, value in result["satisfied"].items()}
    assert satisfied == {"share": 0.7143, "low": 0.3589, "high": 0.9178}
    # Five named the attitude; the waiting, which two named, is not told.
    assert result["reasons"] == [
        {
            "reason": {"code": "ATTITUDE", "name": "How I was treated"},
            "praised": 5,
            "criticised": None,
        }
    ]
    assert (result["month"], result["source"]) == ("2026-05", "INTERACTION")


async def test_nothing_is_told_while_it_may_change(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    await five_at_the_hospital(services)
    clock.now = PUBLISHED
    clock.advance(milliseconds=-1)

    reply = await send_raw(client, "feedback/SatisfactionResults", {"month": "2026-05"})
    sheet = await client.get("/v1/feedback/satisfaction-2026-05.csv")

    (error,) = reply.json()["errors"]
    assert error["extensions"]["code"] == "NOT_PUBLISHED_YET"
    assert error["message"] == "The results of this month are published from 2026-06-08 on."
    assert (sheet.status_code, sheet.json()["code"]) == (404, "NOT_PUBLISHED_YET")


async def test_no_two_editions_of_a_month_differ(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    rating = await five_at_the_hospital(services)
    clock.now = PUBLISHED
    before = await ask(client, "SatisfactionResults", {"month": "2026-05"})
    found = await RatingRepository(services.store, services.sealer).get(rating)
    assert found is not None
    assert found.rater is not None

    await services.feedback.satisfaction.data.erase(found.rater.id)
    clock.advance(days=400)

    assert await ask(client, "SatisfactionResults", {"month": "2026-05"}) == before


async def test_ratings_by_code_stand_apart(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    await five_at_the_hospital(services)
    scanned = await an_office_code(services)
    for device in await devices(client, 5):
        await scans(services, device, scanned, said(Grade.NEUTRAL))
    clock.now = PUBLISHED
    may = {"month": "2026-05", "first": 1}

    first = await ask(client, "SatisfactionResults", may)
    second = await ask(
        client, "SatisfactionResults", {**may, "after": first["pageInfo"]["endCursor"]}
    )

    nodes = [edge["node"] for page in (first, second) for edge in page["edges"]]
    assert [(one["source"], one["office"]["kind"], one["ratings"]) for one in nodes] == [
        ("OFFICE_CODE", "AGENCY", 5),
        ("INTERACTION", "FACILITY", 5),
    ]
    assert not second["pageInfo"]["hasNextPage"]


async def test_the_sheet_of_a_month(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    await five_at_the_hospital(services)
    await has_rated(services, Grade.SATISFIED, Reason.ATTITUDE)
    clock.now = PUBLISHED

    reply = await client.get("/v1/feedback/satisfaction-2026-05.csv")

    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="satisfaction-2026-05.csv"'
    (row,) = csv.DictReader(io.StringIO(reply.text))
    assert {name: value for name, value in row.items() if value} == {
        "month": "2026-05",
        "office_kind": "facility",
        "office_id": HOSPITAL.id,
        "office_name": "Bệnh viện đa khoa khu vực Sa Pa",
        "source": "interaction",
        "ratings": "6",
        "very_satisfied": "2",
        "satisfied": "3",
        "neutral": "0",
        "dissatisfied": "1",
        "satisfied_share": "0.8333",
        "satisfied_low_95": "0.4365",
        "satisfied_high_95": "0.9699",
        "praised_attitude": "5",
    }
    assert len(row) == 31


async def test_the_sheet_is_for_any_page_and_has_a_limit_for_each_address(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    await five_at_the_hospital(services)
    clock.now = PUBLISHED

    replies = [await client.get("/v1/feedback/satisfaction-2026-05.csv") for _ in range(40)]

    assert replies[0].headers["access-control-allow-origin"] == "*"
    assert (replies[0].status_code, replies[-1].status_code) == (200, 429)
    assert replies[-1].json()["code"] == "TOO_MANY_REQUESTS"


@pytest.mark.parametrize("month", ["2026-13", "2026-5", "x"])
async def test_there_is_no_sheet_of_what_is_no_month(client: httpx.AsyncClient, month: str) -> None:
    reply = await client.get(f"/v1/feedback/satisfaction-{month}.csv")

    assert reply.status_code == 404
