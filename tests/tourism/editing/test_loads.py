"""What a load of the shipped files makes of what editors did."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.kit.store import Store
from api.tourism.content_files import SHIPPED_CONTENT
from api.tourism.repository import PLACES
from api.tourism.seeding import Seeded, seed
from tests.accounts.people import SignedInPerson
from tests.conftest import MovableClock, send
from tests.contract.test_authorization_matrix import everything
from tests.tourism.content import ids
from tests.tourism.editing.editors import (
    THAC_BAC,
    a_draft,
    add,
    change,
    history,
    publish,
    retire,
    revert,
    texts,
)

BAC_HA, BAC_HA_ROW = "P055", 54


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the shipped content, to be changed."""
    return Path(shutil.copytree(SHIPPED_CONTENT, tmp_path / "content"))


def ship(content: Path, edit: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change the rows of places as the next release would have them."""
    file = content / "places.json"
    document = json.loads(file.read_text())
    edit(document["places"])
    file.write_text(json.dumps(document))


def ship_market_place(content: Path, **said: Any) -> None:  # noqa: ANN401 - any field of a row
    ship(content, lambda places: places[BAC_HA_ROW].update(said))


async def load(store: Store, content: Path, clock: MovableClock) -> Seeded | None:
    return await seed(store, lambda _done, _total: None, content, clock)


async def shown(client: httpx.AsyncClient, place_id: str = BAC_HA) -> dict[str, Any]:
    found: dict[str, Any] = (await send(client, "tourism/Place", {"id": place_id}))["place"]
    return found


async def test_edited_fields_win_and_the_others_follow_the_files(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, BAC_HA, {"names": texts(en="Ours"), "category": "TOWN"})
    names = (await store[PLACES].get(BAC_HA) or {})["names"]
    ship_market_place(content, names=names | {"en": "Shipped", "fr": "Livré"}, altitude_metres=980)

    await load(store, content, clock)

    place = await shown(client)
    by_language = {it["language"]: it["text"] for it in place["names"]}
    assert (by_language["en"], by_language["fr"]) == ("Ours", "Livré")
    assert (place["category"], place["altitude"]) == ("TOWN", 980)
    assert place["namesUnchecked"] == ["en"]


async def test_a_load_is_a_version_that_nobody_published(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, BAC_HA, {"category": "TOWN"})
    ship_market_place(content, altitude_metres=980)

    await load(store, content, clock)

    newest, *_ = await history(client, editor, BAC_HA)
    assert (newest["number"], newest["kind"], newest["by"]) == (3, "SHIPPED", None)
    assert newest["differences"] == [
        {"field": "altitude", "language": None, "before": "1000.0", "after": "980.0"}
    ]


async def test_a_second_load_changes_nothing(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, BAC_HA, {"category": "TOWN"})
    ship_market_place(content, altitude_metres=980)
    await load(store, content, clock)
    before = await everything(store)

    again = await load(store, content, clock)

    assert again is None
    assert await everything(store) == before


async def test_the_same_files_in_another_shape_change_nothing_of_an_edit(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await change(client, editor, BAC_HA, {"category": "TOWN"})
    before = await everything(store)

    monkeypatch.setattr("api.tourism.seeding._DOCUMENTS_SHAPE", "next")
    await load(store, content, clock)

    after = await everything(store)
    assert after.pop("tourism_content") != before.pop("tourism_content")
    assert after == before


async def test_languages_keep_their_order(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    added = await add(client, editor, names=texts(en="New falls", vi="Thác Mới"))
    ship_market_place(content, altitude_metres=980)

    await load(store, content, clock)

    place = await shown(client, added["place"]["id"])
    assert [it["language"] for it in place["names"]] == ["vi", "en"]
    assert place["namesUnchecked"] == ["vi", "en"]
    assert place["names"] == added["place"]["names"]


async def test_an_edited_place_that_left_the_files_stays(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, "P117", {"altitude": 5})
    ship(content, lambda places: places.pop())

    seeded = await load(store, content, clock)

    assert seeded == Seeded(places=145, markets=16, communes=99)
    assert (await shown(client, "P117"))["altitude"] == 5


async def test_a_place_that_left_the_files_goes_when_it_is_as_it_was_shipped(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, "P117", {"altitude": 5})
    await revert(client, editor, "P117", 1, 2)
    ship(content, lambda places: places.pop())

    await load(store, content, clock)

    assert (await send(client, "tourism/Place", {"id": "P117"}))["place"] is None


async def test_an_added_place_and_a_retired_one_stay_as_they_are(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    added = (await add(client, editor, names=texts(vi="Thác Mới")))["place"]
    await retire(client, editor, BAC_HA)
    ship_market_place(content, altitude_metres=980)

    seeded = await load(store, content, clock)

    assert seeded == Seeded(places=145, markets=16, communes=99)
    assert await shown(client, added["id"]) is not None
    assert (await send(client, "tourism/Place", {"id": BAC_HA}))["place"] is None


async def test_a_field_as_it_is_shipped_follows_the_files_again(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 5})
    await change(client, editor, BAC_HA, {"altitude": 1_000})
    ship_market_place(content, altitude_metres=980)

    await load(store, content, clock)

    assert (await shown(client))["altitude"] == 980


async def test_a_market_stays_where_its_place_was_moved(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, BAC_HA, {"position": THAC_BAC})
    ship_market_place(content, altitude_metres=980)

    await load(store, content, clock)

    sunday = {"date": "2026-11-29", "near": THAC_BAC, "first": 1}
    (edge,) = (await send(client, "tourism/MarketsOn", sunday))["marketsOn"]["edges"]
    assert (edge["node"]["place"]["id"], edge["node"]["distance"]) == (BAC_HA, 0)


async def test_a_draft_over_what_the_files_changed_is_a_conflict_with_nobody(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    draft_id = await a_draft(client, editor, BAC_HA, {"altitude": 5})
    ship_market_place(content, altitude_metres=980)
    await load(store, content, clock)

    result = await publish(client, editor, draft_id)

    assert result["conflicts"] == [
        {"field": "altitude", "changedBy": None, "changedByName": None, "changedAt": None}
    ]


async def test_a_running_server_sees_a_load_after_an_edit(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, BAC_HA, {"altitude": 5})
    clock.advance(seconds=2)
    await send(client, "tourism/Places", {"search": "quuxberg"})
    names = (await store[PLACES].get(BAC_HA) or {})["names"]
    ship_market_place(content, names=names | {"fr": "Quuxberg"})

    await load(store, content, clock)
    clock.advance(seconds=2)

    found = (await send(client, "tourism/Places", {"search": "quuxberg"}))["places"]
    assert ids(found) == [BAC_HA]


async def test_an_interrupted_load_leaves_edits_as_they_were(
    client: httpx.AsyncClient,
    store: Store,
    clock: MovableClock,
    content: Path,
    editor: SignedInPerson,
) -> None:
    await change(client, editor, BAC_HA, {"category": "TOWN"})
    ship_market_place(content, altitude_metres=980)
    before = await everything(store)

    def interrupted(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await seed(store, interrupted, content, clock)

    assert await everything(store) == before
