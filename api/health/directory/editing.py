"""What the desk of a facility writes about its services and its people."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from api.accounts.caller import Caller
from api.accounts.errors import NotSignedIn
from api.health.directory.checking import check_practitioner, check_service
from api.health.directory.errors import PractitionerNotFound, ServiceNotFound
from api.health.directory.facility import clerk_scope
from api.health.directory.records import HealthcareService, Practitioner
from api.health.directory.repository import DirectoryRepository
from api.health.directory.staff import FacilityStaff, desk_entry
from api.health.errors import ChangedMeanwhile, TooMany
from api.kit.audit_log import AuditLog
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id

SERVICES_AT_MOST = 200
PRACTITIONERS_AT_MOST = 500
Thing = HealthcareService | Practitioner
Edited = TypeVar("Edited", HealthcareService, Practitioner)


class Replanning(Protocol):
    """Fits the places of schedules to what became of a service or a person; joins the open transaction.

    Each returns how many patients have a place that is no longer in the plan.
    """

    async def of_service(self, service: HealthcareService) -> int: ...

    async def of_practitioner(self, practitioner: Practitioner) -> int: ...


@dataclass(frozen=True, slots=True)
class Written:
    """The id of what was written, and how many patients have a place that is no longer in the plan."""

    id: str
    affected: int


@dataclass(frozen=True, slots=True)
class Edit(Generic[Edited]):
    """A change of what had `version` when it was seen. `asked` tells it from any other change."""

    version: int
    change: Callable[[Edited], Edited]
    asked: str

    def of(self, current: Edited, version: int) -> Edited:
        """Return what becomes of it. Raises ChangedMeanwhile when that is another version."""
        if version != self.version:
            raise ChangedMeanwhile
        return self.change(current)


class DirectoryEditing:
    def __init__(
        self,
        directory: DirectoryRepository,
        staff: FacilityStaff,
        replanning: Replanning,
        audit: AuditLog,
        idempotency: Idempotency,
    ) -> None:
        self._directory = directory
        self._staff = staff
        self._replanning = replanning
        self._audit = audit
        self._idempotency = idempotency

    async def create_service(
        self, caller: Caller, service: HealthcareService, key: str
    ) -> HealthcareService:
        """Add a service; its `id` is given anew. For clerks of the facility.

        Raises NotSignedIn, NotAllowed, FacilityNotFound, InvalidService, TooMany, IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, service.facility_id)
        check_service(service)

        async def add() -> Written:
            there = await self._directory.services_of(service.facility_id)
            _check_room(there, SERVICES_AT_MOST)
            added = replace(service, id=new_id(), version=1)
            await self._directory.add_service(added)
            return Written(added.id, 0)

        asked = {"service": repr(replace(service, id=""))}
        written = await self._write(
            person_id, "service.create", service.facility_id, asked, key, add
        )
        return await self._service(written.id)

    async def update_service(
        self, caller: Caller, service_id: str, edit: Edit[HealthcareService], key: str
    ) -> tuple[HealthcareService, int]:
        """Change a service of a facility whose clerk this is.

        Returns it, and how many patients have a place that it is not given at any more. Raises
        NotSignedIn, ServiceNotFound, InvalidService, ChangedMeanwhile, IdempotencyProblem.
        """
        seen = await self._directory.service(service_id)
        person_id = self._clerk_of(caller, seen, ServiceNotFound())

        async def change() -> Written:
            current = await self._service(service_id)
            wanted = edit.of(current, current.version)
            check_service(wanted)
            changed = await self._directory.replace_service(wanted)
            if changed is None:
                raise ChangedMeanwhile
            return Written(changed.id, await self._replanning.of_service(changed))

        asked = {"id": service_id, "asked": edit.asked}
        facility_id = seen.facility_id if seen else ""
        written = await self._write(person_id, "service.update", facility_id, asked, key, change)
        return await self._service(written.id), written.affected

    async def create_practitioner(
        self, caller: Caller, practitioner: Practitioner, key: str
    ) -> Practitioner:
        """Add a practitioner; the `id` is given anew. For clerks of the facility.

        Raises NotSignedIn, NotAllowed, FacilityNotFound, InvalidPractitioner, TooMany and
        IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, practitioner.facility_id)
        check_practitioner(practitioner)

        async def add() -> Written:
            there = await self._directory.practitioners_of(practitioner.facility_id)
            _check_room(there, PRACTITIONERS_AT_MOST)
            added = replace(practitioner, id=new_id(), version=1)
            await self._directory.add_practitioner(added)
            return Written(added.id, 0)

        asked = {"practitioner": repr(replace(practitioner, id=""))}
        written = await self._write(
            person_id, "practitioner.create", practitioner.facility_id, asked, key, add
        )
        return await self._practitioner(written.id)

    async def update_practitioner(
        self, caller: Caller, practitioner_id: str, edit: Edit[Practitioner], key: str
    ) -> tuple[Practitioner, int]:
        """Change a practitioner of a facility whose clerk this is; returns what `update_service` does.

        Raises NotSignedIn, PractitionerNotFound, InvalidPractitioner, ChangedMeanwhile and
        IdempotencyProblem.
        """
        seen = await self._directory.practitioner(practitioner_id)
        person_id = self._clerk_of(caller, seen, PractitionerNotFound())

        async def change() -> Written:
            current = await self._practitioner(practitioner_id)
            wanted = edit.of(current, current.version)
            check_practitioner(wanted)
            changed = await self._directory.replace_practitioner(wanted)
            if changed is None:
                raise ChangedMeanwhile
            return Written(changed.id, await self._replanning.of_practitioner(changed))

        asked = {"id": practitioner_id, "asked": edit.asked}
        facility_id = seen.facility_id if seen else ""
        written = await self._write(
            person_id, "practitioner.update", facility_id, asked, key, change
        )
        return await self._practitioner(written.id), written.affected

    async def _write(
        self,
        person_id: str,
        action: str,
        facility_id: str,
        asked: Mapping[str, Any],
        key: str,
        work: Callable[[], Awaitable[Written]],
    ) -> Written:
        async def whole() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, facility_id)
            written = await work()
            details = {"affected": written.affected}
            await self._audit.append(
                desk_entry(person_id, f"health.{action}", written.id, facility_id, details)
            )
            return {"id": written.id, "affected": written.affected}

        result = await self._idempotency.once(person_id, f"health.{action}", key, asked, whole)
        return Written(result["id"], result["affected"])

    def _clerk_of(
        self, caller: Caller, thing: Thing | None, refusal: ServiceNotFound | PractitionerNotFound
    ) -> str:
        """Return the id of the clerk; to others what they may not change is not there."""
        person_id = caller.person_id
        if person_id is None:
            raise NotSignedIn
        if thing is None or not caller.holds(*clerk_scope(thing.facility_id)):
            raise refusal
        return person_id

    async def _service(self, service_id: str) -> HealthcareService:
        found = await self._directory.service(service_id)
        if found is None:
            raise ServiceNotFound
        return found

    async def _practitioner(self, practitioner_id: str) -> Practitioner:
        found = await self._directory.practitioner(practitioner_id)
        if found is None:
            raise PractitionerNotFound
        return found


def _check_room(there: Sequence[Thing], most: int) -> None:
    if len(there) >= most:
        raise TooMany(most=most)
