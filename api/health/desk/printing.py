"""A day's list on paper: asked for by a clerk, fetched by the browser that prints it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.accounts.caller import Caller
from api.accounts.errors import NotAllowed
from api.health.desk.access import DeskAccess
from api.health.desk.day_list_links import DayListLink, DayListLinks, PrintedDay
from api.health.desk.day_lists import DayFilter, DayLists, DeskPatient
from api.health.desk.errors import DayListLinkEnded
from api.health.directory.facility import FacilityLibrary
from api.health.directory.records import Facility, HealthcareService
from api.health.directory.repository import DirectoryRepository
from api.health.directory.staff import desk_entry
from api.kit.audit_log import AuditLog

PATIENTS_AT_MOST = 1_000
LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True, repr=False)
class PrintedList:
    """`is_whole`: False when there are more than PATIENTS_AT_MOST, of whom these are the first."""

    facility: Facility
    service: HealthcareService | None
    day: date
    language: str
    patients: Sequence[DeskPatient]
    is_whole: bool


class DayListPrinting:
    def __init__(
        self,
        lists: DayLists,
        links: DayListLinks,
        library: FacilityLibrary,
        directory: DirectoryRepository,
        access: DeskAccess,
        audit: AuditLog,
    ) -> None:
        self._lists = lists
        self._links = links
        self._library = library
        self._directory = directory
        self._access = access
        self._audit = audit

    def link(
        self,
        caller: Caller,
        facility_id: str,
        day: date,
        service_id: str | None,
        language: str,
    ) -> DayListLink:
        """Return an address of the list for a while. In Vietnamese, to who does not read English.

        Raises NotSignedIn, NotAllowed, FacilityNotFound.
        """
        person_id = self._access.clerk(caller, facility_id)
        spoken = language if language in LANGUAGES else LANGUAGES[0]
        return self._links.issue(PrintedDay(person_id, facility_id, service_id, day, spoken))

    async def opened(self, token: str) -> PrintedList:
        """Return the list that a link leads to, and note that it was read.

        Raises DayListLinkEnded, also when the clerk is none any more.
        """
        printed = self._links.opened(token)
        if printed is None:
            raise DayListLinkEnded
        try:
            await self._access.hold_clerk(printed.person_id, printed.facility_id)
        except NotAllowed as error:
            raise DayListLinkEnded from error
        wanted = DayFilter(service_id=printed.service_id)
        found = await self._lists.found(
            printed.facility_id, printed.day, wanted, PATIENTS_AT_MOST + 1
        )
        await self._note(printed, min(len(found), PATIENTS_AT_MOST))
        return PrintedList(
            facility=self._library.facility(printed.facility_id),
            service=await self._service(printed),
            day=printed.day,
            language=printed.language,
            patients=found[:PATIENTS_AT_MOST],
            is_whole=len(found) <= PATIENTS_AT_MOST,
        )

    async def _service(self, printed: PrintedDay) -> HealthcareService | None:
        if printed.service_id is None:
            return None
        service = await self._directory.service(printed.service_id)
        return service if service and service.facility_id == printed.facility_id else None

    async def _note(self, printed: PrintedDay, found: int) -> None:
        await self._audit.append(
            desk_entry(
                printed.person_id,
                "health.day_list.print",
                printed.facility_id,
                printed.facility_id,
                {"day": printed.day.isoformat(), "found": found},
            )
        )
