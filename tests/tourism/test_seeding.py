import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.kit.store import Store
from api.tourism.content_files import SHIPPED_CONTENT
from api.tourism.errors import InvalidContent
from api.tourism.repository import COMMUNES, MARKETS, PLACES
from api.tourism.seeding import Seeded, seed
from tests.conftest import MovableClock, send
from tests.tourism.content import a_place, hold, ids

Change = Callable[[dict[str, Any]], object]


def silent(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the shipped content, to be changed."""
    return Path(shutil.copytree(SHIPPED_CONTENT, tmp_path / "content"))


def change(content: Path, name: str, edit: Change) -> None:
    file = content / name
    document = json.loads(file.read_text())
    edit(document)
    file.write_text(json.dumps(document))


async def held(store: Store) -> tuple[int, int, int]:
    return (
        await store[PLACES].count({}),
        await store[MARKETS].count({}),
        await store[COMMUNES].count({}),
    )


async def test_the_province_is_loaded_once(store: Store) -> None:
    steps: list[tuple[int, int]] = []

    first = await seed(store, lambda done, total: steps.append((done, total)))
    second = await seed(store, silent)

    assert first == Seeded(places=145, markets=16, communes=99)
    assert second is None
    assert steps == [(done, 260) for done in (50, 99, 149, 199, 244, 260)]
    assert await held(store) == (145, 16, 99)


async def test_what_changed_is_loaded_and_what_left_is_removed(store: Store, content: Path) -> None:
    await seed(store, silent, content)
    change(content, "places.json", lambda it: it["places"].pop())
    change(content, "places.json", lambda it: it["places"][0]["names"].update(vi="Nóc nhà"))

    seeded = await seed(store, silent, content)

    assert seeded == Seeded(places=144, markets=16, communes=99)
    assert await held(store) == (144, 16, 99)
    assert (await store[PLACES].get("P117")) is None
    renamed = await store[PLACES].get("P001")
    assert renamed is not None
    assert renamed["names"]["vi"] == "Nóc nhà"


async def test_an_interrupted_load_leaves_everything_as_it_was(store: Store, content: Path) -> None:
    await seed(store, silent, content)
    change(content, "places.json", lambda it: it.update(places=it["places"][:100]))

    def interrupted(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await seed(store, interrupted, content)

    assert await held(store) == (145, 16, 99)
    assert await seed(store, silent, content) == Seeded(places=128, markets=16, communes=99)


BROKEN_ROWS: list[tuple[str, Change, str]] = [
    (
        "places.json",
        lambda it: it["places"][3].update(latitude=99),
        "places.json, row 4, latitude: Input should be less than or equal to 90",
    ),
    (
        "places.json",
        lambda it: it["places"][0].pop("names"),
        "places.json, row 1, names: Field required",
    ),
    (
        "places.json",
        lambda it: it["places"][0]["names"].pop("vi"),
        "places.json, row 1, names: Value error, vi is missing",
    ),
    (
        "places.json",
        lambda it: it["places"][0]["names"].update(xx="?"),
        "places.json, row 1, names.xx.[key]: Value error, xx is not one of vi, en, zh-Hans,"
        " fr, ko, ja",
    ),
    (
        "places.json",
        lambda it: it["places"][1].update(id="P001"),
        "places.json, row 2, id: P001 is there twice",
    ),
    (
        "places.json",
        lambda it: it["places"][0].update(commune_code="99999"),
        "places.json, row 1, commune_code: 99999 is not known",
    ),
    (
        "places.json",
        lambda it: it["places"][0].update(colour="red"),
        "places.json, row 1, colour: Extra inputs are not permitted",
    ),
    (
        "places.json",
        lambda it: it.update(version=2),
        "places.json, row 0, version: Input should be 1",
    ),
    (
        "markets.json",
        lambda it: it["markets"][2].update(place_id="P999"),
        "markets.json, row 3, place_id: P999 is not known",
    ),
    (
        "markets.json",
        lambda it: it["markets"][2].update(weekdays=["sunday", "sunday"]),
        "markets.json, row 3, weekdays: Value error, holds a value twice",
    ),
    (
        "communes.json",
        lambda it: it["communes"][4].update(kind="town"),
        "communes.json, row 5, kind: Input should be 'ward' or 'commune'",
    ),
]


@pytest.mark.parametrize(("file", "edit", "complaint"), BROKEN_ROWS)
async def test_a_broken_row_is_named_and_nothing_is_loaded(
    store: Store, content: Path, file: str, edit: Change, complaint: str
) -> None:
    change(content, file, edit)

    with pytest.raises(InvalidContent) as refusal:
        await seed(store, silent, content)

    assert str(refusal.value) == complaint
    assert await held(store) == (0, 0, 0)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": 1}', "\udcff"])
async def test_a_broken_file_is_refused(store: Store, content: Path, text: str) -> None:
    (content / "markets.json").write_bytes(text.encode(errors="surrogateescape"))

    with pytest.raises(InvalidContent) as refusal:
        await seed(store, silent, content)

    assert str(refusal.value).startswith("markets.json, row 0, ")


async def test_a_running_server_sees_new_content_within_seconds(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    await hold(store, [a_place("P1", names={"vi": "Thác Bạc"})])
    assert ids((await send(client, "tourism/Places", {"search": "thac bac"}))["places"]) == ["P1"]

    await hold(store, [a_place("P2", names={"vi": "Thác Bạc"})])
    clock.advance(seconds=2)

    assert ids((await send(client, "tourism/Places", {"search": "thac bac"}))["places"]) == ["P2"]


async def test_a_place_that_just_left_is_left_out_of_a_search(
    client: httpx.AsyncClient, store: Store
) -> None:
    places = [a_place("P1", names={"vi": "Thác Bạc"}), a_place("P2", names={"vi": "Thác Bạc"})]
    await hold(store, places)
    await send(client, "tourism/Places", {"search": "thac bac"})

    await hold(store, places[1:])

    assert ids((await send(client, "tourism/Places", {"search": "thac bac"}))["places"]) == ["P2"]
