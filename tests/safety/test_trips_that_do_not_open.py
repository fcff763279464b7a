"""A trip whose content does not open, or of which nothing can be read: it stops nothing else, nor its own clock."""

from datetime import timedelta
from typing import Any

import pytest

from api.kit.jobs import JOBS
from api.kit.store import Store
from api.safety.trips import repository
from api.safety.trips.alarms import ALARM, WATCH, TripAlarms
from api.safety.trips.records import KEPT_FOR, AlarmStage, Trip, TripContent, TripState
from api.safety.trips.repository import TRIPS
from api.safety.trips.texts import Word
from notifications.fan_outs import FAN_OUTS
from tests.accounts.people import new_key
from tests.alerts.conftest import Door
from tests.alerts.messages import alert
from tests.safety.rescue import Rescue
from tests.safety.test_trips import a_trip, hours_go_by, planned, stage, written


@pytest.fixture
async def trip(rescue: Rescue) -> Trip:
    return await planned(rescue)


async def breaks(store: Store, trip: Trip, **fields: Any) -> Any:  # noqa: ANN401
    """Let fields of a trip be something else, and return its content as it was."""
    before = await store[TRIPS].get(trip.id)
    await store[TRIPS].update_one({"_id": trip.id}, {"$set": fields})
    assert before is not None
    return before["content"]


async def told_of_danger(store: Store) -> list[str]:
    """Return the trips whose trekkers were told that a warning is in force on their way."""
    told: list[dict[str, Any]] = [
        {one["key"]: one["value"] for one in notice["data"]}
        for notice in await store[FAN_OUTS].find({})
    ]
    return [data["id"] for data in told if data["type"] == "trip"]


async def jobs(store: Store, kind: str, trip: Trip) -> list[tuple[str, int]]:
    """Return the state and the attempts of the jobs of a trip that have run, the first due first."""
    found = await store[JOBS].find({"kind": kind, "attempts": {"$gt": 0}}, sort=[("due_at", 1)])
    return [(one["state"], one["attempts"]) for one in found if one["payload"]["trip"] == trip.id]


def counted(rescue: Rescue, part: str) -> float | None:
    registry = rescue.services.seeing.registry
    return registry.get_sample_value("laocai_trips_not_opened_total", {"part": part})


async def test_a_content_that_does_not_open_fails_no_watch_and_is_counted(
    rescue: Rescue, trip: Trip, door: Door, store: Store
) -> None:
    other = await rescue.services.safety.trips.plan(rescue.stranger, a_trip(), new_key())
    await breaks(store, trip, content="no.such.key")
    await door.accepts(alert())

    await hours_go_by(rescue, 1)

    assert await told_of_danger(store) == [other.id]
    assert await jobs(store, WATCH, trip) == [("done", 1)] * 2
    assert await jobs(store, WATCH, other) == [("done", 1)] * 2
    # Once by the fan-out of the warning, and at each of two watches.
    assert (counted(rescue, "content"), counted(rescue, "all")) == (3, 0)


async def test_a_content_that_opens_again_is_watched_again(
    rescue: Rescue, trip: Trip, door: Door, store: Store
) -> None:
    content = await breaks(store, trip, content="no.such.key")
    await door.accepts(alert())
    await hours_go_by(rescue, 1)
    meanwhile = await told_of_danger(store)

    await breaks(store, trip, content=content)
    await hours_go_by(rescue, 1)

    assert (meanwhile, await told_of_danger(store)) == ([], [trip.id])


async def test_a_trip_of_which_nothing_can_be_read_fails_no_watch_and_is_not_tried_for_ever(
    rescue: Rescue, trip: Trip, door: Door, store: Store
) -> None:
    other = await rescue.services.safety.trips.plan(rescue.stranger, a_trip(), new_key())
    await breaks(store, trip, stage="none")
    await door.accepts(alert())

    await hours_go_by(rescue, 2)

    assert await told_of_danger(store) == [other.id]
    assert await jobs(store, WATCH, trip) == [("done", 1)]
    # Once by the fan-out of the warning, and at the only watch.
    assert (counted(rescue, "content"), counted(rescue, "all")) == (0, 2)


async def test_the_desk_is_told_at_once_of_whoever_has_contacts_that_nobody_can_read(
    rescue: Rescue, trip: Trip, store: Store
) -> None:
    await breaks(store, trip, content="no.such.key")

    await hours_go_by(rescue, 8.5)
    reminded = await stage(rescue)
    await hours_go_by(rescue, 0.5)

    ((overdue, _),) = await rescue.services.safety.trips.overdue(rescue.responder, "rescue")
    assert reminded == AlarmStage.TREKKER
    assert (overdue.id, overdue.content, overdue.stage) == (trip.id, None, AlarmStage.DESK)
    assert await written(rescue) == []
    assert await jobs(store, ALARM, trip) == [("done", 1)] * 2


@pytest.mark.parametrize("word", Word)
async def test_contacts_are_told_as_soon_as_what_did_not_open_then_opens(
    rescue: Rescue, trip: Trip, store: Store, monkeypatch: pytest.MonkeyPatch, word: Word
) -> None:
    await hours_go_by(rescue, 8.5 if word is Word.OVERDUE else 9)
    told, tell, contents = await written(rescue), TripAlarms.tell_contacts, list[str]()

    async def breaks_behind(self: TripAlarms, trip: Trip, word: Word) -> None:
        await tell(self, trip, word)
        contents.append(await breaks(store, trip, content="no.such.key"))

    monkeypatch.setattr(TripAlarms, "tell_contacts", breaks_behind)
    if word is Word.BACK:
        await rescue.services.safety.trips.close(rescue.caller, trip.id)
    elif word is Word.LATER:
        later = rescue.clock() + timedelta(hours=5)
        await rescue.services.safety.trips.extend(rescue.caller, trip.id, later, new_key())
    await hours_go_by(rescue, 0.5)
    meanwhile = await written(rescue)
    await breaks(store, trip, content=contents[0])
    await hours_go_by(rescue, 0.5)

    assert meanwhile == told
    assert len(await written(rescue)) == len(told) + 1


async def test_a_trip_that_does_not_open_hides_no_other_from_the_desk(
    rescue: Rescue, trip: Trip, store: Store
) -> None:
    other = await planned(rescue)
    await hours_go_by(rescue, 10)
    await store[TRIPS].update_one({"_id": trip.id}, {"$unset": {"people": None}})

    listed = await rescue.services.safety.trips.overdue(rescue.responder, "rescue")

    assert [one.id for one, _ in listed] == [other.id]


@pytest.mark.parametrize("is_erased", [True, False])
async def test_a_trip_of_which_nothing_can_be_read_is_forgotten_all_the_same(
    rescue: Rescue, trip: Trip, store: Store, is_erased: bool
) -> None:
    await breaks(store, trip, stage="none")

    if is_erased:
        for holder in rescue.services.safety.data:
            await holder.erase(rescue.caller.person())
    else:
        rescue.wait(days=KEPT_FOR.days)
        await hours_go_by(rescue, 8)

    kept = await store[TRIPS].get(trip.id)
    assert kept is not None
    assert (kept["content"], kept["trekker"]) == (None, None)


async def test_whoever_is_back_can_say_so(rescue: Rescue, trip: Trip, store: Store) -> None:
    await breaks(store, trip, content="no.such.key")

    closed = await rescue.services.safety.trips.close(rescue.caller, trip.id)

    assert (closed.state, closed.content) == (TripState.CLOSED, None)


@pytest.mark.parametrize(
    ("fields", "what"),
    [({"points": 0}, "content of trip not opened"), ({"stage": "none"}, "document not read")],
    ids=["the content", "nothing of it"],
)
async def test_what_does_not_open_is_logged_without_what_it_holds(
    rescue: Rescue,
    trip: Trip,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    fields: dict[str, Any],
    what: str,
) -> None:
    def no_content(_: object) -> TripContent:
        raise ValueError("Mai", "0912345678")

    monkeypatch.setattr(repository, "_content", no_content)
    await breaks(store, trip, **fields)
    capsys.readouterr()

    await hours_go_by(rescue, 0.5)

    written = capsys.readouterr().out
    assert trip.id in written
    assert what in written
    assert "Mai" not in written
    assert "0912345678" not in written
