from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.devices.preferences_schema import WarningLevel
from api.alerts.relays.managing import CHAT_CHARACTERS_AT_MOST, NAME_CHARACTERS_AT_MOST, NewRelay
from api.alerts.relays.records import Relay as RelayRecord
from api.alerts.relays.records import RelayKind, RelayState
from api.alerts.relays.standings import RelayEnd as RelayEndRecord
from api.alerts.relays.standings import (
    RelayEndKind,
    RelayHindrance,
    RelayStage,
    RelayStanding,
)
from api.context import Info

strawberry.enum(RelayKind, description="What passes warnings on in a commune.")
strawberry.enum(RelayState, description="What became of a warning at a relay.")
strawberry.enum(
    RelayStage,
    description="NOT_WARNED: the warning has not got there. WARNED: it took the warning, which nothing has"
    " replaced or ended. END_DUE: it may have taken the warning, and has not taken what replaced or ended"
    " that. END_TOLD: it has.",
)
strawberry.enum(
    RelayHindrance,
    description="NOT_ASKED: it is being prepared, or it is an update that names no place, which leaves what was told as it is. NOT_TRIED: it waits for its first try. BEHIND: it must not"
    " overtake the warning, which is on its way there. IN_HAND: a try is under way. REFUSED: the relay answered"
    " with another status than 2xx, and UNREACHED: it did not answer; it is tried again. OVER: it was over"
    " before the relay took it, and is tried no more. REMOVED: the relay was taken out.",
)
strawberry.enum(
    RelayEndKind,
    description="LEFT_OUT: an update does not go on with the event, or not in the relay's commune.",
)


@strawberry.type(
    description="Passes warnings on in a commune. Each comes as a POST; any 2xx answer takes it, else it is"
    " tried again until the warning ends."
)
class Relay:
    id: strawberry.ID
    kind: RelayKind
    name: str
    commune: strawberry.ID
    language: str
    least_level: WarningLevel = strawberry.field(description="Milder warnings are not passed on.")
    added_at: datetime

    @classmethod
    def of(cls, record: RelayRecord) -> "Relay":
        return cls(
            id=strawberry.ID(record.id),
            kind=record.kind,
            name=record.name,
            commune=strawberry.ID(record.commune),
            language=record.language,
            least_level=record.least,
            added_at=record.added_at,
        )


@strawberry.type
class Relays:
    relays: list[Relay]


@strawberry.type(
    description="What replaced or ended a warning, and what became of that at the relay."
)
class AlertRelayEnd:
    kind: RelayEndKind
    state: RelayState
    attempts: int
    tried_at: datetime | None = strawberry.field(description="The last time.")

    @classmethod
    def of(cls, end: RelayEndRecord) -> "AlertRelayEnd":
        outcome = end.outcome
        return cls(
            kind=end.kind,
            state=outcome.state,
            attempts=outcome.attempts,
            tried_at=outcome.tried_at,
        )


@strawberry.type(description="What became of a warning at one relay; of each of its events apart.")
class AlertRelayOutcome:
    relay_id: strawberry.ID
    name: str
    kind: RelayKind
    commune: strawberry.ID
    state: RelayState
    attempts: int
    tried_at: datetime | None = strawberry.field(description="The last time.")

    event: str = strawberry.field(description="Which event of the warning, in your language.")
    stage: RelayStage
    because: RelayHindrance | None = strawberry.field(
        description="Why the warning (NOT_WARNED) or its end (END_DUE) is not there."
    )
    end: AlertRelayEnd | None = strawberry.field(
        description="What replaced or ended it: the last that the relay took, or else is to take. Null while"
        " nothing was to be told there."
    )

    @classmethod
    def of(cls, standing: RelayStanding, language: str) -> "AlertRelayOutcome":
        outcome = standing.outcome
        return cls(
            relay_id=strawberry.ID(outcome.relay_id),
            name=outcome.name,
            kind=outcome.kind,
            commune=strawberry.ID(outcome.commune),
            state=outcome.state,
            attempts=outcome.attempts,
            tried_at=outcome.tried_at,
            event=standing.bulletin.info_for(language).event,
            stage=standing.stage,
            because=standing.because,
            end=AlertRelayEnd.of(standing.end) if standing.end else None,
        )


@strawberry.input
class AddRelayInput:
    kind: RelayKind
    name: str = strawberry.field(description=f"At most {NAME_CHARACTERS_AT_MOST} characters.")
    commune: strawberry.ID
    language: str = strawberry.field(default="vi", description="BCP 47 tag of what it is sent.")
    least_level: WarningLevel = WarningLevel.SEVERE
    url: str = strawberry.field(
        description="An https address; of Telegram: the bot's sendMessage. It is never shown again."
    )
    chat: str = strawberry.field(
        default="",
        description=f"Of Telegram only, at most {CHAT_CHARACTERS_AT_MOST} characters: chat_id.",
    )
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each relay."
    )

    def requested(self) -> NewRelay:
        return NewRelay(
            kind=self.kind,
            name=self.name,
            commune=self.commune,
            language=self.language,
            least=self.least_level,
            url=self.url,
            chat=self.chat,
        )


@strawberry.input
class RemoveRelayInput:
    id: strawberry.ID


@strawberry.type
class AddRelaySuccess:
    relay: Relay
    secret: str = strawberry.field(
        description="Signs what is sent (header laocai-signature): keep it at the relay only."
    )


@strawberry.type
class RemoveRelaySuccess:
    id: strawberry.ID


AddRelayResult = Annotated[AddRelaySuccess | AccountError, strawberry.union("AddRelayResult")]
RemoveRelayResult = Annotated[
    RemoveRelaySuccess | AccountError, strawberry.union("RemoveRelayResult")
]


@strawberry.type
class RelaysQuery:
    @strawberry.field(description="What passes warnings on, the first added first.")
    async def relays(self, info: Info) -> Relays:
        found = await info.context.services.relays.managing.all(info.context.caller)
        return Relays(relays=list(map(Relay.of, found)))


@strawberry.type
class RelaysMutation:
    @strawberry.mutation(description="Have warnings passed on in a commune from now on.")
    async def add_relay(self, info: Info, input: AddRelayInput) -> AddRelayResult:
        added = await info.context.services.relays.managing.add(
            info.context.caller, input.requested(), input.idempotency_key
        )
        return AddRelaySuccess(relay=Relay.of(added.relay), secret=added.secret)

    @strawberry.mutation(description="Send a relay nothing any more.")
    async def remove_relay(self, info: Info, input: RemoveRelayInput) -> RemoveRelayResult:
        await info.context.services.relays.managing.remove(info.context.caller, input.id)
        return RemoveRelaySuccess(id=input.id)
