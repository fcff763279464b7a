"""Allowances as one process counts them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit import counted_windows
from api.kit.counted_windows import MemoryWindows
from api.kit.limits import Allowance, Limits
from api.kit.request_refusals import TooManyRequests
from locales import translator
from tests.conftest import MovableClock

THREE_A_MINUTE = Allowance(3, 60)


@pytest.fixture
def limits(clock: MovableClock) -> Limits:
    return Limits(None, clock)


async def wait_told(
    limits: Limits, subject: str = "a", allowance: Allowance = THREE_A_MINUTE, kind: str = "ask"
) -> int | None:
    """Ask once; return after how many seconds to ask again, or None when it was granted."""
    try:
        await limits.check(kind, subject, allowance)
    except TooManyRequests as refused:
        return refused.retry_after_seconds
    return None


async def granted(limits: Limits, times: int, subject: str = "a") -> int:
    """Ask so many times, and return how often it was granted."""
    return [await wait_told(limits, subject) for _ in range(times)].count(None)


async def test_what_is_allowed_is_granted_and_not_one_more(limits: Limits) -> None:
    assert [await wait_told(limits) for _ in range(5)] == [None, None, None, 61, 61]


async def test_the_minute_before_counts_by_what_is_left_of_it(
    limits: Limits, clock: MovableClock
) -> None:
    await granted(limits, 3)

    clock.advance(seconds=61)
    first = [await wait_told(limits) for _ in range(2)]
    clock.advance(seconds=20)
    second = [await wait_told(limits) for _ in range(2)]

    assert first == [None, 20]
    assert second == [None, 20]


async def test_after_two_minutes_nothing_counts(limits: Limits, clock: MovableClock) -> None:
    await granted(limits, 3)

    clock.advance(seconds=120)

    assert await granted(limits, 5) == 3


async def test_subjects_kinds_and_allowances_are_counted_apart(limits: Limits) -> None:
    await granted(limits, 3)

    assert await wait_told(limits, "b") is None
    assert await wait_told(limits, kind="other") is None
    assert await wait_told(limits, allowance=Allowance(3, 3600)) is None
    assert await wait_told(limits) == 61


async def test_a_refusal_says_how_long_in_the_readers_language(limits: Limits) -> None:
    await granted(limits, 3)

    with pytest.raises(TooManyRequests) as refused:
        await limits.check("ask", "a", THREE_A_MINUTE)

    assert (refused.value.code.name, refused.value.status) == ("TOO_MANY_REQUESTS", 429)
    assert str(refused.value) == "Too many requests. Please try again in 61 s."
    assert refused.value.localized(translator("vi")) == (
        "Bạn đã gửi quá nhiều yêu cầu. Vui lòng thử lại sau 61 giây."
    )


async def test_only_so_many_subjects_are_remembered_and_of_each_kind(
    limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted_windows, "SUBJECTS_AT_MOST", 2)
    await wait_told(limits, "a", Allowance(1, 60), kind="guess")
    await granted(limits, 3, "a")
    await granted(limits, 3, "b")
    await granted(limits, 1, "a")

    await granted(limits, 1, "c")

    assert await granted(limits, 1, "a") == 0, "it was seen last"
    assert await granted(limits, 1, "b") == 1, "it was forgotten"
    assert await wait_told(limits, "a", Allowance(1, 60), kind="guess") == 61


async def test_a_step_takes_no_longer_among_many_subjects(limits: Limits) -> None:
    async def seconds_for_a_thousand(names: range) -> float:
        began = time.perf_counter()
        for name in names:
            await wait_told(limits, f"{name}")
        return time.perf_counter() - began

    batches = [await seconds_for_a_thousand(range(n, n + 1_000)) for n in range(0, 40_000, 1_000)]

    assert min(batches[-5:]) < 5 * min(batches[:5])


STEPS = st.lists(st.floats(0, 40), max_size=40)


@given(STEPS, st.integers(1, 5), st.integers(1, 60))
def test_whoever_waits_as_told_is_granted(pauses: list[float], times: int, seconds: int) -> None:
    clock = MovableClock()
    windows, allowance = MemoryWindows(clock), Allowance(times, seconds)

    for pause in pauses:
        clock.advance(seconds=pause)
        wait = windows.take("ask", "a", allowance)
        if wait is not None:
            assert 0 <= wait <= seconds
            clock.advance(seconds=int(wait) + 1)
            assert windows.take("ask", "a", allowance) is None


@given(STEPS, st.integers(1, 5), st.integers(1, 60))
def test_never_twice_what_is_allowed_and_nobody_is_refused_who_asked_half_as_often(
    pauses: list[float], times: int, seconds: int
) -> None:
    clock = MovableClock()
    windows, allowance = MemoryWindows(clock), Allowance(2 * times, seconds)
    moments: list[float] = []

    for pause in pauses:
        clock.advance(seconds=pause)
        now = clock().timestamp()
        recent = [moment for moment in moments if now - moment < seconds]
        if windows.take("ask", "a", allowance) is None:
            moments.append(now)
            assert len(recent) < 4 * times
        else:
            assert any(len(window) > times for window in every_window([*moments, now], seconds))


def every_window(moments: list[float], seconds: int) -> list[list[float]]:
    """Return what lies in the `seconds` up to each moment."""
    return [[m for m in moments if 0 <= end - m < seconds] for end in moments]
