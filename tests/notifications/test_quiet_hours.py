from datetime import UTC, datetime, time

import pytest

from notifications.quiet_hours import InvalidQuietHours, QuietHours

LAO_CAI = "Asia/Ho_Chi_Minh"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "now", "silent_until"),
    [
        ("22:00", "06:00", "2026-05-01T14:59", None),
        ("22:00", "06:00", "2026-05-01T15:00", "2026-05-01T23:00"),
        ("22:00", "06:00", "2026-05-01T18:00", "2026-05-01T23:00"),
        ("22:00", "06:00", "2026-05-01T22:59", "2026-05-01T23:00"),
        ("22:00", "06:00", "2026-05-01T23:00", None),
        ("12:00", "14:00", "2026-05-01T06:30", "2026-05-01T07:00"),
        ("12:00", "14:00", "2026-05-01T04:59", None),
        ("12:00", "14:00", "2026-05-01T07:00", None),
    ],
)
def test_silence_lasts_from_start_until_end_also_over_midnight(
    start: str, end: str, now: str, silent_until: str | None
) -> None:
    quiet = QuietHours(time.fromisoformat(start), time.fromisoformat(end), LAO_CAI)

    assert quiet.silent_until(utc(now)) == (utc(silent_until) if silent_until else None)


def test_the_clock_is_that_of_the_time_zone() -> None:
    quiet = QuietHours(time(22), time(6), "Europe/Paris")

    assert quiet.silent_until(utc("2026-05-01T21:00")) == utc("2026-05-02T04:00")


@pytest.mark.parametrize("zone", ["Asia/Sapa", "", "../etc/passwd", "Asia", "x" * 5000])
def test_an_unknown_time_zone_is_refused(zone: str) -> None:
    with pytest.raises(InvalidQuietHours):
        QuietHours(time(22), time(6), zone)


def test_a_day_of_silence_is_refused() -> None:
    with pytest.raises(InvalidQuietHours):
        QuietHours(time(22), time(22), LAO_CAI)
