"""What came in a day, told at seven, once however often whoever tells it is killed."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.context import Services
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.channels.watch.digest_repository import CHANNEL_DIGESTS, Digest
from api.feedback.channels.watch.digesting import DIGEST
from api.kit.jobs import JOBS
from api.kit.store.sqlite import SqliteCollection
from notifications.fan_outs import FAN_OUTS
from tests.accounts.families import caller_of
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.feedback.channels.feed_server import a_feed
from tests.feedback.channels.office import BAC_HA, SA_PA, STORIES, Office, an_office
from tests.feedback.reporting import a_clerk

MORNING = datetime(2026, 5, 2, 0, tzinfo=UTC)
"""Seven o'clock in Vietnam on 2 May."""


@pytest.fixture
async def told_office(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> Office:
    """An office with two clerks, on the morning of 1 May after seven."""
    clock.now = MORNING - timedelta(hours=20)
    person = await a_clerk(client, services, PROVINCE_OFFICE)
    await a_clerk(client, services, PROVINCE_OFFICE, "colleague")
    await a_clerk(client, services, "environment")
    return await an_office(services, clock, await caller_of(services, person))


async def digests(office: Office) -> list[Digest]:
    watch = office.services.feedback.channels.watch
    return list((await watch.digests(office.clerk, 100, None)).items)


async def told(office: Office) -> list[dict[str, str]]:
    """Return what each clerk was told in English."""
    found = await office.services.store[FAN_OUTS].find({})
    return [
        {"title": text["title"], "body": text["body"]}
        for one in found
        if {"key": "type", "value": "channelDigest"} in one["data"]
        for text in one["texts"]
        if text["language"] == "en"
    ]


async def a_day(office: Office) -> None:
    """Let a day's items come, and one more after seven."""
    for story in STORIES:
        await office.took(story)
    await office.took("Đường ngập ở Bắc Hà, khổ quá.")
    await office.took("今天去沙坝，风景很好。")


async def test_a_digest_counts_what_came_until_seven(told_office: Office) -> None:
    await a_day(told_office)
    told_office.clock.now = MORNING
    await told_office.took("Rác nữa ở Sa Pa.")

    await told_office.run_jobs()

    (digest,) = await digests(told_office)
    assert (digest.day, digest.since, digest.until, digest.items) == (
        date(2026, 5, 2),
        MORNING - timedelta(days=1),
        MORNING,
        4,
    )
    assert digest.topics == (("waste", 2), ("flooding", 1), ("other", 1))
    assert digest.places == ((SA_PA, 2), (BAC_HA, 1))
    assert digest.moods == (("negative", 3), ("unknown", 1))
    assert [count for _, count in digest.issues] == [2, 1, 1]


async def test_the_clerks_of_the_office_are_told_and_no_other(told_office: Office) -> None:
    await a_day(told_office)
    told_office.clock.now = MORNING

    await told_office.run_jobs()

    assert (
        await told(told_office)
        == [
            {
                "title": "What was written about the province",
                "body": "Posts and press items since yesterday morning: 4. Read them at the desk.",
            }
        ]
        * 2
    )


async def test_nobody_is_told_of_nothing(told_office: Office) -> None:
    told_office.clock.now = MORNING

    await told_office.run_jobs()

    assert [one.items for one in await digests(told_office)] == [0]
    assert await told(told_office) == []


async def test_a_source_that_has_not_answered_for_a_day_is_told(told_office: Office) -> None:
    async with a_feed() as feed:
        feed.status = 500
        sources = told_office.services.feedback.channels.sources
        source = await sources.add_feed(told_office.clerk, "Báo", feed.url, new_key())
        await told_office.run_jobs()
    told_office.clock.now = MORNING + timedelta(hours=24)

    await told_office.run_jobs()

    assert (await digests(told_office))[0].failing == (source.id,)
    assert (await told(told_office))[-1]["body"].endswith("Sources without an answer for a day: 1.")


async def test_each_morning_has_its_own(told_office: Office) -> None:
    for days in range(3):
        told_office.clock.now = MORNING + timedelta(days=days)
        await told_office.run_jobs()

    assert [one.day.day for one in await digests(told_office)] == [4, 3, 2]


async def test_mornings_without_a_worker_are_made_up_for_in_silence(told_office: Office) -> None:
    await a_day(told_office)
    told_office.clock.now = MORNING + timedelta(days=2, hours=1)

    await told_office.run_jobs()

    assert [one.items for one in await digests(told_office)] == [0, 0, 4]


class Killed(BaseException):
    """Nobody catches it, as nobody catches kill -9."""


class Death:
    """Comes at the n-th write of a process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
        self.left = at
        for name in ("insert", "update_one", "upsert"):
            self._wrap(monkeypatch, name)

    def _wrap(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        write = getattr(SqliteCollection, name)

        async def deadly(collection: SqliteCollection, *given: Any, **named: Any) -> Any:  # noqa: ANN401
            self.left -= 1
            if self.left == 0:
                raise Killed
            return await write(collection, *given, **named)

        monkeypatch.setattr(SqliteCollection, name, deadly)


def deaths() -> Iterator[int]:
    yield from range(1, 40)


async def test_however_often_it_is_killed_there_is_one(
    told_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_day(told_office)
    told_office.clock.now = MORNING
    handler = told_office.services.feedback.channels.digesting.handlers()[DIGEST]
    died = 0
    for at in deaths():
        with monkeypatch.context() as patched:
            Death(patched, at)
            try:
                await handler({"until": MORNING})
            except Killed:
                died += 1
                # Nothing of it is left, or all.
                made = await told_office.services.store[CHANNEL_DIGESTS].count({})
                assert (made, len(await told(told_office))) in ((0, 0), (1, 2))
                continue
        break

    await handler({"until": MORNING})

    assert died >= 4
    assert [one.items for one in await digests(told_office)] == [4]
    assert len(await told(told_office)) == 2
    nexts = await told_office.services.store[JOBS].find({"kind": DIGEST})
    assert sorted(job["due_at"] for job in nexts) == [MORNING, MORNING + timedelta(days=1)]
