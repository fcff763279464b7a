"""What suddenly many people write of is told once, and again only after it was quiet."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
import pytest

from api.context import Services
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.channels.records import Topic
from api.feedback.channels.watch.baseline import (
    DAYS,
    expected,
    is_quiet,
    is_spike,
    poisson_tail,
)
from api.feedback.channels.watch.spike_repository import CHANNEL_SPIKES, Spike
from api.feedback.channels.watch.spikes import EVERY, LOOK, QUIET_LOOKS
from api.kit.jobs import JOBS
from notifications.fan_outs import FAN_OUTS
from tests.accounts.families import caller_of
from tests.conftest import MovableClock
from tests.feedback.channels.office import Office, an_office
from tests.feedback.reporting import a_clerk

NOTHING = (0,) * DAYS
FEW = (1, 0, 2, 1, 1, 0, 1, 2, 1, 0, 1, 1, 2, 1)
MANY = (20, 18, 22, 21, 19, 20, 23, 17, 20, 21, 19, 22, 18, 20)
WILD = (2, 40, 5, 30, 1, 25, 9, 38, 3, 28, 12, 33, 4, 20)
ONE_LOUD_DAY = (1, 0, 2, 1, 90, 0, 1, 2, 1, 0, 1, 1, 2, 1)


@pytest.mark.parametrize(
    ("count", "history", "spike"),
    [
        (5, NOTHING, False),
        (6, NOTHING, True),
        (5, FEW, False),
        (6, FEW, True),
        (6, ONE_LOUD_DAY, True),
        (20, MANY, False),
        (30, MANY, False),
        (36, MANY, True),
        (40, WILD, False),
        (75, WILD, True),
        (6, (), True),
    ],
)
def test_a_spike_is_more_than_chance(count: int, history: Sequence[int], spike: bool) -> None:
    assert is_spike(count, history) is spike


@pytest.mark.parametrize(
    ("count", "history", "quiet"),
    [
        (0, NOTHING, True),
        (2, NOTHING, True),
        (4, NOTHING, False),
        (20, MANY, True),
        (27, MANY, True),
        (30, MANY, False),
    ],
)
def test_quiet_is_a_lower_bar(count: int, history: Sequence[int], quiet: bool) -> None:
    assert is_quiet(count, history) is quiet


def test_no_count_is_a_spike_and_quiet() -> None:
    histories = (NOTHING, FEW, MANY, WILD, ONE_LOUD_DAY)

    assert not [
        (count, history)
        for history in histories
        for count in range(200)
        if is_spike(count, history) and is_quiet(count, history)
    ]


def test_of_what_is_always_much_spoken_of_there_are_spikes_too() -> None:
    """exp(-746) is 0: whoever multiplies on from there finds every count usual."""
    history = (800,) * DAYS

    assert (is_spike(3_000, history), is_quiet(3_000, history)) == (True, False)
    assert (is_spike(820, history), is_quiet(820, history)) == (False, True)


def test_what_is_usual_does_not_follow_one_loud_day() -> None:
    assert (expected(FEW), expected(ONE_LOUD_DAY), expected(NOTHING)) == (1.0, 1.0, 0.5)


@pytest.mark.parametrize(
    ("count", "mean", "tail"),
    [(0, 3.0, 1.0), (1, 1.0, 0.632121), (3, 0.5, 0.014388), (10, 4.0, 0.008132)],
)
def test_tails_are_poisson_s(count: int, mean: float, tail: float) -> None:
    assert poisson_tail(count, mean) == pytest.approx(tail, abs=1e-6)


@pytest.fixture
async def told_office(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> Office:
    """An office whose clerk has an account, and is told."""
    person = await a_clerk(client, services, PROVINCE_OFFICE)
    return await an_office(services, clock, await caller_of(services, person))


async def written(office: Office, number: int, text: str = "Đường ngập rồi, đoạn {}.") -> None:
    """Let so many items come that share no more than their topic."""
    for _ in range(number):
        await office.took(text.format(next(office.numbers)))


async def spikes(office: Office) -> list[Spike]:
    watch = office.services.feedback.channels.watch
    return list((await watch.spikes(office.clerk, 100, None)).items)


async def look(office: Office, times: int = 1) -> None:
    """Let so many looks go by."""
    for _ in range(times):
        office.wait(seconds=EVERY.total_seconds())
        await office.run_jobs()


async def told(office: Office) -> list[str]:
    """Return the titles that clerks were told, in English."""
    found = await office.services.store[FAN_OUTS].find({})
    return [text["title"] for one in found for text in one["texts"] if text["language"] == "en"]


async def test_a_spike_is_told_once(told_office: Office) -> None:
    await written(told_office, 8)

    await look(told_office, 3)

    (spike,) = await spikes(told_office)
    assert (spike.topic, spike.issue_id, spike.count, spike.usual) == (
        Topic.FLOODING,
        None,
        8,
        0.5,
    )
    assert await told(told_office) == ["Many write about: Flooding"]


async def test_few_items_are_none(told_office: Office) -> None:
    await written(told_office, 5)

    await look(told_office)

    assert await spikes(told_office) == []
    assert await told(told_office) == []


async def test_what_is_usual_at_the_hour_is_none(office: Office) -> None:
    now = office.clock()
    for day in range(1, DAYS + 1):
        for number in range(8):
            at = now - timedelta(days=day) + timedelta(minutes=number)
            await office.took(f"Đường ngập rồi, đoạn {day} {number}.", at=at)
    await written(office, 9)

    await look(office)

    assert await spikes(office) == []


async def test_an_issue_has_a_spike_of_its_own_with_its_place(told_office: Office) -> None:
    await written(told_office, 7, "Đường ngập rồi ở Sa Pa, đoạn {}.")

    await look(told_office)

    (issue,) = await told_office.issues()
    assert {one.issue_id for one in await spikes(told_office)} == {None, issue.id}
    assert sorted(await told(told_office)) == [
        "Many write about: Flooding",
        "Many write about: Flooding (Sa Pa Ward)",
    ]


async def test_a_dismissed_issue_is_quiet(office: Office) -> None:
    await written(office, 7, "Đường ngập rồi ở Sa Pa, đoạn {}.")
    (issue,) = await office.issues()
    await office.services.feedback.channels.acting.dismiss(office.clerk, issue.id)

    await look(office)

    assert [one.issue_id for one in await spikes(office)] == [None]


async def test_a_spike_ends_after_quiet_looks_in_a_row(office: Office) -> None:
    await written(office, 8)
    await look(office)
    office.wait(minutes=55)

    ended: list[datetime | None] = []
    for _ in range(QUIET_LOOKS):
        await look(office)
        (spike,) = await spikes(office)
        ended.append(spike.ended_at)

    assert ended == [None, None, office.clock()]


async def test_a_loud_look_between_begins_the_count_anew(office: Office) -> None:
    await written(office, 8)
    await look(office)
    office.wait(minutes=55)
    await look(office, QUIET_LOOKS - 1)

    await written(office, 8)
    await look(office)

    (spike,) = await spikes(office)
    assert (spike.quiet, spike.ended_at) == (0, None)


async def test_after_its_end_there_is_another(told_office: Office) -> None:
    await written(told_office, 8)
    await look(told_office)
    told_office.wait(minutes=55)
    await look(told_office, QUIET_LOOKS)

    await written(told_office, 9)
    await look(told_office)

    assert [one.count for one in await spikes(told_office)] == [9, 8]
    assert len(await told(told_office)) == 2


async def two_looks_at_once(office: Office) -> tuple[int, int]:
    """Return how many spikes there are, and how many notices."""
    await written(office, 8)
    handler = office.services.feedback.channels.spikes.handlers()[LOOK]
    await asyncio.gather(handler({}), handler({}))
    return len(await spikes(office)), len(await told(office))


async def test_of_two_looks_at_once_one_tells(told_office: Office) -> None:
    assert await two_looks_at_once(told_office) == (1, 1)


async def test_a_look_that_fails_ends_no_chain(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("killed")

    spikes_of_the_office = office.services.feedback.channels.spikes
    monkeypatch.setattr(spikes_of_the_office, "_loud_issues", fail)
    await look(office)

    due = await office.services.store[JOBS].find({"kind": LOOK, "state": "open"})
    assert max(job["due_at"] for job in due) > office.clock()


async def test_looks_that_were_missed_are_not_made_up_for(office: Office) -> None:
    office.wait(hours=30)

    await office.run_jobs()

    assert await office.services.store[JOBS].count({"kind": LOOK}) == 2


async def test_a_spike_open_twice_is_refused_by_the_store(office: Office) -> None:
    await written(office, 8)
    await look(office)

    assert await office.services.store[CHANNEL_SPIKES].count({"is_open": True}) == 1
