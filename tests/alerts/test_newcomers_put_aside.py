"""What stays broken does not make looks reach further back; it is met once it is whole again."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from api.alerts.stays.expected import ExpectedGuests
from api.kit.area import Area
from api.kit.store import Document
from notifications import meeting as meeting_module
from notifications.device_index import SETTLING_TIME
from notifications.device_repository import DEVICES, ChangedDevices, DeviceRepository
from notifications.fan_outs import FAN_OUTS, Behind, FanOuts
from notifications.meeting import Meeting
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import BAC_HA, SA_PA
from tests.alerts.test_newcomers import comes, titles, warned
from tests.alerts.test_newcomers_in_spite_of_errors import (
    SLIDE,
    cannot_be_judged,
    cannot_be_read,
)

Change = Callable[[Phones, str], Awaitable[Any]]
breaking = pytest.mark.parametrize("breaks", [cannot_be_read, cannot_be_judged])


async def mends(phones: Phones, name: str) -> None:
    """Let a device be whole again, without any change of its own."""
    sound = {"platform": "android", "cell": await cell_of_sa_pa(phones)}
    await phones.store[DEVICES].update_one({"_id": name}, {"$set": sound})


async def cell_of_sa_pa(phones: Phones) -> str:
    await comes(phones, "measure", SA_PA)
    document = await phones.store[DEVICES].get("measure")
    assert document is not None
    cell: str = document["cell"]
    return cell


async def noted(phones: Phones) -> Document:
    """Return how far the looks for newcomers of the only warning have come."""
    found = await phones.store[FAN_OUTS].find({"devices": 0}, sort=[("began_at", 1)])
    return found[0]


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Return the moments from which looks read what changed."""
    moments: list[datetime] = []
    changes_since = DeviceRepository.changes_since

    async def seen(
        self: DeviceRepository, moment: datetime, after: tuple[datetime, str] | None, limit: int
    ) -> ChangedDevices:
        if after is None:
            moments.append(moment)
        return await changes_since(self, moment, after, limit)

    monkeypatch.setattr(DeviceRepository, "changes_since", seen)
    return moments


@breaking
async def test_looks_begin_where_the_last_one_ended_whatever_device_stays_broken(
    door: Door, phones: Phones, begun: list[datetime], breaks: Change
) -> None:
    await warned(door, phones)
    await comes(phones, "broken", SA_PA)
    await breaks(phones, "broken")
    begun.clear()

    looks: list[datetime] = []
    for number in range(4):
        await titles(phones, "broken")
        looks.append(phones.clock())
        await comes(phones, f"traveller-{number}", SA_PA)
    told = [await titles(phones, f"traveller-{number}") for number in range(4)]

    assert begun[1:4] == [one - SETTLING_TIME for one in looks[:3]]
    assert told == [["Lũ quét"]] * 4
    assert (await noted(phones))["aside"] == ["broken"]
    assert (await noted(phones))["behind"] is None


@breaking
async def test_a_device_that_is_whole_again_is_met_once(
    door: Door, phones: Phones, breaks: Change
) -> None:
    await warned(door, phones)
    await comes(phones, "broken", SA_PA)
    await breaks(phones, "broken")
    meanwhile = [await titles(phones, "broken", seconds=600) for _ in range(3)]

    await mends(phones, "broken")
    told = await titles(phones, "broken")

    assert (meanwhile, told) == ([[], [], []], ["Lũ quét"])
    assert await titles(phones, "broken") == ["Lũ quét"]
    assert (await noted(phones))["aside"] == []


async def test_control_where_nobody_is_put_aside_it_is_not_met(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(_: Meeting) -> list[str]:
        return []

    def nothing(_: Meeting) -> None: ...

    monkeypatch.setattr(Meeting, "aside", nobody)
    monkeypatch.setattr(Meeting, "behind", nothing)
    await warned(door, phones)
    await comes(phones, "broken", SA_PA)
    await cannot_be_judged(phones, "broken")
    await titles(phones, "broken", seconds=600)

    await mends(phones, "broken")

    assert await titles(phones, "broken") == []


async def test_a_device_that_is_whole_again_elsewhere_or_gone_is_left_alone(
    door: Door, phones: Phones
) -> None:
    await warned(door, phones)
    for name in ("elsewhere", "gone"):
        await comes(phones, name, SA_PA)
        await cannot_be_judged(phones, name)
    await titles(phones, "gone")
    before = (await noted(phones))["aside"]

    await comes(phones, "elsewhere", BAC_HA)
    await phones.store[DEVICES].delete_one({"_id": "gone"})

    assert before == ["elsewhere", "gone"]
    assert await titles(phones, "elsewhere") == await titles(phones, "gone") == []
    assert (await noted(phones))["aside"] == []


async def test_another_process_tries_those_again_that_a_killed_one_put_aside(
    door: Door, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await warned(door, phones)
    await comes(phones, "broken", SA_PA)
    await cannot_be_judged(phones, "broken")

    async def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(FanOuts, "note_look", killed)
        with pytest.raises(KeyboardInterrupt):
            await titles(phones, "broken")
    await mends(phones, "broken")

    assert await titles(phones, "broken", seconds=600) == ["Lũ quét"]


async def test_a_look_that_another_overtook_notes_nothing(door: Door, phones: Phones) -> None:
    await warned(door, phones)
    fan_outs, now = FanOuts(phones.store), phones.clock()
    seen = await fan_outs.get((await noted(phones))["_id"])
    assert seen is not None

    await fan_outs.note_look(seen, now + timedelta(seconds=20), ["broken"], None)
    await fan_outs.note_look(seen, now + timedelta(seconds=10), [], Behind(now, now, 1))

    kept = await noted(phones)
    assert (kept["met_to"], kept["aside"], kept["behind"]) == (
        now + timedelta(seconds=20),
        ["broken"],
        None,
    )


async def test_more_than_can_be_put_aside_are_found_by_looking_back(
    door: Door, phones: Phones, begun: list[datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting_module, "ASIDE_AT_MOST", 2)
    await warned(door, phones)
    names = [f"broken-{number}" for number in range(5)]
    for name in names:
        await comes(phones, name, SA_PA)
        await cannot_be_judged(phones, name)
    await titles(phones, "nobody")
    aside, first = (await noted(phones))["aside"], begun[-1]

    begun.clear()
    for number in range(30):
        await comes(phones, f"traveller-{number}", SA_PA)
        assert await titles(phones, f"traveller-{number}") == ["Lũ quét"]
    looked_back = [begun.index(one, at) for at, one in enumerate(begun) if one == first]
    for name in names:
        await mends(phones, name)
    told = [await titles(phones, name, seconds=600) for name in names]

    assert aside == names[:2]
    # Every 30 s a look; it looks back after 30 s, then after 40 s, 80 s, 160 s, 320 s.
    assert looked_back == [0, 2, 5, 11, 22]
    assert told == [["Lũ quét"]] * 5
    assert (await noted(phones))["behind"] is None


async def broken_for_a_while(
    phones: Phones,
    monkeypatch: pytest.MonkeyPatch,
    where: type,
    what: str,
    breaks: Any,  # noqa: ANN401
) -> list[str]:
    """Let something be broken for an hour, in which somebody comes; return what they got by then."""
    with monkeypatch.context() as patched:
        patched.setattr(where, what, breaks)
        await comes(phones, "traveller", SA_PA)
        return [await titles(phones, "traveller") for _ in range(120)][-1]


async def no_answer(*_: Any) -> AsyncGenerator[str]:  # noqa: ANN401
    raise ArithmeticError
    yield


def no_verdict(*_: object) -> bool:
    raise ArithmeticError


@pytest.mark.parametrize(
    ("where", "what", "breaks", "meanwhile"),
    [
        (Area, "touches_cell", no_verdict, []),
        (ExpectedGuests, "persons_in", no_answer, ["Lũ quét"]),
    ],
    ids=["an area", "a source"],
)
async def test_an_area_or_a_source_that_stays_broken_is_looked_back_for_more_and_more_seldom(
    door: Door,
    phones: Phones,
    monkeypatch: pytest.MonkeyPatch,
    begun: list[datetime],
    where: type,
    what: str,
    breaks: Any,  # noqa: ANN401
    meanwhile: Sequence[str],
) -> None:
    monkeypatch.setattr(meeting_module, "ASIDE_AT_MOST", 0)
    await warned(door, phones)
    start = (await noted(phones))["met_to"] - SETTLING_TIME
    begun.clear()

    got = await broken_for_a_while(phones, monkeypatch, where, what, breaks)
    end = (await noted(phones))["met_to"]
    looks = list(begun)
    later = await titles(phones, "traveller", seconds=600)

    assert got == meanwhile
    assert (len(looks), looks.count(start)) == (120, 10)
    assert end == phones.clock() - timedelta(seconds=600)
    assert later == ["Lũ quét"]
    assert (await noted(phones))["behind"] is None


async def test_looking_back_tells_nobody_twice(door: Door, phones: Phones) -> None:
    await warned(door, phones)
    await warned(door, phones, SLIDE)
    await comes(phones, "traveller", SA_PA)
    told = sorted(await titles(phones, "traveller"))
    (first, *_) = await phones.store[FAN_OUTS].find({"devices": 0}, sort=[("began_at", 1)])
    back = {"since": first["began_at"], "again_at": phones.clock(), "tries": 1}
    await phones.store[FAN_OUTS].update_one({"_id": first["_id"]}, {"$set": {"behind": back}})

    again = sorted(await titles(phones, "traveller"))

    assert told == again == ["Lũ quét", "Sạt lở"]


@pytest.mark.parametrize(
    ("seconds", "is_due"), [(-1, True), (0, True), (1, False), (600, False), (601, True)]
)
def test_a_moment_that_a_clock_ahead_of_the_others_said_is_not_waited_for(
    clock: Callable[[], datetime], seconds: int, is_due: bool
) -> None:
    now = clock()

    assert Behind(now, now + timedelta(seconds=seconds), 1).is_due(now) is is_due


async def test_a_look_back_begins_no_later_than_what_was_set_back(
    door: Door, phones: Phones
) -> None:
    await warned(door, phones)
    await comes(phones, "traveller", SA_PA)
    now = phones.clock()
    ahead = {
        "met_to": now + timedelta(hours=1),
        "behind": {"since": now + timedelta(minutes=30), "again_at": now, "tries": 1},
    }
    await phones.store[FAN_OUTS].update_many({"devices": 0}, {"$set": ahead})

    assert await titles(phones, "traveller") == ["Lũ quét"]
