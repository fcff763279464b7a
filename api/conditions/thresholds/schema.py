from datetime import datetime
from typing import Annotated

import strawberry

from api.conditions.condition_error import ConditionError
from api.conditions.stations.measures import Measure
from api.conditions.thresholds.repository import Episode
from api.conditions.thresholds.rule import Comparison, RuleAction
from api.conditions.thresholds.rule import Rule as RuleRecord
from api.conditions.thresholds.service import NewRule
from api.context import Info
from api.kit.pagination import After, Connection, First

_KEY = "16 to 128 visible ASCII characters, made anew for each change."
_CLEAR = "A station that met the rule does so until its value is back behind this one."

strawberry.enum(Comparison, name="ThresholdComparison", description="On which side of the level.")
strawberry.enum(RuleAction, name="ThresholdAction", description="What is made when a rule is met.")


@strawberry.type(description="A rule on what stations observe.")
class ThresholdRule:
    id: strawberry.ID
    name: str
    measure: Measure
    comparison: Comparison
    level: float = strawberry.field(description="In the unit of its measure.")
    clear_level: float = strawberry.field(description=_CLEAR)
    holds_for: int = strawberry.field(description="Minutes for which a value must hold.")
    station_ids: list[strawberry.ID]
    stations_at_least: int
    communes: list[strawberry.ID] = strawberry.field(description="Whom it concerns, by code.")
    action: RuleAction
    hazard: strawberry.ID = strawberry.field(description="What it warns of: of `alertHazards`.")
    hazard_level: strawberry.ID
    warns_for: int = strawberry.field(description="Hours for which its warning holds.")
    is_automatic: bool = strawberry.field(
        description="It issues by itself. Until a second person approved that, it makes drafts."
    )
    retired_at: datetime | None
    version: int

    @classmethod
    def of(cls, rule: RuleRecord) -> "ThresholdRule":
        return cls(
            id=strawberry.ID(rule.id),
            name=rule.name,
            measure=rule.measure,
            comparison=rule.comparison,
            level=rule.level,
            clear_level=rule.clear_level,
            holds_for=int(rule.holds_for.total_seconds() // 60),
            station_ids=list(map(strawberry.ID, rule.station_ids)),
            stations_at_least=rule.stations_at_least,
            communes=list(map(strawberry.ID, rule.communes)),
            action=rule.action,
            hazard=strawberry.ID(rule.warning.hazard),
            hazard_level=strawberry.ID(rule.warning.level),
            warns_for=int(rule.warning.holds_for.total_seconds() // 3600),
            is_automatic=rule.is_automatic,
            retired_at=rule.retired_at,
            version=rule.version,
        )


@strawberry.type(description="One time that a rule was met.")
class ThresholdEpisode:
    id: strawberry.ID
    rule_id: strawberry.ID
    station_ids: list[strawberry.ID] = strawberry.field(description="Which met it when it began.")
    is_automatic: bool
    draft_id: strawberry.ID | None = strawberry.field(description="Of the draft made of it.")
    station_id: strawberry.ID = strawberry.field(description="Whose value began it.")
    value: float = strawberry.field(description="With which it began, in the unit of its measure.")
    observed_at: datetime
    began_at: datetime
    ended_at: datetime | None = strawberry.field(description="Null: it goes on.")

    @classmethod
    def of(cls, episode: Episode) -> "ThresholdEpisode":
        return cls(
            id=strawberry.ID(episode.id),
            rule_id=strawberry.ID(episode.rule_id),
            station_ids=list(map(strawberry.ID, episode.station_ids)),
            is_automatic=episode.is_automatic,
            draft_id=strawberry.ID(episode.draft_id) if episode.draft_id else None,
            station_id=strawberry.ID(episode.seen.station_id),
            value=episode.seen.value,
            observed_at=episode.seen.observed_at,
            began_at=episode.began_at,
            ended_at=episode.ended_at,
        )


@strawberry.input
class ProposeThresholdRuleInput:
    agency_id: strawberry.ID
    name: str = strawberry.field(description="One line, for officers.")
    measure: Measure
    comparison: Comparison
    level: float
    clear_level: float = strawberry.field(description=_CLEAR)
    holds_for: int = strawberry.field(description="Minutes, 0 to 4,320.")
    station_ids: list[strawberry.ID]
    stations_at_least: int = 1
    communes: list[strawberry.ID]
    action: RuleAction = RuleAction.DRAFT
    hazard: strawberry.ID = strawberry.field(description="What to warn of: of `alertHazards`.")
    hazard_level: strawberry.ID
    warns_for: int = strawberry.field(default=6, description="Hours, 1 to 72.")
    idempotency_key: str = strawberry.field(description=_KEY)

    def new(self) -> NewRule:
        return NewRule(
            agency_id=self.agency_id,
            name=self.name,
            measure=self.measure,
            comparison=self.comparison,
            level=self.level,
            clear_level=self.clear_level,
            holds_for_minutes=self.holds_for,
            station_ids=tuple(self.station_ids),
            stations_at_least=self.stations_at_least,
            communes=tuple(self.communes),
            action=self.action,
            hazard=self.hazard,
            hazard_level=self.hazard_level,
            warns_for_hours=self.warns_for,
        )


@strawberry.input
class ApproveThresholdRuleInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description="The `version` that you saw.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class RetireThresholdRuleInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description="The `version` that you saw.")
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.type
class ProposeThresholdRuleSuccess:
    rule: ThresholdRule


@strawberry.type
class ApproveThresholdRuleSuccess:
    rule: ThresholdRule


@strawberry.type
class RetireThresholdRuleSuccess:
    rule: ThresholdRule


ProposeThresholdRuleResult = Annotated[
    ProposeThresholdRuleSuccess | ConditionError, strawberry.union("ProposeThresholdRuleResult")
]
ApproveThresholdRuleResult = Annotated[
    ApproveThresholdRuleSuccess | ConditionError, strawberry.union("ApproveThresholdRuleResult")
]
RetireThresholdRuleResult = Annotated[
    RetireThresholdRuleSuccess | ConditionError, strawberry.union("RetireThresholdRuleResult")
]


@strawberry.type
class ThresholdsQuery:
    @strawberry.field(description="The rules of an agency. For its alert authors and approvers.")
    async def threshold_rules(
        self, info: Info, agency_id: strawberry.ID, first: First = 20, after: After = None
    ) -> Connection[ThresholdRule]:
        page = await info.context.services.conditions.rules.page(
            info.context.caller, agency_id, first, after
        )
        return Connection[ThresholdRule].of(page, ThresholdRule.of)

    @strawberry.field(
        description="When the rules of an agency were met, the latest first. For its alert authors and"
        " approvers."
    )
    async def threshold_episodes(
        self, info: Info, agency_id: strawberry.ID, first: First = 20, after: After = None
    ) -> Connection[ThresholdEpisode]:
        page = await info.context.services.conditions.rules.episodes(
            info.context.caller, agency_id, first, after
        )
        return Connection[ThresholdEpisode].of(page, ThresholdEpisode.of)


@strawberry.type
class ThresholdsMutation:
    @strawberry.mutation(
        description="Add a rule, which makes drafts at once. For alert authors of an agency."
    )
    async def propose_threshold_rule(
        self, info: Info, input: ProposeThresholdRuleInput
    ) -> ProposeThresholdRuleResult:
        rule = await info.context.services.conditions.rules.propose(
            info.context.caller, input.new(), input.idempotency_key
        )
        return ProposeThresholdRuleSuccess(rule=ThresholdRule.of(rule))

    @strawberry.mutation(
        description="Let an automatic rule issue by itself. For an alert approver of its agency who did"
        " not propose it."
    )
    async def approve_threshold_rule(
        self, info: Info, input: ApproveThresholdRuleInput
    ) -> ApproveThresholdRuleResult:
        rule = await info.context.services.conditions.rules.approve(
            info.context.caller, input.id, input.expected_version, input.idempotency_key
        )
        return ApproveThresholdRuleSuccess(rule=ThresholdRule.of(rule))

    @strawberry.mutation(description="End a rule for good. For alert authors of its agency.")
    async def retire_threshold_rule(
        self, info: Info, input: RetireThresholdRuleInput
    ) -> RetireThresholdRuleResult:
        rule = await info.context.services.conditions.rules.retire(
            info.context.caller, input.id, input.expected_version, input.idempotency_key
        )
        return RetireThresholdRuleSuccess(rule=ThresholdRule.of(rule))
