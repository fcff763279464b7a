"""Many at once: one call of one person, one step of a state, each alarm once; with controls."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from api.kit.store import Store
from api.safety.errors import SafetyProblem, SosChanged
from api.safety.sos.records import OPEN, Sos, SosState
from api.safety.sos.repository import SOS, SosRepository
from api.safety.tracks import TRACK_POINTS
from api.safety.trips.alarms import TripAlarms
from api.safety.trips.records import AlarmStage, Trip
from api.safety.trips.repository import TripRepository
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.people import new_key
from tests.safety.rescue import Rescue, a_point
from tests.safety.test_trips import hours_go_by, planned


async def test_calls_at_once_are_one(rescue: Rescue, store: Store) -> None:
    raised = await asyncio.gather(*(rescue.raised() for _ in range(12)))

    (document,) = await store[SOS].find({})
    assert {sos.id for sos in raised} == {document["_id"]}
    assert document["points"] == await store[TRACK_POINTS].count({})


@pytest.mark.parametrize(
    ("is_guarded", "won"), [(True, 1), pytest.param(False, 6, id="control: any state will do")]
)
async def test_one_responder_acknowledges(
    rescue: Rescue, monkeypatch: pytest.MonkeyPatch, *, is_guarded: bool, won: int
) -> None:
    sos = await rescue.raised()
    if not is_guarded:
        change = SosRepository.change

        async def unguarded(
            self: SosRepository,
            sos_id: str,
            _: object,
            fields: Mapping[str, Any],
            **more: Any,  # noqa: ANN401
        ) -> Sos | None:
            return await change(self, sos_id, OPEN, fields, **more)

        monkeypatch.setattr(SosRepository, "change", unguarded)

    results = await asyncio.gather(
        *(rescue.acknowledged(sos) for _ in range(6)), return_exceptions=True
    )

    assert sum(isinstance(one, Sos) for one in results) == won
    assert all(isinstance(one, Sos | SosChanged) for one in results)


async def test_taken_back_or_acknowledged_but_not_both(rescue: Rescue) -> None:
    sos = await rescue.raised()
    raising = rescue.services.safety.raising

    await asyncio.gather(
        raising.take_back(rescue.caller, None, sos.id),
        rescue.acknowledged(sos),
        return_exceptions=True,
    )

    seen = await rescue.now(sos)
    assert [step.state for step in seen.steps] in (
        [SosState.RAISED, SosState.CANCELLED],
        [SosState.RAISED, SosState.ACKNOWLEDGED],
    )
    assert (seen.state is SosState.CANCELLED) is (seen.says_safe_at is None)


async def test_positions_at_once_are_all_kept(rescue: Rescue, store: Store) -> None:
    sos = await rescue.raised()
    add = rescue.services.safety.raising.add_position

    await asyncio.gather(
        *(
            add(rescue.caller, None, sos.id, a_point(battery_percent=one), new_key())
            for one in range(10)
        )
    )

    assert (await rescue.now(sos)).points == await store[TRACK_POINTS].count({}) == 11


async def alarmed(rescue: Rescue, trip: Trip, times: int) -> None:
    """Run the alarm of the contacts several times at once, as two workers may."""
    alarms = rescue.services.safety.alarms
    handler = alarms.handlers()["safety.trip_alarm"]
    payload = {"trip": trip.id, "round": 0, "stage": int(AlarmStage.CONTACTS)}
    await asyncio.gather(*(handler(payload) for _ in range(times)))


async def test_an_alarm_that_runs_again_says_nothing_again(rescue: Rescue, store: Store) -> None:
    trip = await planned(rescue)

    await alarmed(rescue, trip, 5)
    await hours_go_by(rescue, 0.5)

    assert await store[TEXT_OUTBOX].count({"language": "en", "state": "queued"}) >= 1
    (kept,) = await rescue.services.safety.trips.of(rescue.caller)
    assert kept.stage is AlarmStage.CONTACTS


@pytest.mark.parametrize(
    ("in_one", "told"),
    [(True, 1), pytest.param(False, 0, id="control: noted apart from what it queues")],
)
async def test_a_worker_that_dies_between_noting_and_queueing_loses_no_alarm(
    rescue: Rescue,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    *,
    in_one: bool,
    told: int,
) -> None:
    trip = await planned(rescue)
    before = await store[TEXT_OUTBOX].count({})
    with monkeypatch.context() as patch:

        async def dies(*_: object) -> None:
            raise asyncio.CancelledError

        patch.setattr(TripAlarms, "tell_contacts", dies)
        if not in_one:
            await TripRepository(store, rescue.services.sealer).reach(
                trip.id, 0, AlarmStage.CONTACTS
            )
        else:
            with pytest.raises(asyncio.CancelledError):
                await alarmed(rescue, trip, 1)

    await alarmed(rescue, trip, 1)
    await hours_go_by(rescue, 0.5)

    assert await store[TEXT_OUTBOX].count({}) - before == told


async def test_closed_and_alarmed_at_once_ends_quiet(rescue: Rescue) -> None:
    trip = await planned(rescue)

    await asyncio.gather(
        rescue.services.safety.trips.close(rescue.caller, trip.id), alarmed(rescue, trip, 2)
    )

    with pytest.raises(SafetyProblem):
        await rescue.services.safety.trips.check_in(rescue.caller, trip.id, a_point(), new_key())
