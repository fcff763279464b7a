"""Exercises and tests: told to devices that staff enrolled one by one, and by no other way.

Here is no audience, no area and no commune: nothing that could name a device of the public. What
tells the public takes an ActualAlert, which an exercise cannot be.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog

from api.accounts.caller import Caller
from api.accounts.devices.service import DeviceService
from api.accounts.errors import DeviceNotFound
from api.alerts.cap_message import Status
from api.alerts.composing.speakers import AlertStaff
from api.alerts.notices import drill
from api.alerts.open_alerts import OpenAlerts
from api.alerts.repository import AlertRecord, AlertRepository
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import CollectionSpec, Document, Index, Store
from api.kit.transactions import transact
from notifications.service import Notifications

TELL_EXERCISE = "alerts.tell_exercise"
KEPT_SECONDS = 365 * 24 * 3600
EXERCISE_DEVICES = CollectionSpec(
    "exercise_devices",
    (Index(("agency_id",)), Index(("enrolled_at",), expire_after_seconds=KEPT_SECONDS)),
)
DRILLS = frozenset({Status.EXERCISE, Status.TEST})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ExerciseDevice:
    """A device that an agency's exercises may ring."""

    device_id: str
    agency_id: str
    label: str
    enrolled_at: datetime


class ExerciseDevices:
    """Enrolment: whoever enrols a device holds it in the hand, for it needs the device's secret."""

    def __init__(
        self,
        store: Store,
        staff: AlertStaff,
        devices: DeviceService,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._enrolled = store[EXERCISE_DEVICES]
        self._staff = staff
        self._devices = devices
        self._audit = audit
        self._clock = clock

    async def enrol(
        self, caller: Caller, agency_id: str, device_id: str, secret: str, label: str
    ) -> ExerciseDevice:
        """Enrol a device; again changes its label. Raises NotSignedIn, NotAllowed, DeviceNotFound."""
        author = self._staff.author(caller, agency_id)
        if await self._devices.find(device_id, secret) is None:
            raise DeviceNotFound
        enrolled = ExerciseDevice(device_id, agency_id, label[:100], self._clock())

        async def work() -> None:
            await self._staff.hold_author(author, agency_id)
            await self._enrolled.upsert(_document(enrolled))
            await self._note(author, "alert.exercise_device.enrol", device_id, agency_id)

        await transact(self._store, work)
        return enrolled

    async def remove(self, caller: Caller, agency_id: str, device_id: str) -> None:
        """Take a device out, whether it was in or not. Raises NotSignedIn, NotAllowed."""
        author = self._staff.author(caller, agency_id)

        async def work() -> None:
            await self._staff.hold_author(author, agency_id)
            enrolled_id = _id(agency_id, device_id)
            if await self._enrolled.delete_one({"_id": enrolled_id}) is not None:
                await self._note(author, "alert.exercise_device.remove", device_id, agency_id)

        await transact(self._store, work)

    async def all(self, caller: Caller, agency_id: str) -> list[ExerciseDevice]:
        """Return the agency's, the first enrolled first. Raises NotSignedIn, NotAllowed."""
        self._staff.reader(caller, agency_id)
        found = await self.of_agency(agency_id)
        return sorted(found, key=lambda one: one.enrolled_at)

    async def of_agency(self, agency_id: str) -> list[ExerciseDevice]:
        return list(map(_device, await self._enrolled.find({"agency_id": agency_id})))

    async def _note(self, actor: str, action: str, device_id: str, agency_id: str) -> None:
        await self._audit.append(AuditEntry(actor, action, device_id, f"agency:{agency_id}", {}))


class ExerciseJobs:
    def __init__(
        self,
        alerts: AlertRepository,
        open_alerts: OpenAlerts,
        enrolled: ExerciseDevices,
        notifications: Notifications,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._alerts = alerts
        self._open_alerts = open_alerts
        self._enrolled = enrolled
        self._notifications = notifications
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        """Return the handler of each kind of job, for the worker."""
        return {TELL_EXERCISE: self.tell}

    async def ask(self, alert_id: str, agency_id: str) -> None:
        """Ask for the telling of an exercise; joins the open transaction."""
        payload = {"alert_id": alert_id, "agency_id": agency_id}
        await self._jobs.enqueue(TELL_EXERCISE, payload, id=derived_id(TELL_EXERCISE, alert_id))

    async def tell(self, payload: Mapping[str, Any]) -> None:
        """Tell the enrolled devices of an agency, each once, however often this runs."""
        record = await self._alerts.get(payload["alert_id"])
        if record is None or record.status not in DRILLS:
            log.error("no exercise, nobody told", alert=payload["alert_id"])
            return
        for device in await self._enrolled.of_agency(payload["agency_id"]):
            await self._tell(record, device.device_id)

    async def _tell(self, record: AlertRecord, device_id: str) -> None:
        for number, bulletin in enumerate((await self._open_alerts.open(record)).bulletins):
            if bulletin.expires > self._clock():
                notice = drill(record, number, bulletin, device_id)
                await self._notifications.tell_device(notice, device_id)


def _id(agency_id: str, device_id: str) -> str:
    return derived_id("exercise device", agency_id, device_id)


def _document(device: ExerciseDevice) -> Document:
    return {
        "_id": _id(device.agency_id, device.device_id),
        "device_id": device.device_id,
        "agency_id": device.agency_id,
        "label": device.label,
        "enrolled_at": device.enrolled_at,
    }


def _device(document: Document) -> ExerciseDevice:
    return ExerciseDevice(
        device_id=document["device_id"],
        agency_id=document["agency_id"],
        label=document["label"],
        enrolled_at=document["enrolled_at"],
    )
