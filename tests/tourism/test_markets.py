import httpx
import pytest

from api.kit.store import Store
from api.tourism.records import WEEK, Weekday
from tests.conftest import send, send_raw
from tests.tourism.content import NEAR_SA_PA, a_commune, a_market, a_place, hold, ids, nodes, north

SUNDAY, MONDAY = "2026-05-03", "2026-05-04"


async def test_markets_are_those_of_the_weekday_and_the_daily_ones(
    client: httpx.AsyncClient, store: Store
) -> None:
    place = a_place("P1")
    await hold(
        store,
        [place],
        [
            a_market("M1", place, Weekday.SUNDAY),
            a_market("M2", place, Weekday.MONDAY, Weekday.THURSDAY),
            a_market("M3", place, *WEEK),
        ],
    )

    sunday = await send(client, "tourism/MarketsOn", {"date": SUNDAY})
    monday = await send(client, "tourism/MarketsOn", {"date": MONDAY})

    assert ids(sunday["marketsOn"]) == ["M1", "M3"]
    assert ids(monday["marketsOn"]) == ["M2", "M3"]


async def test_a_market_tells_where_and_when_it_is(client: httpx.AsyncClient, store: Store) -> None:
    place = a_place(
        "P1", names={"vi": "Chợ Bắc Hà"}, commune_code="02839", former_unit="huyện Bắc Hà"
    )
    commune = a_commune("02839", names={"vi": "Xã Bắc Hà"})
    await hold(store, [place], [a_market("M1", place, Weekday.SUNDAY)], [commune])

    answer = await send(
        client, "tourism/MarketsOn", {"date": SUNDAY, "near": NEAR_SA_PA}, language="ja"
    )

    xa_bac_ha = {"code": "02839", "name": {"text": "Xã Bắc Hà", "language": "vi"}}
    assert nodes(answer["marketsOn"]) == [
        {
            "id": "M1",
            "name": {"text": "Market M1", "language": "en"},
            "description": None,
            "weekdays": ["SUNDAY"],
            "weekdayNames": ["日曜日"],
            "distance": 0.0,
            "confidence": "MEDIUM",
            "commune": xa_bac_ha,
            "place": {
                "id": "P1",
                "name": {"text": "Chợ Bắc Hà", "language": "vi"},
                "position": NEAR_SA_PA,
                "positionAccuracy": 300.0,
                "formerUnit": "huyện Bắc Hà",
            },
        }
    ]


async def test_near_a_position_the_nearest_market_comes_first_over_pages(
    client: httpx.AsyncClient, store: Store
) -> None:
    places = [a_place(f"P{n}", position=north(metres)) for n, metres in enumerate((9_000, 10, 500))]
    markets = [a_market(f"M{n}", place, Weekday.SUNDAY) for n, place in enumerate(places)]
    await hold(store, places, markets)

    asked = {"date": SUNDAY, "near": NEAR_SA_PA, "first": 2}
    first = (await send(client, "tourism/MarketsOn", asked))["marketsOn"]
    after = first["pageInfo"]["endCursor"]
    rest = (await send(client, "tourism/MarketsOn", {**asked, "after": after}))["marketsOn"]

    assert [(node["id"], round(node["distance"])) for node in nodes(first)] == [
        ("M1", 10),
        ("M2", 500),
    ]
    assert (ids(rest), rest["pageInfo"]["hasNextPage"]) == (["M0"], False)


@pytest.mark.usefixtures("province")
async def test_on_sundays_there_is_the_market_of_bac_ha(client: httpx.AsyncClient) -> None:
    answer = await send(client, "tourism/MarketsOn", {"date": SUNDAY}, language="vi")

    names = [market["name"]["text"] for market in nodes(answer["marketsOn"])]
    assert names == [
        "Chợ Bắc Hà",
        "Chợ Mường Hum",
        "Chợ Mường Khương",
        "Chợ Si Ma Cai",
        "Chợ Cốc Lếu",
        "Chợ Sa Pa",
        "Chợ Mường Lò",
    ]


@pytest.mark.parametrize("date", ["2026-02-30", "tomorrow", "", 20260503])
async def test_a_day_that_is_not_on_the_calendar_is_refused(
    client: httpx.AsyncClient, date: object
) -> None:
    reply = await send_raw(client, "tourism/MarketsOn", {"date": date})

    assert reply.status_code in {200, 400}
    assert len(reply.json()["errors"]) == 1


@pytest.mark.parametrize("date", ["0001-01-01", "9999-12-31"])
async def test_the_ends_of_the_calendar_are_days_too(
    client: httpx.AsyncClient, store: Store, date: str
) -> None:
    place = a_place("P1")
    await hold(store, [place], [a_market("M1", place, *WEEK)])

    answer = await send(client, "tourism/MarketsOn", {"date": date})

    assert ids(answer["marketsOn"]) == ["M1"]


async def test_a_position_off_the_earth_is_refused(client: httpx.AsyncClient) -> None:
    reply = await send_raw(
        client, "tourism/MarketsOn", {"date": SUNDAY, "near": {"latitude": 0, "longitude": 181}}
    )

    assert reply.json()["errors"][0]["extensions"]["code"] == "INVALID_POSITION"
