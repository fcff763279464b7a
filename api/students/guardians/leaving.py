from api.students.guardians.guardianship import GuardianRepository
from api.students.pupils.pupil import Pupil


class GuardiansOfLeavers:
    """Guardians see what is kept of a pupil who left, as long as it is kept (KeepsOfPupils)."""

    def __init__(self, guardians: GuardianRepository) -> None:
        self._guardians = guardians

    async def pupil_left(self, pupil: Pupil) -> None:
        await self._guardians.withdraw_all_of(pupil.id)

    async def erase_pupil(self, pupil_id: str) -> None:
        await self._guardians.remove_of_pupil(pupil_id)
