import httpx
import pytest

from api.kit.store import Store
from api.tourism.records import CommuneKind
from tests.conftest import send, send_raw
from tests.tourism.content import NEAR_SA_PA, SA_PA, a_commune, hold, nodes


def codes(answer: dict[str, dict[str, list[dict[str, dict[str, str]]]]]) -> list[str]:
    return [node["code"] for node in nodes(answer["communes"])]


async def test_a_commune_tells_what_it_was_made_of(client: httpx.AsyncClient, store: Store) -> None:
    ward = a_commune(
        "03006",
        names={"vi": "Phường Sa Pa", "en": "Sa Pa Ward", "ko": "사파 동"},
        names_unchecked=("ko",),
        kind=CommuneKind.WARD,
        former_names=("Phường Hàm Rồng", "Phường Sa Pả"),
        former_district="thị xã Sa Pa",
        former_province="Lào Cai",
        area_square_kilometres=60.3,
    )
    await hold(store, communes=[ward])

    answer = await send(client, "tourism/Commune", {"at": NEAR_SA_PA}, language="vi")

    assert answer["commune"] == {
        "code": "03006",
        "name": {"text": "Phường Sa Pa", "language": "vi"},
        "namesUnchecked": ["ko"],
        "kind": "WARD",
        "kindName": "Phường",
        "formerNames": ["Phường Hàm Rồng", "Phường Sa Pả"],
        "formerDistrict": "thị xã Sa Pa",
        "formerProvince": "Lào Cai",
        "position": {"latitude": SA_PA.latitude, "longitude": SA_PA.longitude},
        "area": 60.3,
    }


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (22.3364, 103.8438, "03006"),
        (22.5050, 103.9650, "02647"),
        (21.7050, 104.8750, "04252"),
        (21.0285, 105.8542, None),
        (22.3364, 103.5, None),
        (-22.3, -76.2, None),
        (90, 0, None),
        (-90, 180, None),
    ],
)
async def test_a_position_lies_in_its_commune_or_outside_the_province(
    client: httpx.AsyncClient, latitude: float, longitude: float, code: str | None
) -> None:
    at = {"latitude": latitude, "longitude": longitude}

    commune = (await send(client, "tourism/Commune", {"at": at}))["commune"]

    assert (commune and commune["code"]) == code


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Phường Sa Pa", "03006"),
        ("sapa", "03006"),
        ("phuong ham rong", "03006"),
        ("Phường Hàm Rồng", "03006"),
        ("Xã Bản Vược", "02683"),
        ("thi tran bat xat", "02683"),
        ("bat xat", "02683"),
        ("bac ha comune", "02839"),
    ],
)
async def test_a_commune_is_found_by_its_name_now_or_then(
    client: httpx.AsyncClient, typed: str, first: str
) -> None:
    assert codes(await send(client, "tourism/Communes", {"search": typed}))[0] == first


@pytest.mark.usefixtures("province")
async def test_a_former_district_finds_the_communes_made_of_it(
    client: httpx.AsyncClient,
) -> None:
    found = codes(await send(client, "tourism/Communes", {"search": "huyện Bát Xát"}))

    assert set(found) == {"02683", "02686", "02695", "02701", "02707", "02725", "02728"}


@pytest.mark.usefixtures("province")
async def test_all_99_communes_are_listed_by_code_over_pages(client: httpx.AsyncClient) -> None:
    first = await send(client, "tourism/Communes", {"first": 60})
    after = first["communes"]["pageInfo"]["endCursor"]
    second = await send(client, "tourism/Communes", {"first": 60, "after": after})

    listed = codes(first) + codes(second)
    assert len(listed) == 99
    assert listed == sorted(set(listed))
    assert second["communes"]["pageInfo"]["hasNextPage"] is False


@pytest.mark.parametrize(
    ("operation", "asked", "code"),
    [
        ("tourism/Commune", {"at": {"latitude": 91, "longitude": 0}}, "INVALID_POSITION"),
        ("tourism/Communes", {"search": "x" * 101}, "SEARCH_TOO_LONG"),
        ("tourism/Communes", {"first": 0}, "INVALID_PAGE_SIZE"),
        ("tourism/Communes", {"after": "nonsense"}, "INVALID_CURSOR"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    client: httpx.AsyncClient, operation: str, asked: dict[str, object], code: str
) -> None:
    reply = await send_raw(client, operation, asked)

    assert reply.json()["errors"][0]["extensions"]["code"] == code
