"""What hospitals and clinics are called, for accounts, which keeps no institutions."""

from typing_extensions import override

from api.accounts.caller import Scope, ScopeKind
from api.accounts.staff.institutions import Institutions
from api.health.directory.facility import FacilityLibrary
from api.kit.localized import best_language


class FacilityNames(Institutions):
    """Other institutions are asked of `others`."""

    def __init__(self, library: FacilityLibrary, others: Institutions) -> None:
        self._library = library
        self._others = others

    @override
    def name_of(self, scope: Scope, language: str) -> str:
        is_facility = scope.kind is ScopeKind.FACILITY
        facility = self._library.facilities.get(scope.id) if is_facility else None
        best = best_language(facility.names, language) if facility else None
        if facility is None or best is None:
            return self._others.name_of(scope, language)
        return facility.names[best]

    @override
    def is_known(self, scope: Scope) -> bool:
        if scope.kind is ScopeKind.FACILITY:
            return scope.id in self._library.facilities
        return self._others.is_known(scope)
