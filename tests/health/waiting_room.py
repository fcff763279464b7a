"""A morning at a clinic: its desk, patients with places, and who comes, as tests need them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from api.accounts.caller import Caller
from api.accounts.sign_in.access_tokens import LIFETIME
from api.context import Services
from api.health.appointments.records import Appointment
from api.health.appointments.repository import AppointmentRepository
from api.health.queue.repository import Queue, QueueRepository
from api.health.schedules.records import ClinicSession
from api.health.schedules.session_repository import SessionRepository
from api.health.slots.repository import SlotRepository
from api.kit.audit_log import AuditEntry
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from tests.accounts.families import caller_of, grant
from tests.accounts.people import Answer, SignedInPerson, new_key, signed_in
from tests.accounts.people import call as call_accounts
from tests.conftest import MovableClock, send, send_raw
from tests.health.appointments import an_appointment, put
from tests.health.places import FACILITY, MONDAY, Clinic, a_clinic

WALK_IN = {"name": "Giàng A Páo", "birthYear": 1961, "reason": "ho nhiều"}


def at(clock_time: str) -> datetime:
    """Return a moment of MONDAY by the clocks of Vietnam: `at("07:05")`."""
    hours, minutes = map(int, clock_time.split(":"))
    day = day_in_vietnam(MONDAY)
    return datetime(day.year, day.month, day.day, hours, minutes, tzinfo=VIETNAM_TIME).astimezone(
        UTC
    )


@dataclass(slots=True)
class WaitingRoom:
    """A session from 7:00 with a place each quarter of an hour, and a clerk at its desk."""

    client: httpx.AsyncClient
    services: Services
    clock: MovableClock
    clinic: Clinic
    desk: SignedInPerson
    clerk: Caller
    signed_in: dict[str, datetime]

    @property
    def session_id(self) -> str:
        return self.clinic.session.id

    def is_now(self, clock_time: str) -> None:
        self.clock.now = at(clock_time)

    async def booked(
        self,
        place: int,
        person: SignedInPerson | None = None,
        **fields: Any,  # noqa: ANN401
    ) -> Appointment:
        """Let somebody have a place, counted from 0, with the next number."""
        number = await SessionRepository(self.services.store).take_number(self.session_id)
        person_id = (await caller_of(self.services, person)).person() if person else None
        appointment = an_appointment(
            self.clinic.slots[place], person_id, queue_number=number, **fields
        )
        return await put(self.services.store, self.services.sealer, appointment)

    async def checked_in(
        self, place: int, clock_time: str, person: SignedInPerson | None = None
    ) -> str:
        """Let somebody have a place, and be there at a time; return the appointment's id."""
        appointment = await self.booked(place, person)
        self.is_now(clock_time)
        await self.does("CheckInAtDesk", appointment.id)
        return appointment.id

    async def walks_in(self, clock_time: str) -> str:
        """Let somebody come without an appointment; return the id of the one they get."""
        self.is_now(clock_time)
        result = await self.call("AddWalkIn", {"sessionId": self.session_id, **WALK_IN})
        return str(result["patient"]["appointmentId"])

    async def does(self, operation: str, appointment_id: str) -> Answer:
        """Take a step with an appointment at the desk; return the patient after it."""
        result = await self.call(operation, {"appointmentId": appointment_id})
        assert result["__typename"] == f"{operation}Success", result
        return dict(result["patient"])

    async def calls_next(self) -> str:
        """Call the next one; return whom."""
        result = await self.call("CallNext", {"sessionId": self.session_id})
        assert result["__typename"] == "CallNextSuccess", result
        return str(result["patient"]["appointmentId"])

    async def call(
        self, operation: str, values: Answer, person: SignedInPerson | None = None
    ) -> Answer:
        """Send a mutation, as the desk unless another person is given, and return its result."""
        keyed = {"idempotencyKey": new_key(), **values}
        return await self.call_without_key(operation, keyed, person)

    async def call_without_key(
        self, operation: str, values: Answer, person: SignedInPerson | None = None
    ) -> Answer:
        headers = await self._headers(person)
        data = await send(self.client, f"health/{operation}", {"input": values}, headers=headers)
        (result,) = data.values()
        return dict(result)

    async def refused(
        self, operation: str, values: Answer, person: SignedInPerson | None = None
    ) -> str:
        """Send a mutation that is refused; return the code."""
        result = await self.call(operation, values, person)
        assert result["__typename"] == "HealthError", result
        return str(result["code"])

    async def ask(
        self, operation: str, variables: Answer, person: SignedInPerson | None = None
    ) -> Any:  # noqa: ANN401
        """Send a query, as the desk unless another person is given; return what its field holds."""
        headers = await self._headers(person)
        data = await send(self.client, f"health/{operation}", variables, headers=headers)
        (found,) = data.values()
        return found

    async def ask_refused(
        self, operation: str, variables: Answer, person: SignedInPerson | None = None
    ) -> str:
        headers = await self._headers(person)
        reply = await send_raw(self.client, f"health/{operation}", variables, headers=headers)
        return str(reply.json()["errors"][0]["extensions"]["code"])

    async def _headers(self, person: SignedInPerson | None) -> dict[str, str]:
        """Return what a person signs in with, anew when minutes have passed, as an app would."""
        asking = person or self.desk
        since = self.signed_in.setdefault(asking.address, at("06:30"))
        if not since <= self.clock() < since + LIFETIME:
            asked = {"refreshToken": asking.tokens["refreshToken"]}
            refreshed = await call_accounts(self.client, "RefreshSession", asked)
            asking.tokens.update(refreshed["tokens"])
            self.signed_in[asking.address] = self.clock()
        return asking.headers

    async def appointment(self, appointment_id: str) -> Appointment:
        appointments = AppointmentRepository(self.services.store, self.services.sealer)
        found = await appointments.get(appointment_id)
        assert found is not None
        return found

    async def status(self, appointment_id: str) -> str:
        return (await self.appointment(appointment_id)).status.name

    async def session(self) -> ClinicSession:
        found = await SessionRepository(self.services.store).get(self.session_id)
        assert found is not None
        return found

    async def queue(self) -> Queue:
        return await QueueRepository(self.services.store).of(await self.session())

    async def room(self) -> list[int]:
        """Return how much room each place has."""
        slots = await SlotRepository(self.services.store).of_session(self.session_id)
        return [slot.room for slot in slots]

    async def audited(self, action: str) -> list[AuditEntry]:
        """Return what the audit log says of an action, the newest first."""
        rows = (await self.services.audit.entries(100, None)).items
        return [row.entry for row in rows if row.entry and row.entry.action == action]


async def a_waiting_room(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    *,
    places: int = 4,
    capacity: int = 1,
) -> WaitingRoom:
    clock.now = at("06:30")
    clinic = await a_clinic(services.store, places=places, capacity=capacity)
    desk = await signed_in(client, services, "desk@example.com")
    await grant(services, desk, f"clerk facility:{FACILITY}")
    clerk = await caller_of(services, desk)
    return WaitingRoom(client, services, clock, clinic, desk, clerk, {desk.address: clock()})
