"""Editors close ways, change and lift closures; nobody else does."""

import httpx
import pytest

from api.accounts.caller import Role
from api.context import Services
from api.kit.store import Store
from api.tourism.closures.repository import CLOSURES
from tests.accounts.people import Answer, SignedInPerson, new_key, signed_in
from tests.accounts.staff import a_staff_member, id_of, noted
from tests.conftest import MovableClock, send, send_raw
from tests.tourism.closures.ways_to_close import (
    LANDSLIDE,
    a_closure,
    closed,
    edit,
    listed,
    part,
)
from tests.tourism.content import ids


def lifting(closure: Answer, *, version: int | None = None, key: str | None = None) -> Answer:
    expected = closure["version"] if version is None else version
    return {
        "id": closure["id"],
        "expectedVersion": expected,
        "idempotencyKey": key or new_key(),
    }


async def test_a_road_is_closed_until_it_is_lifted(
    client: httpx.AsyncClient, editor: SignedInPerson, clock: MovableClock
) -> None:
    closure = await closed(client, editor)
    while_closed = ids(await listed(client))
    clock.advance(minutes=5)

    lifted = await edit(client, "LiftClosure", lifting(closure), editor)

    assert closure == {
        "id": closure["id"],
        "way": "ROAD",
        "wayId": "QL4D",
        "wayName": {"text": "National road 4D", "language": "en"},
        "area": None,
        "reason": {"text": "Landslide.", "language": "en"},
        "reasons": [
            {"text": "Sạt lở đất.", "language": "vi"},
            {"text": "Landslide.", "language": "en"},
        ],
        "starts": clock.after(-300).isoformat(),
        "ends": None,
        "liftedAt": None,
        "source": "Sở Xây dựng Lào Cai",
        "version": 1,
    }
    assert while_closed == [closure["id"]]
    assert lifted["closure"] == {**closure, "liftedAt": clock().isoformat(), "version": 2}
    assert ids(await listed(client)) == []
    assert ids(await listed(client, at=clock.after(-60).isoformat())) == [closure["id"]]


async def test_every_change_is_in_the_audit_log(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    closure = await closed(client, editor)
    change = {**lifting(closure), "source": "Công an tỉnh"}
    changed = await edit(client, "ChangeClosure", change, editor)
    await edit(client, "LiftClosure", lifting(changed["closure"]), editor)

    (added,) = await noted(services, "closure.add")
    (other,) = await noted(services, "closure.change")
    (lifted,) = await noted(services, "closure.lift")

    assert {it.actor for it in (added, other, lifted)} == {await id_of(client, editor)}
    assert {it.subject for it in (added, other, lifted)} == {closure["id"]}
    assert [it.details["version"] for it in (added, other, lifted)] == [1, 2, 3]
    assert added.details == {"way": "ROAD", "id": "QL4D", "version": 1}
    assert added.scope == "content_editor province"


@pytest.mark.parametrize(
    ("way", "way_id", "name"),
    [
        ("ROAD", "Đèo Ô Quý Hồ", "O Quy Ho pass"),
        ("ROAD", "Đường sắt", "Ha Noi - Lao Cai railway"),
        ("PLACE", "P022", "Ta Phin cave"),
        ("TRAIL", "T003", "Tram Ton - Fansipan summit"),
    ],
)
@pytest.mark.usefixtures("shipped_trails")
async def test_roads_trails_and_places_can_be_closed(
    client: httpx.AsyncClient, editor: SignedInPerson, way: str, way_id: str, name: str
) -> None:
    closure = await closed(client, editor, way=way, wayId=way_id)

    assert (closure["way"], closure["wayId"]) == (way, way_id)
    assert closure["wayName"] == {"text": name, "language": "en"}


async def test_a_part_of_a_road_is_a_circle(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    closure = await closed(client, editor, area=part(1_500.0))

    assert closure["area"] == {
        "centre": {"latitude": 22.335, "longitude": 103.842},
        "radius": 1_500.0,
    }


async def test_what_is_left_out_of_a_change_stays(
    client: httpx.AsyncClient, editor: SignedInPerson, clock: MovableClock
) -> None:
    ends = clock.after(86_400).isoformat()
    closure = await closed(client, editor, area=part(1_500.0), ends=ends)
    reason = [{"language": "vi", "text": "Đang sửa đường."}]

    changed = await edit(client, "ChangeClosure", {**lifting(closure), "reason": reason}, editor)
    emptied = await edit(
        client,
        "ChangeClosure",
        {**lifting(changed["closure"]), "area": None, "ends": None},
        editor,
    )

    assert changed["closure"] == {
        **closure,
        "reason": {"text": "Đang sửa đường.", "language": "vi"},
        "reasons": [{"text": "Đang sửa đường.", "language": "vi"}],
        "version": 2,
    }
    assert emptied["closure"] == {
        **changed["closure"],
        "area": None,
        "ends": None,
        "version": 3,
    }


async def test_who_saw_an_older_version_overwrites_nothing(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    closure = await closed(client, editor)
    await edit(client, "ChangeClosure", {**lifting(closure), "source": "Công an"}, editor)
    before = await store[CLOSURES].find({})

    refusals = [
        await edit(client, "ChangeClosure", {**lifting(closure), "source": "Khác"}, editor),
        await edit(client, "LiftClosure", lifting(closure), editor),
    ]

    assert [(it["code"], it["field"]) for it in refusals] == [
        ("CHANGED_MEANWHILE", "expectedVersion")
    ] * 2
    assert await store[CLOSURES].find({}) == before


async def test_a_closure_that_is_over_is_left_alone(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson, clock: MovableClock
) -> None:
    closure = await closed(client, editor, ends=clock.after(60).isoformat())
    clock.advance(seconds=60)
    before = await store[CLOSURES].find({})

    lifted = await edit(client, "LiftClosure", lifting(closure), editor)
    changed = await edit(client, "ChangeClosure", {**lifting(closure), "source": "X"}, editor)

    assert (lifted["code"], changed["code"]) == ("CLOSURE_ENDED", "CLOSURE_ENDED")
    assert await store[CLOSURES].find({}) == before


async def test_lifted_before_it_begins_it_never_holds(
    client: httpx.AsyncClient, editor: SignedInPerson, clock: MovableClock
) -> None:
    starts = clock.after(3_600).isoformat()
    closure = await closed(client, editor, starts=starts)

    await edit(client, "LiftClosure", lifting(closure), editor)

    assert ids(await listed(client, at=clock.after(3_601).isoformat())) == []


async def test_what_is_sent_twice_happens_once(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    values = a_closure()
    first = await edit(client, "CloseWay", values, editor)
    again = await edit(client, "CloseWay", values, editor)
    other = await edit(client, "CloseWay", {**values, "wayId": "QL32"}, editor)
    once = lifting(first["closure"], key="lift-this-one-once")
    lifted = [await edit(client, "LiftClosure", once, editor) for _ in range(2)]

    assert again == first
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert lifted[0] == lifted[1]
    assert await store[CLOSURES].count({}) == 1


@pytest.mark.parametrize("role", [None, Role.MODERATOR, Role.ADMINISTRATOR])
async def test_nobody_but_an_editor_closes_or_lifts(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    editor: SignedInPerson,
    role: Role | None,
) -> None:
    closure = await closed(client, editor)
    somebody = (
        await a_staff_member(client, services, role) if role else await signed_in(client, services)
    )
    before = await store[CLOSURES].find({})

    codes = [
        (await edit(client, operation, values, somebody))["code"]
        for operation, values in (
            ("CloseWay", a_closure()),
            ("ChangeClosure", {**lifting(closure), "source": "X"}),
            ("LiftClosure", lifting(closure)),
        )
    ]

    assert codes == ["NOT_ALLOWED"] * 3
    assert (await edit(client, "CloseWay", a_closure(), None))["code"] == "NOT_SIGNED_IN"
    assert await store[CLOSURES].find({}) == before


async def test_a_closure_answers_by_its_id_also_when_it_is_over(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    closure = await closed(client, editor)
    await edit(client, "LiftClosure", lifting(closure), editor)

    found = (await send(client, "tourism/Closure", {"id": closure["id"]}, language="vi"))["closure"]
    none = (await send(client, "tourism/Closure", {"id": "../closures"}))["closure"]

    assert (found["id"], found["version"], none) == (closure["id"], 2, None)
    assert found["wayName"] == {"text": "Quốc lộ 4D", "language": "vi"}
    assert found["reason"] == {"text": LANDSLIDE[0]["text"], "language": "vi"}


async def test_a_refusal_is_in_the_reader_s_language(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    refused = await edit(client, "CloseWay", a_closure(wayId="QL1"), editor, language="vi")

    assert refused == {
        "__typename": "TourismError",
        "code": "NOT_FOUND",
        "field": "wayId",
        "message": "Không có đường, cung đường hoặc địa điểm này.",
    }


async def test_without_its_row_in_the_audit_log_nothing_is_closed(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    editor: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(entry: object) -> int:
        raise RuntimeError("the log is full")

    monkeypatch.setattr(services.tourism.closures._audit, "append", broken)  # pyright: ignore[reportPrivateUsage]

    reply = await send_raw(
        client, "tourism/CloseWay", {"input": a_closure()}, headers=editor.headers
    )

    assert reply.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert await store[CLOSURES].count({}) == 0
