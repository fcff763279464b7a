import httpx
import pytest

from api.kit.geo import Position
from api.kit.store import Store
from api.tourism.records import CommuneKind, Confidence, PlaceCategory, Weekday
from tests.conftest import send, send_raw
from tests.tourism.content import (
    NEAR_SA_PA,
    SA_PA,
    a_commune,
    a_market,
    a_place,
    hold,
    ids,
    nodes,
    north,
)


async def test_a_place_tells_all_that_is_known_of_it(
    client: httpx.AsyncClient, store: Store
) -> None:
    church = a_place(
        "P1",
        names={"vi": "Nhà thờ đá", "en": "Stone Church", "zh-Hans": "石头教堂"},
        names_unchecked=("zh-Hans",),
        other_names=("Sa Pa church",),
        category=PlaceCategory.CHURCH,
        altitude_metres=1500.0,
        commune_code="03006",
        former_unit="phường Sa Pa, thị xã Sa Pa",
        former_province="Lào Cai",
        descriptions={"vi": "Một nhà thờ.", "en": "A church."},
        opening_note={"vi": "Mở cửa ngoài giờ lễ."},
        confidence=Confidence.MEDIUM,
    )
    ward = a_commune(
        "03006", names={"vi": "Phường Sa Pa", "en": "Sa Pa Ward"}, kind=CommuneKind.WARD
    )
    sundays = a_market("M1", church, Weekday.SUNDAY)
    await hold(store, [church], [sundays], [ward])

    answer = await send(client, "tourism/Place", {"id": "P1"}, language="zh-Hans")

    assert answer["place"] == {
        "id": "P1",
        "name": {"text": "石头教堂", "language": "zh-Hans"},
        "names": [
            {"text": "Nhà thờ đá", "language": "vi"},
            {"text": "Stone Church", "language": "en"},
            {"text": "石头教堂", "language": "zh-Hans"},
        ],
        "namesUnchecked": ["zh-Hans"],
        "otherNames": ["Sa Pa church"],
        "description": {"text": "A church.", "language": "en"},
        "category": "CHURCH",
        "categoryName": "教堂",
        "position": {"latitude": 22.335, "longitude": 103.842},
        "positionAccuracy": 300.0,
        "altitude": 1500.0,
        "commune": {
            "code": "03006",
            "name": {"text": "Sa Pa Ward", "language": "en"},
            "kind": "WARD",
        },
        "formerUnit": "phường Sa Pa, thị xã Sa Pa",
        "formerProvince": "Lào Cai",
        "openingNote": {"text": "Mở cửa ngoài giờ lễ.", "language": "vi"},
        "confidence": "MEDIUM",
        "pictures": [],
        "markets": [
            {
                "id": "M1",
                "name": {"text": "Market M1", "language": "en"},
                "weekdays": ["SUNDAY"],
                "weekdayNames": ["星期日"],
            }
        ],
    }


@pytest.mark.parametrize("unknown", ["P2", "", "p1", "../P1", "P" * 10_000, "$ne", "điểm"])
async def test_an_id_that_is_not_there_is_no_place(
    client: httpx.AsyncClient, store: Store, unknown: str
) -> None:
    await hold(store, [a_place("P1")])

    answer = await send(client, "tourism/Place", {"id": unknown})

    assert answer["place"] is None


async def test_places_are_listed_by_id_and_paged(client: httpx.AsyncClient, store: Store) -> None:
    await hold(store, [a_place(f"P{number}") for number in (3, 1, 5, 2, 4)])

    first = (await send(client, "tourism/Places", {"first": 2}))["places"]
    after = first["pageInfo"]["endCursor"]
    second = (await send(client, "tourism/Places", {"first": 3, "after": after}))["places"]

    assert (ids(first), first["pageInfo"]["hasNextPage"]) == (["P1", "P2"], True)
    assert (ids(second), second["pageInfo"]["hasNextPage"]) == (["P3", "P4", "P5"], False)


async def test_near_orders_by_distance_and_tells_it_in_metres(
    client: httpx.AsyncClient, store: Store
) -> None:
    far, here, near = north(30_000), SA_PA, north(1_200)
    await hold(
        store,
        [
            a_place("P1", position=far),
            a_place("P2", position=here),
            a_place("P3", position=near),
        ],
    )

    answer = await send(client, "tourism/Places", {"near": NEAR_SA_PA})

    assert ids(answer["places"]) == ["P2", "P3", "P1"]
    assert [round(place["distance"]) for place in nodes(answer["places"])] == [0, 1_200, 30_000]


async def test_without_a_position_there_is_no_distance(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(store, [a_place("P1")])

    answer = await send(client, "tourism/Places")

    assert nodes(answer["places"])[0]["distance"] is None


@pytest.mark.parametrize("metres", [1, 900, 1_000, 5_000, 29_000, 31_000, 199_000, 200_000])
async def test_within_keeps_what_is_no_further(
    client: httpx.AsyncClient, store: Store, metres: float
) -> None:
    distances = [0, 950, 4_000, 30_000, 60_000, 190_000, 210_000]
    await hold(store, [a_place(f"P{metres:06}", position=north(metres)) for metres in distances])

    answer = await send(client, "tourism/Places", {"near": NEAR_SA_PA, "within": metres})

    assert ids(answer["places"]) == [f"P{it:06}" for it in distances if it <= metres]


async def test_near_finds_everything_from_the_other_side_of_the_earth(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(store, [a_place("P1"), a_place("P2", position=north(10))])

    answer = await send(client, "tourism/Places", {"near": {"latitude": -22.0, "longitude": -76.0}})

    assert sorted(ids(answer["places"])) == ["P1", "P2"]


@pytest.mark.parametrize("first", [1, 3, 7, 100])
async def test_pages_of_what_is_near_follow_each_other_without_a_gap(
    client: httpx.AsyncClient, store: Store, first: int
) -> None:
    # Five at the same spot: the order among them must hold over pages too.
    spots = [0, 0, 0, 0, 0, 100, 3_000, 3_001, 12_000, 45_000, 45_000, 180_000, 900_000]
    places = [a_place(f"P{n:02}", position=north(metres)) for n, metres in enumerate(spots)]
    await hold(store, places, communes=[a_commune("1", area_square_kilometres=13_000.0)])

    seen: list[str] = []
    after = None
    for _ in range(len(spots)):
        page = (
            await send(
                client, "tourism/Places", {"near": NEAR_SA_PA, "first": first, "after": after}
            )
        )["places"]
        seen += ids(page)
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break

    assert seen == [place.id for place in places]


@pytest.mark.parametrize(
    ("categories", "found"),
    [
        (["CAVE"], ["P2"]),
        (["CAVE", "LAKE"], ["P2", "P3"]),
        (["MUSEUM"], []),
        ([], ["P1", "P2", "P3"]),
        (None, ["P1", "P2", "P3"]),
    ],
)
@pytest.mark.parametrize("near", [None, NEAR_SA_PA])
async def test_categories_narrow_the_list(
    client: httpx.AsyncClient,
    store: Store,
    categories: list[str] | None,
    found: list[str],
    near: dict[str, float] | None,
) -> None:
    await hold(
        store,
        [
            a_place("P1", category=PlaceCategory.TEMPLE),
            a_place("P2", category=PlaceCategory.CAVE),
            a_place("P3", category=PlaceCategory.LAKE),
        ],
    )

    answer = await send(client, "tourism/Places", {"categories": categories, "near": near})

    assert ids(answer["places"]) == found


@pytest.mark.parametrize(
    ("language", "text", "answered"),
    [("fr", "Pont", "fr"), ("ko", "Bridge", "en"), ("vi", "Cầu", "vi"), ("de", "Bridge", "en")],
)
async def test_a_name_falls_back_to_a_language_we_have_and_says_which(
    client: httpx.AsyncClient, store: Store, language: str, text: str, answered: str
) -> None:
    await hold(store, [a_place("P1", names={"vi": "Cầu", "en": "Bridge", "fr": "Pont"})])

    answer = await send(client, "tourism/Places", language=language)

    assert nodes(answer["places"])[0]["name"] == {"text": text, "language": answered}


async def test_of_what_is_not_known_nothing_is_said(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(store, [a_place("P1", commune_code="99999")])

    place = nodes((await send(client, "tourism/Places"))["places"])[0]

    assert place["description"] is None
    assert place["openingNote"] is None
    assert place["altitude"] is None
    assert place["formerUnit"] is None
    assert place["commune"] is None


@pytest.mark.parametrize(
    ("asked", "code", "message"),
    [
        (
            {"near": NEAR_SA_PA, "within": 0.5},
            "INVALID_DISTANCE",
            "Cherchez dans un rayon de 1 à 200000 mètres.",
        ),
        (
            {"near": NEAR_SA_PA, "within": 200_001},
            "INVALID_DISTANCE",
            "Cherchez dans un rayon de 1 à 200000 mètres.",
        ),
        (
            {"near": NEAR_SA_PA, "within": -1},
            "INVALID_DISTANCE",
            "Cherchez dans un rayon de 1 à 200000 mètres.",
        ),
        (
            {"within": 1_000},
            "DISTANCE_WITHOUT_POSITION",
            "Pour chercher dans un rayon, indiquez autour de quelle position.",
        ),
        (
            {"near": {"latitude": 91, "longitude": 0}},
            "INVALID_POSITION",
            "Une latitude est comprise entre -90 et 90 degrés, une longitude entre -180 et 180"
            " degrés.",
        ),
        (
            {"search": "x" * 101},
            "SEARCH_TOO_LONG",
            "Recherchez avec 100 caractères au plus.",
        ),
    ],
)
async def test_what_cannot_be_asked_is_refused_in_the_readers_language(
    client: httpx.AsyncClient, asked: dict[str, object], code: str, message: str
) -> None:
    reply = await send_raw(client, "tourism/Places", asked, language="fr")

    (error,) = reply.json()["errors"]
    assert reply.status_code == 200
    assert error["message"] == message
    assert error["extensions"]["code"] == code


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_a_page_has_1_to_100_places(client: httpx.AsyncClient, first: int) -> None:
    reply = await send_raw(client, "tourism/Places", {"first": first})

    assert reply.json()["errors"][0]["extensions"]["code"] == "INVALID_PAGE_SIZE"


async def test_a_cursor_of_another_order_is_refused(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(store, [a_place("P1"), a_place("P2")])
    by_id = (await send(client, "tourism/Places", {"first": 1}))["places"]["pageInfo"]["endCursor"]

    reply = await send_raw(client, "tourism/Places", {"near": NEAR_SA_PA, "after": by_id})

    assert reply.json()["errors"][0]["extensions"]["code"] == "INVALID_CURSOR"


async def test_a_place_by_the_pole_is_found_as_well(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(store, [a_place("P1", position=Position(89.99, 10))])

    answer = await send(
        client, "tourism/Places", {"near": {"latitude": 90, "longitude": 0}, "within": 5_000}
    )

    assert ids(answer["places"]) == ["P1"]


async def test_what_is_around_a_place_is_told_nearest_first(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(
        store,
        [
            a_place("P1", position=north(0)),
            a_place("P2", position=north(2_000), category=PlaceCategory.MARKET),
            a_place("P3", position=north(1_000)),
        ],
    )

    near = (await send(client, "tourism/NearbyPlaces", {"id": "P1"}))["place"]["nearby"]
    asked = {"id": "P1", "first": 1, "categories": ["MARKET"]}
    markets = (await send(client, "tourism/NearbyPlaces", asked))["place"]["nearby"]

    assert [(it["id"], round(it["distance"])) for it in near] == [("P3", 1_000), ("P2", 2_000)]
    assert [it["id"] for it in markets] == ["P2"]
