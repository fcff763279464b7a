"""The CAP 1.2 message of a draft, as it goes through the same door as every agency's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from api.alerts.cap_message import (
    Certainty,
    MsgType,
    Reference,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from api.alerts.cap_structure import CAP_NAMESPACE
from api.alerts.cap_xml import Element
from api.alerts.composing.draft import Draft, DraftKind, Purpose
from api.alerts.composing.hazards import Hazard, Level
from api.alerts.composing.speakers import Speaker
from api.alerts.composing.texts import Texts, Told
from api.alerts.subjects import HAZARD_CODE
from api.kit.formats import VIETNAM_TIME

LEVEL_CODE = "laocai:level"
COLOUR_CODE = "laocai:colour"
COMMUNE_CODE = "VN-COMMUNE"

_STATUSES = {
    Purpose.ACTUAL: Status.ACTUAL,
    Purpose.EXERCISE: Status.EXERCISE,
    Purpose.TEST: Status.TEST,
}
_TYPES = {
    DraftKind.ALERT: MsgType.ALERT,
    DraftKind.UPDATE: MsgType.UPDATE,
    DraftKind.ALL_CLEAR: MsgType.UPDATE,
    DraftKind.CANCEL: MsgType.CANCEL,
}

Pair = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Weight:
    """How bad, how soon and how sure it is, as the message says it."""

    severity: Severity
    urgency: Urgency
    certainty: Certainty
    response: ResponseType


def weight_of(draft: Draft, hazard: Hazard, level: Level) -> Weight:
    """Return the level's weight, as far as the officer did not say otherwise."""
    content = draft.content
    if draft.kind is DraftKind.ALL_CLEAR:
        return Weight(level.severity, Urgency.PAST, Certainty.OBSERVED, ResponseType.ALL_CLEAR)
    return Weight(
        level.severity,
        content.urgency or level.urgency,
        content.certainty or level.certainty,
        hazard.responses[level.stage],
    )


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the message is made of. `references`: the whole chain that it goes on from."""

    draft: Draft
    speaker: Speaker
    hazard: Hazard
    level: Level
    texts: Texts
    sent: datetime
    references: Sequence[Reference]

    @property
    def identifier(self) -> str:
        """Frozen with the draft: however often it is written, it is one message."""
        return f"laocai.{self.speaker.id}.{self.draft.id}"


def cap_of(outgoing: Outgoing) -> bytes:
    """Return the message. A Cancel has no info block: it takes back what was said, and says no more."""
    draft = outgoing.draft
    root = etree.fromstring(f'<alert xmlns="{CAP_NAMESPACE}"/>')
    references = " ".join(
        f"{one.sender},{one.identifier},{_moment(one.sent)}" for one in outgoing.references
    )
    _add(
        root,
        ("identifier", outgoing.identifier),
        ("sender", outgoing.speaker.sender),
        ("sent", _moment(outgoing.sent)),
        ("status", _STATUSES[draft.purpose]),
        ("msgType", _TYPES[draft.kind]),
        ("scope", Scope.PUBLIC),
        ("references", references or None),
    )
    if draft.kind is not DraftKind.CANCEL:
        for language, told in outgoing.texts.told.items():
            _add_info(root, outgoing, language, told)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_info(root: Element, outgoing: Outgoing, language: str, told: Told) -> None:
    draft, content, level = outgoing.draft, outgoing.draft.content, outgoing.level
    weight = weight_of(draft, outgoing.hazard, level)
    begins_later = content.effective is not None and content.effective > outgoing.sent
    info = etree.SubElement(root, _tag("info"))
    _add(
        info,
        ("language", language),
        ("category", outgoing.hazard.category),
        ("event", told.event),
        ("responseType", weight.response),
        ("urgency", weight.urgency),
        ("severity", weight.severity),
        ("certainty", weight.certainty),
    )
    _add_pair(info, "eventCode", HAZARD_CODE, outgoing.hazard.code)
    _add(
        info,
        ("effective", _moment(content.effective) if content.effective and begins_later else None),
        ("onset", _moment(content.onset) if content.onset else None),
        ("expires", _moment(content.expires)),
        ("senderName", outgoing.speaker.names.get(language) or outgoing.speaker.names["vi"]),
        ("headline", told.headline),
        ("description", told.description),
        ("instruction", told.instruction),
    )
    _add_pair(info, "parameter", LEVEL_CODE, level.code)
    _add_pair(info, "parameter", COLOUR_CODE, level.colour)
    _add_area(info, outgoing, told.area)


def _add_area(info: Element, outgoing: Outgoing, description: str) -> None:
    content = outgoing.draft.content
    area = etree.SubElement(info, _tag("area"))
    _add(area, ("areaDesc", description))
    for ring in content.polygons:
        corners = " ".join(f"{corner.latitude},{corner.longitude}" for corner in ring)
        _add(area, ("polygon", corners))
    for code in content.communes:
        _add_pair(area, "geocode", COMMUNE_CODE, code)


def _add(parent: Element, *pairs: Pair) -> None:
    for name, text in pairs:
        if text is not None:
            etree.SubElement(parent, _tag(name)).text = str(text)


def _add_pair(parent: Element, name: str, value_name: str, value: str) -> None:
    pair = etree.SubElement(parent, _tag(name))
    _add(pair, ("valueName", value_name), ("value", value))


def _tag(name: str) -> str:
    return f"{{{CAP_NAMESPACE}}}{name}"


def _moment(moment: datetime) -> str:
    """Return a time as CAP has it: whole seconds and the offset of Vietnam (3.3.2)."""
    return moment.astimezone(VIETNAM_TIME).replace(microsecond=0).isoformat()
