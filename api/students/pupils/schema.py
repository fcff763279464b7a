from datetime import date

import strawberry

from api.context import Info
from api.kit.pagination import After, Connection, First
from api.students.calendar.school_calendar import Shift
from api.students.pupils.pupil import Pupil as PupilRecord
from api.students.pupils.pupil import SchoolClass as ClassRecord
from api.students.schools.schema import School


@strawberry.type(description="A class in a school year.")
class SchoolClass:
    id: strawberry.ID
    name: str = strawberry.field(description="Such as 6A.")
    year: int = strawberry.field(description="In which the school year begins.")
    shift: Shift

    @classmethod
    def of(cls, record: ClassRecord) -> "SchoolClass":
        return cls(
            id=strawberry.ID(record.id), name=record.name, year=record.year, shift=record.shift
        )


@strawberry.type(description="Somebody at a school, for her guardians and for the school's office.")
class Pupil:
    id: strawberry.ID
    number: str = strawberry.field(description="The pupil number, the same at every school.")
    name: str
    born_on: date
    left_on: date | None = strawberry.field(description="The first day away; null: still there.")
    record: strawberry.Private[PupilRecord]

    @classmethod
    def of(cls, record: PupilRecord) -> "Pupil":
        details = record.details
        return cls(
            id=strawberry.ID(record.id),
            number=details.number,
            name=details.name,
            born_on=details.born_on,
            left_on=record.left_on,
            record=record,
        )

    @strawberry.field
    async def school(self, info: Info) -> School:
        library = info.context.services.students.library
        return School.of(library.school(self.record.school_id))

    @strawberry.field
    async def school_class(self, info: Info) -> SchoolClass | None:
        loader = info.context.loader(info.context.services.students.pupils.classes_of)
        found = await loader.load(self.record.class_id)
        return SchoolClass.of(found) if found else None


@strawberry.type(description="The classes of a school in a school year.")
class SchoolClasses:
    classes: list[SchoolClass] = strawberry.field(description="By name.")


@strawberry.type(description="Pupils whom you follow as a guardian.")
class MyPupils:
    pupils: list[Pupil] = strawberry.field(description="The longest followed first.")


@strawberry.type
class PupilsQuery:
    @strawberry.field(
        description="The classes of a school year; null: of this one. For clerks of the school."
    )
    async def school_classes(
        self, info: Info, school_id: strawberry.ID, year: int | None = None
    ) -> SchoolClasses:
        found = await info.context.services.students.pupils.classes(
            info.context.caller, school_id, year
        )
        return SchoolClasses(classes=list(map(SchoolClass.of, found)))

    @strawberry.field(
        description="Who is in a class. For clerks of the school; noted in the audit log."
    )
    async def pupils(
        self,
        info: Info,
        school_id: strawberry.ID,
        class_id: strawberry.ID,
        first: First = 50,
        after: After = None,
    ) -> Connection[Pupil]:
        page = await info.context.services.students.pupils.in_class(
            info.context.caller, school_id, class_id, first, after
        )
        return Connection[Pupil].of(page, Pupil.of)

    @strawberry.field(description="A pupil. For her guardians, and for clerks of her school.")
    async def pupil(self, info: Info, id: strawberry.ID) -> Pupil:
        seen = await info.context.services.students.pupils.find(info.context.caller, id)
        return Pupil.of(seen.pupil)

    @strawberry.field(description="Pupils whom you follow as a guardian.")
    async def my_pupils(self, info: Info) -> MyPupils:
        found = await info.context.services.students.pupils.followed(info.context.caller)
        return MyPupils(pupils=[Pupil.of(pupil) for _, pupil in found])
