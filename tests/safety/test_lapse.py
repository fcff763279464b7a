"""A call that nobody ends, or whose caller leaves: it ends, and where somebody was is forgotten."""

from datetime import timedelta

import pytest

from api.kit.store import Store
from api.safety.errors import SosNotFound
from api.safety.sos.records import SosState
from api.safety.sos.repository import SOS
from api.safety.tracks import TRACK_POINTS
from api.worker import runners_of
from notifications.fan_outs import FAN_OUTS
from tests.accounts.people import new_key
from tests.safety.rescue import Rescue, a_point


async def days_go_by(rescue: Rescue, days: float) -> None:
    rescue.wait(days=days)
    await runners_of(rescue.services, rescue.clock)[0].run_due()


async def test_nobody_s_call_is_forgotten_90_days_after_the_last_position(
    rescue: Rescue, store: Store
) -> None:
    sos = await rescue.raised()
    await days_go_by(rescue, 60)
    await rescue.services.safety.raising.add_position(
        rescue.caller, None, sos.id, a_point(), new_key()
    )

    kept: list[int] = []
    for days in (30, 59, 1):
        await days_go_by(rescue, days)
        kept.append(await store[TRACK_POINTS].count({}))

    assert kept == [2, 2, 0]
    (document,) = await store[SOS].find({})
    assert (document["state"], document["outcome"]) == ("ended", None)
    assert (document["content"], document["raiser"]) == (None, None)
    assert [step["state"] for step in document["steps"]] == ["raised", "ended"]


async def test_an_acknowledged_call_that_nobody_ends_is_forgotten_too(
    rescue: Rescue, store: Store
) -> None:
    await rescue.acknowledged(await rescue.raised())

    await days_go_by(rescue, 90)

    assert await store[TRACK_POINTS].count({}) == 0
    listed = await rescue.services.safety.desk.listed(
        rescue.responder, "rescue", None, with_ended=False
    )
    assert listed.calls == ()


async def test_whoever_leaves_in_the_midst_ends_the_call(rescue: Rescue, store: Store) -> None:
    sos = await rescue.raised()

    for holder in rescue.services.safety.data:
        await holder.erase(rescue.caller.person())

    (document,) = await store[SOS].find({})
    assert (document["state"], document["content"], document["raiser"]) == ("ended", None, None)
    assert await store[TRACK_POINTS].count({}) == 0
    with pytest.raises(SosNotFound):
        await rescue.services.safety.raising.add_position(
            rescue.caller, None, sos.id, a_point(), new_key()
        )


async def desks_called(rescue: Rescue, store: Store, minutes: int) -> int:
    for _ in range(minutes):
        await runners_of(rescue.services, rescue.clock)[0].run_due()
        rescue.wait(minutes=1)
    return await store[FAN_OUTS].count({})


async def test_desks_are_told_again_until_somebody_acknowledges(
    rescue: Rescue, store: Store
) -> None:
    sos = await rescue.raised()

    told = [await desks_called(rescue, store, 4), await desks_called(rescue, store, 4)]
    await rescue.acknowledged(sos)
    told.append(await desks_called(rescue, store, 12))

    assert told == [1, 2, 2]


async def test_desks_are_told_four_times_at_most(rescue: Rescue, store: Store) -> None:
    await rescue.raised()

    assert await desks_called(rescue, store, 40) == 4


async def test_a_clock_that_stands_still_forgets_nothing(rescue: Rescue, store: Store) -> None:
    sos = await rescue.raised()

    await days_go_by(rescue, timedelta(days=90, seconds=-1) / timedelta(days=1))

    (document,) = await store[SOS].find({})
    assert (document["_id"], document["state"]) == (sos.id, SosState.RAISED)
