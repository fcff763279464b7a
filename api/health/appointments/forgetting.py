"""What of appointments goes with a person: those to come are cancelled, those that were are nobody's."""

from api.health.appointments.changes import AppointmentChanges
from api.health.appointments.records import Appointment, CancelledBy
from api.health.appointments.repository import ALIVE, AppointmentRepository
from api.kit.clock import Clock
from api.kit.store import Store
from api.kit.transactions import transact


class Forgetting:
    """The facility keeps that a place was had, when, and how it ended: without name, reason and person."""

    def __init__(
        self,
        store: Store,
        appointments: AppointmentRepository,
        changes: AppointmentChanges,
        clock: Clock,
    ) -> None:
        self._store = store
        self._appointments = appointments
        self._changes = changes
        self._clock = clock

    async def forget_person(self, person_id: str) -> None:
        """Forget everybody for whom a person booked, one appointment after the other."""
        while found := await self._appointments.of_booker(person_id, (), limit=1):
            await self._forget(found[0])

    async def forget_patient(self, person_id: str, dependant_id: str | None) -> None:
        """Forget one patient of a person's, None for the person; joins the open transaction."""
        for one in await self._appointments.of_booker(person_id, ()):
            if one.dependant_id == dependant_id:
                await self._forget(one)

    async def _forget(self, seen: Appointment) -> None:
        async def work() -> None:
            one = await self._appointments.get(seen.id)
            if one is None:
                return
            if one.status in ALIVE and one.start > self._clock():
                one = await self._changes.cancel(one, CancelledBy.PATIENT)
            await self._appointments.make_nobodys(one)

        await transact(self._store, work)
