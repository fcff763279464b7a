"""The page behind the link in an invitation: looking counts nothing, one tap counts once."""

import httpx
import pytest

from api.context import Services
from api.feedback.satisfaction.records import Grade
from tests.conftest import MovableClock
from tests.feedback.rating import HOSPITAL, a_clerk_of, a_person, an_ended_visit, counts

PATH = "/feedback/v1/rate"
COUNTED = {f"{HOSPITAL} 2026-05 interaction": {"total": 1, "grades.neutral": 1}}


@pytest.fixture
async def ticket(services: Services) -> str:
    rating = await an_ended_visit(services, await a_person(services))
    return services.feedback.satisfaction.tickets.issue(rating)


async def tapped(client: httpx.AsyncClient, ticket: str, grade: str = "NEUTRAL") -> tuple[int, str]:
    reply = await client.post(PATH, params={"ticket": ticket}, data={"grade": grade})
    return reply.status_code, reply.text


async def test_looking_asks_and_counts_nothing(
    client: httpx.AsyncClient, services: Services, ticket: str
) -> None:
    reply = await client.get(PATH, params={"ticket": ticket})

    assert reply.status_code == 200
    assert [f'value="{grade.name}"' in reply.text for grade in Grade] == [True] * 4
    assert "Rất hài lòng" in reply.text
    assert "Bệnh viện đa khoa" in reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert await counts(services) == {}


async def test_one_tap_counts_and_again_is_the_same(
    client: httpx.AsyncClient, services: Services, ticket: str
) -> None:
    first, again = [await tapped(client, ticket) for _ in range(2)]

    assert first == again
    assert first[0] == 200
    assert "Đánh giá của bạn đã được ghi nhận." in first[1]
    assert await counts(services) == COUNTED


async def test_another_tap_changes_nothing(
    client: httpx.AsyncClient, services: Services, ticket: str
) -> None:
    await tapped(client, ticket)

    status, text = await tapped(client, ticket, "DISSATISFIED")
    looked = await client.get(PATH, params={"ticket": ticket})

    assert (status, "<form" in text) == (409, False)
    assert "<form" not in looked.text
    assert await counts(services) == COUNTED


async def test_after_thirty_days_there_is_nothing_to_tap(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, ticket: str
) -> None:
    clock.advance(days=30)

    looked = await client.get(PATH, params={"ticket": ticket})
    status, _ = await tapped(client, ticket)

    assert (looked.status_code, "<form" in looked.text, status) == (200, False, 409)
    assert await counts(services) == {}


@pytest.mark.parametrize("grade", ["", "BEST", "NEUTRAL&grade" * 99])
async def test_a_grade_that_is_none_is_refused(
    client: httpx.AsyncClient, services: Services, ticket: str, grade: str
) -> None:
    status, _ = await tapped(client, ticket, grade)

    assert status in (413, 422)
    assert await counts(services) == {}


async def test_a_link_that_is_none_is_not_there(
    client: httpx.AsyncClient, services: Services, ticket: str
) -> None:
    forged = f"{ticket[:-1]}{'0' if ticket[-1] != '0' else '1'}"

    looked = await client.get(PATH, params={"ticket": forged})
    status, _ = await tapped(client, forged)

    assert (looked.status_code, status) == (404, 404)
    assert await counts(services) == {}


async def test_whoever_works_there_is_told_so(
    client: httpx.AsyncClient, services: Services
) -> None:
    rating = await an_ended_visit(services, await a_clerk_of(services, HOSPITAL))

    status, _ = await tapped(client, services.feedback.satisfaction.tickets.issue(rating))

    assert status == 403
    assert await counts(services) == {}
