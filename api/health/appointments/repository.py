"""Appointments as documents. The patient's name and the reason for the visit are sealed.

Every change of state is one conditional write: by the state that it comes from, and the version.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from api.health.appointments.errors import AppointmentNotFound
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

KEPT_FOR = timedelta(days=2 * 365)
"""From the start of an appointment."""

HOLD_KEPT_FOR = timedelta(days=7)
"""From the making of a hold that nobody confirmed."""

ALIVE: Final = (
    AppointmentStatus.PENDING,
    AppointmentStatus.BOOKED,
    AppointmentStatus.CHECKED_IN,
    AppointmentStatus.ARRIVED,
)
"""Who has a place, and is not through with it."""

HEALTH_APPOINTMENTS = CollectionSpec(
    "health_appointments",
    (
        Index(("held_until",), partial={"status": AppointmentStatus.PENDING.value}),
        Index(("booker_id", "start")),
        Index(("booker_id", "created_at")),
        Index(("patient_key", "start")),
        Index(("session_id", "start")),
        Index(("facility_id", "start")),
        Index(("slot_id",)),
        Index(("kept_until",), expire_after_seconds=0),
    ),
)

Place = tuple[datetime, str]
"""Where a page ended: the start and the id of its last appointment."""


class AppointmentRepository:
    """All queries on appointments. Every call joins the open transaction, if there is one."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._appointments = store[HEALTH_APPOINTMENTS]
        self._sealer = sealer

    async def add(self, appointment: Appointment) -> None:
        """Add an appointment. Raises DuplicateKey."""
        await self._appointments.insert(self._document(appointment))

    async def get(self, appointment_id: str) -> Appointment | None:
        document = await self._appointments.get(appointment_id) if is_id(appointment_id) else None
        return self._appointment(document) if document else None

    async def get_many(self, appointment_ids: Collection[str]) -> dict[str, Appointment]:
        found = await self._appointments.get_many(sorted(set(appointment_ids)))
        return {one: self._appointment(document) for one, document in found.items()}

    async def own(self, person_id: str, appointment_id: str) -> Appointment:
        """Return an appointment to who made it. Raises AppointmentNotFound to everybody else."""
        appointment = await self.get(appointment_id)
        if appointment is None or appointment.booker_id != person_id:
            raise AppointmentNotFound
        return appointment

    async def replace(
        self, appointment: Appointment, came_from: AppointmentStatus
    ) -> Appointment | None:
        """Put `appointment` in place of its version, whose state was `came_from`, in one write.

        Returns what is stored, its version one higher; None when somebody was faster.
        """
        fields = self._document(appointment)
        wanted = {
            "_id": fields.pop("_id"),
            "status": came_from.value,
            "version": fields.pop("version"),
        }
        stored = await self._appointments.update_one(
            wanted, {"$set": fields, "$inc": {"version": 1}}
        )
        return self._appointment(stored) if stored else None

    async def of_session(
        self, session_id: str, statuses: Collection[AppointmentStatus] = ()
    ) -> list[Appointment]:
        """Return the appointments of a session by time; all without `statuses`."""
        return await self._found({"session_id": session_id, **_in(statuses)})

    async def count_of_session(self, session_id: str) -> dict[AppointmentStatus, int]:
        """Return how many appointments of a session are in which state."""
        counted = await self._appointments.count_by("status", {"session_id": session_id})
        return {AppointmentStatus(status): count for status, count in counted.items()}

    async def of_slot(
        self, slot_id: str, statuses: Collection[AppointmentStatus] = ALIVE
    ) -> list[Appointment]:
        """Return the appointments that have a place."""
        return await self._found({"slot_id": slot_id, **_in(statuses)})

    async def of_facility(
        self,
        facility_id: str,
        since: datetime,
        until: datetime,
        *,
        statuses: Collection[AppointmentStatus] = (),
        within: Mapping[str, str] | None = None,
        after: Place | None = None,
        limit: int,
    ) -> list[Appointment]:
        """Return the appointments of a facility that begin from `since` to before `until`, by time.

        `within`: only those of a `service_id` or a `session_id`.
        """
        asked = {
            "facility_id": facility_id,
            **(within or {}),
            "start": {"$gte": since, "$lt": until},
            **_in(statuses),
        }
        found = await self._appointments.find(asked, sort=[("start", 1)], after=after, limit=limit)
        return list(map(self._appointment, found))

    async def of_booker(
        self,
        person_id: str,
        statuses: Collection[AppointmentStatus],
        *,
        after: Place | None = None,
        limit: int | None = None,
    ) -> list[Appointment]:
        """Return what a person booked, the latest start first; all without `statuses`."""
        asked = {"booker_id": person_id, **_in(statuses)}
        found = await self._appointments.find(asked, sort=[("start", -1)], after=after, limit=limit)
        return list(map(self._appointment, found))

    async def upcoming_of_booker(self, person_id: str, now: datetime) -> list[Appointment]:
        """Return what a person holds and booked that has not begun, by time."""
        return await self._upcoming({"booker_id": person_id}, now)

    async def made_by(self, person_id: str, since: datetime) -> list[Appointment]:
        """Return what a person held or booked from a moment on, whatever became of it."""
        return await self._found({"booker_id": person_id, "created_at": {"$gte": since}})

    async def upcoming_of_patient(self, *patient_keys: str, now: datetime) -> list[Appointment]:
        """Return what is held and booked for a patient that has not begun, by time."""
        return await self._upcoming({"patient_key": {"$in": patient_keys}}, now)

    async def missed(self, *patient_keys: str, since: datetime, limit: int) -> list[Appointment]:
        """Return to what a patient did not come that began from `since` on, the latest first."""
        asked = {
            "patient_key": {"$in": patient_keys},
            "status": AppointmentStatus.NOSHOW.value,
            "start": {"$gte": since},
        }
        found = await self._appointments.find(asked, sort=[("start", -1)], limit=limit)
        return list(map(self._appointment, found))

    async def due_holds(self, now: datetime, limit: int) -> list[Appointment]:
        """Return holds whose time is over, the longest over first."""
        found = await self._appointments.find(_due(now), sort=[("held_until", 1)], limit=limit)
        return list(map(self._appointment, found))

    async def is_any_hold_due(self, now: datetime) -> bool:
        """Tell whether the time of a hold is over; one look into an index of holds alone."""
        return await self._appointments.find_one(_due(now)) is not None

    async def next_hold_end(self) -> datetime | None:
        """Return when the time of the first hold is over, None when nothing is held."""
        first = await self._appointments.find_one(
            {"status": AppointmentStatus.PENDING.value}, sort=[("held_until", 1)]
        )
        return first["held_until"] if first else None

    async def make_nobodys(self, appointment: Appointment) -> None:
        """Keep that the place was had, and how it ended, without the person, the name and the reason."""
        nobody = self._sealer.seal(["", None], _place(appointment.id))
        await self._appointments.update_one(
            {"_id": appointment.id},
            {
                "$set": {
                    "booker_id": None,
                    "dependant_id": None,
                    "patient_key": "",
                    "details": nobody,
                },
                "$inc": {"version": 1},
            },
        )

    async def seal_anew(self) -> int:
        """Seal some details anew, as Resealed has it."""
        return await seal_anew(self._appointments, self._sealer, "details", _place)

    async def _upcoming(self, whose: Document, now: datetime) -> list[Appointment]:
        return await self._found({**whose, **_in(ALIVE), "start": {"$gt": now}})

    async def _found(self, asked: Filter) -> list[Appointment]:
        found = await self._appointments.find(asked, sort=[("start", 1)])
        return list(map(self._appointment, found))

    def _document(self, one: Appointment) -> Document:
        details = [one.patient_name, one.reason]
        return {
            "_id": one.id,
            "slot_id": one.slot_id,
            "session_id": one.session_id,
            "facility_id": one.facility_id,
            "service_id": one.service_id,
            "practitioner_id": one.practitioner_id,
            "booker_id": one.booker_id,
            "dependant_id": one.dependant_id,
            "patient_key": one.patient_key,
            "details": self._sealer.seal(details, _place(one.id)),
            "payment": one.payment,
            "language": one.language,
            "start": one.start,
            "end": one.end,
            "status": one.status.value,
            "held_until": one.held_until,
            "queue_number": one.queue_number,
            "booked_at": one.booked_at,
            "checked_in_at": one.checked_in_at,
            "called_at": one.called_at,
            "ended_at": one.ended_at,
            "cancelled_by": one.cancelled_by and one.cancelled_by.value,
            "moved_to": one.moved_to,
            "created_at": one.created_at,
            "kept_until": _kept_until(one),
            "version": one.version,
        }

    def _appointment(self, document: Document) -> Appointment:
        opened: Sequence[Any] = self._sealer.open(document["details"], _place(document["_id"]))
        patient_name, reason = opened
        by = document["cancelled_by"]
        return Appointment(
            id=document["_id"],
            slot_id=document["slot_id"],
            session_id=document["session_id"],
            facility_id=document["facility_id"],
            service_id=document["service_id"],
            practitioner_id=document["practitioner_id"],
            booker_id=document["booker_id"],
            dependant_id=document["dependant_id"],
            patient_key=document["patient_key"],
            patient_name=patient_name,
            reason=reason,
            payment=document["payment"],
            language=document["language"],
            start=document["start"],
            end=document["end"],
            status=AppointmentStatus(document["status"]),
            held_until=document["held_until"],
            queue_number=document["queue_number"],
            booked_at=document["booked_at"],
            checked_in_at=document["checked_in_at"],
            called_at=document["called_at"],
            ended_at=document["ended_at"],
            cancelled_by=CancelledBy(by) if by else None,
            moved_to=document["moved_to"],
            created_at=document["created_at"],
            version=document["version"],
        )


def _kept_until(one: Appointment) -> datetime:
    is_mere_hold = one.slot_id is not None and one.booked_at is None
    return one.created_at + HOLD_KEPT_FOR if is_mere_hold else one.start + KEPT_FOR


def _due(now: datetime) -> Document:
    return {"status": AppointmentStatus.PENDING.value, "held_until": {"$lte": now}}


def _in(statuses: Collection[AppointmentStatus]) -> Document:
    return {"status": {"$in": sorted(one.value for one in statuses)}} if statuses else {}


def _place(appointment_id: str) -> str:
    return f"health_appointments/{appointment_id}/details"
