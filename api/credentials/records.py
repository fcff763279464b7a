"""Credentials as they are kept: what was issued to whom, its generations, and what became of it."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto

from typing_extensions import override

from api.accounts.caller import PROVINCE, Scope, ScopeKind
from api.kit import base64url


class CredentialKind(StrEnum):
    """What a credential stands for. The slice of a kind says what a scan does (CredentialUse)."""

    TOURIST_PASS = auto()
    STUDENT_CARD = auto()


SCOPES_OF_KINDS = {
    CredentialKind.TOURIST_PASS: ScopeKind.PROVINCE,
    CredentialKind.STUDENT_CARD: ScopeKind.SCHOOL,
}


@dataclass(frozen=True, slots=True)
class Audience:
    """Whose gates may read a credential: all for tourist passes, or those of one school.

    Gates of an audience share its gate keys and its status lists. Raises ValueError for a kind that
    is not read there.
    """

    kind: CredentialKind
    scope: Scope

    def __post_init__(self) -> None:
        if self.scope.kind is not SCOPES_OF_KINDS[self.kind]:
            raise ValueError(f"{self.kind} of {self.scope}")

    @property
    def tag(self) -> str:
        """Eleven characters that stand for the audience in tokens and addresses."""
        digest = hashlib.sha256(f"audience {self}".encode()).digest()
        return base64url.encoded(digest[:8])

    @override
    def __str__(self) -> str:
        return f"{self.kind} {self.scope}"

    @classmethod
    def of(cls, text: str) -> "Audience":
        """Return the audience that `str` made this text of. Raises ValueError."""
        kind, _, scope = text.partition(" ")
        return cls(CredentialKind(kind), Scope.of(scope))


TOURIST_PASSES = Audience(CredentialKind.TOURIST_PASS, PROVINCE)


def student_cards_of(school_id: str) -> Audience:
    """Return the audience of a school's cards. Raises ValueError for an id that cannot be one."""
    return Audience(CredentialKind.STUDENT_CARD, Scope(ScopeKind.SCHOOL, school_id))


class CredentialState(StrEnum):
    """VALID and SUSPENDED lead to each other; REVOKED is for good."""

    VALID = auto()
    SUSPENDED = auto()
    REVOKED = auto()


LIVING = (CredentialState.VALID, CredentialState.SUSPENDED)


class RevocationReason(StrEnum):
    LOST = auto()
    STOLEN = auto()
    REFUNDED = auto()
    LEFT = auto()
    """The pupil has left the school, or the holder has left us."""
    MISUSED = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Generation:
    """What one phone, and the cards printed meanwhile, carry. `number` counts from 1.

    `index`: the place in the audience's status lists, of this generation alone; `epoch`: of the gate
    key that its codes derive from; `ended_at`: when it was replaced.
    """

    number: int
    index: int
    epoch: int
    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StateChange:
    """Since `at` the credential is in this state."""

    state: CredentialState
    at: datetime
    reason: RevocationReason | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Credential:
    """What was issued, with everything that became of it.

    `subject_id`: the pass or pupil it speaks of, opaque here; `holder_id`: the person on whose phone it
    may be shown, None for a card that is only printed. Valid from `valid_from`, before `valid_until`, to the second. `generations` and `changes` are in the
    order of time and never empty. `taken_by`: the device that got this generation's key.
    """

    id: str
    kind: CredentialKind
    subject_id: str
    holder_id: str | None
    audience: Audience
    valid_from: datetime
    valid_until: datetime
    generations: tuple[Generation, ...]
    changes: tuple[StateChange, ...]
    taken_by: str | None = None
    taken_at: datetime | None = None
    version: int = 1

    @property
    def generation(self) -> Generation:
        """The one that holds now."""
        return self.generations[-1]

    @property
    def issued_at(self) -> datetime:
        return self.generations[0].began_at

    @property
    def state(self) -> CredentialState:
        return self.changes[-1].state

    def state_at(self, moment: datetime) -> CredentialState:
        """Return the state that held then; before the first one, that one."""
        held = [change.state for change in self.changes if change.at <= moment]
        return held[-1] if held else self.changes[0].state

    def generation_of(self, number: int) -> Generation | None:
        return next((one for one in self.generations if one.number == number), None)
