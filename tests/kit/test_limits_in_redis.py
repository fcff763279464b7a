"""Allowances that processes share, and what becomes of them when Redis is away."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.kit import redis_windows
from api.kit.counted_windows import WindowsAway
from api.kit.limits import Allowance, Limits
from api.kit.redis_windows import REDIS_SECONDS, RedisWindows
from tests.conftest import MovableClock
from tests.free_ports import free_port
from tests.kit.redis_server import RedisServer
from tests.kit.test_limits import THREE_A_MINUTE, granted, wait_told

AWAY = "limits are counted by each process: Redis is away"
PATIENCE_SECONDS = 10 * REDIS_SECONDS


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no Redis that is away."""
    monkeypatch.setattr(redis_windows, "REDIS_SECONDS", PATIENCE_SECONDS)


@pytest.fixture
async def limits_at(clock: MovableClock) -> AsyncIterator[Callable[[str], Limits]]:
    """Return what makes Limits at an address; they are closed after the test."""
    async with AsyncExitStack() as stack:

        def made(url: str) -> Limits:
            limits = Limits(url, clock)
            stack.push_async_callback(limits.close)
            return limits

        yield made


async def keys_in(url: str) -> list[str]:
    windows = RedisWindows(url)
    client: Any = vars(windows)["_client"]
    keys = [key.decode() for key in await client.keys("*")]
    await windows.close()
    return keys


def warnings(logged: list[Any]) -> list[str]:
    return [entry["event"] for entry in logged if entry["log_level"] == "warning"]


async def test_processes_share_one_allowance(
    redis: RedisServer, limits_at: Callable[[str], Limits]
) -> None:
    here, there = limits_at(redis.url), limits_at(redis.url)

    assert [await granted(here, 2), await granted(there, 2), await granted(here, 1)] == [2, 1, 0]
    assert await wait_told(there) in (60, 61)
    assert await granted(there, 1, "another") == 1


async def test_at_once_no_more_is_granted_than_allowed(
    redis: RedisServer, limits_at: Callable[[str], Limits]
) -> None:
    both = [limits_at(redis.url), limits_at(redis.url)]

    waits = await asyncio.gather(*(wait_told(both[n % 2]) for n in range(20)))

    assert waits.count(None) == 3


async def test_subjects_do_not_leave_the_process_in_clear(
    redis: RedisServer, limits_at: Callable[[str], Limits]
) -> None:
    limits = limits_at(redis.url)
    await limits.check("ask", "+84912345678", THREE_A_MINUTE)

    keys = await keys_in(redis.url)

    assert len(keys) == 1
    assert keys[0].startswith("laocai:{LIMITER/ask/")
    assert "84912345678" not in keys[0]


async def test_killed_amid_requests_each_process_counts_for_itself(
    redis: RedisServer, limits_at: Callable[[str], Limits]
) -> None:
    limits = limits_at(redis.url)
    before = await granted(limits, 2)
    redis.kill()

    with capture_logs() as logged:
        after = await granted(limits, 5)

    assert (before, after) == (2, 3)
    assert warnings(logged) == [AWAY]


async def test_control_without_that_the_request_would_fail(redis: RedisServer) -> None:
    windows = RedisWindows(redis.url)
    await windows.take("ask", "a", THREE_A_MINUTE)
    redis.kill()

    with pytest.raises(WindowsAway):
        await windows.take("ask", "a", THREE_A_MINUTE)
    await windows.close()


def subjects_asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that will hold the subjects for which Redis is asked."""
    asked: list[str] = []
    take = RedisWindows.take

    async def noted(
        windows: RedisWindows, kind: str, subject: str, allowance: Allowance
    ) -> float | None:
        asked.append(subject)
        return await take(windows, kind, subject, allowance)

    monkeypatch.setattr(RedisWindows, "take", noted)
    return asked


async def test_one_that_does_not_answer_costs_half_a_second_once(
    redis: RedisServer, limits_at: Callable[[str], Limits], monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = limits_at(redis.url)
    await granted(limits, 1)
    monkeypatch.setattr(redis_windows, "REDIS_SECONDS", REDIS_SECONDS)
    asked = subjects_asked_for(monkeypatch)
    redis.freeze()

    began = time.monotonic()
    first = await asyncio.gather(*(wait_told(limits, f"{n}") for n in range(50)))
    later = await granted(limits, 50, "b")

    assert first == [None] * 50
    assert later == 3
    assert time.monotonic() - began >= REDIS_SECONDS
    assert sorted(asked) == sorted(f"{n}" for n in range(50))  # at the same time, and nobody later


async def test_it_is_tried_again_after_a_rest_and_found_when_it_is_back(
    redis: RedisServer, limits_at: Callable[[str], Limits], clock: MovableClock
) -> None:
    limits, other = limits_at(redis.url), limits_at(redis.url)
    redis.kill()
    await granted(limits, 3)
    redis.start()
    resting = await granted(limits, 1)

    clock.advance(seconds=6)

    assert resting == 0
    assert await granted(limits, 2) == 2
    assert await granted(other, 2) == 1


async def test_an_outage_is_warned_of_once_a_minute(
    redis: RedisServer, limits_at: Callable[[str], Limits], clock: MovableClock
) -> None:
    limits = limits_at(redis.url)
    redis.kill()

    with capture_logs() as logged:
        for _ in range(11):
            await granted(limits, 2)
            clock.advance(seconds=6)

    assert warnings(logged) == [AWAY, AWAY]


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$-9\r\n", b"*1\r\n"]
)
async def test_what_is_no_redis_does_not_stop_requests(
    answer: bytes, limits_at: Callable[[str], Limits]
) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]

        assert await granted(limits_at(f"async+redis://127.0.0.1:{port}"), 5) == 3


async def test_nobody_there_at_the_start_is_no_reason_to_stop(
    limits_at: Callable[[str], Limits],
) -> None:
    assert await granted(limits_at(f"async+redis://127.0.0.1:{free_port()}"), 5) == 3


@pytest.mark.parametrize(
    "url",
    ["redis://:hunter2@127.0.0.1", "memory://", "async+redis://:hunter2@:x", "async+redis+what://"],
)
def test_an_address_that_is_none_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(ValueError, match="the address of Redis") as refused:
        Limits(url)

    assert "hunter2" not in str(refused.value)
