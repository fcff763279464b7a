"""A trip whose phone is dead: the trekker is reminded, the contacts are told, then the desk; each once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.send_caps import SendCaps
from api.kit.geo import Position
from api.kit.store import Store
from api.safety.errors import (
    ContactsNotAsked,
    InvalidContacts,
    InvalidDueTime,
    InvalidRoute,
    InvalidText,
    SafetyProblem,
    TooManyTrips,
    TripNotFound,
)
from api.safety.trips.alarms import ALARM
from api.safety.trips.records import AlarmStage, Trip, TripState
from api.safety.trips.repository import TRIPS
from api.safety.trips.service import NewTrip
from api.worker import runners_of
from notifications.fan_outs import FAN_OUTS
from notifications.text_message import Channel
from notifications.text_outbox import TEXT_OUTBOX, opened
from tests.accounts.people import new_key
from tests.alerts.conftest import Door
from tests.alerts.messages import alert
from tests.conftest import NOW
from tests.safety.rescue import FANSIPAN, SA_PA, Rescue, a_point

DUE = NOW + timedelta(hours=8)
CONTACT = ("Lan", "0912 345 678")


def a_trip(**changes: Any) -> NewTrip:  # noqa: ANN401
    trip = NewTrip(
        title="Fansipan",
        called="Mai",
        trail_id=None,
        points=(SA_PA, FANSIPAN),
        people=2,
        names=("Mai", "Hoa"),
        contacts=(CONTACT,),
        contacts_agreed=True,
        due_at=DUE,
        grace_minutes=60,
        language="en",
    )
    return replace(trip, **changes)


async def planned(rescue: Rescue, **changes: Any) -> Trip:  # noqa: ANN401
    return await rescue.services.safety.trips.plan(rescue.caller, a_trip(**changes), new_key())


async def hours_go_by(rescue: Rescue, hours: float) -> None:
    """Let the jobs run every half hour, as a worker would."""
    for _ in range(round(hours * 2)):
        rescue.wait(minutes=30)
        await runners_of(rescue.services, rescue.clock)[0].run_due()


async def written(rescue: Rescue) -> list[tuple[str, str]]:
    """Return the SMS to contacts: number and text."""
    found = await rescue.services.store[TEXT_OUTBOX].find({}, sort=[("queued_at", 1)])
    messages = [opened(rescue.services.sealer, TEXT_OUTBOX, one) for one in found]
    return [(one.to, one.body) for one in messages if "Fansipan" in one.body]


async def stage(rescue: Rescue) -> AlarmStage:
    (trip, *_) = await rescue.services.safety.trips.of(rescue.caller)
    return trip.stage


async def test_each_is_told_at_its_hour(rescue: Rescue) -> None:
    await planned(rescue)

    stages: list[str] = []
    for hours in (7, 0.5, 1, 0.5, 1):
        await hours_go_by(rescue, hours)
        stages.append((await stage(rescue)).name)

    assert stages == ["NOBODY", "TREKKER", "TREKKER", "CONTACTS", "DESK"]


async def test_contacts_are_told_once_what_they_need(rescue: Rescue) -> None:
    await planned(rescue)

    await hours_go_by(rescue, 14)

    ((number, body),) = await written(rescue)
    assert number == "+84912345678"
    assert body.startswith("Mai planned a trip (Fansipan) and wanted to be back by ")
    assert body.endswith("If you cannot, call 112.")


async def test_whoever_is_back_in_time_alarms_nobody(rescue: Rescue, store: Store) -> None:
    trip = await planned(rescue)

    await rescue.services.safety.trips.close(rescue.caller, trip.id)
    await hours_go_by(rescue, 14)

    assert await written(rescue) == []
    assert await store[FAN_OUTS].count({}) == 0


async def test_whoever_comes_late_gives_the_all_clear_once(rescue: Rescue) -> None:
    trip = await planned(rescue)
    await hours_go_by(rescue, 9)

    for _ in range(2):
        await rescue.services.safety.trips.close(rescue.caller, trip.id)
    await hours_go_by(rescue, 4)

    assert [body for _, body in await written(rescue)][1:] == [
        "Mai has said to be back from the trip (Fansipan)."
    ]
    listed = await rescue.services.safety.trips.overdue(rescue.responder, "rescue")
    assert listed == []


async def test_contacts_who_were_alarmed_are_told_of_a_later_round_too(rescue: Rescue) -> None:
    trip = await planned(rescue)
    await hours_go_by(rescue, 9)
    trips = rescue.services.safety.trips

    await trips.extend(rescue.caller, trip.id, rescue.clock() + timedelta(hours=5), new_key())
    await hours_go_by(rescue, 1)
    await trips.close(rescue.caller, trip.id)
    await hours_go_by(rescue, 1)

    bodies = [body for _, body in await written(rescue)]
    assert [body.partition(" (")[0] for body in bodies] == [
        "Mai planned a trip",
        "Mai has answered: the trip",
        "Mai has said to be back from the trip",
    ]


@pytest.mark.parametrize("first", [AlarmStage.CONTACTS, AlarmStage.DESK])
async def test_after_hours_without_a_worker_contacts_and_desk_are_told(
    rescue: Rescue, first: AlarmStage
) -> None:
    trip = await planned(rescue)
    rescue.wait(hours=20)
    handler = rescue.services.safety.alarms.handlers()[ALARM]

    await handler({"trip": trip.id, "round": 0, "stage": int(first)})
    await runners_of(rescue.services, rescue.clock)[0].run_due()

    assert (len(await written(rescue)), await stage(rescue)) == (1, AlarmStage.DESK)


async def test_an_extension_begins_the_clock_anew(rescue: Rescue) -> None:
    trip = await planned(rescue)
    await hours_go_by(rescue, 7.5)

    later = DUE + timedelta(hours=5)
    extended = await rescue.services.safety.trips.extend(rescue.caller, trip.id, later, new_key())
    await hours_go_by(rescue, 5)

    assert (extended.round, extended.stage) == (1, AlarmStage.NOBODY)
    assert (await stage(rescue), await written(rescue)) == (AlarmStage.TREKKER, [])


async def test_the_desk_sees_the_overdue_with_their_last_place(rescue: Rescue) -> None:
    trip = await planned(rescue)
    trips = rescue.services.safety.trips
    await trips.check_in(rescue.caller, trip.id, a_point(position=FANSIPAN), new_key())
    assert await trips.overdue(rescue.responder, "rescue") == []

    await hours_go_by(rescue, 10)

    ((overdue, track),) = await trips.overdue(rescue.responder, "rescue")
    assert (overdue.id, [point.position for point in track]) == (trip.id, [FANSIPAN])


async def test_without_sms_left_the_desk_is_told_at_once(rescue: Rescue, store: Store) -> None:
    await planned(rescue)
    caps = SendCaps(store, rescue.services.sealer, abroad_per_day=99, in_all_per_day=99)
    for _ in range(20):
        await caps.count_notice(Address(Channel.SMS, "+84912345678"), DUE)

    await hours_go_by(rescue, 9)

    assert (await stage(rescue), await written(rescue)) == (AlarmStage.DESK, [])


async def test_a_warning_on_the_way_is_told_once(rescue: Rescue, door: Door, store: Store) -> None:
    trip = await planned(rescue)
    await door.accepts(alert())

    (danger,) = await rescue.services.safety.dangers.of(trip)
    await hours_go_by(rescue, 2)

    assert danger.bulletin.infos[0].event == "Lũ quét"
    told = await store[FAN_OUTS].find({"thread": {"$exists": True}})
    titles = [one["texts"] for one in told if {"key": "type", "value": "trip"} in one["data"]]
    assert len(titles) == 1


async def test_a_warning_between_two_typed_places_is_on_the_way(rescue: Rescue, door: Door) -> None:
    through = (Position(22.34, 103.70), Position(22.34, 103.95))
    trip = await planned(rescue, points=through)
    await door.accepts(alert())

    assert len(await rescue.services.safety.dangers.of(trip)) == 1


async def test_a_warning_elsewhere_is_not_on_the_way(rescue: Rescue, door: Door) -> None:
    trip = await planned(rescue, points=(Position(21.7050, 104.8700),))
    await door.accepts(alert())

    assert await rescue.services.safety.dangers.of(trip) == []


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"due_at": NOW + timedelta(minutes=29)}, InvalidDueTime),
        ({"due_at": DUE.replace(tzinfo=None)}, InvalidDueTime),
        ({"points": ()}, InvalidRoute),
        ({"points": (), "trail_id": "no-such-trail"}, InvalidRoute),
        ({"contacts": ()}, InvalidContacts),
        ({"contacts": (CONTACT, ("Lan", "+84912345678"))}, InvalidContacts),
        ({"contacts": (("Lan", "112"),)}, InvalidContacts),
        ({"contacts": (("Lan", "lan@example.com"),)}, InvalidContacts),
        ({"contacts_agreed": False}, ContactsNotAsked),
        ({"title": "Win at http://example.com"}, InvalidText),
        ({"called": "vay-nhanh.vn"}, InvalidText),
    ],
)
async def test_what_is_no_plan_is_refused(
    rescue: Rescue, store: Store, changes: dict[str, Any], refusal: type[SafetyProblem]
) -> None:
    with pytest.raises(refusal):
        await planned(rescue, **changes)

    assert await store[TRIPS].count({}) == 0


async def test_three_at_a_time_are_enough(rescue: Rescue) -> None:
    for _ in range(3):
        await planned(rescue)

    with pytest.raises(TooManyTrips):
        await planned(rescue)


async def test_a_stranger_is_told_what_is_told_of_none(rescue: Rescue) -> None:
    trip = await planned(rescue)

    with pytest.raises(TripNotFound):
        await rescue.services.safety.trips.close(rescue.stranger, trip.id)

    (kept,) = await rescue.services.safety.trips.of(rescue.caller)
    assert kept.state is TripState.OPEN


async def test_numbers_lie_sealed_and_are_forgotten_in_time(rescue: Rescue, store: Store) -> None:
    await planned(rescue)
    assert "912345678" not in str(await store[TRIPS].find({}))
    rescue.clock.now = DUE + timedelta(days=90)

    await runners_of(rescue.services, rescue.clock)[0].run_due()

    (document,) = await store[TRIPS].find({})
    assert (document["content"], document["trekker"], document["state"]) == (None, None, "closed")
