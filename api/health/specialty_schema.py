import strawberry

from api.context import Info
from api.health.specialties import SPECIALTIES


@strawberry.type(description="A medical specialty: what a hospital has a department for.")
class Specialty:
    code: strawberry.ID = strawberry.field(description="Stable; inputs name a specialty by it.")
    name: str = strawberry.field(description="In the reader's language.")
    treats: str = strawberry.field(description="In plain words: what one goes there with.")

    @classmethod
    def of(cls, code: str, info: Info) -> "Specialty":
        """Return it. Raises KeyError for a code that is none."""
        found = SPECIALTIES[code]
        translate = info.context.translate
        return cls(
            code=strawberry.ID(code), name=translate(found.name), treats=translate(found.treats)
        )


@strawberry.type
class Specialties:
    specialties: list[Specialty] = strawberry.field(description="In the order to be shown in.")
