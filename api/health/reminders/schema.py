from typing import Annotated

import strawberry

from api.context import Info
from api.health.health_error import HealthError
from api.health.reminders.preferences import ReminderKind

strawberry.enum(
    ReminderKind,
    name="HealthReminderKind",
    description="TURN_NEAR: three or fewer are before you in the queue.",
)


@strawberry.type(description="How you are reminded of appointments: each kind is on or off.")
class HealthReminderPreference:
    kind: ReminderKind
    is_on: bool


@strawberry.type
class HealthReminderPreferences:
    preferences: list[HealthReminderPreference]

    @classmethod
    def of(cls, off: frozenset[ReminderKind]) -> "HealthReminderPreferences":
        return cls(
            preferences=[
                HealthReminderPreference(kind=kind, is_on=kind not in off) for kind in ReminderKind
            ]
        )


@strawberry.input(description="What is not named is on.")
class SetHealthRemindersInput:
    off: list[ReminderKind]


@strawberry.type
class SetHealthRemindersSuccess:
    preferences: HealthReminderPreferences


SetHealthRemindersResult = Annotated[
    SetHealthRemindersSuccess | HealthError, strawberry.union("SetHealthRemindersResult")
]


@strawberry.type
class RemindersQuery:
    @strawberry.field(description="Which reminders of appointments you get; at first all.")
    async def health_reminder_preferences(self, info: Info) -> HealthReminderPreferences:
        wishing = info.context.services.health.waiting.reminder_wishing
        return HealthReminderPreferences.of(await wishing.off(info.context.caller))


@strawberry.type
class RemindersMutation:
    @strawberry.mutation(
        description="Say which reminders you do not want. That a place is offered to you, or that your"
        " appointment is cancelled, you are told all the same."
    )
    async def set_health_reminders(
        self, info: Info, input: SetHealthRemindersInput
    ) -> SetHealthRemindersResult:
        wishing = info.context.services.health.waiting.reminder_wishing
        off = await wishing.put(info.context.caller, frozenset(input.off))
        return SetHealthRemindersSuccess(preferences=HealthReminderPreferences.of(off))
