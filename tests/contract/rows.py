"""What a row of the authorization matrix is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from tests.contract.world import Actor, World

Variables = Mapping[str, Any]
EVERYBODY = frozenset(Actor)
SIGNED_IN = EVERYBODY - {Actor.ANONYMOUS}


@dataclass(frozen=True, slots=True)
class Row:
    """`allowed`: whose call is answered. `refusal`: the code that the others get, None for a null.

    `anonymous`: the code for nobody in particular, where it is another one. `variables` are those
    with which the owner would succeed.
    """

    operation: str
    allowed: frozenset[Actor]
    refusal: str | None = None
    anonymous: str | None = None
    variables: Callable[[World], Variables] = lambda _: {}

    def code_for(self, actor: Actor) -> str | None:
        """Return the code with which an actor who is not allowed is refused."""
        return (self.anonymous or self.refusal) if actor is Actor.ANONYMOUS else self.refusal


class Sight(Enum):
    """Whose the values of a type are."""

    PUBLIC = auto()
    OWN = auto()
    """Of the caller, or of the holder of a secret that came along."""
    STAFF = auto()
    """Of others: for those whose role needs it, and audited."""
