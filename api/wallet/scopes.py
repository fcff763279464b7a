"""At which counters and merchants somebody may handle money."""

from api.accounts.caller import Caller, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.wallet.errors import InvalidScope

_AT_A_COUNTER = (Role.CLERK, Role.MERCHANT)


def scope_named(kind: ScopeKind, scope_id: str) -> Scope:
    """Return the scope of a counter. Raises InvalidScope."""
    try:
        scope = Scope(kind, scope_id)
    except ValueError as error:
        raise InvalidScope from error
    if scope.kind is ScopeKind.PROVINCE:
        raise InvalidScope
    return scope


def merchant_named(merchant_id: str) -> Scope:
    """Return the scope of a merchant. Raises InvalidScope."""
    return scope_named(ScopeKind.MERCHANT, merchant_id)


def require_counter(caller: Caller, scope: Scope) -> str:
    """Return the id of a person who works at a counter: a clerk of it, or the merchant.

    Raises NotSignedIn, NotAllowed.
    """
    person_id = caller.person()
    if not works_at(caller, scope):
        raise NotAllowed
    return person_id


def works_at(caller: Caller, scope: Scope) -> bool:
    return any(caller.holds(role, scope) for role in _AT_A_COUNTER)
