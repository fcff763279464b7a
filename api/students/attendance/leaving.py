from api.students.attendance.repository import AttendanceRepository
from api.students.cards.desk import DeskTickets
from api.students.notices.telling import Telling
from api.students.pupils.pupil import Pupil


class AttendanceOfLeavers:
    """Days are kept until they end by themselves, or with the pupil (KeepsOfPupils)."""

    def __init__(self, days: AttendanceRepository, tickets: DeskTickets, telling: Telling) -> None:
        self._days = days
        self._tickets = tickets
        self._telling = telling

    async def pupil_left(self, pupil: Pupil) -> None:
        await self._tickets.remove_of_pupil(pupil.id)

    async def erase_pupil(self, pupil_id: str) -> None:
        await self._days.remove_of_pupil(pupil_id)
        await self._tickets.remove_of_pupil(pupil_id)
        await self._telling.erase_pupil(pupil_id)
