"""After a warning: the last answer of everybody counts, once."""

import asyncio

import pytest

from api.accounts.caller import Caller
from api.kit.geo import Position
from api.kit.store import Store
from api.safety.errors import AlertNotFound, NotInProvince
from api.safety.safe.muster import NewAnswer
from api.safety.safe.records import Muster, MusterAnswer, MusterCount
from api.safety.safe.repository import MUSTER_ANSWERS
from notifications.device_repository import DEVICES
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import BAC_HA, alert
from tests.safety.rescue import SA_PA, SA_PA_CODE, Rescue

SAFE, NEED_HELP = MusterAnswer.SAFE, MusterAnswer.NEED_HELP


@pytest.fixture
async def alert_id(door: Door, rescue: Rescue) -> str:
    await door.accepts(alert())
    page = await rescue.services.alerts.active(None, 1, None)
    return page.items[0].record.id


async def say(
    rescue: Rescue,
    alert_id: str,
    answer: MusterAnswer,
    who: Caller | None = None,
    position: Position = SA_PA,
) -> None:
    new = NewAnswer(alert_id, answer, position, "mái nhà sập")
    await rescue.services.safety.muster.answer(who or rescue.caller, None, new)


async def counts(rescue: Rescue, alert_id: str) -> tuple[MusterCount, ...]:
    muster = rescue.services.safety.muster
    return (await muster.counts(rescue.responder, "rescue", alert_id)).counts


async def test_the_last_answer_counts(rescue: Rescue, alert_id: str) -> None:
    for answer in (SAFE, NEED_HELP, NEED_HELP):
        await say(rescue, alert_id, answer)
    await say(rescue, alert_id, SAFE, rescue.stranger)

    assert await counts(rescue, alert_id) == (MusterCount(SA_PA_CODE, 1, 1),)


async def test_expected_are_the_people_whose_devices_took_the_warning(
    rescue: Rescue, door: Door, phones: Phones
) -> None:
    for name in ("one", "two", "three"):
        await phones.add(name)
    await phones.add("at home", None, homes=[SA_PA_CODE])
    await phones.add("elsewhere", BAC_HA)
    for name in ("one", "two"):
        await rescue.services.store[DEVICES].update_one(
            {"_id": name}, {"$set": {"person_id": rescue.caller.person()}}
        )
    await door.accepts(alert())
    await phones.deliver()
    page = await rescue.services.alerts.active(None, 1, None)
    muster = rescue.services.safety.muster

    found = await muster.counts(rescue.responder, "rescue", page.items[0].record.id)

    assert found == Muster(4, (MusterCount(SA_PA_CODE, 0, 0, expected=3),))


async def test_whoever_moves_is_counted_where_they_are(rescue: Rescue, alert_id: str) -> None:
    await say(rescue, alert_id, SAFE)
    await say(rescue, alert_id, SAFE, position=BAC_HA)

    assert sum(one.safe for one in await counts(rescue, alert_id)) == 1


async def test_answers_at_once_are_counted_once_each(rescue: Rescue, alert_id: str) -> None:
    people = (rescue.caller, rescue.stranger, rescue.responder)
    answers = [(who, answer) for who in people for answer in (SAFE, NEED_HELP) * 5]

    await asyncio.gather(*(say(rescue, alert_id, answer, who) for who, answer in answers))

    (count,) = await counts(rescue, alert_id)
    assert count.safe + count.need_help == len(people)


async def test_of_the_safe_no_place_is_kept(rescue: Rescue, alert_id: str, store: Store) -> None:
    await say(rescue, alert_id, NEED_HELP)
    muster = rescue.services.safety.muster
    (need,) = await muster.needing_help(rescue.responder, "rescue", alert_id)
    assert (need.position, need.note) == (SA_PA, "mái nhà sập")

    await say(rescue, alert_id, SAFE)

    assert await muster.needing_help(rescue.responder, "rescue", alert_id) == []
    assert "mái" not in str(await store[MUSTER_ANSWERS].find({}))


async def test_what_cannot_be_counted_is_refused(
    rescue: Rescue, alert_id: str, store: Store
) -> None:
    with pytest.raises(AlertNotFound):
        await say(rescue, "no-such-warning", SAFE)
    with pytest.raises(NotInProvince):
        await say(rescue, alert_id, SAFE, position=Position(21.0285, 105.8542))

    assert await store[MUSTER_ANSWERS].count({}) == 0
