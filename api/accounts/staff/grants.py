"""Who holds which role. Grants lie in the accounts; here is all that changes and looks them up."""

from collections.abc import Sequence

from api.accounts.caller import PROVINCE, SCOPES_OF_ROLES, Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed, NotFound
from api.accounts.people.repository import ACCOUNTS
from api.accounts.staff.errors import InvalidGrant, LastAdministrator
from api.kit.ids import new_id
from api.kit.store import CollectionSpec, Filter, Store

GRANT_TURNS = CollectionSpec("grant_turns")

ADMINISTRATION = Grant(Role.ADMINISTRATOR, PROVINCE)
AUDITING = Grant(Role.AUDITOR, PROVINCE)


def scope_of(kind: ScopeKind, scope_id: str | None) -> Scope:
    """Return the place that a request names. Raises InvalidGrant."""
    try:
        return Scope(kind, scope_id or "")
    except ValueError as error:
        raise InvalidGrant from error


def grant_of(role: Role, kind: ScopeKind, scope_id: str | None) -> Grant:
    """Return the grant that a request names. Raises InvalidGrant."""
    try:
        return Grant(role, scope_of(kind, scope_id))
    except ValueError as error:
        raise InvalidGrant from error


def grants_at(scope: Scope) -> tuple[Grant, ...]:
    """Return every role that can be held at a place."""
    return tuple(Grant(role, scope) for role in Role if scope.kind in SCOPES_OF_ROLES[role])


def right_to_read(caller: Caller) -> Grant:
    """Return by which role a caller may read what concerns staff. Raises NotSignedIn, NotAllowed."""
    caller.person()
    for right in (ADMINISTRATION, AUDITING):
        if right in caller.grants:
            return right
    raise NotAllowed


class Grants:
    """All that changes and looks up the grants of accounts. Changes join the open transaction."""

    def __init__(self, store: Store) -> None:
        self._accounts = store[ACCOUNTS]
        self._turns = store[GRANT_TURNS]

    async def add(self, person_id: str, grant: Grant) -> bool:
        """Give a role; False when the person holds it already. Raises NotFound."""
        given = await self._accounts.update_one(
            {"_id": person_id, "is_leaving": False, "grants": {"$ne": str(grant)}},
            {"$addToSet": {"grants": str(grant)}, "$inc": {"version": 1}},
        )
        if given is None and not await self.is_held(person_id, grant):
            raise NotFound
        return given is not None

    async def take_back(self, person_id: str, grant: Grant) -> bool:
        """Take a role back; False when the person does not hold it. Raises LastAdministrator."""
        if grant == ADMINISTRATION:
            await self._take_turn()
        taken = await self._accounts.update_one(
            {"_id": person_id, "grants": str(grant)},
            {"$pull": {"grants": str(grant)}, "$inc": {"version": 1}},
        )
        if taken is None:
            return False
        if grant == ADMINISTRATION and not await self.holders([ADMINISTRATION], limit=1):
            raise LastAdministrator
        return True

    async def take_back_all(self, person_id: str) -> frozenset[Grant]:
        """Take every role of a person who leaves back; return them. Raises LastAdministrator."""
        account = await self._accounts.get(person_id)
        held = frozenset(map(Grant.of, account["grants"] if account else ()))
        return frozenset([grant for grant in held if await self.take_back(person_id, grant)])

    async def is_held(self, person_id: str, grant: Grant) -> bool:
        """Tell whether a person holds a role as the open transaction sees it."""
        return await self._accounts.find_one({**_holding([grant]), "_id": person_id}) is not None

    async def holders(
        self, grants: Sequence[Grant], *, limit: int | None = None, after: str = ""
    ) -> list[str]:
        """Return the ids of those who hold any of the roles, in the order of the ids."""
        found = await self._accounts.find(
            {**_holding(grants), "_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit
        )
        return [document["_id"] for document in found]

    async def _take_turn(self) -> None:
        # Engines with snapshots let two transactions that write different documents both commit,
        # though together they leave no administrator. So they write the same one, each anew.
        await self._turns.upsert({"_id": str(ADMINISTRATION), "turn": new_id()})


def _holding(grants: Sequence[Grant]) -> Filter:
    return {"grants": {"$in": [str(grant) for grant in grants]}, "is_leaving": False}
