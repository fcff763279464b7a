"""Who works at the desk of an institution of one kind: checked once more where something is written."""

from collections.abc import Callable

from api.accounts.caller import Caller, Grant, Role, Scope
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.kit.store import Store


class Clerks:
    """`right`: which role at which scope runs the desk of an id; `find` raises when nothing has the id."""

    def __init__(
        self,
        store: Store,
        right: Callable[[str], tuple[Role, Scope]],
        find: Callable[[str], object],
    ) -> None:
        self._grants = Grants(store)
        self._right = right
        self._find = find

    def clerk(self, caller: Caller, institution_id: str) -> str:
        """Return the id of the person, who is a clerk of this institution.

        Raises NotSignedIn, NotAllowed, and what `right` and `find` raise.
        """
        person_id = caller.require(*self._right(institution_id))
        self._find(institution_id)
        return person_id

    def is_clerk(self, caller: Caller, institution_id: str) -> bool:
        return caller.holds(*self._right(institution_id))

    async def hold_clerk(self, person_id: str, institution_id: str) -> None:
        """Check it again, within the open transaction. Raises NotAllowed: it was taken back since."""
        if not await self._grants.is_held(person_id, Grant(*self._right(institution_id))):
            raise NotAllowed
