"""Rules: who proposes, approves and retires them, and which episodes there were."""

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.conditions.errors import ChangedMeanwhile
from api.conditions.stations.measures import SCALES, Measure
from api.conditions.stations.service import StationService
from api.conditions.thresholds.drafting import WARNS_FOR_AT_MOST
from api.conditions.thresholds.drafts import Drafts, SamePeople
from api.conditions.thresholds.errors import (
    InvalidRule,
    InvalidWarning,
    RuleNotFound,
    SecondPersonNeeded,
)
from api.conditions.thresholds.repository import Episode, EpisodeRepository, RuleRepository
from api.conditions.thresholds.rule import Comparison, PlannedWarning, Rule, RuleAction
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id, new_id
from api.kit.pages import Listing, Page, checked_first

HOURS_AT_MOST, STATIONS_AT_MOST = 72, 200
NAME_CHARACTERS_AT_MOST = 200
_RULES = Listing("conditions.rules", (str,))
_EPISODES = Listing("conditions.episodes", (datetime, str))
_READERS = (Role.ALERT_AUTHOR, Role.ALERT_APPROVER)


@dataclass(frozen=True, slots=True)
class NewRule:
    """As it was typed."""

    agency_id: str
    name: str
    measure: Measure
    comparison: Comparison
    level: float
    clear_level: float
    holds_for_minutes: int
    station_ids: tuple[str, ...]
    stations_at_least: int
    communes: tuple[str, ...]
    action: RuleAction
    hazard: str
    hazard_level: str
    warns_for_hours: int

    def rule(self, proposed_by: str) -> Rule:
        return Rule(
            id=new_id(),
            agency_id=self.agency_id,
            name=self.name.strip(),
            measure=self.measure,
            comparison=self.comparison,
            level=self.level,
            clear_level=self.clear_level,
            holds_for=timedelta(minutes=self.holds_for_minutes),
            station_ids=tuple(sorted(self.station_ids)),
            stations_at_least=self.stations_at_least,
            communes=tuple(sorted(self.communes)),
            action=self.action,
            warning=PlannedWarning(
                self.hazard, self.hazard_level, timedelta(hours=self.warns_for_hours)
            ),
            proposed_by=proposed_by,
        )

    def asked(self) -> dict[str, Any]:
        """Return what tells one request from another."""
        return {
            "agency": self.agency_id,
            "name": self.name,
            "measure": self.measure.value,
            "comparison": self.comparison.value,
            "levels": [self.level, self.clear_level],
            "minutes": self.holds_for_minutes,
            "stations": [self.stations_at_least, *sorted(self.station_ids)],
            "communes": sorted(self.communes),
            "action": self.action.value,
            "warning": [self.hazard, self.hazard_level, self.warns_for_hours],
        }


class RuleService:
    """`commune_codes`: all that there are."""

    def __init__(
        self,
        rules: RuleRepository,
        episodes: EpisodeRepository,
        stations: StationService,
        commune_codes: frozenset[str],
        drafts: Drafts,
        same_people: SamePeople,
        idempotency: Idempotency,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._rules = rules
        self._episodes = episodes
        self._stations = stations
        self._commune_codes = commune_codes
        self._drafts = drafts
        self._same_people = same_people
        self._idempotency = idempotency
        self._audit = audit
        self._clock = clock

    async def page(
        self, caller: Caller, agency_id: str, first: int, after: str | None
    ) -> Page[Rule]:
        """Return the rules of an agency. Raises NotSignedIn, NotAllowed, PageProblem."""
        _require_reader(caller, agency_id)
        start = _RULES.values(after)
        behind = start[0] if start else ""
        found = await self._rules.of_agency(agency_id, behind, checked_first(first) + 1)
        return _RULES.page(found, first=first, after=after, values=lambda it: (it.id,))

    async def episodes(
        self, caller: Caller, agency_id: str, first: int, after: str | None
    ) -> Page[Episode]:
        """Return when rules were met, the latest first. Raises NotSignedIn, NotAllowed, PageProblem."""
        _require_reader(caller, agency_id)
        start = _EPISODES.values(after)
        found = await self._episodes.page(agency_id, start, checked_first(first) + 1)
        return _EPISODES.page(
            found, first=first, after=after, values=lambda it: (it.began_at, it.id)
        )

    async def propose(self, caller: Caller, new: NewRule, key: str) -> Rule:
        """Add a rule, which makes drafts at once.

        Raises NotSignedIn, NotAllowed, InvalidRule, InvalidWarning, IdempotencyProblem.
        """
        person_id = caller.person()
        if not _holds(caller, Role.ALERT_AUTHOR, new.agency_id):
            raise NotAllowed
        rule = new.rule(person_id)
        await self._check(rule)

        async def work() -> dict[str, Any]:
            await self._rules.add(rule)
            await self._note(person_id, "threshold.propose", Role.ALERT_AUTHOR, rule)
            return {"rule": rule.id}

        return await self._once(person_id, "proposeThresholdRule", key, new.asked(), work)

    async def approve(self, caller: Caller, rule_id: str, version: int, key: str) -> Rule:
        """Let an automatic rule issue by itself, as its second person.

        Raises NotSignedIn, RuleNotFound, SecondPersonNeeded, ChangedMeanwhile, IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            rule = await self._open(caller, Role.ALERT_APPROVER, rule_id, version)
            proposer = rule.proposed_by
            if proposer is None or await self._same_people.is_one_of(person_id, (proposer,)):
                raise SecondPersonNeeded
            approved = replace(rule, approved_by=person_id)
            return await self._put(person_id, "threshold.approve", Role.ALERT_APPROVER, approved)

        asked = {"id": rule_id, "version": version}
        return await self._once(person_id, "approveThresholdRule", key, asked, work)

    async def retire(self, caller: Caller, rule_id: str, version: int, key: str) -> Rule:
        """End a rule for good; an open episode stays as it is.

        Raises NotSignedIn, RuleNotFound, ChangedMeanwhile, IdempotencyProblem.
        """
        person_id = caller.person()

        async def work() -> dict[str, Any]:
            rule = await self._open(caller, Role.ALERT_AUTHOR, rule_id, version)
            retired = replace(rule, retired_at=self._clock())
            return await self._put(person_id, "threshold.retire", Role.ALERT_AUTHOR, retired)

        asked = {"id": rule_id, "version": version}
        return await self._once(person_id, "retireThresholdRule", key, asked, work)

    async def _open(self, caller: Caller, role: Role, rule_id: str, version: int) -> Rule:
        rule = await self._rules.get(rule_id) if is_id(rule_id) else None
        if rule is None or rule.retired_at is not None or not _holds(caller, role, rule.agency_id):
            raise RuleNotFound
        if rule.version != version:
            raise ChangedMeanwhile
        return rule

    async def _put(self, person_id: str, action: str, role: Role, rule: Rule) -> dict[str, Any]:
        stored = await self._rules.replace(rule)
        if stored is None:
            raise ChangedMeanwhile
        await self._note(person_id, action, role, stored)
        return {"rule": stored.id}

    async def _once(
        self,
        person_id: str,
        operation: str,
        key: str,
        asked: dict[str, Any],
        work: Callable[[], Awaitable[dict[str, Any]]],
    ) -> Rule:
        result = await self._idempotency.once(person_id, operation, key, asked, work)
        found = await self._rules.get(result["rule"])
        if found is None:
            raise RuleNotFound
        return found

    async def _check(self, rule: Rule) -> None:
        scale = SCALES[rule.measure]
        levels = (rule.level, rule.clear_level)
        is_apart = (
            rule.clear_level <= rule.level
            if rule.comparison is Comparison.AT_LEAST
            else rule.clear_level >= rule.level
        )
        is_sound = (
            0 < len(rule.name) <= NAME_CHARACTERS_AT_MOST
            and rule.name.isprintable()
            and all(math.isfinite(it) and scale.least <= it <= scale.most for it in levels)
            and is_apart
            and timedelta() <= rule.holds_for <= timedelta(hours=HOURS_AT_MOST)
            and 1 <= rule.stations_at_least <= len(set(rule.station_ids))
            and len(rule.station_ids) == len(set(rule.station_ids)) <= STATIONS_AT_MOST
            and rule.communes
            and set(rule.communes) <= self._commune_codes
        )
        if not is_sound or not set(rule.station_ids) <= (await self._stations.in_use()).keys():
            raise InvalidRule(hours=HOURS_AT_MOST)
        is_short = timedelta() < rule.warning.holds_for <= WARNS_FOR_AT_MOST
        if not is_short or not self._drafts.can_warn(rule):
            raise InvalidWarning(hours=WARNS_FOR_AT_MOST // timedelta(hours=1))

    async def _note(self, person_id: str, action: str, role: Role, rule: Rule) -> None:
        right = str(Grant(role, Scope(ScopeKind.AGENCY, rule.agency_id)))
        details: Details = {"version": rule.version, "action": rule.action.name}
        await self._audit.append(AuditEntry(person_id, action, rule.id, right, details))


def _holds(caller: Caller, role: Role, agency_id: str) -> bool:
    """Tell whether the caller holds a role of the agency; no agency has an id that cannot be one."""
    return any(
        grant.role is role and grant.scope.kind is ScopeKind.AGENCY and grant.scope.id == agency_id
        for grant in caller.grants
    )


def _require_reader(caller: Caller, agency_id: str) -> None:
    caller.person()
    if not any(_holds(caller, role, agency_id) for role in _READERS):
        raise NotAllowed
