"""A stay in the province that somebody declared."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from api.kit.formats import VIETNAM_TIME

WARNED_BEFORE = timedelta(days=2)
"""Whoever is about to come hears of what holds so long before: time to change a bus or a hotel."""


@dataclass(frozen=True, slots=True, repr=False)
class Stay:
    """Days are those of the province, both of them included. `place_id`: of the place that was named, if one was."""

    id: str
    person_id: str
    commune_code: str
    place_id: str | None
    first_day: date
    last_day: date
    declared_at: datetime

    @property
    def begins_at(self) -> datetime:
        return beginning_of(self.first_day)

    @property
    def ends_at(self) -> datetime:
        return beginning_of(self.last_day + timedelta(days=1))


def beginning_of(day: date) -> datetime:
    """Return when a day of the province begins, aware UTC."""
    return datetime.combine(day, time(), VIETNAM_TIME).astimezone(UTC)
