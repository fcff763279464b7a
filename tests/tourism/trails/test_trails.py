"""Trails as readers see them."""

import httpx
import pytest

from api.context import Services
from api.kit.area import Area, Circle
from api.kit.geo import Position
from tests.accounts.people import SignedInPerson
from tests.conftest import send
from tests.tourism.closures.ways_to_close import closed, part
from tests.tourism.content import ids, nodes
from tests.tourism.trails.walks import NORTHWARDS, gpx, imported, listed, refused, trail

VALLEY, TO_FANSIPAN = "T001", "T003"
IN_CAT_CAT = {"latitude": 22.329, "longitude": 103.835}


@pytest.mark.usefixtures("shipped_trails")
async def test_a_sketch_says_that_it_is_one_and_measures_nothing(
    client: httpx.AsyncClient,
) -> None:
    found = await trail(client, VALLEY)

    assert found is not None
    assert (found["lineKind"], found["lineAccuracy"]) == ("SKETCH", 1_000.0)
    assert found["lineRemark"] == (
        "A sketch that only joins places on the way, good to 1 km: do not find your way by it."
    )
    unknown = ("length", "ascent", "descent", "walkingMinutes", "profile")
    assert {found[name] for name in unknown} == {None}
    assert (round(found["lineLength"]), found["difficultyIsProposed"]) == (6_533, False)


@pytest.mark.usefixtures("shipped_trails")
async def test_a_trail_tells_all_that_is_known_of_it(client: httpx.AsyncClient) -> None:
    data = await send(client, "tourism/Trail", {"id": TO_FANSIPAN}, language="vi")

    found = data["trail"]
    assert found["name"] == {"text": "Trạm Tôn - đỉnh Fansipan", "language": "vi"}
    assert found["namesUnchecked"] == ["zh-Hans", "fr", "ko", "ja"]
    assert (found["startPlace"]["id"], found["endPlace"]["id"]) == ("P026", "P001")
    assert found["start"] == {"latitude": 22.353, "longitude": 103.777}
    assert found["bounds"] == {
        "south": 22.303,
        "west": 103.775,
        "north": 22.353,
        "east": 103.777,
    }
    assert (found["length"], found["highest"], found["lowest"]) == (11_000.0, 3_143.0, 1_900.0)
    assert (found["difficulty"], found["difficultyName"]) == ("VERY_HARD", "Rất khó")
    assert (found["guide"], found["needsPermit"]) == ("REQUIRED", True)
    assert found["guideText"] == "Chỉ đi cùng hướng dẫn viên được cấp phép."
    assert found["bestMonths"] == [3, 4, 10, 11]
    assert found["gpx"] == "http://127.0.0.1:8000/tourism/v1/trails/T003.gpx"
    assert found["geojson"] == "http://127.0.0.1:8000/tourism/v1/trails/T003.geojson"


@pytest.mark.parametrize("unknown", ["T999", "", "../T001", "T" * 1_000, "$ne", "đường"])
@pytest.mark.usefixtures("shipped_trails")
async def test_an_id_that_is_not_there_is_no_trail(client: httpx.AsyncClient, unknown: str) -> None:
    assert await trail(client, unknown) is None


@pytest.mark.usefixtures("shipped_trails")
async def test_trails_are_listed_by_id_and_paged(client: httpx.AsyncClient) -> None:
    first = await listed(client, first=4)
    second = await listed(client, first=4, after=first["pageInfo"]["endCursor"])

    assert ids(first) == ["T001", "T002", "T003", "T004"]
    assert (ids(second), second["pageInfo"]["hasNextPage"]) == (["T005", "T006"], False)


@pytest.mark.usefixtures("shipped_trails")
async def test_near_measures_to_the_nearest_point_of_the_line(client: httpx.AsyncClient) -> None:
    # Half way between Lao Chải and Tả Van, a good kilometre from either, and 500 m north of the line.
    beside = {"latitude": 22.3065 + 0.0045, "longitude": 103.8825}

    found = nodes(await listed(client, near=beside))
    within = ids(await listed(client, near=beside, within=1_500))

    assert [it["id"] for it in found][:2] == ["T001", "T002"]
    assert found[0]["distance"] == pytest.approx(432.5, abs=0.5)
    assert found[1]["distance"] == pytest.approx(1_112, abs=10)
    assert within == ["T001", "T002"]
    assert sorted(it["id"] for it in found) == ["T001", "T002", "T003", "T004", "T005", "T006"]


@pytest.mark.usefixtures("shipped_trails")
async def test_pages_of_what_is_near_follow_each_other_without_a_gap(
    client: httpx.AsyncClient,
) -> None:
    whole = ids(await listed(client, near=IN_CAT_CAT))

    seen: list[str] = []
    after = None
    for _ in whole:
        page = await listed(client, near=IN_CAT_CAT, first=1, after=after)
        seen += ids(page)
        after = page["pageInfo"]["endCursor"]

    assert seen == whole
    assert len(seen) == 6


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"difficulties": ["EASY"]}, ["T002", "T006"]),
        ({"difficulties": ["VERY_HARD", "HARD"]}, ["T003", "T004", "T005"]),
        ({"difficulties": []}, ["T001", "T002", "T003", "T004", "T005", "T006"]),
        # What has no known length is neither short nor long.
        ({"maxLength": 11_000}, ["T003"]),
        ({"maxLength": 10_999}, []),
    ],
)
@pytest.mark.parametrize("near", [None, IN_CAT_CAT])
@pytest.mark.usefixtures("shipped_trails")
async def test_difficulty_and_length_narrow_the_list(
    client: httpx.AsyncClient,
    asked: dict[str, object],
    found: list[str],
    near: dict[str, float] | None,
) -> None:
    assert sorted(ids(await listed(client, near=near, **asked))) == found


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("fansipan", "T003"),
        ("tram ton", "T003"),
        ("cat cat ta van", "T001"),
        ("bach moc luong tu", "T004"),
        ("番西邦峰", "T003"),
        ("수도원", "T006"),
        ("lao than", "T005"),
    ],
)
@pytest.mark.usefixtures("shipped_trails")
async def test_search_finds_a_trail_as_people_type_it(
    client: httpx.AsyncClient, text: str, first: str
) -> None:
    assert ids(await listed(client, search=text))[0] == first


async def test_search_knows_what_was_imported_and_withdrawn_since(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    before = ids(await listed(client, search="suoi vang"))
    facts = {"names": [{"language": "vi", "text": "Suối Vàng"}]}
    new = await imported(client, editor, facts=facts)

    after = ids(await listed(client, search="suoi vang"))
    everywhere = await send(client, "guide/Search", {"text": "suoi vang", "kinds": ["TRAIL"]})

    assert (before, after) == ([], [new["id"]])
    (hit,) = nodes(everywhere["search"])
    assert (hit["kind"], hit["id"]) == ("TRAIL", new["id"])


@pytest.mark.usefixtures("shipped_trails")
async def test_a_closure_shows_on_its_trail(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    at_cat_cat = part(500, **IN_CAT_CAT)
    piece = await closed(client, editor, way="TRAIL", wayId=VALLEY, area=at_cat_cat)
    whole = await closed(client, editor, way="TRAIL", wayId=VALLEY)
    await closed(client, editor, way="TRAIL", wayId=TO_FANSIPAN, area=None)

    found = await trail(client, VALLEY)
    in_list = {it["id"]: it["closure"] for it in nodes(await listed(client))}

    assert found is not None
    assert found["closure"]["id"] == whole["id"]
    assert {it["id"] for it in found["closures"]} == {piece["id"], whole["id"]}
    assert in_list[VALLEY]["id"] == whole["id"]
    assert in_list["T002"] is None


@pytest.mark.usefixtures("shipped_trails")
async def test_an_area_touches_the_trails_that_run_through_it(services: Services) -> None:
    # Between two corners of the valley walk, so that only the line itself meets it.
    area = Area.of([], [Circle(Position(22.3115, 103.864), 300.0)])

    assert await services.tourism.trails.touching(area) == (VALLEY,)
    assert await services.tourism.trails.touching(Area.of([], [])) == ()


async def test_a_line_is_simplified_by_a_tolerance(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    winding = [(22.33 + n / 10_000, 103.84 + (n % 2) / 10_000) for n in range(40)]
    new = await imported(client, editor, gpx(winding))

    fine = await trail(client, new["id"], tolerance=1)
    coarse = await trail(client, new["id"], tolerance=20)

    assert fine is not None
    assert coarse is not None
    assert (fine["line"]["points"], fine["line"]["tolerance"]) == (40, 1.0)
    assert (coarse["line"]["points"], coarse["line"]["tolerance"]) == (2, 16.0)
    assert coarse["line"]["encoded"] == "oihgC_gxxRkWS"


async def test_a_profile_goes_from_end_to_end_in_equal_steps(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    new = await imported(client, editor)

    found = await trail(client, new["id"], points=5)

    assert found is not None
    half = found["lineLength"] / 2
    assert found["profile"]["distances"] == [round(it * half / 2, 1) for it in range(5)]
    assert found["profile"]["elevations"][0] == NORTHWARDS[0][2]
    assert found["profile"]["elevations"][-1] == NORTHWARDS[2][2]
    assert found["profile"]["elevations"][2] == pytest.approx(1_549, abs=2)


@pytest.mark.parametrize(
    ("operation", "asked", "code"),
    [
        ("Trail", {"id": VALLEY, "tolerance": 0.9}, "INVALID_TOLERANCE"),
        ("Trail", {"id": VALLEY, "tolerance": 1_001}, "INVALID_TOLERANCE"),
        ("Trail", {"id": VALLEY, "points": 1}, "INVALID_PROFILE"),
        ("Trail", {"id": VALLEY, "points": 201}, "INVALID_PROFILE"),
        ("Trails", {"maxLength": 0}, "INVALID_LENGTH"),
        ("Trails", {"maxLength": 200_001}, "INVALID_LENGTH"),
        ("Trails", {"search": "x" * 101}, "SEARCH_TOO_LONG"),
        ("Trails", {"within": 10}, "DISTANCE_WITHOUT_POSITION"),
        ("Trails", {"first": 101}, "INVALID_PAGE_SIZE"),
        ("Trails", {"after": "T001"}, "INVALID_CURSOR"),
    ],
)
@pytest.mark.usefixtures("shipped_trails")
async def test_what_cannot_be_asked_is_refused(
    client: httpx.AsyncClient, operation: str, asked: dict[str, object], code: str
) -> None:
    assert await refused(client, operation, **asked) == code
