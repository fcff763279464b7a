"""How agencies did with what was received in a month: figures that everybody can compute from the month's table.

Merged reports count once, with the one under which they go on; a report counts with the agency that has it now.
Times are in hours that do not stop, nights and holidays too.
"""

import asyncio
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from api.feedback.open_data.months import Month
from api.feedback.open_data.open_reports import OpenReport, OpenReports
from api.feedback.reports.records import OPEN
from api.kit.clock import Clock

RANKED_FROM = 10
"""Of fewer reports a share says nothing about an agency, and might tell of a single report."""
_HOUR = timedelta(hours=1)
_KEPT_FOR = timedelta(minutes=5)
_MONTHS_KEPT_AT_MOST = 24


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, and what is made of them.

    `median_hours`, `ninetieth_hours`: from receipt to the first answer, by nearest rank, of those `answered`.
    `due`: fixed, ended, or past their time to be fixed; `fixed_in_time`: of those. `reopened`: of those answered.
    """

    received: int
    answered: int
    median_hours: float | None
    ninetieth_hours: float | None
    due: int
    fixed_in_time: int
    reopened: int
    open_overdue: int

    @property
    def share_fixed_in_time(self) -> float | None:
        return _share(self.fixed_in_time, self.due)

    @property
    def share_reopened(self) -> float | None:
        return _share(self.reopened, self.answered)


@dataclass(frozen=True, slots=True)
class Standing:
    """`rank`: from 1; None for fewer than RANKED_FROM reports, or none that is due."""

    agency_id: str
    rank: int | None
    figures: Figures


@dataclass(frozen=True, slots=True)
class League:
    """`standings`: the ranked ones first, then the others by id."""

    month: str
    as_of: datetime
    province: Figures
    standings: tuple[Standing, ...]


@dataclass(slots=True)
class _Tally:
    received: int = 0
    due: int = 0
    fixed_in_time: int = 0
    reopened: int = 0
    open_overdue: int = 0
    hours: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, one: OpenReport, now: datetime) -> None:
        self.received += 1
        if one.answered_at is not None:
            self.hours.append((one.answered_at - one.received_at) / _HOUR)
            self.reopened += one.reopened > 0
        if one.fixed_at is not None or one.ended_at is not None or one.due_fix <= now:
            self.due += 1
        self.fixed_in_time += one.fixed_at is not None and one.fixed_at <= one.due_fix
        self.open_overdue += one.state in OPEN and one.due_fix <= now

    def figures(self) -> Figures:
        hours = sorted(self.hours)
        return Figures(
            received=self.received,
            answered=len(hours),
            median_hours=_ranked(hours, 0.5),
            ninetieth_hours=_ranked(hours, 0.9),
            due=self.due,
            fixed_in_time=self.fixed_in_time,
            reopened=self.reopened,
            open_overdue=self.open_overdue,
        )


class LeagueTable:
    """Counts a month when it is asked for, and keeps what it counted for five minutes."""

    def __init__(self, reports: OpenReports, clock: Clock) -> None:
        self._reports = reports
        self._clock = clock
        self._kept: dict[str, League] = {}
        self._counting = asyncio.Lock()

    async def of(self, month_name: str) -> League:
        """Return the table of a month. Raises InvalidMonth."""
        now = self._clock()
        month = Month.of(month_name, now)
        # One counts, and those who ask meanwhile are told the same.
        async with self._counting:
            kept = self._kept.get(month.name)
            if kept is None or now - kept.as_of >= _KEPT_FOR:
                kept = await self._counted(month, now)
                self._keep(kept)
            return kept

    def _keep(self, league: League) -> None:
        self._kept.pop(league.month, None)
        while len(self._kept) >= _MONTHS_KEPT_AT_MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[league.month] = league

    async def _counted(self, month: Month, now: datetime) -> League:
        province, agencies = _Tally(), dict[str, _Tally]()
        async for some in self._reports.of_month(month):
            for one in some:
                if one.merged_into is None:
                    province.add(one, now)
                    agencies.setdefault(one.agency_id, _Tally()).add(one, now)
        figures = {agency_id: tally.figures() for agency_id, tally in agencies.items()}
        return League(month.name, now, province.figures(), _standings(figures))


def _standings(figures: dict[str, Figures]) -> tuple[Standing, ...]:
    ranked = [
        (-share, each.median_hours or 0.0, agency_id)
        for agency_id, each in figures.items()
        if each.received >= RANKED_FROM and (share := each.share_fixed_in_time) is not None
    ]
    first = [agency_id for *_, agency_id in sorted(ranked)]
    others = sorted(figures.keys() - set(first))
    return (
        *(Standing(one, rank, figures[one]) for rank, one in enumerate(first, start=1)),
        *(Standing(one, None, figures[one]) for one in others),
    )


def _ranked(ordered: Sequence[float], share: float) -> float | None:
    """Return the smallest value that so many are no greater than (nearest rank), to a tenth."""
    if not ordered:
        return None
    return round(ordered[ceil(share * len(ordered)) - 1], 1)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
