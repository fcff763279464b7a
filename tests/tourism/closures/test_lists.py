"""What is closed when, and how far away."""

from datetime import timedelta

import httpx
import pytest

from api.context import Services
from api.tourism.closures.closure import WayKind
from tests.accounts.people import SignedInPerson
from tests.conftest import NOW, MovableClock, send
from tests.tourism.closures.ways_to_close import SA_PA_CHURCH, closed, listed, part
from tests.tourism.content import ids, nodes

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("hours", "is_closed"),
    [(-1.0, False), (0.0, True), (1.5, True), (1.999, True), (2.0, False), (9.0, False)],
)
async def test_it_holds_from_its_start_until_its_end(
    client: httpx.AsyncClient, editor: SignedInPerson, hours: float, is_closed: bool
) -> None:
    await closed(client, editor, ends=(NOW + 2 * HOUR).isoformat())

    found = await listed(client, at=(NOW + hours * HOUR).isoformat())

    assert len(nodes(found)) == is_closed


@pytest.mark.parametrize(
    ("start", "end", "is_met"),
    [(-2, -1, False), (-2, 0, True), (0, 1, True), (1, 5, True), (2, 3, False), (-2, 9, True)],
)
async def test_a_plan_meets_what_is_closed_at_some_moment_of_it(
    client: httpx.AsyncClient,
    services: Services,
    editor: SignedInPerson,
    start: int,
    end: int,
    is_met: bool,
) -> None:
    closure = await closed(client, editor, ends=(NOW + 2 * HOUR).isoformat())

    met = await services.tourism.closures.in_force(NOW + start * HOUR, NOW + end * HOUR)

    assert [it.id for it in met] == ([closure["id"]] if is_met else [])


async def test_of_each_way_what_is_closed_of_it(
    services: Services, client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    road = await closed(client, editor)

    found = await services.tourism.closures.in_force_of(WayKind.ROAD, ["QL4D", "QL32"])

    assert [it.id for it in found["QL4D"]] == [road["id"]]
    assert found["QL32"] == ()


async def test_the_latest_begun_comes_first_and_pages_follow(
    client: httpx.AsyncClient, editor: SignedInPerson, clock: MovableClock
) -> None:
    closures = [
        await closed(client, editor, starts=clock.after(-60.0 * age).isoformat())
        for age in (1, 3, 2, 2)
    ]
    begun, oldest, *same = [it["id"] for it in closures]

    first = await listed(client, first=2)
    second = await listed(client, first=2, after=first["pageInfo"]["endCursor"])

    assert ids(first) + ids(second) == [begun, *sorted(same), oldest]
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)


async def test_near_puts_the_nearest_first(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    church = await closed(client, editor, way="PLACE", wayId="P003")
    slip = await closed(client, editor, area=part(500.0, latitude=22.335 + 2_000 / 111_195))
    whole_road = await closed(client, editor)
    market = await closed(client, editor, way="PLACE", wayId="P055")
    railway = await closed(client, editor, wayId="Đường sắt")
    far_road = await closed(client, editor, wayId="QL32")

    found = nodes(await listed(client, near=SA_PA_CHURCH))
    within = ids(await listed(client, near=SA_PA_CHURCH, within=1_600))

    metres = {it["id"]: it["distance"] and round(it["distance"]) for it in found}
    assert [metres[it["id"]] for it in (church, slip, whole_road)] == [0, 1_500, 0]
    assert metres[market["id"]] == pytest.approx(51_200, abs=1_000)
    assert metres[railway["id"]] is None
    assert [it["id"] for it in found[2:]] == [
        slip["id"],
        *sorted([market["id"], far_road["id"]], key=lambda it: metres[it] or 0.0),
        railway["id"],
    ]
    # Of what nobody knows the place of, nobody can say that it is far.
    assert set(within) == {church["id"], slip["id"], whole_road["id"], railway["id"]}


@pytest.mark.usefixtures("province")
async def test_roads_are_listed_with_what_is_known_of_them(client: httpx.AsyncClient) -> None:
    page = (await send(client, "tourism/Roads", {"first": 16}, language="ja"))["roads"]
    after = {"after": page["pageInfo"]["endCursor"]}
    rest = nodes((await send(client, "tourism/Roads", after, language="ja"))["roads"])

    assert [it["code"] for it in nodes(page)[:2]] == ["CT.05", "Nối CT.05 - Sa Pa"]
    assert len(nodes(page)) + len(rest) == 20
    found = next(it for it in rest if it["code"] == "Đèo Khau Phạ")
    assert found == {
        "code": "Đèo Khau Phạ",
        "name": {"text": "カウファ峠", "language": "ja"},
        "namesUnchecked": ["zh-Hans", "fr", "ko", "ja"],
        "kind": "PASS",
        "partOf": "QL32",
        "communeCodes": ["04630", "04492"],
        "description": {
            "text": "Over 30 km of national road 32 between Tu Le and Mu Cang Chai: landslides and fog.",
            "language": "en",
        },
        "confidence": "HIGH",
    }
