"""What the slice keeps of a person: of a guardian with the pupils she follows, and of a school's clerk."""

from typing import Any

from api.kit.clock import Clock
from api.kit.errors import N_
from api.students.guardians.access import PupilAccess
from api.students.guardians.guardianship import GuardianRepository, Guardianship
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository


class GuardianData:
    """A guardian's copy has her pupils in it. The pupils stay when she goes: they are the school's."""

    name = "school"
    explanation = N_("The pupils whom you follow at school, and what the school keeps of them.")

    def __init__(
        self,
        guardians: GuardianRepository,
        pupils: PupilRepository,
        access: PupilAccess,
        clock: Clock,
    ) -> None:
        self._guardians = guardians
        self._pupils = pupils
        self._access = access
        self._clock = clock

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        seen = {one.id: pupil for one, pupil in await self._access.followed(person_id)}
        found = await self._guardians.of_person(person_id)
        return [await self._told(one, seen.get(one.id)) for one in found]

    async def erase(self, person_id: str) -> None:
        for one in await self._guardians.of_person(person_id):
            await self._guardians.end(one.id)
        await self._guardians.forget_inviter(person_id)

    async def _told(self, one: Guardianship, pupil: Pupil | None) -> dict[str, Any]:
        return {
            "guardianship": one.id,
            "state": one.state.name,
            "dependant": one.dependant_id,
            "acceptedAt": one.accepted_at.isoformat(),
            "confirmedAt": one.confirmed_at.isoformat() if one.confirmed_at else None,
            "pupil": await self._pupil(pupil) if pupil else None,
        }

    async def _pupil(self, pupil: Pupil) -> dict[str, Any]:
        its_class = await self._pupils.get_class(pupil.class_id)
        return {
            "id": pupil.id,
            "school": pupil.school_id,
            "class": its_class.name if its_class else None,
            "number": pupil.details.number,
            "name": pupil.details.name,
            "bornOn": pupil.details.born_on.isoformat(),
            "leftOn": pupil.left_on.isoformat() if pupil.left_on else None,
        }
