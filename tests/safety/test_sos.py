"""A call for help: taken in whatever is around it, one while it is open, seen, and ended."""

from datetime import timedelta

import httpx
import pytest

from api.accounts.caller import ANONYMOUS
from api.accounts.errors import NotAllowed
from api.context import Services
from api.kit.audit_log import AUDIT_ROWS
from api.kit.geo import Position
from api.kit.store import Store
from api.safety.askers import ShownDevice
from api.safety.errors import SosChanged, SosEnded, SosNotFound
from api.safety.sos.desk import SeenSos
from api.safety.sos.records import SosOutcome, SosState
from api.safety.sos.repository import SOS
from api.safety.tracks import TRACK_POINTS
from api.worker import runners_of
from notifications.fan_outs import FAN_OUTS
from tests.accounts.families import caller_of
from tests.accounts.people import new_key, signed_in
from tests.alerts.messages import BAC_HA
from tests.conftest import NOW, MovableClock
from tests.feedback.reporting import a_device
from tests.safety.rescue import (
    FANSIPAN,
    SA_PA,
    SA_PA_CODE,
    Rescue,
    a_call_input,
    a_point,
    a_responder,
    ask,
    do,
)


async def test_the_answer_begins_with_the_numbers_to_call(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)

    result = await do(client, "RaiseSos", a_call_input(), person)

    assert list(result)[:2] == ["__typename", "emergencyNumbers"]
    assert [one["number"] for one in result["emergencyNumbers"]] == [
        "112",
        "115",
        "114",
        "113",
        "111",
    ]
    assert result["sos"]["state"] == "RAISED"
    assert result["sos"]["mayBeCancelledUntil"] == (NOW + timedelta(seconds=15)).isoformat()


async def test_nobody_in_particular_is_refused_with_the_numbers_to_call(
    client: httpx.AsyncClient, store: Store
) -> None:
    result = await do(client, "RaiseSos", a_call_input())

    assert (result["code"], len(result["emergencyNumbers"])) == ("NOT_SIGNED_IN", 5)
    assert await store[SOS].count({}) == 0


async def test_a_device_calls_without_an_account(client: httpx.AsyncClient) -> None:
    device = await a_device(client)

    result = await do(client, "RaiseSos", a_call_input(device=device))

    shown = await ask(client, "Sos", {"id": result["sos"]["id"], "device": device})
    assert shown["id"] == result["sos"]["id"]


async def test_what_a_phone_got_wrong_is_put_right(rescue: Rescue) -> None:
    wild = a_point(
        accuracy_metres=float("nan"), battery_percent=900, captured_at=NOW + timedelta(days=9)
    )

    sos = await rescue.raised(point=wild, note="\x00" + "a" * 900)

    assert sos.content is not None
    assert sos.content.point == a_point(
        accuracy_metres=1_000_000.0, battery_percent=None, captured_at=NOW
    )
    assert sos.content.note == "a" * 500


NOWHERE = {"latitude": 0.0, "longitude": 0.0}
OFF_THE_EARTH = {"latitude": 91.0, "longitude": 103.8}


@pytest.mark.parametrize("position", [None, NOWHERE, OFF_THE_EARTH])
async def test_a_call_from_nobody_knows_where_is_taken(
    client: httpx.AsyncClient, services: Services, position: dict[str, float] | None
) -> None:
    person = await signed_in(client, services)
    call = a_call_input()
    call["point"] = {**call["point"], "position": position} if position else None

    result = await do(client, "RaiseSos", call, person)

    assert (result["sos"]["state"], result["sos"]["points"]) == ("RAISED", 0)


async def test_the_place_comes_when_it_is_known_and_nowhere_does_not_take_it_away(
    rescue: Rescue,
) -> None:
    sos = await rescue.raised(point=None)
    add = rescue.services.safety.raising.add_position

    for position in (SA_PA, Position(0.0, 0.0)):
        await add(rescue.caller, None, sos.id, a_point(position=position), new_key())

    seen = await rescue.now(sos)
    assert (seen.points, seen.communes) == (1, (SA_PA_CODE,))
    assert seen.content is not None
    assert seen.content.point == a_point()


async def test_a_call_from_outside_the_province_is_the_province_desk_s(rescue: Rescue) -> None:
    sos = await rescue.raised(point=a_point(position=Position(21.0285, 105.8542)))

    listed = await rescue.services.safety.desk.listed(
        rescue.responder, "rescue", None, with_ended=False
    )

    assert [(one.id, one.commune_code) for one in listed.calls] == [(sos.id, None)]


async def test_a_call_that_moves_is_told_to_the_next_desk_and_stays_at_the_first(
    rescue: Rescue, client: httpx.AsyncClient, store: Store
) -> None:
    codes = ("03006", rescue.services.communes.at(BAC_HA))
    people = [
        await caller_of(
            rescue.services, await a_responder(client, rescue.services, f"rescue-{code}")
        )
        for code in codes
    ]
    sos = await rescue.raised()
    await runners_of(rescue.services, rescue.clock)[0].run_due()
    told = await store[FAN_OUTS].count({})

    late = a_point(position=BAC_HA, captured_at=NOW + timedelta(seconds=60))
    await rescue.services.safety.raising.add_position(rescue.caller, None, sos.id, late, new_key())
    await runners_of(rescue.services, rescue.clock)[0].run_due()

    assert await store[FAN_OUTS].count({}) - told == 1
    for code, responder in zip(codes, people, strict=True):
        listed = await rescue.services.safety.desk.listed(
            responder, f"rescue-{code}", None, with_ended=False
        )
        assert [one.id for one in listed.calls] == [sos.id]


async def test_hostile_words_are_kept_without_what_turns_or_hides(rescue: Rescue) -> None:
    sos = await rescue.raised(note="gãy\u202e chân\u0007\u200b\ud800\n<b>x</b>")

    assert sos.content is not None
    assert sos.content.note == "gãy chân\n<b>x</b>"


async def test_however_often_somebody_calls_it_is_one_call(rescue: Rescue, store: Store) -> None:
    first = await rescue.raised()

    for minute in range(1, 40):
        again = await rescue.raised(
            point=a_point(captured_at=NOW + timedelta(seconds=minute), position=FANSIPAN)
        )
        assert again.id == first.id

    (document,) = await store[SOS].find({})
    assert (document["points"], await store[TRACK_POINTS].count({})) == (40, 40)


async def test_a_point_that_comes_late_does_not_move_the_caller_back(rescue: Rescue) -> None:
    sos = await rescue.raised(point=a_point(position=FANSIPAN))
    late = a_point(captured_at=NOW - timedelta(minutes=5))

    moved = await rescue.services.safety.raising.add_position(
        rescue.caller, None, sos.id, late, new_key()
    )

    assert moved.content is not None
    assert moved.content.point is not None
    assert (moved.points, moved.content.point.position) == (2, FANSIPAN)


async def test_taken_back_within_the_window_it_is_over(rescue: Rescue) -> None:
    sos = await rescue.raised()
    rescue.wait(seconds=14.9)

    taken = await rescue.services.safety.raising.take_back(rescue.caller, None, sos.id)

    listed = await rescue.services.safety.desk.listed(
        rescue.responder, "rescue", None, with_ended=False
    )
    assert taken.state is SosState.CANCELLED
    assert (listed.calls, listed.false_alarms) == ((), 1)


async def test_after_the_window_a_responder_decides(rescue: Rescue) -> None:
    sos = await rescue.raised()
    rescue.wait(seconds=15)

    said = await rescue.services.safety.raising.take_back(rescue.caller, None, sos.id)

    assert (said.state, said.says_safe_at) == (SosState.RAISED, rescue.clock())


async def test_whoever_took_one_back_may_call_again(rescue: Rescue) -> None:
    first = await rescue.raised()
    await rescue.services.safety.raising.take_back(rescue.caller, None, first.id)

    second = await rescue.raised()

    assert (second.id != first.id, second.state) == (True, SosState.RAISED)


async def test_the_caller_sees_who_comes(rescue: Rescue) -> None:
    sos = await rescue.acknowledged(await rescue.raised())
    rescue.wait(minutes=2)
    desk = rescue.services.safety.desk

    await desk.respond(rescue.responder, rescue.seen(sos), 35, new_key())

    seen = await rescue.now(sos)
    assert (seen.state, seen.eta_minutes) == (SosState.RESPONDING, 35)
    assert [step.state.name for step in seen.steps] == ["RAISED", "ACKNOWLEDGED", "RESPONDING"]


async def test_what_somebody_else_changed_is_not_changed_again(rescue: Rescue) -> None:
    sos = await rescue.raised()
    await rescue.acknowledged(sos)

    with pytest.raises(SosChanged):
        await rescue.acknowledged(sos)

    assert len((await rescue.now(sos)).steps) == 2


async def test_an_ended_call_takes_no_position(rescue: Rescue) -> None:
    sos = await rescue.raised()
    desk = rescue.services.safety.desk
    await desk.end(rescue.responder, rescue.seen(sos), SosOutcome.HELPED, new_key())

    with pytest.raises(SosEnded):
        await rescue.services.safety.raising.add_position(
            rescue.caller, None, sos.id, a_point(), new_key()
        )

    assert (await rescue.now(sos)).points == 1


async def test_a_stranger_is_told_what_is_told_of_none(rescue: Rescue) -> None:
    sos = await rescue.raised()

    with pytest.raises(SosNotFound):
        await rescue.services.safety.raising.mine(rescue.stranger, None, sos.id)
    with pytest.raises(NotAllowed):
        await rescue.services.safety.desk.track(rescue.stranger, "rescue", sos.id)


async def test_a_commune_s_desk_sees_its_commune_alone(
    rescue: Rescue, client: httpx.AsyncClient
) -> None:
    here = await caller_of(
        rescue.services, await a_responder(client, rescue.services, "rescue-03006")
    )
    there = await caller_of(
        rescue.services, await a_responder(client, rescue.services, "rescue-02683")
    )
    sos = await rescue.raised()
    desk = rescue.services.safety.desk

    listed = await desk.listed(here, "rescue-03006", None, with_ended=False)
    elsewhere = await desk.listed(there, "rescue-02683", None, with_ended=False)

    assert ([one.id for one in listed.calls], elsewhere.calls) == ([sos.id], ())
    with pytest.raises(SosNotFound):
        await desk.acknowledge(there, SeenSos("rescue-02683", sos.id, sos.state), new_key())


async def test_the_nearest_comes_first_and_the_reading_is_audited(
    rescue: Rescue, store: Store
) -> None:
    far = await rescue.raised(point=a_point(position=FANSIPAN))
    near = await rescue.raised(rescue.stranger)

    listed = await rescue.services.safety.desk.listed(
        rescue.responder, "rescue", SA_PA, with_ended=False
    )

    assert [one.id for one in listed.calls] == [near.id, far.id]
    rows = await store[AUDIT_ROWS].find({"subject": "rescue"})
    assert [(row["action"], row["details"]) for row in rows] == [("sos.list", {"calls": 2})]


async def test_positions_lie_sealed_and_are_forgotten_in_time(
    rescue: Rescue, store: Store, clock: MovableClock
) -> None:
    sos = await rescue.raised()
    await rescue.services.safety.desk.end(
        rescue.responder, rescue.seen(sos), SosOutcome.FALSE_ALARM, new_key()
    )
    kept = str(await store[SOS].find({})) + str(await store[TRACK_POINTS].find({}))
    assert "22.3364" not in kept
    assert "gãy" not in kept
    clock.now += timedelta(days=90)

    await runners_of(rescue.services, clock)[0].run_due()

    (document,) = await store[SOS].find({})
    assert (document["content"], document["raiser"], document["code"]) == (None, None, "")
    assert (document["outcome"], await store[TRACK_POINTS].count({})) == ("false_alarm", 0)


async def test_another_s_device_secret_opens_nothing(
    client: httpx.AsyncClient, rescue: Rescue
) -> None:
    device = await a_device(client)
    sos = await rescue.raised()

    with pytest.raises(SosNotFound):
        await rescue.services.safety.raising.mine(
            ANONYMOUS, ShownDevice(device["id"], device["secret"]), sos.id
        )
