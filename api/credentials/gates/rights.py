"""Who may do what at a gate. Whoever may not is answered as for a gate that is not there."""

from api.accounts.caller import PROVINCE, Caller, Grant, Role, Scope
from api.accounts.errors import NotAllowed
from api.credentials.gates.errors import GateNotFound
from api.credentials.gates.records import Gate
from api.credentials.gates.repository import GateRepository

ADMINISTRATION = Grant(Role.ADMINISTRATOR, PROVINCE)
_MANAGERS = (Role.CLERK, Role.MERCHANT)


class GateRights:
    def __init__(self, gates: GateRepository) -> None:
        self._gates = gates

    async def to_scan(self, caller: Caller, gate_id: str, *, is_late: bool) -> Gate:
        """Return a gate whose gatekeeper is asking. Raises NotSignedIn and GateNotFound.

        A retired gate may only tell, late, what it let in before.
        """
        caller.person()
        gate = await self._gates.get(gate_id)
        if gate is None or not caller.holds(Role.GATEKEEPER, gate.scope):
            raise GateNotFound
        if gate.retired_at is not None and not is_late:
            raise GateNotFound
        return gate

    async def to_manage(self, caller: Caller, gate_id: str) -> Gate:
        """Return a gate that the caller answers for. Raises NotSignedIn and GateNotFound."""
        caller.person()
        gate = await self._gates.get(gate_id)
        if gate is None or right_at(caller, gate.scope) is None:
            raise GateNotFound
        return gate


def right_at(caller: Caller, scope: Scope) -> Grant | None:
    """Return by which role a caller answers for the gates of a scope."""
    held = [grant for grant in caller.grants if grant.scope == scope and grant.role in _MANAGERS]
    held += [ADMINISTRATION] if ADMINISTRATION in caller.grants else []
    return min(held, key=str, default=None)


def required_right(caller: Caller, scope: Scope) -> Grant:
    """Return the same. Raises NotSignedIn and NotAllowed without it."""
    caller.person()
    right = right_at(caller, scope)
    if right is None:
        raise NotAllowed
    return right
