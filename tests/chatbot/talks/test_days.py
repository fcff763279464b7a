"""The days that talks are about are working days ahead, whenever the tests run."""

from datetime import datetime

import pytest

from tests.chatbot.talks.days import VIETNAM, two_working_days


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-11-30T09:00", ("Wednesday", "Thursday")),
        ("2026-12-01T23:45", ("Thursday", "Friday")),
        ("2026-12-04T15:00", ("Monday", "Tuesday")),
        ("2026-04-28T15:00", ("Monday", "Wednesday")),
        ("2026-02-13T15:00", None),
    ],
    ids=["Monday", "Tuesday night", "Friday", "two holidays", "Tết"],
)
def test_they_are_ahead_and_no_holidays(now: str, days: tuple[str, str] | None) -> None:
    found = two_working_days(datetime.fromisoformat(now).replace(tzinfo=VIETNAM))

    assert (found and (found.first.en, found.second.en)) == days
