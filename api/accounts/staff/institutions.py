"""What institutions are called. Slices that keep them say it through wiring.py."""

from typing import Protocol

from typing_extensions import override

from api.accounts.caller import Scope


class Institutions(Protocol):
    def name_of(self, scope: Scope, language: str) -> str:
        """Return what people call an agency, facility, school or merchant, in `language` if it can be."""
        ...

    def is_known(self, scope: Scope) -> bool:
        """Tell whether there is such a place; where no slice keeps that kind, any id may be one."""
        ...


class NamedById(Institutions):
    """While no slice keeps institutions, their ids are all there is."""

    @override
    def name_of(self, scope: Scope, language: str) -> str:
        return scope.id

    @override
    def is_known(self, scope: Scope) -> bool:
        return True
