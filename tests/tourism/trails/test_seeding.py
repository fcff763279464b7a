"""The shipped trails come into the store, beside what editors did."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.kit.store import Store
from api.tourism.errors import InvalidContent
from api.tourism.trails.repository import TRAIL_LINES, TRAILS
from api.tourism.trails.seeding import TRAILS_FILE, seed_trails
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.tourism.closures.ways_to_close import edit
from tests.tourism.content import ids
from tests.tourism.trails.walks import imported, listed, trail


def a_row(trail_id: str, **said: Any) -> Answer:  # noqa: ANN401 - any field of a row
    known: Answer = {
        "id": trail_id,
        "names": {"vi": f"Đường {trail_id}"},
        "difficulty": "easy",
        "guide": "none",
        "needs_permit": False,
        "confidence": "medium",
        "line_kind": "sketch",
        "line_accuracy_metres": 1_000,
        "line": [
            {"latitude": 22.33, "longitude": 103.84, "elevation_metres": 1_500},
            {"latitude": 22.34, "longitude": 103.84},
        ],
    }
    return known | said


def write(folder: Path, *rows: Answer) -> Path:
    (folder / TRAILS_FILE).write_text(json.dumps({"version": 1, "trails": rows}))
    return folder


async def test_the_shipped_trails_are_taken_once(store: Store) -> None:
    first, again = await seed_trails(store), await seed_trails(store)

    assert (first, again) == (6, None)
    assert await store[TRAILS].count({}) == await store[TRAIL_LINES].count({}) == 6


async def test_what_changed_in_the_file_changes_and_what_left_it_leaves(
    client: httpx.AsyncClient, store: Store, tmp_path: Path
) -> None:
    await seed_trails(store, write(tmp_path, a_row("A"), a_row("B")))
    renamed = a_row("A", names={"vi": "Tên mới"})

    taken = await seed_trails(store, write(tmp_path, renamed, a_row("C")))

    assert taken == 2
    assert ids(await listed(client)) == ["A", "C"]
    found = await trail(client, "A")
    assert found is not None
    assert (found["name"]["text"], found["version"]) == ("Tên mới", 2)
    assert await store[TRAIL_LINES].count({}) == 2


async def test_what_editors_did_survives_the_next_seed(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson, tmp_path: Path
) -> None:
    await seed_trails(store, write(tmp_path, a_row("A"), a_row("B"), a_row("C")))
    new = await imported(client, editor)
    known = {"expectedVersion": 1, "idempotencyKey": new_key()}
    facts = {"names": [{"language": "vi", "text": "Của biên tập viên"}]}
    await edit(client, "ChangeTrail", {"id": "A", "facts": facts, **known}, editor)
    await edit(client, "WithdrawTrail", {**known, "id": "B"}, editor)

    taken = await seed_trails(store, write(tmp_path, a_row("A", guide="required"), a_row("B")))

    assert taken == 0
    assert ids(await listed(client)) == sorted(["A", new["id"]])
    found = await trail(client, "A")
    assert found is not None
    assert (found["name"]["text"], found["guide"]) == ("Của biên tập viên", "NONE")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"names": {"en": "Only"}}, "names"),
        ({"id": "not an id"}, "id"),
        ({"difficulty": None}, "line_kind"),
        ({"line": [{"latitude": 22.33, "longitude": 103.84}]}, "line"),
        ({"line": [{"latitude": 22.33, "longitude": 103.84}] * 2}, "line"),
        ({"best_months": [13]}, "best_months.0"),
        ({"best_months": [1, 1]}, "best_months"),
        ({"guide": "maybe"}, "guide"),
        ({"author": "Mai"}, "author"),
        ({"id": "A"}, "id"),
    ],
)
async def test_a_broken_row_is_refused_with_its_place_and_nothing_changes(
    store: Store, tmp_path: Path, row: Answer, field: str
) -> None:
    await seed_trails(store, write(tmp_path, a_row("Z")))
    before = await store[TRAILS].find({})

    with pytest.raises(InvalidContent) as refused:
        await seed_trails(store, write(tmp_path, a_row("A"), a_row("B", **row)))

    assert (refused.value.params["row"], refused.value.params["file"]) == (2, TRAILS_FILE)
    assert str(refused.value.params["field"]).startswith(field) or field == "line_kind"
    assert await store[TRAILS].find({}) == before


def test_every_shipped_trail_is_a_sketch_told_in_two_languages_and_named_in_six() -> None:
    from api.tourism.content_files import SHIPPED_CONTENT

    rows = json.loads((SHIPPED_CONTENT / TRAILS_FILE).read_text(encoding="utf-8"))["trails"]

    for row in rows:
        assert row["line_kind"] == "sketch"
        assert row["line_accuracy_metres"] >= 1_000
        assert set(row["names"]) == {"vi", "en", "zh-Hans", "fr", "ko", "ja"}
        assert set(row["descriptions"]) == set(row["notes"]) == {"vi", "en"}
