"""Warnings at the desk of an agency: what can be warned of, drafts, and devices for exercises."""

import json
from datetime import datetime
from typing import Annotated

import strawberry

from api.alerts.cap_message import Certainty, Severity, Urgency
from api.alerts.composing.composing_error import AlertDraftError
from api.alerts.composing.contract_enums import DraftKind, DraftState, Purpose, SlotKind
from api.alerts.composing.draft import Draft
from api.alerts.composing.exercises import ExerciseDevice as EnrolledDevice
from api.alerts.composing.hazards import Hazard, Level
from api.alerts.composing.manuscript import Manuscript
from api.alerts.composing.previewing import Preview, Screen
from api.context import Info
from api.kit.pagination import After, Connection, First
from api.kit.schema_types import LocalizedText, Position
from notifications.devices import Platform


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
