"""Who may see a pupil: the office of her school, and her guardians. To anybody else she is not there."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.caller import Caller
from api.students.errors import PupilNotFound
from api.students.guardians.consent import RecordConsent
from api.students.guardians.guardianship import GuardianRepository, Guardianship, GuardianState
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository
from api.students.staff import SchoolStaff


@dataclass(frozen=True, slots=True)
class SeenPupil:
    """`guardianship`: by which the caller follows the pupil, None for the office of the school."""

    pupil: Pupil
    guardianship: Guardianship | None


class PupilAccess:
    def __init__(
        self,
        pupils: PupilRepository,
        guardians: GuardianRepository,
        consent: RecordConsent,
        staff: SchoolStaff,
    ) -> None:
        self._pupils = pupils
        self._guardians = guardians
        self._consent = consent
        self._staff = staff

    async def seen(self, caller: Caller, pupil_id: str) -> SeenPupil:
        """Return a pupil whom the caller may see. Raises NotSignedIn, PupilNotFound."""
        caller.person()
        pupil = await self._pupils.get(pupil_id)
        if pupil is not None and self._staff.is_clerk(caller, pupil.school_id):
            return SeenPupil(pupil, None)
        guardianship = await self._following(caller.person(), pupil_id)
        if pupil is None or guardianship is None:
            raise PupilNotFound
        return SeenPupil(pupil, guardianship)

    async def of_school(self, caller: Caller, pupil_id: str) -> Pupil:
        """Return a pupil for the office of her school. Raises NotSignedIn, PupilNotFound."""
        caller.person()
        pupil = await self._pupils.get(pupil_id)
        if pupil is None or not self._staff.is_clerk(caller, pupil.school_id):
            raise PupilNotFound
        return pupil

    async def of_guardian(self, caller: Caller, pupil_id: str) -> Pupil:
        """Return a pupil for her guardian. Raises NotSignedIn, PupilNotFound."""
        person_id = caller.person()
        pupil = await self._pupils.get(pupil_id)
        if pupil is None or await self._following(person_id, pupil_id) is None:
            raise PupilNotFound
        return pupil

    async def hold_guardian(self, person_id: str, pupil_id: str) -> None:
        """Check it again within the open transaction. Raises PupilNotFound: it ended since."""
        is_here = await self._consent.hold(person_id)
        if not is_here or await self._following(person_id, pupil_id) is None:
            raise PupilNotFound

    async def followed(self, person_id: str) -> list[tuple[Guardianship, Pupil]]:
        """Return whom a person may see as a guardian, the longest first."""
        found = [
            one for one in await self._guardians.of_person(person_id) if await self._counts(one)
        ]
        pupils = await self._pupils.get_many([one.pupil_id for one in found])
        return [(one, pupils[one.pupil_id]) for one in found if one.pupil_id in pupils]

    async def followers(self, pupil_id: str) -> Sequence[Guardianship]:
        """Return by what a pupil is followed at this moment."""
        found = await self._guardians.of_pupil(pupil_id)
        return [one for one in found if await self._counts(one)]

    async def hold_follower(self, pupil_id: str) -> Guardianship | None:
        """Return by what a pupil is followed the longest by somebody who is not leaving, None for nothing.

        Keeps that account as it is until the open transaction ends.
        """
        for one in await self.followers(pupil_id):
            if await self._consent.hold(one.person_id):
                return one
        return None

    async def is_agreed(self, one: Guardianship) -> bool:
        """Tell whether the consents on which it rests stand, whoever has confirmed it."""
        return await self._consent.is_given(one.person_id, one.dependant_id)

    async def _following(self, person_id: str, pupil_id: str) -> Guardianship | None:
        found = await self._guardians.between(person_id, pupil_id)
        return found if found is not None and await self._counts(found) else None

    async def _counts(self, one: Guardianship) -> bool:
        is_confirmed = one.state is GuardianState.CONFIRMED
        return is_confirmed and await self.is_agreed(one)
