from datetime import datetime, timedelta
from typing import Annotated

import strawberry

import api.accounts.staff.schema  # pyright: ignore[reportUnusedImport] - it names the enumerations
import api.credentials.schema  # noqa: F401 # pyright: ignore[reportUnusedImport] - it names the enumerations
from api.accounts.caller import ScopeKind
from api.accounts.staff.grants import scope_of
from api.context import Info
from api.credentials.credential_error import CredentialError
from api.credentials.gates.bundle import SignedBundle
from api.credentials.gates.enrolling import (
    LIST_AGE_LEAST,
    LIST_AGE_MOST,
    NAME_CHARACTERS_AT_MOST,
    OLD_KEYS_ACCEPTED_FOR,
    NewGate,
)
from api.credentials.gates.errors import NoGateThere
from api.credentials.gates.records import DEFAULT_POLICY, OldListPolicy, OldListRule, audience_for
from api.credentials.gates.records import Gate as GateRecord
from api.credentials.records import SCOPES_OF_KINDS, TOURIST_PASSES, Audience, CredentialKind
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position, PositionInput

_LEAST, _MOST, _DEFAULT = (
    int(age.total_seconds()) // 60
    for age in (LIST_AGE_LEAST, LIST_AGE_MOST, DEFAULT_POLICY.max_age)
)

strawberry.enum(
    OldListRule,
    description="What a gate does with a good card when its status list is too old. CONFIRM: the clerk"
    " compares photo and name.",
)


@strawberry.type(description="Where cards are scanned.")
class Gate:
    id: strawberry.ID
    name: LocalizedText | None
    scope_kind: ScopeKind
    scope_id: strawberry.ID
    reads: CredentialKind = strawberry.field(description="Which cards it reads.")
    place_id: strawberry.ID | None
    position: Position | None
    list_minutes_at_most: int = strawberry.field(
        description="How old its status list may be before `whenListOld` counts."
    )
    when_list_old: OldListRule
    added_at: datetime
    retired_at: datetime | None

    @classmethod
    def of(cls, record: GateRecord, info: Info) -> "Gate":
        return cls(
            id=strawberry.ID(record.id),
            name=LocalizedText.of(record.names, info.context.language),
            scope_kind=record.scope.kind,
            scope_id=strawberry.ID(record.scope.id),
            reads=record.audience.kind,
            place_id=strawberry.ID(record.place_id) if record.place_id else None,
            position=Position.of(record.position) if record.position else None,
            list_minutes_at_most=int(record.policy.max_age.total_seconds()) // 60,
            when_list_old=record.policy.rule,
            added_at=record.added_at,
            retired_at=record.retired_at,
        )


@strawberry.type(description="A status list (draft-ietf-oauth-status-list), as a signed JWT.")
class GateStatusList:
    url: str = strawberry.field(
        description="Where to fetch it anew; with `?since=` and its version, only what has changed."
    )
    token: str


@strawberry.type(
    description="What a gate needs to decide without a network. It is secret: it holds the keys that"
    " codes are checked with. `laocai verify --bundle` reads it as a file."
)
class GateBundle:
    token: str = strawberry.field(description="A signed JWT; see docs/credentials.md.")
    status_lists: list[GateStatusList]
    expires_at: datetime = strawberry.field(description="Fetch it anew before, at best every day.")

    @classmethod
    def of(cls, signed: SignedBundle) -> "GateBundle":
        return cls(
            token=signed.token,
            status_lists=[
                GateStatusList(url=url, token=token) for url, token in signed.lists.items()
            ],
            expires_at=signed.bundle.expires_at,
        )


@strawberry.input(description="The name of a gate in one language.")
class GateNameInput:
    language: str = strawberry.field(description="BCP 47 tag: vi, en, zh-Hans, fr, ko or ja.")
    text: str


@strawberry.input
class AddGateInput:
    names: list[GateNameInput] = strawberry.field(
        description=f"In Vietnamese at least; at most {NAME_CHARACTERS_AT_MOST} characters each."
    )
    scope_kind: ScopeKind = strawberry.field(description="MERCHANT, FACILITY or SCHOOL.")
    scope_id: strawberry.ID
    place_id: strawberry.ID | None = None
    position: PositionInput | None = None
    list_minutes_at_most: int = strawberry.field(
        default=_DEFAULT, description=f"{_LEAST} to {_MOST}."
    )
    when_list_old: OldListRule = DEFAULT_POLICY.rule
    idempotency_key: str = strawberry.field(
        description="16 to 128 visible ASCII characters, made anew for each gate."
    )

    def new(self) -> NewGate:
        minutes = min(max(self.list_minutes_at_most, 0), _MOST + 1)
        return NewGate(
            names={name.language: name.text.strip() for name in self.names},
            scope=scope_of(self.scope_kind, self.scope_id),
            place_id=self.place_id,
            position=self.position.position() if self.position else None,
            policy=OldListPolicy(timedelta(minutes=minutes), self.when_list_old),
        )


@strawberry.input
class RetireGateInput:
    id: strawberry.ID


@strawberry.input
class RotateGateKeysInput:
    kind: CredentialKind
    school_id: strawberry.ID | None = strawberry.field(
        default=None, description="Whose gates, for STUDENT_CARD; null for TOURIST_PASS."
    )

    def audience(self) -> Audience:
        """Return whose keys are meant. Raises NoGateThere."""
        if self.kind is CredentialKind.TOURIST_PASS and self.school_id is None:
            return TOURIST_PASSES
        audience = audience_for(scope_of(SCOPES_OF_KINDS[self.kind], self.school_id))
        if audience is None or audience.kind is not self.kind:
            raise NoGateThere("schoolId")
        return audience


@strawberry.type
class AddGateSuccess:
    gate: Gate
    secret: str = strawberry.field(
        description="Shows that a device is this gate. Keep it on the gate only."
    )


@strawberry.type
class RetireGateSuccess:
    gate: Gate


@strawberry.type
class RotateGateKeysSuccess:
    epoch: int


AddGateResult = Annotated[AddGateSuccess | CredentialError, strawberry.union("AddGateResult")]
RetireGateResult = Annotated[
    RetireGateSuccess | CredentialError, strawberry.union("RetireGateResult")
]
RotateGateKeysResult = Annotated[
    RotateGateKeysSuccess | CredentialError, strawberry.union("RotateGateKeysResult")
]


@strawberry.type
class GatesQuery:
    @strawberry.field(
        description="The gates of a place, the newest first, also retired ones. For its gatekeepers,"
        " clerks or merchants, and administrators."
    )
    async def gates(
        self,
        info: Info,
        scope_kind: ScopeKind,
        scope_id: strawberry.ID,
        first: First = 20,
        after: After = None,
    ) -> Connection[Gate]:
        enrolling = info.context.services.credentials.enrolling
        scope = scope_of(scope_kind, scope_id)
        page = await enrolling.of_scope(info.context.caller, scope, first, after)
        return Connection[Gate].of(page, lambda gate: Gate.of(gate, info))

    @strawberry.field(
        description="What an enrolled gate needs to decide without a network. For its gatekeepers,"
        " with the gate's own secret."
    )
    async def gate_bundle(self, info: Info, gate: strawberry.ID, secret: str) -> GateBundle:
        enrolling = info.context.services.credentials.enrolling
        return GateBundle.of(await enrolling.bundle(info.context.caller, gate, secret))


@strawberry.type
class GatesMutation:
    @strawberry.mutation(
        description="Set up a gate. For clerks or merchants of the place, and administrators."
    )
    async def add_gate(self, info: Info, input: AddGateInput) -> AddGateResult:
        gate, secret = await info.context.services.credentials.enrolling.add(
            info.context.caller, input.new(), input.idempotency_key
        )
        return AddGateSuccess(gate=Gate.of(gate, info), secret=secret)

    @strawberry.mutation(
        description="Let a gate scan no more. It may still tell what it let in before. When the device was"
        " lost, have an administrator `rotateGateKeys`."
    )
    async def retire_gate(self, info: Info, input: RetireGateInput) -> RetireGateResult:
        enrolling = info.context.services.credentials.enrolling
        gate = await enrolling.retire(info.context.caller, input.id)
        return RetireGateSuccess(gate=Gate.of(gate, info))

    @strawberry.mutation(
        description="Give gates new keys, as when one was lost. Cards on phones have to be re-issued"
        f" within {OLD_KEYS_ACCEPTED_FOR.days} days. For administrators."
    )
    async def rotate_gate_keys(
        self, info: Info, input: RotateGateKeysInput
    ) -> RotateGateKeysResult:
        enrolling = info.context.services.credentials.enrolling
        epoch = await enrolling.rotate_keys(info.context.caller, input.audience())
        return RotateGateKeysSuccess(epoch=epoch)
