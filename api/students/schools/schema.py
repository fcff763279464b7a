from datetime import date
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.pages import Listing, checked_first
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position
from api.students.calendar.schema import SchoolCalendar, SchoolDay
from api.students.schools.school import School as SchoolRecord
from api.students.schools.school import SchoolLevel

strawberry.enum(SchoolLevel, description="Which years a school teaches.")

_BY_ID = Listing("students.schools", (str,))


@strawberry.type(description="A school of the province.")
class School:
    id: strawberry.ID = strawberry.field(description="Also the id of a role's scope.")
    level: SchoolLevel
    commune_code: str
    former_unit: str = strawberry.field(
        description="The district or town before July 2025, which people still name."
    )
    position: Position = strawberry.field(description="Good to some hundred metres.")
    record: strawberry.Private[SchoolRecord]

    @classmethod
    def of(cls, record: SchoolRecord) -> "School":
        return cls(
            id=strawberry.ID(record.id),
            level=record.level,
            commune_code=record.commune_code,
            former_unit=record.former_unit,
            position=Position.of(record.position),
            record=record,
        )

    @strawberry.field
    async def name(self, info: Info) -> LocalizedText | None:
        return LocalizedText.of(self.record.names, info.context.language)

    @strawberry.field(description="The school year that begins in `year`; null: not written yet.")
    async def calendar(self, info: Info, year: int) -> SchoolCalendar | None:
        found = await info.context.services.students.calendars.of(self.record.id, year)
        return SchoolCalendar.of(found) if found else None

    @strawberry.field(description="What a day is at the school.")
    async def day(self, info: Info, date: date) -> SchoolDay:
        found = await info.context.services.students.calendars.day(self.record.id, date)
        return SchoolDay.of(found, info.context.language)


@strawberry.type
class SchoolsQuery:
    @strawberry.field(description="The schools of the province.")
    async def schools(
        self, info: Info, first: First = 50, after: After = None
    ) -> Connection[School]:
        start = _BY_ID.values(after)
        limit = checked_first(first) + 1
        library = info.context.services.students.library
        after_id = start[0] if start else ""
        ids = [one for one in sorted(library.schools) if one > after_id][:limit]
        found = [library.schools[one] for one in ids]
        page = _BY_ID.page(found, first=first, after=after, values=lambda one: (one.id,))
        return Connection[School].of(page, School.of)

    @strawberry.field(description="A school; null if there is none of this id.")
    async def school(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument()]
    ) -> School | None:
        found = info.context.services.students.library.schools.get(id)
        return School.of(found) if found else None
