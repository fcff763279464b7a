"""A rule on what stations observe, and where one station stands under it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.conditions.readings.observation import Observation
from api.conditions.stations.measures import SCALES, Measure


class Comparison(StrEnum):
    AT_LEAST = auto()
    AT_MOST = auto()


class RuleAction(StrEnum):
    """What is made of an episode: a draft for an officer, or a warning without one."""

    DRAFT = auto()
    AUTOMATIC = auto()


@dataclass(frozen=True, slots=True)
class PlannedWarning:
    """What a rule warns of: a hazard with its level, by code, for how long."""

    hazard: str
    level: str
    holds_for: timedelta


@dataclass(frozen=True, slots=True)
class Rule:
    """Met while a value at the `level` or beyond holds for `holds_for`, at `stations_at_least` stations.

    `clear_level`: a station that met the rule does so until its value is back behind this one.
    `communes`: whom it concerns, by code. Who proposed and approved are ids of staff; None of them: nobody
    yet, or nobody any more.
    """

    id: str
    agency_id: str
    name: str
    measure: Measure
    comparison: Comparison
    level: float
    clear_level: float
    holds_for: timedelta
    station_ids: tuple[str, ...]
    stations_at_least: int
    communes: tuple[str, ...]
    action: RuleAction
    warning: PlannedWarning
    proposed_by: str | None
    approved_by: str | None = None
    retired_at: datetime | None = None
    version: int = 1

    def concerns(self, station_id: str, measure: Measure) -> bool:
        """Tell whether a value of this measure at this station is one of those it looks at."""
        return station_id in self.station_ids and measure is self.measure

    @property
    def is_automatic(self) -> bool:
        """Tell whether it issues by itself: until a second person approved that, it makes drafts."""
        has_two_people = self.proposed_by is not None and self.approved_by is not None
        return self.action is RuleAction.AUTOMATIC and has_two_people

    def is_reached(self, value: float) -> bool:
        if self.comparison is Comparison.AT_LEAST:
            return value >= self.level
        return value <= self.level

    def is_clear(self, value: float) -> bool:
        if self.comparison is Comparison.AT_LEAST:
            return value < self.clear_level
        return value > self.clear_level


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a station stands. `since`: from when on its values have reached the level without a gap."""

    station_id: str
    last_at: datetime
    since: datetime | None = None
    is_raised: bool = False


def standing_after(rule: Rule, before: Standing | None, seen: Observation) -> Standing | None:
    """Return where the station stands after `seen`; None when it is no news: not later than the last.

    A gap longer than a value lasts begins the time anew, and never clears a station that was raised.
    """
    if before is not None and seen.observed_at <= before.last_at:
        return None
    standing = before or Standing(seen.station_id, seen.observed_at)
    has_gap = seen.observed_at - standing.last_at > SCALES[rule.measure].lasts
    if standing.is_raised and not rule.is_clear(seen.value):
        return replace(standing, last_at=seen.observed_at)
    if not rule.is_reached(seen.value):
        return Standing(seen.station_id, seen.observed_at)
    since = seen.observed_at if has_gap or standing.since is None else standing.since
    is_raised = seen.observed_at - since >= rule.holds_for
    return Standing(seen.station_id, seen.observed_at, since, is_raised)
