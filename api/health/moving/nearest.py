"""Places equal to one that was lost: the same service, or its specialty, as near and as soon as can be.

First the soonest of the same service, which may be weeks away; then the soonest of the specialty at the
same facility, and at the others, the nearest first.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from api.health.appointments.records import Appointment
from api.health.directory.facility import FacilityLibrary
from api.health.directory.records import Facility, HealthcareService, ServiceMode
from api.health.directory.repository import DirectoryRepository
from api.health.slots.records import Slot
from api.health.slots.repository import SlotRepository
from api.health.slots.search import SlotFound
from api.kit.clock import Clock
from api.kit.geo import distance_metres

SHOWN: Final = 3
SOONEST: Final = timedelta(minutes=30)
LATEST: Final = timedelta(days=60)
_LOOKED_AT = 12
"""Places of a facility: some may not take the patient's way of paying."""


class NearestPlaces:
    def __init__(
        self,
        slots: SlotRepository,
        directory: DirectoryRepository,
        library: FacilityLibrary,
        clock: Clock,
    ) -> None:
        self._slots = slots
        self._directory = directory
        self._library = library
        self._clock = clock

    async def equal_to(self, lost: Appointment) -> list[SlotFound]:
        """Return up to SHOWN places that anybody can still have; nothing is held.

        Their distance is from the facility of the lost one.
        """
        return [self._measured(lost, slot) for slot in await self._equal_to(lost)]

    async def _equal_to(self, lost: Appointment) -> list[Slot]:
        service = await self._directory.service(lost.service_id)
        if service is None:
            return []
        found = (await self._same_service(lost, service))[:1]
        for facility in self._by_nearness(lost.facility_id, service.specialty):
            if len(found) >= SHOWN:
                break
            found += await self._of_specialty(lost, service, facility.id, found)
        return found[:SHOWN]

    def _measured(self, lost: Appointment, slot: Slot) -> SlotFound:
        facility = self._library.facility(slot.facility_id)
        own = self._library.facility(lost.facility_id)
        return SlotFound(slot, facility, distance_metres(own.position, facility.position))

    async def is_equal(self, lost: Appointment, slot: Slot) -> bool:
        """Tell whether a place is of the same kind, and takes the patient's way of paying."""
        service = await self._directory.service(lost.service_id)
        if service is None:
            return False
        is_same = slot.specialty == service.specialty and slot.is_remote == _is_remote(service)
        return is_same and bool(await self._payable(lost, [slot]))

    async def _same_service(self, lost: Appointment, service: HealthcareService) -> list[Slot]:
        stream = {
            "facility_id": service.facility_id,
            "specialty": service.specialty,
            "is_remote": _is_remote(service),
            "service_id": service.id,
        }
        return await self._free(lost, stream)

    async def _of_specialty(
        self,
        lost: Appointment,
        service: HealthcareService,
        facility_id: str,
        found: Sequence[Slot],
    ) -> list[Slot]:
        stream = {
            "facility_id": facility_id,
            "specialty": service.specialty,
            "is_remote": _is_remote(service),
        }
        there = {slot.id for slot in found}
        return [slot for slot in await self._free(lost, stream) if slot.id not in there]

    async def _free(self, lost: Appointment, stream: Mapping[str, Any]) -> list[Slot]:
        now = self._clock()
        found = await self._slots.free(stream, now + SOONEST, now + LATEST, limit=_LOOKED_AT)
        return await self._payable(lost, found)

    async def _payable(self, lost: Appointment, slots: Sequence[Slot]) -> list[Slot]:
        services = await self._directory.services([slot.service_id for slot in slots])
        return [
            slot
            for slot in slots
            if slot.service_id in services
            and (lost.payment is None or lost.payment in services[slot.service_id].payments)
        ]

    def _by_nearness(self, facility_id: str, specialty: str) -> list[Facility]:
        """Return the facility itself, and those that have the specialty by their distance from it."""
        own = self._library.facilities.get(facility_id)
        if own is None:
            return []
        others = [it for _, it in self._library.by_distance(own.position) if it.id != own.id]
        return [own, *(it for it in others if specialty in it.specialties)]


def _is_remote(service: HealthcareService) -> bool:
    return service.mode is ServiceMode.REMOTE
