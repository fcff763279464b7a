"""What a load of the shipped file makes of what editors did."""

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
from api.tourism.events.repository import PROVINCE_EVENTS
from api.tourism.events.seeding import EVENTS_FILE, seed_events
from tests.accounts.people import SignedInPerson
from tests.conftest import MovableClock
from tests.tourism.editing.editors import texts
from tests.tourism.events.events import add, change, event, remove, say

Rows = list[dict[str, Any]]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A copy of the shipped content, to be changed."""
    return Path(shutil.copytree(SHIPPED_CONTENT, tmp_path / "content"))


def ship(content: Path, edit: Callable[[Rows], object]) -> None:
    """Change the events as the next release would have them."""
    document = json.loads((content / EVENTS_FILE).read_text())
    edit(document["events"])
    (content / EVENTS_FILE).write_text(json.dumps(document))


async def test_the_shipped_festivals_are_loaded_once(
    store: Store, province: None, clock: MovableClock
) -> None:
    assert await seed_events(store, clock=clock) == 13
    assert await seed_events(store, clock=clock) is None
    assert await store[PROVINCE_EVENTS].count({}) == 13


async def test_a_next_release_changes_adds_and_removes_what_nobody_edited(
    client: httpx.AsyncClient, store: Store, festivals: None, content: Path
) -> None:
    def edit(rows: Rows) -> None:
        rows[0]["names"]["en"] = "Upper temple festival"
        rows.append({**rows[1], "id": "E099"})
        del rows[12]

    ship(content, edit)

    taken = await seed_events(store, content)

    assert taken == 2
    changed = await event(client, "E001")
    assert changed is not None
    assert (changed["name"]["text"], changed["version"]) == ("Upper temple festival", 2)
    assert await event(client, "E099") is not None
    assert await event(client, "E013") is None


async def test_what_an_editor_changed_stays(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    festivals: None,
    content: Path,
) -> None:
    await change(client, editor, "E001", 1, {"names": texts(en="Temple fair")})
    added = (await add(client, editor))["event"]["id"]
    await change(client, editor, "E012", 1, {"kind": "FAIR"})
    await remove(client, editor, "E013", 1)

    def edit(rows: Rows) -> None:
        rows[0]["names"]["en"] = "Upper temple festival"
        rows[12]["names"]["en"] = "Mother's festival"
        del rows[11]

    ship(content, edit)
    taken = await seed_events(store, content)

    assert taken == 0
    assert (await event(client, "E001") or {})["name"]["text"] == "Temple fair"
    assert (await event(client, "E012") or {})["kind"] == "FAIR"
    assert await event(client, "E013") is None
    assert await event(client, added) is not None


async def test_what_was_said_of_an_occurrence_stays_when_the_release_changes_the_texts(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    festivals: None,
    content: Path,
) -> None:
    flood = texts(vi="Lũ")
    await say(client, editor, "E002", 1, plannedOn="2026-08-29", status="CANCELLED", reasons=flood)
    ship(content, lambda rows: rows[1]["names"].update(en="Festival of Bao Ha"))

    await seed_events(store, content)

    found = await event(client, "E002")
    assert found is not None
    assert (found["name"]["text"], found["version"]) == ("Festival of Bao Ha", 3)
    assert found["next"]["firstDay"] == "2027-08-18"


async def test_of_an_edited_event_the_other_fields_follow_the_release(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    festivals: None,
    content: Path,
) -> None:
    await change(client, editor, "E001", 1, {"names": texts(en="Temple fair")})

    def edit(rows: Rows) -> None:
        rows[0]["names"] |= {"en": "Upper temple festival", "fr": "Fête du temple haut"}
        rows[0]["kind"] = "fair"

    ship(content, edit)
    taken = await seed_events(store, content)

    assert taken == 1
    found = await event(client, "E001") or {}
    names = {it["language"]: it["text"] for it in found["names"]}
    assert (names["en"], names["fr"]) == ("Temple fair", "Fête du temple haut")
    assert (found["kind"], found["version"]) == ("FAIR", 3)


async def test_what_the_release_takes_over_from_an_editor_follows_it_again(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    festivals: None,
    content: Path,
) -> None:
    await change(client, editor, "E001", 1, {"names": texts(en="Temple fair")})
    ship(content, lambda rows: rows[0]["names"].update(en="Temple fair"))
    assert await seed_events(store, content) == 0
    ship(content, lambda rows: rows[0]["names"].update(en="Great temple fair"))

    assert await seed_events(store, content) == 1

    assert (await event(client, "E001") or {})["name"]["text"] == "Great temple fair"


async def test_an_event_that_was_edited_before_bases_were_kept_stays_whole(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    festivals: None,
    content: Path,
) -> None:
    await change(client, editor, "E001", 1, {"names": texts(en="Temple fair")})
    await store[PROVINCE_EVENTS].update_one({"_id": "E001"}, {"$set": {"base": None}})
    ship(content, lambda rows: rows[0].update(kind="fair"))

    assert await seed_events(store, content) == 0

    assert (await event(client, "E001") or {})["kind"] == "FESTIVAL"


BROKEN: list[tuple[Callable[[Rows], object], str]] = [
    (lambda rows: rows[1].update(id="E001"), "events.json, row 2, id: E001 is there twice"),
    (lambda rows: rows[2].update(colour="red"), "events.json, row 3, colour: Extra inputs are not permitted"),
    (lambda rows: rows[0]["names"].pop("vi"), "events.json, row 1, names: Value error, vi is missing"),
    (lambda rows: rows[0].update(place_id=None, latitude=22.0, longitude=104.0, commune_code="99999"), "events.json, row 1, commune_code: 99999 is not known"),
    (lambda rows: rows[0]["rule"].update(month=13), "events.json, row 1, rule.lunar.month: Input should be less than or equal to 12"),
    (lambda rows: rows[0].update(place_id="P999"), "events.json, row 1, place_id: P999 is not known"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "message"), BROKEN)
async def test_a_broken_row_is_refused_and_the_store_stays_as_it_was(
    store: Store, festivals: None, content: Path, edit: Callable[[Rows], object], message: str
) -> None:
    before = await store[PROVINCE_EVENTS].find({})
    ship(content, edit)

    with pytest.raises(InvalidContent) as refusal:
        await seed_events(store, content)

    assert str(refusal.value) == message
    assert await store[PROVINCE_EVENTS].find({}) == before


def test_every_festival_is_told_in_vietnamese_and_english() -> None:
    rows: Rows = json.loads((SHIPPED_CONTENT / EVENTS_FILE).read_text())["events"]

    assert all({"vi", "en"} <= row["names"].keys() for row in rows)
    assert all({"vi", "en"} <= row["descriptions"].keys() for row in rows)
    assert all(set(row["names_unchecked"]) == row["names"].keys() - {"vi", "en"} for row in rows)
