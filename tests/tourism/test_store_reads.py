"""How often a request goes to the store: not once for each place."""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from api.kit.store import Store
from api.tourism.place_query import PlaceQuery
from api.tourism.records import WEEK
from api.tourism.repository import TourismRepository
from tests.conftest import MovableClock, send
from tests.tourism.content import NEAR_SA_PA, a_commune, a_market, a_place, hold, nodes, north


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the questions to the store by their name; each is one read."""
    counted: Counter[str] = Counter()

    def counting(name: str) -> Callable[..., Awaitable[Any]]:
        original = getattr(TourismRepository, name)

        async def count(*args: Any, **named: Any) -> Any:  # noqa: ANN401
            counted[name] += 1
            return await original(*args, **named)

        return count

    for name in (
        "place",
        "places_by_id",
        "places_listed",
        "places_near",
        "markets_on",
        "content_version",
        "content",
    ):
        monkeypatch.setattr(TourismRepository, name, counting(name))
    return counted


async def filled(client: httpx.AsyncClient, store: Store) -> None:
    communes = [a_commune(f"{n}") for n in range(20)]
    places = [a_place(f"P{n:02}", commune_code=f"{n}", position=north(100 * n)) for n in range(20)]
    markets = [a_market(f"M{place.id}", place, *WEEK) for place in places]
    await hold(store, places, markets, communes)
    await send(client, "tourism/Communes")


@pytest.mark.parametrize(
    ("operation", "asked", "expected"),
    [
        ("tourism/Places", {}, {"places_listed": 1}),
        ("tourism/Places", {"near": NEAR_SA_PA, "within": 5_000}, {"places_near": 1}),
        ("tourism/Places", {"search": "diem"}, {"places_by_id": 1}),
        ("tourism/MarketsOn", {"date": "2026-05-03"}, {"markets_on": 1, "places_by_id": 1}),
        ("tourism/Communes", {}, {}),
    ],
)
async def test_a_page_of_20_costs_one_read_of_each_kind(
    client: httpx.AsyncClient,
    store: Store,
    reads: Counter[str],
    operation: str,
    asked: dict[str, object],
    expected: dict[str, int],
) -> None:
    await filled(client, store)
    reads.clear()

    answer = await send(client, operation, asked)

    (connection,) = answer.values()
    assert len(nodes(connection)) == 20
    assert dict(reads) == expected


async def test_the_content_version_is_asked_for_every_other_second_at_most(
    client: httpx.AsyncClient, store: Store, clock: MovableClock, reads: Counter[str]
) -> None:
    await filled(client, store)
    reads.clear()

    for _ in range(5):
        await send(client, "tourism/Communes")
    clock.advance(seconds=2)
    for _ in range(5):
        await send(client, "tourism/Communes")

    assert dict(reads) == {"content_version": 1}


async def test_many_first_requests_build_the_gazetteer_once(
    client: httpx.AsyncClient, store: Store, reads: Counter[str]
) -> None:
    await hold(store, [a_place("P1")])

    answers = await asyncio.gather(*(send(client, "tourism/Places") for _ in range(20)))

    assert [len(nodes(answer["places"])) for answer in answers] == [1] * 20
    assert reads["content"] == 1


async def test_while_places_are_measured_others_are_answered(
    client: httpx.AsyncClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: set[int] = set()

    def wants(*_: object) -> bool:
        threads.add(threading.get_ident())
        return True

    await filled(client, store)
    monkeypatch.setattr(PlaceQuery, "wants", wants)

    await send(client, "tourism/Places", {"near": NEAR_SA_PA, "within": 5_000})

    assert threads.isdisjoint({threading.get_ident()})
    assert threads
