"""Warnings at the desk of an agency."""

import json
from datetime import datetime
from typing import Annotated

import strawberry

from api.alerts.cap_message import Certainty, Severity, Urgency
from api.alerts.composing.composing_error import AlertDraftError
from api.alerts.composing.draft import Draft, DraftKind, DraftState, Purpose
from api.alerts.composing.exercises import ExerciseDevice as EnrolledDevice
from api.alerts.composing.hazards import Hazard, Level, SlotKind
from api.alerts.composing.manuscript import Manuscript
from api.alerts.composing.previewing import Preview, Screen
from api.alerts.composing.schema_inputs import (
    AlertDraftSeenInput,
    ApproveAlertInput,
    ComposeAlertEndInput,
    ComposeAlertInput,
    ComposeAlertUpdateInput,
    EditAlertDraftInput,
    EnrolExerciseDeviceInput,
    PublishAlertAloneInput,
    RemoveExerciseDeviceInput,
)
from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position
from notifications.devices import Platform

strawberry.enum(
    SlotKind,
    name="AlertSlotKind",
    description="What a value is, and its unit; DEGREES are Celsius, TEXT is the same everywhere.",
)


@strawberry.type(description="A level of a hazard, with what it stands for in CAP 1.2.")
class AlertLevel:
    code: strawberry.ID
    name: LocalizedText
    colour: str = strawberry.field(description="#RRGGBB.")
    severity: Severity
    urgency: Urgency
    certainty: Certainty

    @classmethod
    def of(cls, level: Level, language: str) -> "AlertLevel":
        return cls(
            code=strawberry.ID(level.code),
            name=LocalizedText.needed(level.names, language),
            colour=level.colour,
            severity=level.severity,
            urgency=level.urgency,
            certainty=level.certainty,
        )


@strawberry.type(description="A value that the hazard's text needs.")
class AlertSlot:
    name: str
    kind: SlotKind


@strawberry.type(description="What an agency may warn of.")
class AlertHazard:
    code: strawberry.ID
    name: LocalizedText
    levels: list[AlertLevel]
    slots: list[AlertSlot]
    has_template: bool = strawberry.field(description="False: write all of it in your own words.")

    @classmethod
    def of(cls, hazard: Hazard, language: str) -> "AlertHazard":
        return cls(
            code=strawberry.ID(hazard.code),
            name=LocalizedText.needed(hazard.names, language),
            levels=[AlertLevel.of(level, language) for level in hazard.levels],
            slots=[AlertSlot(name=slot.name, kind=slot.kind) for slot in hazard.slots],
            has_template=hazard.description is not None,
        )


@strawberry.type(description="What is told in a language.")
class AlertDraftText:
    language: str
    event: str
    headline: str
    description: str
    instruction: str


@strawberry.type(description="What a platform shows of a language.")
class AlertScreen:
    language: str
    platform: Platform
    title: str
    body: str
    bytes: int = strawberry.field(description="Of the 4,096 that a message may have.")
    is_cut: bool = strawberry.field(description="It was too long, and ends with an ellipsis.")

    @classmethod
    def of(cls, screen: Screen) -> "AlertScreen":
        return cls(
            language=screen.language,
            platform=screen.platform,
            title=screen.title,
            body=screen.body,
            bytes=screen.byte_count,
            is_cut=screen.is_cut,
        )


@strawberry.type(description="What would happen if it went out now. Nothing is kept of it.")
class AlertPreview:
    problem: AlertDraftError | None = strawberry.field(description="Why it cannot go out as it is.")
    cap: str = strawberry.field(description="The CAP 1.2 message.")
    map: str | None = strawberry.field(description="Where it holds: a GeoJSON geometry, as text.")
    screens: list[AlertScreen]
    recipients: int = strawberry.field(description="Devices that it would be sent to.")
    recipients_at_the_edge: int = strawberry.field(
        description="Of these, whose coarse cell lies only partly in the area: some stand outside."
    )

    @classmethod
    def of(cls, preview: Preview, info: Info) -> "AlertPreview":
        problem = preview.problem
        return cls(
            problem=AlertDraftError.of(problem, info) if problem else None,
            cap=preview.cap,
            map=json.dumps(preview.area) if preview.area else None,
            screens=list(map(AlertScreen.of, preview.screens)),
            recipients=preview.reckoning.devices,
            recipients_at_the_edge=preview.reckoning.at_the_edge,
        )


@strawberry.type(description="A warning that an agency writes.")
class AlertDraft:
    id: strawberry.ID
    agency_id: strawberry.ID
    purpose: Purpose
    kind: DraftKind
    state: DraftState
    digest: str = strawberry.field(description="Stands for exactly what it says now.")
    hazard: AlertHazard
    level: AlertLevel
    communes: list[strawberry.ID]
    polygons: list[list[Position]]
    effective: datetime | None
    onset: datetime | None
    expires: datetime
    follows: strawberry.ID | None = strawberry.field(description="The warning that it changes.")
    alert_id: strawberry.ID | None = strawberry.field(description="Of the warning it became.")
    created_at: datetime
    changed_at: datetime
    draft: strawberry.Private[Draft]

    @strawberry.field(description="What is told, by language.")
    async def texts(self, info: Info) -> list[AlertDraftText]:
        manuscript = await self._manuscript(info)
        return [
            AlertDraftText(
                language=language,
                event=told.event,
                headline=told.headline,
                description=told.description,
                instruction=told.instruction,
            )
            for language, told in manuscript.texts.told.items()
        ]

    @strawberry.field(description="Languages of ours that say less, or other, than Vietnamese.")
    async def missing_languages(self, info: Info) -> list[str]:
        return list((await self._manuscript(info)).texts.missing)

    @strawberry.field(description="What is typed to confirm it.")
    async def confirm_with(self, info: Info) -> str:
        return (await self._manuscript(info)).confirm_with

    @strawberry.field(description="Whether a second person must approve it.")
    async def needs_second_person(self, info: Info) -> bool:
        return (await self._manuscript(info)).needs_second_person

    @strawberry.field
    async def preview(self, info: Info) -> AlertPreview:
        previewing = info.context.services.composing.previewing
        return AlertPreview.of(await previewing.of(self.draft), info)

    async def _manuscript(self, info: Info) -> Manuscript:
        return await info.context.services.composing.previewing.manuscript(self.draft)

    @classmethod
    def of(cls, draft: Draft, info: Info) -> "AlertDraft":
        content, language = draft.content, info.context.language
        hazard = info.context.services.composing.hazards.hazard(content.hazard)
        return cls(
            id=strawberry.ID(draft.id),
            agency_id=strawberry.ID(draft.agency_id),
            purpose=draft.purpose,
            kind=draft.kind,
            state=draft.state,
            digest=draft.digest,
            hazard=AlertHazard.of(hazard, language),
            level=AlertLevel.of(hazard.level(content.level), language),
            communes=list(map(strawberry.ID, content.communes)),
            polygons=[list(map(Position.of, ring)) for ring in content.polygons],
            effective=content.effective,
            onset=content.onset,
            expires=content.expires,
            follows=strawberry.ID(draft.follows) if draft.follows else None,
            alert_id=strawberry.ID(draft.alert_id) if draft.alert_id else None,
            created_at=draft.created_at,
            changed_at=draft.changed_at,
            draft=draft,
        )


@strawberry.type(description="A device that an agency's exercises ring.")
class ExerciseDevice:
    device_id: strawberry.ID
    label: str
    enrolled_at: datetime

    @classmethod
    def of(cls, device: EnrolledDevice) -> "ExerciseDevice":
        return cls(
            device_id=strawberry.ID(device.device_id),
            label=device.label,
            enrolled_at=device.enrolled_at,
        )


@strawberry.type(description="All that can be warned of.")
class AlertHazards:
    hazards: list[AlertHazard]


@strawberry.type(description="All that an agency's exercises ring.")
class ExerciseDevices:
    devices: list[ExerciseDevice]


@strawberry.type
class ComposeAlertSuccess:
    draft: AlertDraft


@strawberry.type
class ComposeAlertUpdateSuccess:
    draft: AlertDraft


@strawberry.type
class ComposeAlertEndSuccess:
    draft: AlertDraft


@strawberry.type
class EditAlertDraftSuccess:
    draft: AlertDraft


@strawberry.type
class DiscardAlertDraftSuccess:
    draft: AlertDraft


@strawberry.type
class SubmitAlertDraftSuccess:
    draft: AlertDraft


@strawberry.type
class ReturnAlertDraftSuccess:
    draft: AlertDraft


@strawberry.type
class PublishAlertSuccess:
    draft: AlertDraft


@strawberry.type
class ApproveAlertSuccess:
    draft: AlertDraft


@strawberry.type
class PublishAlertAloneSuccess:
    draft: AlertDraft


@strawberry.type
class EnrolExerciseDeviceSuccess:
    devices: list[ExerciseDevice]


@strawberry.type
class RemoveExerciseDeviceSuccess:
    devices: list[ExerciseDevice]


ComposeAlertResult = Annotated[
    ComposeAlertSuccess | AlertDraftError, strawberry.union("ComposeAlertResult")
]
ComposeAlertUpdateResult = Annotated[
    ComposeAlertUpdateSuccess | AlertDraftError, strawberry.union("ComposeAlertUpdateResult")
]
ComposeAlertEndResult = Annotated[
    ComposeAlertEndSuccess | AlertDraftError, strawberry.union("ComposeAlertEndResult")
]
EditAlertDraftResult = Annotated[
    EditAlertDraftSuccess | AlertDraftError, strawberry.union("EditAlertDraftResult")
]
DiscardAlertDraftResult = Annotated[
    DiscardAlertDraftSuccess | AlertDraftError, strawberry.union("DiscardAlertDraftResult")
]
SubmitAlertDraftResult = Annotated[
    SubmitAlertDraftSuccess | AlertDraftError, strawberry.union("SubmitAlertDraftResult")
]
ReturnAlertDraftResult = Annotated[
    ReturnAlertDraftSuccess | AlertDraftError, strawberry.union("ReturnAlertDraftResult")
]
PublishAlertResult = Annotated[
    PublishAlertSuccess | AlertDraftError, strawberry.union("PublishAlertResult")
]
ApproveAlertResult = Annotated[
    ApproveAlertSuccess | AlertDraftError, strawberry.union("ApproveAlertResult")
]
PublishAlertAloneResult = Annotated[
    PublishAlertAloneSuccess | AlertDraftError, strawberry.union("PublishAlertAloneResult")
]
EnrolExerciseDeviceResult = Annotated[
    EnrolExerciseDeviceSuccess | AlertDraftError, strawberry.union("EnrolExerciseDeviceResult")
]
RemoveExerciseDeviceResult = Annotated[
    RemoveExerciseDeviceSuccess | AlertDraftError, strawberry.union("RemoveExerciseDeviceResult")
]
AgencyId = Annotated[
    strawberry.ID,
    strawberry.argument(description="Of an agency for which you write or approve warnings."),
]


@strawberry.type
class ComposingQuery:
    @strawberry.field(description="What can be warned of, with its levels.")
    async def alert_hazards(self, info: Info) -> AlertHazards:
        hazards = info.context.services.composing.hazards.hazards.values()
        return AlertHazards(
            hazards=[AlertHazard.of(hazard, info.context.language) for hazard in hazards]
        )

    @strawberry.field(description="Drafts of an agency, those changed last first.")
    async def alert_drafts(
        self, info: Info, agency_id: AgencyId, first: First = 20, after: After = None
    ) -> Connection[AlertDraft]:
        drafting = info.context.services.composing.drafting
        page = await drafting.page(info.context.caller, agency_id, first, after)
        return Connection[AlertDraft].of(page, lambda one: AlertDraft.of(one, info))

    @strawberry.field(description="A draft of the agency; null for any other.")
    async def alert_draft(
        self, info: Info, agency_id: AgencyId, id: strawberry.ID
    ) -> AlertDraft | None:
        drafting = info.context.services.composing.drafting
        draft = await drafting.get(info.context.caller, agency_id, id)
        return AlertDraft.of(draft, info) if draft else None

    @strawberry.field(description="The devices that the agency's exercises ring.")
    async def exercise_devices(self, info: Info, agency_id: AgencyId) -> ExerciseDevices:
        enrolled = info.context.services.composing.exercise_devices
        devices = await enrolled.all(info.context.caller, agency_id)
        return ExerciseDevices(devices=list(map(ExerciseDevice.of, devices)))


@strawberry.type
class ComposingMutation:
    @strawberry.mutation(description="Begin a warning, an exercise or a test.")
    async def compose_alert(self, info: Info, input: ComposeAlertInput) -> ComposeAlertResult:
        draft = await info.context.services.composing.drafting.compose(
            info.context.caller,
            input.agency_id,
            input.purpose,
            input.content.content(),
            input.idempotency_key,
        )
        return ComposeAlertSuccess(draft=AlertDraft.of(draft, info))

    @strawberry.mutation(description="Begin an update of a warning that the agency issued here.")
    async def compose_alert_update(
        self, info: Info, input: ComposeAlertUpdateInput
    ) -> ComposeAlertUpdateResult:
        draft = await info.context.services.composing.drafting.update(
            info.context.caller,
            input.agency_id,
            input.alert_id,
            input.content.content(),
            input.idempotency_key,
        )
        return ComposeAlertUpdateSuccess(draft=AlertDraft.of(draft, info))

    @strawberry.mutation(
        description="Begin the end of a warning: only those who were warned are told."
    )
    async def compose_alert_end(
        self, info: Info, input: ComposeAlertEndInput
    ) -> ComposeAlertEndResult:
        draft = await info.context.services.composing.drafting.end(
            info.context.caller,
            input.agency_id,
            input.alert_id,
            input.kind(),
            input.idempotency_key,
        )
        return ComposeAlertEndSuccess(draft=AlertDraft.of(draft, info))

    @strawberry.mutation(description="Write a draft anew. It waits for approval no more.")
    async def edit_alert_draft(
        self, info: Info, input: EditAlertDraftInput
    ) -> EditAlertDraftResult:
        draft = await info.context.services.composing.drafting.edit(
            info.context.caller, input.agency_id, input.id, input.digest, input.content.content()
        )
        return EditAlertDraftSuccess(draft=AlertDraft.of(draft, info))

    @strawberry.mutation(description="Throw a draft away.")
    async def discard_alert_draft(
        self, info: Info, input: AlertDraftSeenInput
    ) -> DiscardAlertDraftResult:
        draft = await info.context.services.composing.drafting.discard(
            info.context.caller, input.agency_id, input.id, input.digest
        )
        return DiscardAlertDraftSuccess(draft=AlertDraft.of(draft, info))

    @strawberry.mutation(description="Freeze a draft, and let it wait for a second person.")
    async def submit_alert_draft(
        self, info: Info, input: AlertDraftSeenInput
    ) -> SubmitAlertDraftResult:
        issuing = info.context.services.composing.issuing
        return SubmitAlertDraftSuccess(
            draft=AlertDraft.of(await issuing.submit(info.context.caller, input.seen()), info)
        )

    @strawberry.mutation(description="Give a draft that waits back to its author.")
    async def return_alert_draft(
        self, info: Info, input: AlertDraftSeenInput
    ) -> ReturnAlertDraftResult:
        issuing = info.context.services.composing.issuing
        draft = await issuing.send_back(info.context.caller, input.seen())
        return ReturnAlertDraftSuccess(draft=AlertDraft.of(draft, info))

    @strawberry.mutation(description="Issue what needs no second person.")
    async def publish_alert(self, info: Info, input: AlertDraftSeenInput) -> PublishAlertResult:
        issuing = info.context.services.composing.issuing
        return PublishAlertSuccess(
            draft=AlertDraft.of(await issuing.issue(info.context.caller, input.seen()), info)
        )

    @strawberry.mutation(description="Issue a draft that waits, as its second person.")
    async def approve_alert(self, info: Info, input: ApproveAlertInput) -> ApproveAlertResult:
        issuing = info.context.services.composing.issuing
        draft = await issuing.approve(info.context.caller, input.seen(), input.confirmation)
        return ApproveAlertSuccess(draft=AlertDraft.of(draft, info))

    @strawberry.mutation(
        description="Issue a draft without a second person. Every administrator is told at once."
    )
    async def publish_alert_alone(
        self, info: Info, input: PublishAlertAloneInput
    ) -> PublishAlertAloneResult:
        draft = await info.context.services.composing.issuing.issue_alone(
            info.context.caller, input.seen(), input.confirmation, input.reason
        )
        return PublishAlertAloneSuccess(draft=AlertDraft.of(draft, info))

    @strawberry.mutation(description="Let exercises ring a device that you hold in your hand.")
    async def enrol_exercise_device(
        self, info: Info, input: EnrolExerciseDeviceInput
    ) -> EnrolExerciseDeviceResult:
        enrolled, caller = info.context.services.composing.exercise_devices, info.context.caller
        await enrolled.enrol(
            caller, input.agency_id, input.device_id, input.device_secret, input.label
        )
        devices = await enrolled.all(caller, input.agency_id)
        return EnrolExerciseDeviceSuccess(devices=list(map(ExerciseDevice.of, devices)))

    @strawberry.mutation(description="Let exercises ring a device no more.")
    async def remove_exercise_device(
        self, info: Info, input: RemoveExerciseDeviceInput
    ) -> RemoveExerciseDeviceResult:
        enrolled, caller = info.context.services.composing.exercise_devices, info.context.caller
        await enrolled.remove(caller, input.agency_id, input.device_id)
        devices = await enrolled.all(caller, input.agency_id)
        return RemoveExerciseDeviceSuccess(devices=list(map(ExerciseDevice.of, devices)))
