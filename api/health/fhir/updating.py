"""PUT of an Appointment: a status, or another place. All else stays as it was read, or is refused."""

from typing import Any

from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.fhir.errors import ElementFixed, InvalidParameter, StatusRefused
from api.health.fhir.exchange import FhirRequest, Resource
from api.health.fhir.facility_bookings import WantedChange
from api.health.fhir.finding import moment_of
from api.health.fhir.r4 import read_resource
from api.health.fhir.search_parameters import reference_id
from api.health.fhir.terms import Terms
from api.health.slots.repository import SlotRepository
from api.kit.json_values import is_object

_LOOKED_AT_APART = frozenset(
    {"resourceType", "id", "status", "slot", "start", "end", "cancelationReason"}
)
_LEFT_OUT = frozenset({"meta", "text", "language"})
"""What a client may write as it likes: it is ours to write."""


class Updating:
    def __init__(self, terms: Terms, slots: SlotRepository) -> None:
        self._terms = terms
        self._slots = slots

    async def read(self, request: FhirRequest, appointment_id: str) -> Resource:
        """Return the Appointment that was sent. Raises FhirProblem."""
        request.check_sends_json()
        sent = await read_resource(request.body, "Appointment")
        if sent.get("id") != appointment_id:
            raise InvalidParameter(name="id", expression="Appointment.id")
        return sent

    async def wanted(
        self, sent: Resource, current: Appointment, shown: Resource, version: str
    ) -> WantedChange:
        """Return what `sent` changes in what is `shown`.

        Raises ElementFixed, StatusRefused, InvalidParameter.
        """
        for name, value in sent.items():
            is_ours = name in _LOOKED_AT_APART | _LEFT_OUT
            if not is_ours and value != shown.get(name):
                raise ElementFixed(name=name, expression=f"Appointment.{name}")
        status = _status(sent, current)
        slot_id = self._slot_id(sent)
        if slot_id is None or slot_id == current.slot_id:
            _check_times(sent, shown)
            return WantedChange(version, status, None)
        if status is not current.status:
            raise ElementFixed(name="status", expression="Appointment.status")
        slot = await self._slots.get(slot_id)
        if slot is None:
            raise InvalidParameter(name="slot", expression="Appointment.slot")
        if "start" in sent and moment_of("start", sent["start"]) != slot.start.replace(
            microsecond=0
        ):
            raise ElementFixed(name="start", expression="Appointment.start")
        return WantedChange(version, status, slot_id)

    def _slot_id(self, sent: Resource) -> str | None:
        slots: list[Any] = sent.get("slot") or []
        if not slots:
            return None
        named = slots[0].get("reference") if is_object(slots[0]) else None
        if len(slots) > 1 or not isinstance(named, str):
            raise InvalidParameter(name="slot", expression="Appointment.slot")
        return reference_id("slot", named, ["Slot"], base=self._terms.base)


def _status(sent: Resource, current: Appointment) -> AppointmentStatus:
    try:
        return AppointmentStatus(sent["status"])
    except ValueError as error:
        raise StatusRefused(old=current.status.value, new=str(sent["status"])[:20]) from error


def _check_times(sent: Resource, shown: Resource) -> None:
    for name in ("start", "end"):
        if name in sent and moment_of(name, sent[name]) != moment_of(name, shown[name]):
            raise ElementFixed(name=name, expression=f"Appointment.{name}")
