"""Feeds, asked again and again: what is new comes in once, and what fails is asked less often."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from api.feedback.channels.intake.feed import BYTES_AT_MOST
from api.feedback.channels.intake.polling import EVERY, LONGEST_PAUSE, POLL, pause_after
from api.feedback.channels.records import NewItem, Source
from api.kit.endpoints import EndpointFailed, Endpoints
from api.kit.jobs import JOBS
from api.kit.store import StoreUnavailable
from api.worker import runners_of
from tests.accounts.people import new_key
from tests.feedback.channels.feed_server import a_feed, an_item, rss
from tests.feedback.channels.office import Office


async def added(office: Office, url: str) -> Source:
    sources = office.services.feedback.channels.sources
    return await sources.add_feed(office.clerk, "Báo", url, new_key())


async def now(office: Office, source: Source) -> Source:
    found = await office.services.feedback.channels.source_names.get(source.id)
    assert found is not None
    return found


async def next_poll(office: Office) -> dict[str, Any]:
    (job,) = await office.services.store[JOBS].find({"kind": POLL, "state": "open"})
    return job


async def test_what_is_new_comes_in_once(office: Office) -> None:
    async with a_feed() as feed:
        feed.body = rss(an_item(2, "Đường ngập ở Bắc Hà."), an_item(1))
        await added(office, feed.url)
        await office.run_jobs()
        office.wait(minutes=17)
        feed.body = rss(an_item(3, "Mất điện ở Bát Xát."), an_item(2, "Đường ngập ở Bắc Hà."))
        await office.run_jobs()

    assert len(feed.asked) == 2
    assert await office.items() == 3


async def test_the_next_poll_is_a_quarter_of_an_hour_later(office: Office) -> None:
    async with a_feed() as feed:
        feed.body = rss(an_item())
        source = await added(office, feed.url)
        await office.run_jobs()

    pause = (await next_poll(office))["due_at"] - office.clock()
    assert EVERY * 0.9 <= pause <= EVERY * 1.1
    polled = await now(office, source)
    assert (polled.heard_at, polled.failing_since) == (office.clock(), None)


async def test_what_did_not_change_is_not_sent_again(office: Office) -> None:
    async with a_feed() as feed:
        feed.body = rss(an_item())
        feed.headers = {"etag": '"abc"', "last-modified": "Fri, 01 May 2026 02:00:00 GMT"}
        source = await added(office, feed.url)
        await office.run_jobs()
        feed.status, feed.body, feed.headers = 304, b"", {}
        office.wait(minutes=17)
        await office.run_jobs()
        office.wait(minutes=17)
        await office.run_jobs()

    first, *others = feed.asked
    assert "if-none-match" not in first
    assert [one["if-none-match"] for one in others] == ['"abc"'] * 2
    assert [one["if-modified-since"] for one in others] == ["Fri, 01 May 2026 02:00:00 GMT"] * 2
    assert (await now(office, source)).failing_since is None


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (500, b"", "status 500"),
        (200, b"<html/>", "no feed"),
        (200, b"<!DOCTYPE a [<!ENTITY b 'c'>]><rss/>", "document type"),
        (200, rss(), None),
    ],
)
async def test_a_failure_is_kept_and_the_rest_goes_on(
    office: Office, status: int, body: bytes, failure: str | None
) -> None:
    async with a_feed() as feed:
        feed.status, feed.body = status, body
        source = await added(office, feed.url)
        await office.run_jobs()

    assert (await now(office, source)).failure == failure
    assert (await next_poll(office))["due_at"] > office.clock()
    assert await office.items() == 0


@pytest.fixture
def poisoned(office: Office, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the titles whose items fail with what nobody foresaw."""
    taking_in, titles = office.services.feedback.channels.taking_in, set[str]()
    take = taking_in.take

    async def fail(source_id: str, raw: NewItem) -> bool:
        if raw.title in titles:
            raise ZeroDivisionError
        return await take(source_id, raw)

    monkeypatch.setattr(taking_in, "take", fail)
    return titles


async def test_what_nobody_foresaw_ends_no_chain(office: Office, poisoned: set[str]) -> None:
    poisoned.add("Tin xấu")
    async with a_feed() as feed:
        feed.body, feed.headers = rss(an_item(1, "Tin xấu")), {"etag": '"abc"'}
        source = await added(office, feed.url)
        for _ in range(2):
            await office.run_jobs()
            office.wait(hours=1)
        failing = await now(office, source)
        poisoned.clear()
        await office.run_jobs()

    assert (failing.failure, failing.failures, failing.polls) == ("ZeroDivisionError", 2, 2)
    assert len(feed.asked) == 3
    assert "if-none-match" not in feed.asked[-1]
    assert (await now(office, source)).failure is None
    assert await office.items() == 1


async def test_what_nobody_foresaw_holds_no_other_item_back(
    office: Office, poisoned: set[str]
) -> None:
    poisoned.add("Tin xấu")
    async with a_feed() as feed:
        feed.body = rss(an_item(3), an_item(2, "Tin xấu"), an_item(1, "Mất điện ở Bát Xát."))
        await added(office, feed.url)
        await office.run_jobs()

    assert await office.items() == 2


async def test_a_store_that_is_gone_is_no_failure_of_a_feed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_source_id: str, _raw: NewItem) -> bool:
        raise StoreUnavailable

    monkeypatch.setattr(office.services.feedback.channels.taking_in, "take", fail)
    async with a_feed() as feed:
        feed.body = rss(an_item())
        source = await added(office, feed.url)
        await office.run_jobs()

    assert (await now(office, source)).failures == 0
    assert (await next_poll(office))["last_error"] == "StoreUnavailable"


async def test_a_source_that_failed_for_a_day_is_shown_until_it_answers(office: Office) -> None:
    sources = office.services.feedback.channels.sources
    async with a_feed() as feed:
        feed.status = 503
        source = await added(office, feed.url)
        began = office.clock()
        shown: list[bool] = []
        for _ in range(5):
            await office.run_jobs()
            shown.append(sources.is_failing(await now(office, source)))
            office.wait(hours=6)
        assert (await now(office, source)).failing_since == began
        assert shown == [False, False, False, False, True]
        feed.status, feed.body = 200, rss(an_item())
        await office.run_jobs()

    assert not sources.is_failing(await now(office, source))
    assert await office.items() == 1


@pytest.mark.parametrize(
    ("failures", "longest"), [(1, 15), (2, 30), (3, 60), (4, 120), (5, 240), (6, 360), (500, 360)]
)
def test_pauses_double_up_to_six_hours(failures: int, longest: int) -> None:
    pauses = [pause_after(failures) for _ in range(50)]

    assert max(pauses) <= timedelta(minutes=longest) <= LONGEST_PAUSE
    assert min(pauses) >= timedelta(minutes=longest / 2)
    assert len(set(pauses)) > 1


async def test_a_feed_of_fifty_megabytes_is_let_go(office: Office) -> None:
    async with a_feed() as feed:
        feed.body, feed.endless = b"<rss>", True
        source = await added(office, feed.url)
        await office.run_jobs()

    assert (await now(office, source)).failure == "too long"
    assert feed.sent < 8 * BYTES_AT_MOST


@pytest.mark.parametrize("headers", [{"content-length": "52428800"}, {"content-encoding": "gzip"}])
async def test_what_announces_too_much_is_not_read(office: Office, headers: dict[str, str]) -> None:
    async with a_feed() as feed:
        feed.body, feed.headers = rss(an_item()), headers
        source = await added(office, feed.url)
        await office.run_jobs()

    assert (await now(office, source)).failure in ("too long", "packed")
    assert await office.items() == 0


async def test_whoever_drips_bytes_is_let_go() -> None:
    endpoints = Endpoints(loopback=True, seconds=0.3)
    async with a_feed() as feed:
        feed.body, feed.drip_seconds = rss(an_item()), 0.02

        with pytest.raises(EndpointFailed, match="TimeoutError"):
            await endpoints.get(feed.url, {}, bytes_at_most=BYTES_AT_MOST)


async def test_a_redirect_is_followed(office: Office) -> None:
    async with a_feed() as feed, a_feed() as old:
        feed.body = rss(an_item())
        old.status, old.headers = 301, {"location": feed.url, "content-length": "0"}
        await added(office, old.url)
        await office.run_jobs()

    assert (len(old.asked), await office.items()) == (1, 1)


async def test_a_paused_source_is_asked_no_more_until_it_is_resumed(office: Office) -> None:
    sources = office.services.feedback.channels.sources
    async with a_feed() as feed:
        feed.body = rss(an_item())
        source = await added(office, feed.url)
        await sources.pause(office.clerk, source.id)
        await office.run_jobs()
        assert feed.asked == []
        await sources.resume(office.clerk, source.id)
        await sources.resume(office.clerk, source.id)
        await office.run_jobs()

    assert len(feed.asked) == 1


async def test_polls_are_asked_in_lanes_where_nothing_else_waits(office: Office) -> None:
    others, media, systems, *_ = runners_of(office.services, office.clock)
    asked: list[int] = []
    async with a_feed() as feed:
        feed.body = rss(an_item())
        await added(office, feed.url)
        for runner in (others, media, systems):
            await runner.run_due()
            asked.append(len(feed.asked))

    assert asked == [0, 0, 1]


async def test_two_workers_with_one_poll_take_everything_once(office: Office) -> None:
    async with a_feed() as feed:
        feed.body = rss(*(an_item(number, f"Tin số {number}") for number in range(5)))
        source = await added(office, feed.url)
        payload = {"source": source.id, "chain": source.chain, "polls": 0}
        poll = office.services.feedback.channels.polling.poll

        await asyncio.gather(poll(payload), poll(payload))

    assert await office.items() == 5
    assert (await now(office, source)).polls == 1
    jobs = await office.services.store[JOBS].find({"kind": POLL})
    assert sorted(job["payload"]["polls"] for job in jobs) == [0, 1]


async def test_who_wrote_an_item_is_kept_nowhere(office: Office) -> None:
    async with a_feed() as feed:
        feed.body = rss(an_item(1, "@canary_account viết: canary.author@example.com 0912345678"))
        await added(office, feed.url)
        await office.run_jobs()

    (issue,) = await office.issues()
    page = await office.services.feedback.channels.issues.items(issue, 10, None)
    (item,) = page.items
    assert item.words.title == "••• viết: ••• •••"
