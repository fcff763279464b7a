from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.health.directory.records import Payment, ServiceMode
from api.health.directory.schema import Facility, HealthcareService, Practitioner
from api.health.slots.records import Slot as SlotRecord
from api.health.slots.search import SlotFound, SlotOrder, SlotQuery
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import PositionInput

strawberry.enum(
    SlotOrder, description="NEAREST: by the distance from `near`, which it needs, then by time."
)


@strawberry.type(
    description="A place in a session, which one or more patients can have (FHIR Slot)."
)
class Slot:
    id: strawberry.ID
    start: datetime
    end: datetime
    is_remote: bool = strawberry.field(description="By telephone or video.")
    languages: list[str] = strawberry.field(description="Spoken with patients; BCP 47 tags.")
    room: int = strawberry.field(description="How many more patients can have it.")
    facility: Facility
    record: strawberry.Private[SlotRecord]

    @classmethod
    def of(cls, found: SlotFound) -> "Slot":
        slot = found.slot
        return cls(
            id=strawberry.ID(slot.id),
            start=slot.start,
            end=slot.end,
            is_remote=slot.is_remote,
            languages=list(slot.languages),
            room=slot.room,
            facility=Facility.of(found.facility, found.distance_metres),
            record=slot,
        )

    @strawberry.field
    async def service(self, info: Info) -> HealthcareService:
        return await HealthcareService.loaded(info, self.record.service_id)

    @strawberry.field(description="Null: whoever is there.")
    async def practitioner(self, info: Info) -> Practitioner | None:
        return await Practitioner.loaded(info, self.record.practitioner_id)


_FROM = strawberry.argument(name="from", description="Absent, or in the past: now.")
_TO = strawberry.argument(name="to", description="At most 90 days after `from`; absent: so far.")
_LANGUAGE = strawberry.argument(description="BCP 47 tag of a language to be spoken with.")
_SPECIALTY = strawberry.argument(description="The code of a specialty.")


@strawberry.type
class SlotsQuery:
    @strawberry.field(
        description="Places that can be had now, of a specialty, a facility or a practitioner; what"
        " others hold is not among them."
    )
    async def find_slots(
        self,
        info: Info,
        specialty: Annotated[str | None, _SPECIALTY] = None,
        near: PositionInput | None = None,
        since: Annotated[datetime | None, _FROM] = None,
        until: Annotated[datetime | None, _TO] = None,
        facility_id: strawberry.ID | None = None,
        practitioner_id: strawberry.ID | None = None,
        language: Annotated[str | None, _LANGUAGE] = None,
        mode: ServiceMode | None = None,
        payment: Payment | None = None,
        order: SlotOrder = SlotOrder.SOONEST,
        first: First = 20,
        after: After = None,
    ) -> Connection[Slot]:
        query = SlotQuery(
            specialty=specialty,
            facility_id=facility_id,
            practitioner_id=practitioner_id,
            language=language,
            mode=mode,
            payment=payment,
            near=near.position() if near else None,
            since=since,
            until=until,
            order=order,
        )
        page = await info.context.services.health.places.search.find(query, first, after)
        return Connection[Slot].of(page, Slot.of)
