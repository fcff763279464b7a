"""What officers do at the desk of an agency."""

from typing import Annotated

import strawberry

from api.alerts.composing.composing_error import AlertDraftError
from api.alerts.composing.schema import AlertDraft, ExerciseDevice
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
