"""Finds the words for an appointment: of its facility and its service."""

from api.health.appointments.records import Appointment
from api.health.directory.facility import FacilityLibrary
from api.health.directory.repository import DirectoryRepository
from api.health.reaching.place_words import PlaceWords


class Wording:
    def __init__(self, library: FacilityLibrary, directory: DirectoryRepository) -> None:
        self._library = library
        self._directory = directory

    async def of(self, appointment: Appointment) -> PlaceWords:
        facility = self._library.facilities.get(appointment.facility_id)
        service = await self._directory.service(appointment.service_id)
        return PlaceWords(appointment, facility, service)
