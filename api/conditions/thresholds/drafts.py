"""The port to where warnings are composed, and what goes through it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from api.conditions.readings.observation import Observation
from api.conditions.stations.station import Station
from api.conditions.thresholds.rule import Rule


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What a warning is to be made of. `episode_id`: the same again makes nothing new.

    `seen`: the observation that began the episode, or ended it; `station`: where. `earlier`: ids of the
    drafts of earlier episodes of the rule that may hold still.
    """

    episode_id: str
    rule: Rule
    seen: Observation
    station: Station
    began_at: datetime
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeDraft:
    id: str
    is_issued: bool


class Drafts(Protocol):
    """Where warnings are composed. All are idempotent by the id of the episode."""

    def can_warn(self, rule: Rule) -> bool:
        """Tell whether what a rule warns of can be: of an automatic one without an officer's words."""
        ...

    async def draft(self, request: DraftRequest) -> MadeDraft:
        """Put a draft before the officers of the agency."""
        ...

    async def issue(self, request: DraftRequest) -> MadeDraft:
        """Issue without an officer: two people approved the rule. Where that cannot be, a draft waits."""
        ...

    async def propose_all_clear(self, request: DraftRequest, draft_id: str) -> str | None:
        """Put an all-clear before the officers; None where no warning of that draft is in force."""
        ...


class SamePeople(Protocol):
    """Knows of accounts that are one person's."""

    async def is_one_of(self, person_id: str, others: tuple[str, ...]) -> bool: ...
