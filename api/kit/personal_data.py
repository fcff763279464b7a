"""What the product holds of a person, collection by collection: to be handed over, and to be forgotten.

Whoever keeps something of people implements it; wiring.py gathers the holders, and accounts asks
them all. So no slice needs to know another (design, section 1).
"""

from typing import Any, Protocol


class PersonalData(Protocol):
    """One holder. `name`: of its file in the export, in lower case with hyphens."""

    @property
    def name(self) -> str: ...

    @property
    def explanation(self) -> str:
        """What its file in the export tells, a msgid."""
        ...

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return everything held of a person as a JSON value, opened, for that person to read."""
        ...

    async def erase(self, person_id: str) -> None:
        """Remove it, or make it nobody's where law or money requires it to stay.

        Runs again after a crash, so a second run must find nothing left to do. Raises
        HolderUnavailable when what it stands on is away; then it is asked again, until it is done.
        """
        ...


class HolderUnavailable(Exception):
    """A holder cannot erase now, but will be able to."""
