"""Owners of accounts, as this slice names them. Slices above open accounts for owners of their own."""

from api.accounts.caller import Scope
from api.wallet.ledger.records import AccountKind, Owner

SUSPENSE = Owner("province", "suspense")
FORFEITED = Owner("province", "forfeited")
_PERSON = "person"


def person(person_id: str) -> Owner:
    return Owner(_PERSON, person_id)


def institution(scope: Scope) -> Owner:
    """Return the owner of a cash drawer, or of what a merchant has earned."""
    return Owner(scope.kind, scope.id)


def provider(name: str) -> Owner:
    return Owner("provider", name)


def is_scope(owner: Owner | None, scope: Scope) -> bool:
    return owner == institution(scope)


HELD_BY_PEOPLE = frozenset({AccountKind.PERSON, AccountKind.CARD})
"""What can be topped up, and paid from."""
