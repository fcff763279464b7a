"""Editors bring trails in as files, change and withdraw them."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from api.accounts.caller import Role
from api.context import Services
from api.kit.store import Store
from api.tourism.trails.repository import TRAIL_LINES, TRAILS
from tests.accounts.people import Answer, SignedInPerson, new_key, signed_in
from tests.accounts.staff import a_staff_member, noted
from tests.conftest import MovableClock
from tests.tourism.closures.ways_to_close import edit
from tests.tourism.content import ids
from tests.tourism.editing.editors import retire
from tests.tourism.trails.walks import (
    NORTHWARDS,
    an_import,
    geojson,
    gpx,
    imported,
    listed,
    trail,
)


def seen(found: Answer, **said: Any) -> Answer:  # noqa: ANN401 - any field of the input
    known = {
        "id": found["id"],
        "expectedVersion": found["version"],
        "idempotencyKey": new_key(),
    }
    return known | said


@pytest.mark.parametrize(
    ("document", "format"),
    [
        (gpx(NORTHWARDS), "GPX"),
        (gpx(NORTHWARDS, version="1.0"), "GPX"),
        (geojson(), "GEOJSON"),
    ],
)
async def test_a_line_tells_its_length_its_climbs_and_the_time(
    client: httpx.AsyncClient,
    editor: SignedInPerson,
    clock: MovableClock,
    document: str,
    format: str,
) -> None:
    new = await imported(client, editor, document, format=format)

    assert await trail(client, new["id"]) is not None
    assert round(new["lineLength"]) == 1_121
    assert new["length"] == new["lineLength"]
    assert (new["ascent"], new["descent"]) == (50.0, 30.0)
    assert (new["highest"], new["lowest"]) == (1_550.0, 1_500.0)
    # 12 minutes a kilometre and 10 for 100 m up; it falls by less than 5 degrees.
    assert new["walkingMinutes"] == 19
    assert (new["difficulty"], new["difficultyIsProposed"]) == ("EASY", True)
    assert (new["lineKind"], new["lineAccuracy"]) == ("SURVEYED", 20.0)
    assert new["lineRemark"] == "The line is good to 20 m."
    assert (new["version"], new["changedAt"]) == (1, clock().isoformat())


async def test_parts_are_joined_when_they_lie_near(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    first, second = [(22.33, 103.84), (22.334, 103.84)], [(22.338, 103.84), (22.34, 103.84)]

    joined = await imported(client, editor, gpx(first, second))
    gap = await edit(
        client, "ImportTrail", an_import(gpx(first, [(22.3386, 103.84), (22.34, 103.84)])), editor
    )

    assert round(joined["length"]) == 1_112
    assert gap["code"] == "GAP_IN_LINE"
    assert gap["message"] == (
        "Behind point 2 the line has a gap of 511 metres. Parts are joined when 500 metres lie"
        " between them at most."
    )


async def test_nothing_of_who_recorded_it_is_kept(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    who = (
        '<metadata><name>Mai 4711</name><author><name>Mai 4711</name><email id="mai4711"'
        ' domain="example.com"/></author><time>2026-04-30T04:17:11Z</time></metadata>'
        '<wpt lat="22.33" lon="103.84"><name>Nhà Mai 4711</name></wpt>'
    )
    inside = "<time>2026-04-30T04:17:11Z</time><extensions><hr>4711</hr></extensions>"
    new = await imported(client, editor, gpx(NORTHWARDS, before=who, inside=inside))

    kept = str(await store[TRAILS].find({})) + str(await store[TRAIL_LINES].find({}))
    files = [
        (await client.get(new[name].removeprefix("http://127.0.0.1:8000"))).text
        for name in ("gpx", "geojson")
    ]

    for text in (kept, *files):
        assert "4711" not in text
        assert "04:17" not in text
        assert "Garmin" not in text


async def test_a_line_takes_the_place_of_another(
    client: httpx.AsyncClient, editor: SignedInPerson, services: Services
) -> None:
    old = await imported(client, editor)
    longer = [*NORTHWARDS, (22.35, 103.841, 1_700.0)]
    values = seen(old, document=gpx(longer), format="GPX", lineAccuracy=5.0, facts={})

    new = (await edit(client, "ImportTrail", values, editor))["trail"]

    assert (new["id"], new["version"]) == (old["id"], 2)
    assert (round(new["length"]), new["lineAccuracy"]) == (2_233, 5.0)
    assert new["names"] == old["names"]
    (entry,) = await noted(services, "trail.redraw")
    assert entry.details == {"version": 2, "points": 4}


@pytest.mark.usefixtures("province")
async def test_what_is_said_of_a_trail_can_be_changed(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    old = await imported(client, editor)
    facts = {
        "names": [{"language": "en", "text": "Trial"}, {"language": "vi", "text": "Thử"}],
        "descriptions": [{"language": "vi", "text": "Dòng một.\nDòng hai."}],
        "startPlaceId": "P010",
        "difficulty": "HARD",
        "guide": "ADVISED",
        "needsPermit": True,
        "bestMonths": [12, 1],
        "statedMinutes": 240,
        "confidence": "HIGH",
    }

    changed = await edit(client, "ChangeTrail", seen(old, facts=facts), editor)
    emptied = await edit(
        client,
        "ChangeTrail",
        seen(
            changed["trail"],
            facts={
                "descriptions": [],
                "startPlaceId": None,
                "difficulty": None,
                "bestMonths": [],
                "statedMinutes": None,
            },
        ),
        editor,
    )

    new, bare = changed["trail"], emptied["trail"]
    assert new["name"] == {"text": "Trial", "language": "en"}
    assert new["description"] == {"text": "Dòng một.\nDòng hai.", "language": "vi"}
    assert new["startPlace"]["id"] == "P010"
    assert (new["difficulty"], new["difficultyIsProposed"]) == ("HARD", False)
    assert (new["guide"], new["needsPermit"], new["confidence"]) == ("ADVISED", True, "HIGH")
    assert (new["bestMonths"], new["walkingMinutes"]) == ([1, 12], 240)
    assert bare["description"] == old["description"]
    assert bare["startPlace"] is None
    assert (bare["difficulty"], bare["difficultyIsProposed"]) == ("EASY", True)
    assert (bare["bestMonths"], bare["walkingMinutes"]) == ([], old["walkingMinutes"])
    assert (bare["guide"], bare["version"]) == ("ADVISED", 3)


@pytest.mark.usefixtures("province")
async def test_a_trail_can_be_changed_whose_end_is_in_no_list_any_more(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    old = await imported(client, editor)
    at_p010 = await edit(client, "ChangeTrail", seen(old, facts={"startPlaceId": "P010"}), editor)
    await retire(client, editor, "P010")

    changed = await edit(
        client, "ChangeTrail", seen(at_p010["trail"], facts={"guide": "REQUIRED"}), editor
    )

    assert changed["__typename"] == "ChangeTrailSuccess", changed
    assert (changed["trail"]["guide"], changed["trail"]["startPlace"]) == ("REQUIRED", None)


async def test_a_withdrawn_trail_is_nowhere(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    old = await imported(client, editor)

    gone = await edit(client, "WithdrawTrail", seen(old), editor)

    assert gone == {"__typename": "WithdrawTrailSuccess", "id": old["id"]}
    assert await trail(client, old["id"]) is None
    assert ids(await listed(client)) == []
    assert ids(await listed(client, search="duong thu")) == []
    assert (await client.get(f"/tourism/v1/trails/{old['id']}.gpx")).status_code == 404
    again = await edit(client, "ChangeTrail", seen(old, facts={"guide": "REQUIRED"}), editor)
    assert (again["code"], again["field"]) == ("NOT_FOUND", "id")


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"names": []}, "INVALID_TEXT", "names"),
        ({"names": [{"language": "en", "text": "Only"}]}, "INVALID_TEXT", "names"),
        ({"names": [{"language": "vi", "text": "x" * 121}]}, "INVALID_TEXT", "names"),
        ({"descriptions": [{"language": "en", "text": "x"}]}, "INVALID_TEXT", "descriptions"),
        ({"notes": [{"language": "vi", "text": "x" * 4_001}]}, "INVALID_TEXT", "notes"),
        ({"startPlaceId": "P999"}, "NOT_FOUND", "startPlaceId"),
        ({"endPlaceId": "$ne"}, "NOT_FOUND", "endPlaceId"),
        ({"endPlaceId": ""}, "NOT_FOUND", "endPlaceId"),
        ({"bestMonths": [0]}, "INVALID_MONTHS", "bestMonths"),
        ({"bestMonths": [13]}, "INVALID_MONTHS", "bestMonths"),
        ({"bestMonths": [1, 1]}, "INVALID_MONTHS", "bestMonths"),
        ({"statedLength": 0}, "INVALID_STATEMENT", "facts"),
        ({"statedMinutes": 10_001}, "INVALID_STATEMENT", "facts"),
    ],
)
async def test_what_cannot_be_said_is_refused_and_nothing_changes(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    facts: Answer,
    code: str,
    field: str,
) -> None:
    old = await imported(client, editor)
    before = await store[TRAILS].find({})
    names = {"names": [{"language": "vi", "text": "Khác"}]}

    changed = await edit(client, "ChangeTrail", seen(old, facts=facts), editor)
    added = await edit(client, "ImportTrail", an_import(facts=names | facts), editor)

    assert [(it["code"], it["field"]) for it in (changed, added)] == [(code, field)] * 2
    assert await store[TRAILS].find({}) == before


async def test_a_sketch_cannot_propose_a_difficulty(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    refused = await edit(client, "ImportTrail", an_import(lineKind="SKETCH"), editor)

    assert (refused["code"], refused["field"]) == ("DIFFICULTY_MISSING", "difficulty")
    assert await store[TRAILS].count({}) == 0


@pytest.mark.parametrize(("accuracy", "is_taken"), [(0.9, False), (1.0, True), (5_001, False)])
async def test_the_accuracy_has_bounds(
    client: httpx.AsyncClient, editor: SignedInPerson, accuracy: float, is_taken: bool
) -> None:
    result = await edit(client, "ImportTrail", an_import(lineAccuracy=accuracy), editor)

    assert result.get("code") == (None if is_taken else "INVALID_ACCURACY")


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.AUDITOR])
async def test_nobody_but_an_editor_touches_trails(
    client: httpx.AsyncClient, services: Services, store: Store, role: Role | None
) -> None:
    editor = await a_staff_member(client, services, Role.CONTENT_EDITOR)
    old = await imported(client, editor)
    before = await store[TRAILS].find({})
    somebody = (
        await a_staff_member(client, services, role) if role else await signed_in(client, services)
    )

    codes = [
        (await edit(client, operation, values, somebody))["code"]
        for operation, values in (
            ("ImportTrail", an_import()),
            ("ChangeTrail", seen(old, facts={"guide": "REQUIRED"})),
            ("WithdrawTrail", seen(old)),
        )
    ]

    assert codes == ["NOT_ALLOWED"] * 3
    assert (await edit(client, "ImportTrail", an_import(), None))["code"] == "NOT_SIGNED_IN"
    assert await store[TRAILS].find({}) == before


async def test_what_is_sent_twice_is_imported_once(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    values = an_import()

    results = await asyncio.gather(*(edit(client, "ImportTrail", values, editor) for _ in range(4)))
    other = await edit(client, "ImportTrail", values | {"document": gpx(NORTHWARDS[:2])}, editor)

    assert len({it["trail"]["id"] for it in results}) == 1
    assert await store[TRAILS].count({}) == await store[TRAIL_LINES].count({}) == 1
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


async def test_of_those_who_redraw_at_once_one_is_heard(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    old = await imported(client, editor)
    lines = [gpx([(22.33, 103.84), (22.34, 103.84 + n / 1_000)]) for n in range(6)]

    results = await asyncio.gather(
        *(
            edit(client, "ImportTrail", seen(old, document=it, format="GPX", facts={}), editor)
            for it in lines
        )
    )

    (heard,) = (number for number, it in enumerate(results) if "trail" in it)
    assert {it.get("code") for it in results} == {None, "CHANGED_MEANWHILE"}
    (line,) = await store[TRAIL_LINES].find({})
    assert line["longitudes"] == [103_840_000, 103_840_000 + heard * 1_000]


async def test_points_that_lie_far_apart_are_no_survey(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    line = {
        "type": "LineString",
        "coordinates": [[103.84, 22.33], [103.84, 22.345], [103.84, 22.37]],
    }

    result = await edit(
        client, "ImportTrail", an_import(json.dumps(line), format="GEOJSON"), editor
    )

    assert (result["code"], result["field"]) == ("GAP_IN_LINE", "document")
    assert result["message"] == (
        "Behind point 2 no point was recorded for 2780 metres. Points may lie 2000 metres apart at most."
    )
