"""Two taps at once: one is counted. Each with a control that shows the race is one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from api.accounts.caller import Caller
from api.context import Services
from api.feedback.satisfaction import rating as giving_module
from api.feedback.satisfaction.errors import AlreadyRated
from api.feedback.satisfaction.rating import GivingRatings
from api.feedback.satisfaction.records import Grade, Rating
from api.feedback.satisfaction.repository import RATINGS, RatingRepository
from api.feedback.satisfaction.tallies import TALLIES
from api.kit.store import Store, WriteConflict
from tests.feedback.rating import (
    HOSPITAL,
    a_person,
    an_ended_visit,
    counts,
    gives,
    has_rated,
    said,
)

HERE = f"{HOSPITAL} 2026-05 interaction"


@pytest.fixture
async def ticket(services: Services) -> str:
    rating = await an_ended_visit(services, await a_person(services))
    return services.feedback.satisfaction.tickets.issue(rating)


async def two_taps(services: Services, ticket: str) -> list[str]:
    giving = services.feedback.satisfaction.giving
    taps = [
        giving.give_by_ticket(ticket, said(grade)) for grade in (Grade.NEUTRAL, Grade.SATISFIED)
    ]
    outcomes = await asyncio.gather(*taps, return_exceptions=True)
    return sorted(type(one).__name__ for one in outcomes)


@pytest.fixture
def both_look_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both taps see that nothing is given, each write then standing for itself."""
    look, barrier = GivingRatings.of_ticket, asyncio.Barrier(2)

    async def alone(_: Store, work: Callable[[], Awaitable[Rating]]) -> Rating:
        return await work()

    async def together(self: GivingRatings, ticket: str) -> Rating:
        seen = await look(self, ticket)
        await barrier.wait()
        return seen

    monkeypatch.setattr(giving_module, "transact", alone)
    monkeypatch.setattr(GivingRatings, "of_ticket", together)


async def test_of_two_taps_one_is_counted(services: Services, ticket: str) -> None:
    assert await two_taps(services, ticket) == [AlreadyRated.__name__, Rating.__name__]

    (tally,) = (await counts(services)).values()
    assert tally["total"] == 1


@pytest.mark.usefixtures("both_look_first")
async def test_the_version_lets_one_write_through(services: Services, ticket: str) -> None:
    assert await two_taps(services, ticket) == [Rating.__name__, WriteConflict.__name__]

    (tally,) = (await counts(services)).values()
    assert tally["total"] == 1


@pytest.mark.usefixtures("both_look_first")
async def test_without_the_version_both_would_count(
    services: Services, ticket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def careless(self: RatingRepository, rating: Rating) -> Rating:
        await services.store[RATINGS].delete_one({"_id": rating.id})
        await self.add(rating)
        return rating

    await has_rated(services, Grade.DISSATISFIED)  # there is a tally: its first two meet otherwise
    monkeypatch.setattr(RatingRepository, "put", careless)

    assert await two_taps(services, ticket) == [Rating.__name__, Rating.__name__]
    found = await services.store[TALLIES].find({})
    assert sum(one["total"] for one in found) == 3
    assert (await services.feedback.satisfaction.recounting.run()).differences != ()


async def test_two_changes_at_once_leave_one_counted(services: Services) -> None:
    caller, rating = await has_rated(services, Grade.DISSATISFIED)
    grades = (Grade.NEUTRAL, Grade.SATISFIED, Grade.VERY_SATISFIED)

    await asyncio.gather(*(gives(services, caller, rating, said(grade)) for grade in grades))

    (tally,) = (await counts(services)).values()
    assert (tally["total"], sum(tally.values())) == (1, 2)
    assert (await services.feedback.satisfaction.recounting.run()).differences == ()


async def test_the_first_of_a_month_at_once_are_all_counted(services: Services) -> None:
    people = [await a_person(services) for _ in range(6)]
    ratings = [await an_ended_visit(services, caller) for caller in people]

    async def rate(caller: Caller, rating: str) -> None:
        await gives(services, caller, rating, said())

    await asyncio.gather(*map(rate, people, ratings))

    assert await counts(services) == {HERE: {"total": 6, "grades.satisfied": 6}}
