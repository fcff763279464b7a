"""The quota, and the brake."""

from datetime import timedelta

from notifications.senders.brake import FAILURES_BEFORE_BRAKING, PAUSE, Brake
from notifications.senders.token_bucket import TokenBucket


class Seconds:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_million_messages_take_a_hundred_seconds_of_quota() -> None:
    seconds = Seconds()
    bucket = TokenBucket(600_000, seconds)
    began = seconds.now

    for _ in range(1_000_000):
        seconds.now += bucket.reserve()

    assert 99 <= seconds.now - began <= 110


def test_no_window_of_a_minute_holds_more_than_the_quota_and_a_second_s_worth() -> None:
    seconds = Seconds()
    bucket = TokenBucket(600, seconds)
    seconds.now += 3_600  # idle for an hour: nothing is saved up but one second
    sent: list[float] = []

    while len(sent) < 2_000:
        wait = bucket.reserve()
        seconds.now += wait
        sent.append(seconds.now)

    busiest = max(sum(start <= at < start + 60 for at in sent) for start in sent[::50])
    assert busiest <= 600 + 10 + 1


def braked(seconds: Seconds) -> Brake:
    brake = Brake(seconds)
    for _ in range(FAILURES_BEFORE_BRAKING):
        brake.failed(None)
    return brake


def test_some_failures_among_successes_do_not_brake() -> None:
    brake = Brake(Seconds())

    for _ in range(100):
        brake.failed(timedelta(seconds=60))
        brake.succeeded()

    assert brake.remaining() is None


def test_failures_in_a_row_brake_and_one_probe_goes_after_each_pause() -> None:
    seconds = Seconds()
    brake = braked(seconds)

    at_once = brake.remaining()
    seconds.now += PAUSE.total_seconds()
    probe, next_one = brake.remaining(), brake.remaining()

    assert at_once == PAUSE
    assert probe is None
    assert next_one == PAUSE


def test_the_brake_lasts_as_long_as_the_service_asks() -> None:
    seconds = Seconds()
    brake = braked(seconds)

    brake.failed(timedelta(seconds=30))

    assert brake.remaining() == timedelta(seconds=30)


def test_a_success_releases_the_brake() -> None:
    seconds = Seconds()
    brake = braked(seconds)

    brake.succeeded()

    assert brake.remaining() is None
