"""What schools are called, for accounts, which keeps no institutions."""

from typing_extensions import override

from api.accounts.caller import Scope, ScopeKind
from api.accounts.staff.institutions import Institutions
from api.kit.localized import best_language
from api.students.schools.school import SchoolLibrary


class SchoolNames(Institutions):
    """Other institutions keep their ids."""

    def __init__(self, library: SchoolLibrary) -> None:
        self._library = library

    @override
    def name_of(self, scope: Scope, language: str) -> str:
        school = self._library.schools.get(scope.id) if scope.kind is ScopeKind.SCHOOL else None
        best = best_language(school.names, language) if school else None
        return school.names[best] if school and best else scope.id

    @override
    def is_known(self, scope: Scope) -> bool:
        return scope.kind is not ScopeKind.SCHOOL or scope.id in self._library.schools
