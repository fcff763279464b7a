from datetime import datetime

import strawberry

from api.context import Info
from api.operations.live_state import (
    FeedState,
    Funnel,
    Lane,
    LaneName,
    LiveState,
    RedisState,
)
from notifications.outcomes import OPEN_OUTCOMES, Outcome

strawberry.enum(
    LaneName,
    name="OperationsLaneName",
    description="A queue of what goes out: pushes by urgency, and texts by channel.",
)
strawberry.enum(
    RedisState,
    name="OperationsRedisState",
    description="UNUSED: each process counts requests for itself, as the settings say.",
)


@strawberry.type
class OperationsLane:
    name: LaneName
    depth: int = strawberry.field(
        description="What should have gone out by now: batches of up to 1,000 devices, or texts."
    )
    oldest_seconds: int = strawberry.field(description="Since when the oldest of it waits.")
    leased: int = strawberry.field(description="What of it is in the hands of a worker.")

    @classmethod
    def of(cls, lane: Lane) -> "OperationsLane":
        waiting = lane.waiting
        return cls(
            name=lane.name,
            depth=waiting.depth,
            oldest_seconds=int(waiting.oldest_seconds),
            leased=waiting.leased,
        )


@strawberry.type(description="Work in the background.")
class OperationsJobs:
    due: int = strawberry.field(description="Due, and begun by nobody.")
    oldest_seconds: int = strawberry.field(description="For how long the oldest has been due.")
    leased: int = strawberry.field(description="In the hands of a worker.")
    parked: int = strawberry.field(description="Given up after many tries.")


@strawberry.type(description="How far an active alert has come.")
class OperationsAlert:
    id: strawberry.ID
    devices: int = strawberry.field(description="For which it was meant.")
    queued: int = strawberry.field(description="To be sent, kept back by quiet hours included.")
    accepted: int = strawberry.field(description="Taken over by the push service.")
    refused: int = strawberry.field(description="Never taken by the push service.")
    retired: int = strawberry.field(description="The device or its app has gone.")
    expired: int = strawberry.field(description="It ended before it could be sent.")
    opened: int = strawberry.field(description="Devices on which it was opened.")
    safe: int = strawberry.field(description="People who answered that they are safe.")
    need_help: int = strawberry.field(description="People who answered that they need help.")

    @classmethod
    def of(cls, funnel: Funnel) -> "OperationsAlert":
        def count(*outcomes: Outcome) -> int:
            return sum(funnel.by_outcome.get(one, 0) for one in outcomes)

        return cls(
            id=strawberry.ID(funnel.alert_id),
            devices=funnel.devices,
            queued=count(*OPEN_OUTCOMES),
            accepted=count(Outcome.ACCEPTED),
            refused=count(Outcome.REFUSED),
            retired=count(Outcome.RETIRED),
            expired=count(Outcome.EXPIRED, Outcome.EXPIRED_AFTER_TRY),
            opened=funnel.opened,
            safe=funnel.safe,
            need_help=funnel.need_help,
        )


@strawberry.type(description="An agency's feed of warnings that we poll.")
class OperationsFeed:
    id: strawberry.ID
    agency_id: strawberry.ID
    polled_at: datetime | None
    succeeded_at: datetime | None
    failures: int = strawberry.field(description="Polls that failed in a row.")
    last_error: str | None = strawberry.field(description="The code of what went wrong last.")

    @classmethod
    def of(cls, feed: FeedState) -> "OperationsFeed":
        return cls(
            id=strawberry.ID(feed.feed_id),
            agency_id=strawberry.ID(feed.agency_id),
            polled_at=feed.polled_at,
            succeeded_at=feed.succeeded_at,
            failures=feed.failures,
            last_error=feed.last_error,
        )


@strawberry.type(description="Reports that wait longer than they may.")
class OperationsOverdueReports:
    accept: int
    answer: int
    fix: int


@strawberry.type(
    description="With which an agency signs its warnings, and which no other follows yet."
)
class OperationsCertificate:
    id: strawberry.ID
    agency_id: strawberry.ID
    ends_at: datetime


@strawberry.type(description="A cap on all SMS of a day (UTC).")
class OperationsSmsCap:
    name: str = strawberry.field(
        description="`codes`, `codes_abroad`, `notices` or `notices_abroad`."
    )
    used: int
    most: int


@strawberry.type(description="How the product is doing now.")
class Operations:
    at: datetime
    version: str
    store_milliseconds: float = strawberry.field(description="How long a trivial read took.")
    redis: RedisState
    bot_is_there: bool
    lanes: list[OperationsLane]
    jobs: OperationsJobs
    active_alerts: int = strawberry.field(description="In force now.")
    alerts: list[OperationsAlert] = strawberry.field(description="The worst 20 of them.")
    feeds: list[OperationsFeed]
    stations: int = strawberry.field(description="Stations in use.")
    silent_stations: list[strawberry.ID] = strawberry.field(
        description="Without a value that still says how things are."
    )
    overdue_reports: OperationsOverdueReports
    certificates: list[OperationsCertificate]
    sms_caps: list[OperationsSmsCap]

    @classmethod
    def of(cls, state: LiveState) -> "Operations":
        jobs, overdue = state.jobs, state.overdue
        return cls(
            at=state.at,
            version=state.version,
            store_milliseconds=round(state.store_milliseconds, 2),
            redis=state.redis,
            bot_is_there=state.bot_is_there,
            lanes=list(map(OperationsLane.of, state.lanes)),
            jobs=OperationsJobs(
                due=jobs.due,
                oldest_seconds=int(jobs.oldest_seconds),
                leased=jobs.leased,
                parked=jobs.parked,
            ),
            active_alerts=state.active_alerts,
            alerts=list(map(OperationsAlert.of, state.funnels)),
            feeds=list(map(OperationsFeed.of, state.feeds)),
            stations=state.sensors.in_use,
            silent_stations=list(map(strawberry.ID, state.sensors.silent)),
            overdue_reports=OperationsOverdueReports(
                accept=overdue.accept, answer=overdue.answer, fix=overdue.fix
            ),
            certificates=[
                OperationsCertificate(
                    id=strawberry.ID(one.certificate_id),
                    agency_id=strawberry.ID(one.agency_id),
                    ends_at=one.ends_at,
                )
                for one in state.certificates
            ],
            sms_caps=[
                OperationsSmsCap(name=name, used=cap.used, most=cap.most)
                for name, cap in state.sms_caps.items()
            ],
        )


@strawberry.type
class OperationsQuery:
    @strawberry.field(description="How the product is doing now. For administrators.")
    async def operations(self, info: Info) -> Operations:
        state = await info.context.services.operations.state_for(info.context.caller)
        return Operations.of(state)
