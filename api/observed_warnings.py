"""Warnings that rules on observations make: what was measured, in the words of the hazards.

Conditions and alerts do not know each other; api.wiring puts this between them.
"""

from collections.abc import Mapping

from api.alerts.composing.draft import Content, DraftState, Grounds
from api.alerts.composing.errors import InvalidSlot
from api.alerts.composing.hazards import Hazard
from api.alerts.composing.rule_drafts import RuleDraft, RuleDrafts
from api.alerts.composing.slot_values import check_value
from api.conditions.stations.measures import SCALES, Measure
from api.conditions.thresholds.drafts import DraftRequest, MadeDraft
from api.conditions.thresholds.rule import Rule, RuleAction
from api.kit.ids import derived_id

_FORECASTS = frozenset({"heavy-rain"})
"""Their words tell what is expected: what was measured must not stand in them."""
_SLOTS: Mapping[Measure, frozenset[str]] = {
    Measure.RAINFALL: frozenset({"rain", "hours"}),
    Measure.WATER_LEVEL: frozenset({"station", "water"}),
    Measure.TEMPERATURE: frozenset({"temperature"}),
    Measure.AIR_QUALITY_INDEX: frozenset({"aqi"}),
}
_DECIMALS = 2


class ObservedWarnings:
    """Has drafts made by what composes warnings (Drafts)."""

    def __init__(self, drafts: RuleDrafts) -> None:
        self._drafts = drafts

    def can_warn(self, rule: Rule) -> bool:
        hazard = self._hazard(rule)
        if hazard is None:
            return False
        needed = {slot.name for slot in hazard.slots}
        speaks_for_itself = hazard.description is not None and needed <= _filled(hazard, rule)
        return speaks_for_itself or rule.action is not RuleAction.AUTOMATIC

    async def draft(self, request: DraftRequest) -> MadeDraft:
        made = await self._drafts.make(self._wanted(request))
        return MadeDraft(made.id, made.state is DraftState.ISSUED)

    async def issue(self, request: DraftRequest) -> MadeDraft:
        made = await self._drafts.issue(self._wanted(request), request.earlier)
        return MadeDraft(made.id, made.state is DraftState.ISSUED)

    async def propose_all_clear(self, request: DraftRequest, draft_id: str) -> str | None:
        wanted = self._wanted(request, "all-clear of a rule")
        made = await self._drafts.propose_all_clear(wanted, draft_id)
        return made.id if made else None

    def _wanted(self, request: DraftRequest, purpose: str = "draft of a rule") -> RuleDraft:
        rule = request.rule
        return RuleDraft(
            id=derived_id(purpose, request.episode_id),
            agency_id=rule.agency_id,
            content=self._content(request),
            grounds=_grounds(request),
            author_id=rule.proposed_by,
            approver_id=rule.approved_by,
        )

    def _content(self, request: DraftRequest) -> Content:
        rule = request.rule
        return Content(
            hazard=rule.warning.hazard,
            level=rule.warning.level,
            expires=request.began_at.replace(microsecond=0) + rule.warning.holds_for,
            communes=rule.communes,
            slots=self._slots(request),
        )

    def _slots(self, request: DraftRequest) -> dict[str, str]:
        """Return what can be said of the observation; the rest an officer writes."""
        hazard = self._hazard(request.rule)
        if hazard is None:
            return {}
        values, names = _values(request), _filled(hazard, request.rule)
        slots = {slot.name: slot for slot in hazard.slots if slot.name in names}
        said: dict[str, str] = {}
        for name, slot in slots.items():
            try:
                check_value(slot, values[name])
            except InvalidSlot:
                continue
            said[name] = values[name]
        return said

    def _hazard(self, rule: Rule) -> Hazard | None:
        return self._drafts.hazard_for(rule.agency_id, rule.warning.hazard, rule.warning.level)


def _filled(hazard: Hazard, rule: Rule) -> frozenset[str]:
    """Return the slots of a hazard that values of the rule's measure fill."""
    if hazard.code in _FORECASTS:
        return frozenset()
    return _SLOTS.get(rule.measure, frozenset())


def _values(request: DraftRequest) -> dict[str, str]:
    value = f"{round(request.seen.value, _DECIMALS):.12g}"
    return {
        "rain": value,
        "hours": "1",  # rainfall is that of the last hour
        "station": request.station.names["vi"][:100],
        "water": value,
        "temperature": value,
        "aqi": value,
    }


def _grounds(request: DraftRequest) -> Grounds:
    return Grounds(
        rule=request.rule.name,
        station=request.station.names["vi"],
        source=request.station.source,
        value=request.seen.value,
        unit=SCALES[request.seen.measure].unit,
        observed_at=request.seen.observed_at,
    )
