import strawberry

from api.alerts.by_sms.spending import SmsSpent
from api.alerts.composing.progress import WarningProgress
from api.alerts.composing.schema import AgencyId
from api.alerts.relays.schema import AlertRelayOutcome
from api.context import Info
from api.kit.schema_types import Money
from notifications.outcomes import WAITING_OUTCOMES, Outcome


@strawberry.type(
    description="What the SMS took that say that a warning is over, or holds no more for a person."
)
class AlertSmsEnds:
    messages: int
    segments: int = strawberry.field(description="What is paid for, besides the warning's own.")
    cost: Money
    held_back: int = strawberry.field(
        description="People who got the warning, and whom none told of its end, because a cap was reached."
    )

    @classmethod
    def of(cls, spent: SmsSpent, price: int, language: str) -> "AlertSmsEnds":
        return cls(
            messages=spent.messages,
            segments=spent.segments,
            cost=Money.of(spent.segments * price, language),
            held_back=spent.held_back,
        )


@strawberry.type(description="What SMS of a warning took.")
class AlertSms:
    messages: int
    segments: int = strawberry.field(description="What is paid for.")
    cost: Money
    held_back: int = strawberry.field(
        description="People to whom none went, because a cap was reached."
    )
    ends: AlertSmsEnds = strawberry.field(
        description="To those who got one, of this warning or of what it updated: that it is over."
    )


@strawberry.type(
    description="What became of a warning. Every device has exactly one of queued, deferred, accepted,"
    " refused, retired and expired."
)
class AlertProgress:
    devices: int = strawberry.field(description="For which it was meant.")
    queued: int = strawberry.field(description="To be sent, or to be sent again.")
    deferred: int = strawberry.field(description="Kept back until quiet hours end.")
    accepted: int = strawberry.field(description="Taken over by the push service.")
    refused: int = strawberry.field(description="Never taken by the push service.")
    retired: int = strawberry.field(description="The device or its app has gone.")
    expired: int = strawberry.field(description="It ended before it could be sent.")
    opened: int = strawberry.field(description="Devices on which it was opened, each once.")
    likely_outside: int = strawberry.field(
        description="Devices known by an area of about 5 km² only, most of which lies outside the"
        " warned area: they may have been warned without need."
    )
    is_finished: bool = strawberry.field(description="Nothing of it is queued or deferred.")
    progress: strawberry.Private[WarningProgress]

    @strawberry.field(description="Loudspeakers and channels in the warned communes.")
    async def relays(self, info: Info) -> list[AlertRelayOutcome]:
        standings = await info.context.services.relays.standings.of(self.progress.alert_id)
        language = info.context.language
        return [AlertRelayOutcome.of(standing, language) for standing in standings]

    @strawberry.field(description="To those who opened it on no device for some minutes.")
    async def sms(self, info: Info) -> AlertSms:
        by_sms = info.context.services.by_sms
        spent = await by_sms.spending.of(self.progress.notice_ids)
        ends = await by_sms.spending.of_ends(self.progress.notice_ids)
        return AlertSms(
            messages=spent.messages,
            segments=spent.segments,
            cost=Money.of(spent.segments * by_sms.price, info.context.language),
            held_back=spent.held_back,
            ends=AlertSmsEnds.of(ends, by_sms.price, info.context.language),
        )

    @classmethod
    def of(cls, progress: WarningProgress) -> "AlertProgress":
        total = progress.total

        def count(*outcomes: Outcome) -> int:
            return sum(total.by_outcome.get(one, 0) for one in outcomes)

        return cls(
            devices=total.devices,
            queued=count(Outcome.QUEUED),
            deferred=count(*WAITING_OUTCOMES),
            accepted=count(Outcome.ACCEPTED),
            refused=count(Outcome.REFUSED),
            retired=count(Outcome.RETIRED),
            expired=count(Outcome.EXPIRED, Outcome.EXPIRED_AFTER_TRY),
            opened=total.opened,
            likely_outside=total.likely_outside,
            is_finished=total.is_finished,
            progress=progress,
        )


@strawberry.type
class AlertProgressQuery:
    @strawberry.field(
        description="How far a warning of the agency has come; null for any other warning."
    )
    async def alert_progress(
        self, info: Info, agency_id: AgencyId, alert_id: strawberry.ID
    ) -> AlertProgress | None:
        progress = info.context.services.composing.progress
        found = await progress.of(info.context.caller, agency_id, alert_id)
        return AlertProgress.of(found) if found else None
