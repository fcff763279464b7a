"""Who is asking, and in which capacity. Services check it; resolvers only hand it on."""

import re
from dataclasses import dataclass
from enum import StrEnum, auto

from typing_extensions import override

from api.accounts.errors import NotAllowed, NotSignedIn


class ScopeKind(StrEnum):
    """What a role may be bound to. PROVINCE stands alone, the others have an id."""

    PROVINCE = auto()
    AGENCY = auto()
    FACILITY = auto()
    SCHOOL = auto()
    MERCHANT = auto()


_SCOPE_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a role holds. `id`: of the agency, facility, school or merchant; empty for the province.

    Raises ValueError for an id that cannot be one.
    """

    kind: ScopeKind
    id: str = ""

    def __post_init__(self) -> None:
        is_sound = not self.id if self.kind is ScopeKind.PROVINCE else _SCOPE_ID.fullmatch(self.id)
        if not is_sound:
            raise ValueError(f"{self.kind} {self.id!r}")

    @override
    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)

    @classmethod
    def of(cls, text: str) -> "Scope":
        """Return the scope that `str` made this text of. Raises ValueError."""
        kind, _, scope_id = text.partition(":")
        return cls(ScopeKind(kind), scope_id)


PROVINCE = Scope(ScopeKind.PROVINCE)


class Role(StrEnum):
    """What somebody does for an institution. Residents, visitors and guardians need no role."""

    CLERK = auto()
    ALERT_AUTHOR = auto()
    ALERT_APPROVER = auto()
    MERCHANT = auto()
    GATEKEEPER = auto()
    CONTENT_EDITOR = auto()
    MODERATOR = auto()
    AUDITOR = auto()
    ADMINISTRATOR = auto()


SCOPES_OF_ROLES = {
    Role.CLERK: frozenset({ScopeKind.AGENCY, ScopeKind.FACILITY, ScopeKind.SCHOOL}),
    Role.ALERT_AUTHOR: frozenset({ScopeKind.AGENCY}),
    Role.ALERT_APPROVER: frozenset({ScopeKind.AGENCY}),
    Role.MERCHANT: frozenset({ScopeKind.MERCHANT}),
    Role.GATEKEEPER: frozenset({ScopeKind.MERCHANT, ScopeKind.FACILITY, ScopeKind.SCHOOL}),
    Role.CONTENT_EDITOR: frozenset({ScopeKind.PROVINCE}),
    Role.MODERATOR: frozenset({ScopeKind.PROVINCE}),
    Role.AUDITOR: frozenset({ScopeKind.PROVINCE}),
    Role.ADMINISTRATOR: frozenset({ScopeKind.PROVINCE}),
}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a place. Raises ValueError for a role that is not held there."""

    role: Role
    scope: Scope

    def __post_init__(self) -> None:
        if self.scope.kind not in SCOPES_OF_ROLES[self.role]:
            raise ValueError(f"{self.role} of {self.scope}")

    @override
    def __str__(self) -> str:
        return f"{self.role} {self.scope}"

    @classmethod
    def of(cls, text: str) -> "Grant":
        """Return the grant that `str` made this text of. Raises ValueError."""
        role, _, scope = text.partition(" ")
        return cls(Role(role), Scope.of(scope))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sent a request. Nobody in particular without `person_id`."""

    person_id: str | None = None
    session_id: str | None = None
    grants: frozenset[Grant] = frozenset()

    def person(self) -> str:
        """Return the id of the person. Raises NotSignedIn."""
        if self.person_id is None:
            raise NotSignedIn
        return self.person_id

    def holds(self, role: Role, scope: Scope) -> bool:
        return any(grant.role is role and grant.scope == scope for grant in self.grants)

    def require(self, role: Role, scope: Scope) -> str:
        """Return the id of the person, who holds the role there. Raises NotSignedIn, NotAllowed."""
        person_id = self.person()
        if not self.holds(role, scope):
            raise NotAllowed
        return person_id

    def require_any(self, role: Role) -> frozenset[Scope]:
        """Return where the person holds the role: somewhere. Raises NotSignedIn, NotAllowed."""
        self.person()
        scopes = frozenset(grant.scope for grant in self.grants if grant.role is role)
        if not scopes:
            raise NotAllowed
        return scopes


ANONYMOUS = Caller()
