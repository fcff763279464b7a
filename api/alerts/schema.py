from collections.abc import AsyncGenerator, Callable
from datetime import datetime
from typing import Annotated

import strawberry

from api.alerts import labels
from api.alerts.cap_message import AlertArea as AreaBlock
from api.alerts.cap_message import (
    Certainty,
    MsgType,
    NamedValue,
    Scope,
    Severity,
    Status,
    Urgency,
)
from api.alerts.cap_message import Info as InfoBlock
from api.alerts.open_alerts import AlertView
from api.alerts.repository import AlertState
from api.context import Context, Info
from api.kit.area import Circle
from api.kit.geo import Position as ExactPosition
from api.kit.pagination import Connection
from api.kit.schema_types import LocalizedText, Position, PositionInput

strawberry.enum(Status, name="AlertStatus", description="What a message is for (CAP 1.2).")
strawberry.enum(MsgType, name="AlertMsgType", description="What a message does (CAP 1.2).")
strawberry.enum(Scope, name="AlertScope", description="Whom a message is for (CAP 1.2).")
strawberry.enum(Urgency, name="AlertUrgency", description="How soon to act (CAP 1.2).")
strawberry.enum(Severity, name="AlertSeverity", description="How bad it is (CAP 1.2).")
strawberry.enum(Certainty, name="AlertCertainty", description="How sure it is (CAP 1.2).")
strawberry.enum(AlertState, description="What has become of a warning.")

_PLACE = "Only what holds there; without it, what holds anywhere."
_LINKS = ("https://", "http://")


@strawberry.type
class AlertCircle:
    centre: Position
    radius: float = strawberry.field(description="Metres; 0 means the centre itself.")

    @classmethod
    def of(cls, circle: Circle) -> "AlertCircle":
        return cls(centre=Position.of(circle.centre), radius=circle.radius_metres)


@strawberry.type(description="A place by a code of some system, such as a commune's code.")
class AlertGeocode:
    name: str = strawberry.field(description="The system: `VN-COMMUNE`, `ISO 3166-2`, …")
    value: str

    @classmethod
    def of(cls, geocode: NamedValue) -> "AlertGeocode":
        return cls(name=geocode.name, value=geocode.value)


@strawberry.type(description="A part of where a warning holds: the union of all that is given.")
class AlertArea:
    description: str
    block: strawberry.Private[AreaBlock]

    @strawberry.field(description="Rings of positions, the last equal to the first.")
    def polygons(self) -> list[list[Position]]:
        return [[Position.of(corner) for corner in ring] for ring in self.block.polygons]

    @strawberry.field
    def circles(self) -> list[AlertCircle]:
        return [AlertCircle.of(circle) for circle in self.block.circles]

    @strawberry.field
    def geocodes(self) -> list[AlertGeocode]:
        return [AlertGeocode.of(geocode) for geocode in self.block.geocodes]

    @classmethod
    def of(cls, block: AreaBlock) -> "AlertArea":
        return cls(description=block.description, block=block)


@strawberry.type(
    description="A warning by an authority: a CAP 1.2 message that is Actual and Public. Where it"
    " tells of several events, the worst that holds at the asked position."
)
class Alert:
    id: strawberry.ID
    identifier: str = strawberry.field(description="The sender's own.")
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    msg_type_label: str = strawberry.field(description="In the reader's language.")
    scope: Scope
    state: AlertState
    event: LocalizedText
    headline: LocalizedText | None
    description: LocalizedText | None
    instruction: LocalizedText | None = strawberry.field(description="What to do.")
    urgency: Urgency
    urgency_label: str = strawberry.field(description="In the reader's language.")
    severity: Severity
    severity_label: str = strawberry.field(description="In the reader's language.")
    certainty: Certainty
    certainty_label: str = strawberry.field(description="In the reader's language.")
    effective: datetime = strawberry.field(description="From when it holds.")
    onset: datetime | None = strawberry.field(description="When the event is expected to begin.")
    expires: datetime = strawberry.field(description="Until when it holds.")
    areas: list[AlertArea]
    sender_name: str | None = strawberry.field(description="The authority, for readers.")
    web: str | None = strawberry.field(description="An http or https address that tells more.")
    contact: str | None

    @classmethod
    def of(cls, view: AlertView, context: Context) -> "Alert":
        record, bulletin = view.record, view.bulletin
        language, translate = context.language, context.translate
        info = bulletin.info_for(language)

        def text(value: Callable[[InfoBlock], str | None]) -> LocalizedText | None:
            return LocalizedText.of(bulletin.by_language(value), language)

        return cls(
            id=strawberry.ID(record.id),
            identifier=record.identifier,
            sender=record.sender,
            sent=record.sent,
            status=record.status,
            msg_type=record.msg_type,
            msg_type_label=translate(labels.MSG_TYPES[record.msg_type]),
            scope=record.scope,
            state=view.state,
            event=text(lambda block: block.event) or LocalizedText(text="", language=language),
            headline=text(lambda block: block.headline),
            description=text(lambda block: block.description),
            instruction=text(lambda block: block.instruction),
            urgency=bulletin.urgency,
            urgency_label=translate(labels.URGENCIES[bulletin.urgency]),
            severity=bulletin.severity,
            severity_label=translate(labels.SEVERITIES[bulletin.severity]),
            certainty=bulletin.certainty,
            certainty_label=translate(labels.CERTAINTIES[bulletin.certainty]),
            effective=bulletin.effective,
            onset=info.onset,
            expires=bulletin.expires,
            areas=[AlertArea.of(area) for area in bulletin.areas_for(language)],
            sender_name=info.sender_name,
            web=info.web if info.web and info.web.lower().startswith(_LINKS) else None,
            contact=info.contact,
        )


@strawberry.type
class AlertsQuery:
    @strawberry.field(description="Warnings in force now, the worst first, then the latest.")
    async def active_alerts(
        self,
        info: Info,
        at: Annotated[PositionInput | None, strawberry.argument(description=_PLACE)] = None,
        first: int = 20,
        after: str | None = None,
    ) -> Connection[Alert]:
        page = await info.context.services.alerts.active(_position(at), first, after)
        return Connection[Alert].of(page, lambda view: Alert.of(view, info.context))

    @strawberry.field(description="A warning by its id, also one that is over.")
    async def alert(self, info: Info, id: strawberry.ID) -> Alert | None:
        view = await info.context.services.alerts.get(id)
        return None if view is None else Alert.of(view, info.context)


@strawberry.type
class AlertsSubscription:
    @strawberry.subscription(
        description="Each warning that becomes active, is updated or cancelled from now on."
        " Look at `state`."
    )
    async def alerts(
        self,
        info: Info,
        at: Annotated[PositionInput | None, strawberry.argument(description=_PLACE)] = None,
    ) -> AsyncGenerator[Alert]:
        async for view in info.context.services.alerts.changes(_position(at)):
            yield Alert.of(view, info.context)


def _position(at: PositionInput | None) -> ExactPosition | None:
    return at.position() if at is not None else None
