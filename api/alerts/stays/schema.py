"""Stays that people declare, so that warnings for there reach them."""

from datetime import date
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.alerts.stays.declaring import DAYS_AT_MOST, STAYS_AT_MOST, NewStay
from api.alerts.stays.holding import HoldingWarning
from api.alerts.stays.records import WARNED_BEFORE
from api.alerts.stays.records import Stay as StayRecord
from api.context import Info

_KEY = "16 to 128 visible ASCII characters, made anew for each stay."


@strawberry.type(
    description="Where you will be, and when. Warnings for its commune come to all devices on which you are signed"
    f" in, until the last day has ended: those that last until {WARNED_BEFORE.days} days before the first day, or longer."
)
class Stay:
    id: strawberry.ID
    commune_code: strawberry.ID
    place_id: strawberry.ID | None = strawberry.field(description="Null: a commune was named.")
    first_day: date
    last_day: date = strawberry.field(description="When it has ended, the stay is forgotten.")

    @classmethod
    def of(cls, record: StayRecord) -> "Stay":
        return cls(
            id=strawberry.ID(record.id),
            commune_code=strawberry.ID(record.commune_code),
            place_id=strawberry.ID(record.place_id) if record.place_id else None,
            first_day=record.first_day,
            last_day=record.last_day,
        )


@strawberry.type(description="A warning that is in force where a stay is.")
class StayWarning:
    alert_id: strawberry.ID
    headline: str = strawberry.field(description="In the best language we have for the reader.")

    @classmethod
    def of(cls, record: HoldingWarning, language: str) -> "StayWarning":
        info = record.bulletin.info_for(language)
        return cls(alert_id=strawberry.ID(record.alert_id), headline=info.headline or info.event)


@strawberry.type
class Stays:
    stays: list[Stay]


@strawberry.input
class AddStayInput:
    commune_code: strawberry.ID | None = strawberry.field(default=None, description="Else a place.")
    place_id: strawberry.ID | None = strawberry.field(
        default=None, description="A place of ours, such as a hotel; else a commune."
    )
    first_day: date = strawberry.field(description="In the province, within a year.")
    last_day: date = strawberry.field(
        description=f"Today or later; with it, the stay takes at most {DAYS_AT_MOST} days."
    )
    consent: bool = strawberry.field(
        description="That the person agreed that the stay is kept until it has ended, and to warnings for there."
    )
    idempotency_key: str = strawberry.field(description=_KEY)

    def new_stay(self) -> NewStay:
        return NewStay(
            self.commune_code, self.place_id, self.first_day, self.last_day, self.consent
        )


@strawberry.input
class RemoveStayInput:
    id: strawberry.ID


@strawberry.type
class AddStaySuccess:
    stay: Stay
    warnings: list[StayWarning] = strawberry.field(
        description="Sent before, and still in force there: show them, for they do not come again."
    )


@strawberry.type
class RemoveStaySuccess:
    id: strawberry.ID


AddStayResult = Annotated[AddStaySuccess | AccountError, strawberry.union("AddStayResult")]
RemoveStayResult = Annotated[RemoveStaySuccess | AccountError, strawberry.union("RemoveStayResult")]


@strawberry.type
class StaysQuery:
    @strawberry.field(description="Your stays that have not ended, the next one first.")
    async def my_stays(self, info: Info) -> Stays:
        found = await info.context.services.stays.declaring.of(info.context.caller)
        return Stays(stays=list(map(Stay.of, found)))


@strawberry.type
class StaysMutation:
    @strawberry.mutation(
        description=f"Say where and when you will be in the province, to be warned there; at most {STAYS_AT_MOST}."
    )
    async def add_stay(self, info: Info, input: AddStayInput) -> AddStayResult:
        stays = info.context.services.stays
        added = await stays.declaring.add(
            info.context.caller, input.new_stay(), input.idempotency_key
        )
        holding = await stays.holding.of(added)
        warnings = [StayWarning.of(one, info.context.language) for one in holding]
        return AddStaySuccess(stay=Stay.of(added), warnings=warnings)

    @strawberry.mutation(description="Forget a stay; warnings for there come no more.")
    async def remove_stay(self, info: Info, input: RemoveStayInput) -> RemoveStayResult:
        await info.context.services.stays.declaring.remove(info.context.caller, input.id)
        return RemoveStaySuccess(id=input.id)
