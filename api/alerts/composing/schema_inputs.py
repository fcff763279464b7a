"""What officers send."""

from datetime import datetime

import strawberry

from api.alerts.cap_message import Certainty, Urgency
from api.alerts.composing.contract_enums import DraftKind, Purpose
from api.alerts.composing.draft import Content, Words
from api.alerts.composing.errors import InvalidArea, InvalidSlot, InvalidText
from api.alerts.composing.issuing import Seen
from api.alerts.composing.texts import BODY_CHARACTERS_AT_MOST, HEADLINE_CHARACTERS_AT_MOST
from api.kit.geo import Position
from api.kit.schema_types import PositionInput

_KEY = "16 to 128 visible ASCII characters, made anew for each draft."
_DIGEST = "Of the draft as you saw it; when it says something else by now, nothing is done."


@strawberry.input(description="A value in the template's text.")
class AlertSlotInput:
    name: str
    value: str = strawberry.field(description="A number with a point, ISO 8601, or a name.")


@strawberry.input(description="Your own words in a language; what is null the template says.")
class AlertWordsInput:
    language: str = strawberry.field(description="BCP 47 tag.")
    headline: str | None = strawberry.field(
        default=None, description=f"At most {HEADLINE_CHARACTERS_AT_MOST} characters."
    )
    description: str | None = strawberry.field(
        default=None, description=f"At most {BODY_CHARACTERS_AT_MOST} characters."
    )
    instruction: str | None = strawberry.field(
        default=None, description=f"At most {BODY_CHARACTERS_AT_MOST} characters."
    )


@strawberry.input
class AlertContentInput:
    hazard: strawberry.ID = strawberry.field(description="Code, as `alertHazards` gives it.")
    level: strawberry.ID
    expires: datetime
    communes: list[strawberry.ID] = strawberry.field(default_factory=list[strawberry.ID])
    polygons: list[list[PositionInput]] = strawberry.field(
        default_factory=list[list[PositionInput]], description="Rings, closed or not."
    )
    effective: datetime | None = strawberry.field(default=None, description="Null: at once.")
    onset: datetime | None = None
    urgency: Urgency | None = strawberry.field(default=None, description="Null: the level's.")
    certainty: Certainty | None = strawberry.field(default=None, description="Null: the level's.")
    slots: list[AlertSlotInput] = strawberry.field(default_factory=list[AlertSlotInput])
    words: list[AlertWordsInput] = strawberry.field(default_factory=list[AlertWordsInput])

    def content(self) -> Content:
        """Return the content. Raises InvalidPosition, InvalidSlot, InvalidText and InvalidArea."""
        slots = {slot.name: slot.value for slot in self.slots}
        words = {
            one.language: Words(one.headline, one.description, one.instruction)
            for one in self.words
        }
        if len(slots) < len(self.slots):
            raise InvalidSlot(name=self.slots[-1].name)
        if len(words) < len(self.words):
            raise InvalidText(headline=HEADLINE_CHARACTERS_AT_MOST, body=BODY_CHARACTERS_AT_MOST)
        if len(set(self.communes)) < len(self.communes):
            raise InvalidArea
        return Content(
            hazard=self.hazard,
            level=self.level,
            expires=self.expires,
            communes=tuple(self.communes),
            polygons=tuple(_ring(ring) for ring in self.polygons),
            effective=self.effective,
            onset=self.onset,
            urgency=self.urgency,
            certainty=self.certainty,
            slots=slots,
            words=words,
        )


@strawberry.input
class ComposeAlertInput:
    agency_id: strawberry.ID
    purpose: Purpose
    content: AlertContentInput
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class ComposeAlertUpdateInput:
    agency_id: strawberry.ID
    alert_id: strawberry.ID = strawberry.field(description="Of the latest warning of the chain.")
    content: AlertContentInput
    idempotency_key: str = strawberry.field(description=_KEY)


@strawberry.input
class ComposeAlertEndInput:
    agency_id: strawberry.ID
    alert_id: strawberry.ID = strawberry.field(description="Of the latest warning of the chain.")
    is_cancel: bool = strawberry.field(
        description="True: it should not have been said. False: the danger is over."
    )
    idempotency_key: str = strawberry.field(description=_KEY)

    def kind(self) -> DraftKind:
        return DraftKind.CANCEL if self.is_cancel else DraftKind.ALL_CLEAR


@strawberry.input
class AlertDraftSeenInput:
    agency_id: strawberry.ID
    id: strawberry.ID
    digest: str = strawberry.field(description=_DIGEST)

    def seen(self) -> Seen:
        return Seen(self.agency_id, self.id, self.digest)


@strawberry.input
class EditAlertDraftInput(AlertDraftSeenInput):
    content: AlertContentInput


@strawberry.input
class ApproveAlertInput(AlertDraftSeenInput):
    confirmation: str = strawberry.field(description="What `confirmWith` of the draft says, typed.")


@strawberry.input
class PublishAlertAloneInput(ApproveAlertInput):
    reason: str = strawberry.field(
        description="Why it cannot wait; administrators read it at once."
    )


@strawberry.input
class EnrolExerciseDeviceInput:
    agency_id: strawberry.ID
    device_id: strawberry.ID
    device_secret: str
    label: str = strawberry.field(description="What the agency calls it; no names of people.")


@strawberry.input
class RemoveExerciseDeviceInput:
    agency_id: strawberry.ID
    device_id: strawberry.ID


def _ring(corners: list[PositionInput]) -> tuple[Position, ...]:
    ring = tuple(corner.position() for corner in corners)
    return ring if not ring or ring[0] == ring[-1] else (*ring, ring[0])
