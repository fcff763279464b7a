import strawberry

from api.context import Info
from api.tourism.emergency.numbers import EMERGENCY_NUMBERS
from api.tourism.emergency.numbers import EmergencyNumber as NumberRecord


@strawberry.type(description="A number to call when somebody is in danger.")
class EmergencyNumber:
    number: str = strawberry.field(description="As it is dialled.")
    url: str = strawberry.field(description="A tel: address.")
    name: str = strawberry.field(description="Who answers, in the reader's language.")
    when: str = strawberry.field(description="What it is for, in a sentence.")
    call_text: str = strawberry.field(description="The words of a button that calls it.")

    @classmethod
    def of(cls, record: NumberRecord, info: Info) -> "EmergencyNumber":
        translate = info.context.translate
        return cls(
            number=record.number,
            url=record.url,
            name=translate(record.name),
            when=translate(record.when),
            call_text=translate(record.call),
        )


@strawberry.type
class EmergencyNumbers:
    numbers: list[EmergencyNumber]


@strawberry.type
class EmergencyQuery:
    @strawberry.field(
        description="The national emergency numbers, for everybody; keep them on the phone. Offline packs have"
        " them too."
    )
    def emergency_numbers(self, info: Info) -> EmergencyNumbers:
        numbers = [EmergencyNumber.of(record, info) for record in EMERGENCY_NUMBERS]
        return EmergencyNumbers(numbers=numbers)
