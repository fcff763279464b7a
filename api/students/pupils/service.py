"""Classes and pupils for those who may see them. What a school's office reads is noted in the audit log."""

from datetime import date

from api.accounts.caller import Caller
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.pages import Listing, Page, checked_first
from api.students.calendar.school_calendar import school_year_of
from api.students.guardians.access import PupilAccess, SeenPupil
from api.students.guardians.guardianship import Guardianship
from api.students.pupils.pupil import Pupil, SchoolClass
from api.students.pupils.repository import PupilRepository
from api.students.staff import SchoolStaff, office_entry

_BY_ID = Listing("students.pupils", (str,))


class Pupils:
    def __init__(
        self,
        pupils: PupilRepository,
        access: PupilAccess,
        staff: SchoolStaff,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._pupils = pupils
        self._access = access
        self._staff = staff
        self._audit = audit
        self._clock = clock

    async def classes(self, caller: Caller, school_id: str, year: int | None) -> list[SchoolClass]:
        """Return the classes of a school year (None: this one) by name.

        Raises NotSignedIn, NotAllowed, SchoolNotFound.
        """
        self._staff.clerk(caller, school_id)
        return await self._pupils.classes(school_id, self._year() if year is None else year)

    async def in_class(
        self, caller: Caller, school_id: str, class_id: str, first: int, after: str | None
    ) -> Page[Pupil]:
        """Return who is in a class of a school, and note that it was read.

        Raises NotSignedIn, NotAllowed, SchoolNotFound and PageProblem.
        """
        person_id = self._staff.clerk(caller, school_id)
        start = _BY_ID.values(after)
        limit = checked_first(first) + 1
        found = await self._pupils.in_class(
            class_id, self._today(), after=start[0] if start else "", limit=limit
        )
        own = [pupil for pupil in found if pupil.school_id == school_id]
        page = _BY_ID.page(own, first=first, after=after, values=lambda one: (one.id,))
        await self._audit.append(
            office_entry(person_id, "pupils.read", class_id, school_id, {"found": len(page.items)})
        )
        return page

    async def find(self, caller: Caller, pupil_id: str) -> SeenPupil:
        """Return a pupil to her guardian, or to her school. Raises NotSignedIn, PupilNotFound."""
        seen = await self._access.seen(caller, pupil_id)
        if seen.guardianship is None:
            await self._audit.append(
                office_entry(
                    caller.person(), "pupil.read", pupil_id, seen.pupil.school_id, {"found": 1}
                )
            )
        return seen

    async def followed(self, caller: Caller) -> list[tuple[Guardianship, Pupil]]:
        """Return whom the caller follows, the longest first. Raises NotSignedIn."""
        return await self._access.followed(caller.person())

    async def classes_of(self, class_ids: list[str]) -> list[SchoolClass | None]:
        """Return classes in the order of their ids, for a DataLoader."""
        found = await self._pupils.classes_by_id(class_ids)
        return [found.get(class_id) for class_id in class_ids]

    def _year(self) -> int:
        return school_year_of(self._today())

    def _today(self) -> date:
        return day_in_vietnam(self._clock())
