import httpx
import pytest

from api.kit.store import Store
from api.tourism.records import PlaceCategory
from tests.conftest import send
from tests.tourism.content import NEAR_SA_PA, a_commune, a_place, hold, ids, nodes, north

FANSIPAN, CABLE_CAR, STONE_CHURCH, HAM_RONG = "P001", "P002", "P003", "P005"
CAT_CAT, SILVER_WATERFALL, Y_TY = "P010", "P024", "P036"
BAC_HA_MARKET, BAO_HA_TEMPLE, MU_CANG_CHAI_TERRACES, THAC_BA_LAKE = "P055", "P073", "P084", "P103"


async def search(client: httpx.AsyncClient, text: str, first: int = 100) -> list[str]:
    return ids((await send(client, "tourism/Places", {"search": text, "first": first}))["places"])


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Chợ Bắc Hà", BAC_HA_MARKET),
        ("cho bac ha", BAC_HA_MARKET),
        ("CHO BAC HA", BAC_HA_MARKET),
        ("cho bac ah", BAC_HA_MARKET),
        ("bac ha market", BAC_HA_MARKET),
        ("fanxipan", FANSIPAN),
        ("fansipan", FANSIPAN),
        ("fancipan", FANSIPAN),
        ("phan si pang", FANSIPAN),
        ("phanxipang", FANSIPAN),
        ("sa pa church", STONE_CHURCH),
        ("stone chruch", STONE_CHURCH),
        ("nha tho da sapa", STONE_CHURCH),
        ("church sa pa stone", STONE_CHURCH),
        ("église de pierre", STONE_CHURCH),
        ("沙坝教堂", STONE_CHURCH),
        ("사파 성당", STONE_CHURCH),
        ("サパ教会", STONE_CHURCH),
        ("番西邦", FANSIPAN),
        ("판시판", FANSIPAN),
        ("ファンシーパン", FANSIPAN),
        ("ﾌｧﾝｼｰﾊﾟﾝ", FANSIPAN),
        ("catcat", CAT_CAT),
        ("cat cat vilage", CAT_CAT),
        ("silver waterfal", SILVER_WATERFALL),
        ("thac bac", SILVER_WATERFALL),
        ("y ty", Y_TY),
        ("den ong hoang bay", BAO_HA_TEMPLE),
        ("mu cang chai rice terace", MU_CANG_CHAI_TERRACES),
        ("thacba lake", THAC_BA_LAKE),
        ("ho thac ba", THAC_BA_LAKE),
        ("fans", FANSIPAN),
        ("  fansipan!  ", FANSIPAN),
        ("🏔 fansipan", FANSIPAN),
    ],
)
async def test_the_place_that_is_meant_comes_first(
    client: httpx.AsyncClient, typed: str, meant: str
) -> None:
    assert (await search(client, typed))[0] == meant


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("typed", ["sapa", "Sa Pa", "SA PA", "沙坝", "사파", "サパ"])
async def test_the_name_of_a_town_finds_what_bears_it(
    client: httpx.AsyncClient, typed: str
) -> None:
    found = await search(client, typed)

    assert {"P003", "P004", "P006", "P007", "P008", "P009"} <= set(found)


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("old_name", "lying_there"),
    [
        ("Phường Hàm Rồng", {HAM_RONG, STONE_CHURCH}),
        ("phuong ham rong", {HAM_RONG, STONE_CHURCH}),
        ("huyện Bát Xát", {"P033", "P034", Y_TY, "P041", "P042", "P043"}),
        ("huyen bat xat", {"P033", "P034", Y_TY, "P041", "P042", "P043"}),
        ("xã San Sả Hồ", {FANSIPAN, CAT_CAT, "P011"}),
        ("tỉnh Yên Bái", {MU_CANG_CHAI_TERRACES, THAC_BA_LAKE}),
    ],
)
async def test_the_name_of_a_former_unit_finds_what_lies_there(
    client: httpx.AsyncClient, old_name: str, lying_there: set[str]
) -> None:
    assert lying_there <= set(await search(client, old_name))


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    "typed", ["Paris", "xyzzyqwerty", "chợ Hà Nội", "東京", "?!", "🏔", "' OR 1=1"]
)
async def test_what_is_not_in_the_province_is_not_found(
    client: httpx.AsyncClient, typed: str
) -> None:
    assert await search(client, typed) == []


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize("blank", ["", "   ", "\u3000\t"])
async def test_searching_for_nothing_lists_all(client: httpx.AsyncClient, blank: str) -> None:
    assert len(await search(client, blank)) == 100


async def test_the_kind_of_a_place_is_found_in_every_language(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(
        store,
        [
            a_place("P1", names={"vi": "Pú Nhu"}, category=PlaceCategory.WATERFALL),
            a_place("P2", names={"vi": "Ken"}, category=PlaceCategory.TEMPLE),
        ],
    )

    for word in ("thác nước", "waterfall", "瀑布", "cascade", "폭포", "滝"):
        assert await search(client, word) == ["P1"], word


async def test_a_name_counts_more_than_the_surroundings(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(
        store,
        [
            a_place("P1", names={"vi": "Hồ Xanh"}, commune_code="1"),
            a_place("P2", names={"vi": "Thác Bản Liền"}, former_unit="xã Bản Liền"),
            a_place("P3", names={"vi": "Bản Liền"}),
        ],
        communes=[a_commune("1", former_names=("Xã Bản Liền",))],
    )

    assert await search(client, "bản liền") == ["P3", "P2", "P1"]


async def test_pages_of_a_search_follow_each_other(client: httpx.AsyncClient, store: Store) -> None:
    await hold(store, [a_place(f"P{n}", names={"vi": f"Thác {'Nhỏ ' * n}"}) for n in range(5)])
    whole = await search(client, "thác")

    first = (await send(client, "tourism/Places", {"search": "thác", "first": 2}))["places"]
    rest = (
        await send(
            client,
            "tourism/Places",
            {"search": "thác", "first": 10, "after": first["pageInfo"]["endCursor"]},
        )
    )["places"]

    assert len(whole) == 5
    assert first["pageInfo"]["hasNextPage"] is True
    assert ids(first) + ids(rest) == whole


async def test_near_a_position_equally_good_matches_are_ordered_by_distance(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(
        store,
        [
            a_place("P1", names={"vi": "Chợ Xa"}, position=north(20_000)),
            a_place("P2", names={"vi": "Chợ Gần"}, position=north(500)),
            a_place("P3", names={"vi": "Chợ Vừa"}, position=north(3_000)),
            a_place("P4", names={"vi": "Hồ"}, position=north(1)),
        ],
    )

    answer = await send(client, "tourism/Places", {"search": "chợ", "near": NEAR_SA_PA})

    assert ids(answer["places"]) == ["P2", "P3", "P1"]
    assert [round(place["distance"]) for place in nodes(answer["places"])] == [500, 3_000, 20_000]


async def test_a_search_is_narrowed_by_distance_and_category(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(
        store,
        [
            a_place("P1", names={"vi": "Sa Pa A"}, position=north(20_000)),
            a_place("P2", names={"vi": "Sa Pa B"}, position=north(500)),
            a_place("P3", names={"vi": "Sa Pa C"}, category=PlaceCategory.LAKE),
        ],
    )

    near = await send(
        client, "tourism/Places", {"search": "sapa", "near": NEAR_SA_PA, "within": 1_000}
    )
    lakes = await send(client, "tourism/Places", {"search": "sapa", "categories": ["LAKE"]})

    assert sorted(ids(near["places"])) == ["P2", "P3"]
    assert ids(lakes["places"]) == ["P3"]
