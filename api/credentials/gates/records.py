"""Gates as they are kept: a turnstile, a desk or a clerk's phone that scans cards of one audience."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.accounts.caller import Scope, ScopeKind
from api.credentials.records import TOURIST_PASSES, Audience, CredentialKind
from api.kit.geo import Position

GATE_SCOPES = (ScopeKind.MERCHANT, ScopeKind.FACILITY, ScopeKind.SCHOOL)


class OldListRule(StrEnum):
    """What a gate does with a good card when its status list is older than it may be."""

    LET_IN = auto()
    CONFIRM = auto()
    """The clerk compares photo and name, as for a printed card."""
    REFUSE = auto()


@dataclass(frozen=True, slots=True)
class OldListPolicy:
    """`max_age`: how old a list may be before `rule` counts. A list that has expired is as good as none."""

    max_age: timedelta
    rule: OldListRule


DEFAULT_POLICY = OldListPolicy(timedelta(hours=24), OldListRule.CONFIRM)


@dataclass(frozen=True, slots=True)
class Gate:
    """`names`: by BCP 47 tag; `scope`: whose gate it is; `audience`: whose cards it reads.

    `retired_at`: since when it scans no more. `secret_digest` proves that the gate was enrolled.
    """

    id: str
    names: Mapping[str, str]
    scope: Scope
    audience: Audience
    place_id: str | None
    position: Position | None
    policy: OldListPolicy
    added_at: datetime
    added_by: str | None
    secret_digest: str
    retired_at: datetime | None = None
    version: int = 1


def audience_for(scope: Scope) -> Audience | None:
    """Return whose cards the gates of a scope read: a school's own, else tourist passes."""
    if scope.kind is ScopeKind.SCHOOL:
        return Audience(CredentialKind.STUDENT_CARD, scope)
    if scope.kind in GATE_SCOPES:
        return TOURIST_PASSES
    return None
