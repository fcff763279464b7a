from typing import Any

import httpx
import pytest

from api.kit.fresh_copy import FRESH_FOR
from api.kit.geo import Position
from api.kit.store import Store
from api.tourism.records import PlaceCategory
from tests.conftest import MovableClock, send, send_raw
from tests.tourism.content import NEAR_SA_PA, SA_PA, a_commune, a_place, hold, nodes, north

CHURCH = a_place(
    "P1",
    names={"vi": "Nhà thờ đá Sa Pa", "en": "Sa Pa Stone Church", "zh-Hans": "沙坝石头教堂"},
    category=PlaceCategory.CHURCH,
    commune_code="03006",
    descriptions={"vi": "Một nhà thờ.", "en": "A church."},
)
WARD = a_commune(
    "03006", names={"vi": "Phường Sa Pa", "en": "Sa Pa Ward"}, former_names=("Xã San Sả Hồ",)
)
OF_THE_STORE = ["PLACE", "COMMUNE"]
"""What these tests put there; the tours come from files, and are found besides."""


async def search(
    client: httpx.AsyncClient,
    text: str,
    *,
    language: str = "en",
    **asked: Any,  # noqa: ANN401 - any argument of the field
) -> list[dict[str, Any]]:
    answer = await send(
        client,
        "guide/Search",
        {"text": text, "kinds": OF_THE_STORE} | asked,
        headers={"accept-language": language},
    )
    return nodes(answer["search"])


def found(results: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(it["kind"], it["id"]) for it in results]


def bold(segments: list[dict[str, Any]]) -> str:
    return "".join(f"[{it['text']}]" if it["isMatch"] else it["text"] for it in segments)


async def test_a_result_tells_what_a_list_shows_of_it(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(store, places=[CHURCH], communes=[WARD])

    church, *_ = await search(client, "church", near=NEAR_SA_PA)

    assert church == {
        "kind": "PLACE",
        "id": "P1",
        "label": "Church",
        "name": {"text": "Sa Pa Stone Church", "language": "en"},
        "nameSegments": [
            {"text": "Sa Pa Stone ", "isMatch": False},
            {"text": "Church", "isMatch": True},
        ],
        "foundAs": None,
        "summary": {"text": "A church.", "language": "en"},
        "around": {"text": "Sa Pa Ward", "language": "en"},
        "position": {"latitude": SA_PA.latitude, "longitude": SA_PA.longitude},
        "distance": 0.0,
    }


async def test_the_reader_s_language_is_spoken(client: httpx.AsyncClient, store: Store) -> None:
    await hold(store, places=[CHURCH])

    (church,) = await search(client, "sapa church", language="zh")

    assert church["label"] == "教堂"
    assert church["name"] == {"text": "沙坝石头教堂", "language": "zh-Hans"}
    assert bold(church["foundAs"]) == "[Sa Pa] Stone [Church]"


async def test_a_former_name_is_shown_where_it_was_meant(
    client: httpx.AsyncClient, store: Store
) -> None:
    await hold(store, communes=[WARD])

    (ward,) = await search(client, "san sa ho")

    assert (ward["kind"], ward["label"], bold(ward["foundAs"])) == (
        "COMMUNE",
        "Commune",
        "Xã [San Sả Hồ]",
    )


async def test_kinds_narrow_what_is_found(client: httpx.AsyncClient, store: Store) -> None:
    await hold(store, places=[CHURCH], communes=[WARD])

    everything = await search(client, "sapa", kinds=OF_THE_STORE)
    communes = await search(client, "sapa", kinds=["COMMUNE"])
    events = await search(client, "sapa", kinds=["EVENT"])

    assert sorted(found(everything)) == [("COMMUNE", "03006"), ("PLACE", "P1")]
    assert (found(communes), events) == ([("COMMUNE", "03006")], [])


async def test_of_hits_alike_the_nearest_comes_first(
    client: httpx.AsyncClient, store: Store
) -> None:
    far, near = (
        a_place(name, names={"vi": "Thác Bạc"}, position=north(metres))
        for name, metres in (("P1", 900), ("P2", 100))
    )
    await hold(store, places=[far, near])

    assert found(await search(client, "thac bac")) == [("PLACE", "P1"), ("PLACE", "P2")]
    assert found(await search(client, "thac bac", near=NEAR_SA_PA)) == [
        ("PLACE", "P2"),
        ("PLACE", "P1"),
    ]


@pytest.mark.parametrize("near", [None, NEAR_SA_PA])
async def test_pages_follow_each_other_without_a_gap(
    client: httpx.AsyncClient, store: Store, near: dict[str, float] | None
) -> None:
    await hold(
        store,
        places=[
            a_place(f"P{n}", names={"vi": "Hồ"}, position=Position(22.3 + n / 100, 103.8))
            for n in range(5)
        ],
    )
    pages: list[list[str]] = []
    ends: list[dict[str, Any]] = [{"endCursor": None}]

    for _ in range(3):
        asked = {"text": "ho", "near": near, "first": 2, "after": ends[-1]["endCursor"]}
        asked["kinds"] = OF_THE_STORE
        page = (await send(client, "guide/Search", asked))["search"]
        pages.append([it["id"] for it in nodes(page)])
        ends.append(page["pageInfo"])

    whole = [it["id"] for it in await search(client, "ho", near=near)]
    assert pages == [whole[:2], whole[2:4], whole[4:]]
    assert [end["hasNextPage"] for end in ends[1:]] == [True, True, False]


async def test_a_change_is_found_after_two_seconds(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    await hold(store, places=[CHURCH])
    before = await search(client, "bac ha")

    await hold(store, places=[a_place("P2", names={"vi": "Chợ Bắc Hà"})])
    clock.advance(seconds=FRESH_FOR.total_seconds() + 0.001)

    assert (before, found(await search(client, "bac ha"))) == ([], [("PLACE", "P2")])


@pytest.mark.parametrize("text", ["", "   ", "🏔", "\u200b", "!!!"])
async def test_a_text_without_letters_finds_nothing(
    client: httpx.AsyncClient, store: Store, text: str
) -> None:
    await hold(store, places=[CHURCH])

    assert await search(client, text) == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"text": "a" * 101}, "SEARCH_TOO_LONG"),
        ({"text": "ho", "first": 0}, "INVALID_PAGE_SIZE"),
        ({"text": "ho", "first": 101}, "INVALID_PAGE_SIZE"),
        ({"text": "ho", "after": "nonsense"}, "INVALID_CURSOR"),
        ({"text": "ho", "near": {"latitude": 91.0, "longitude": 103.8}}, "INVALID_POSITION"),
    ],
)
async def test_what_cannot_be_asked_is_refused(
    client: httpx.AsyncClient, asked: dict[str, Any], code: str
) -> None:
    answer = await send_raw(client, "guide/Search", asked)

    assert answer.json()["errors"][0]["extensions"]["code"] == code


@pytest.mark.usefixtures("province")
@pytest.mark.parametrize(
    ("text", "kind", "thing"),
    [
        ("fanxipan", "PLACE", "P001"),
        ("cho bac ha", "PLACE", "P055"),
        ("phuong sa pa", "COMMUNE", "03006"),
        ("沙坝教堂", "PLACE", "P003"),
    ],
)
async def test_what_is_meant_comes_first(
    client: httpx.AsyncClient, text: str, kind: str, thing: str
) -> None:
    assert found(await search(client, text))[0] == (kind, thing)
