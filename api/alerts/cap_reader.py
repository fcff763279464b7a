"""A checked document made into a CapMessage, whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from api.alerts import cap_values as values
from api.alerts.cap_message import (
    AlertArea,
    CapMessage,
    Category,
    Certainty,
    Info,
    MsgType,
    NamedValue,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from api.alerts.cap_rules import check_rules
from api.alerts.cap_structure import CAP_NAMESPACE, check_structure
from api.alerts.cap_xml import Element, parsed
from api.alerts.errors import TooMany, TooManyCorners

INFOS_AT_MOST = 64
AREAS_AT_MOST = 500
CORNERS_AT_MOST = 20_000
CIRCLES_AT_MOST = 500
"""Each is drawn with 180 corners, and costs as much as a polygon of as many."""
DEFAULT_LANGUAGE = "en-US"

Value = TypeVar("Value")
Term = TypeVar("Term", bound=StrEnum)


def read_message(document: bytes) -> CapMessage:
    """Return the message, or raise the AlertProblem that says what is wrong with it, and where."""
    root = parsed(document)
    check_structure(root)
    alert = _Block(root)
    alert.check_count(".//cap:info", INFOS_AT_MOST)
    alert.check_count(".//cap:area", AREAS_AT_MOST)
    alert.check_count(".//cap:circle", CIRCLES_AT_MOST)
    _check_corners(root)
    check_rules(root)
    return _message(alert)


@dataclass(frozen=True, slots=True)
class _Block:
    """An element with children, which are asked for by name."""

    element: Element

    def all(self, name: str, read: Callable[[Element], Value]) -> tuple[Value, ...]:
        return tuple(read(child) for child in self.element.findall(f"{{{CAP_NAMESPACE}}}{name}"))

    def one(self, name: str, read: Callable[[Element], Value]) -> Value:
        return self.all(name, read)[0]

    def maybe(self, name: str, read: Callable[[Element], Value]) -> Value | None:
        return next(iter(self.all(name, read)), None)

    def text(self, name: str) -> str | None:
        return self.maybe(name, values.prose)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(text for text in self.all(name, values.prose) if text)

    def named_values(self, name: str) -> tuple[NamedValue, ...]:
        return self.all(name, lambda element: _named_value(_Block(element)))

    def check_count(self, path: str, limit: int) -> None:
        found = self.element.findall(path, {"cap": CAP_NAMESPACE})
        if len(found) > limit:
            beyond = found[limit]
            raise TooMany(element=values.name_of(beyond), limit=limit, line=beyond.sourceline)


def _check_corners(root: Element) -> None:
    corners = 0
    for polygon in root.iter(f"{{{CAP_NAMESPACE}}}polygon"):
        corners += (polygon.text or "").count(",")
        if corners > CORNERS_AT_MOST:
            raise TooManyCorners(element="polygon", limit=CORNERS_AT_MOST, line=polygon.sourceline)


def _as(terms: type[Term]) -> Callable[[Element], Term]:
    return lambda element: terms(element.text or "")


def _message(alert: _Block) -> CapMessage:
    own = Reference(
        sender=alert.one("sender", values.identifier),
        identifier=alert.one("identifier", values.identifier),
        sent=alert.one("sent", values.moment),
    )
    return CapMessage(
        identifier=own.identifier,
        sender=own.sender,
        sent=own.sent,
        status=alert.one("status", _as(Status)),
        msg_type=alert.one("msgType", _as(MsgType)),
        source=alert.text("source"),
        scope=alert.one("scope", _as(Scope)),
        restriction=alert.text("restriction"),
        addresses=alert.text("addresses"),
        codes=alert.texts("code"),
        note=alert.text("note"),
        references=alert.maybe("references", lambda element: values.references(element, own)) or (),
        incidents=alert.text("incidents"),
        infos=alert.all("info", lambda element: _info(_Block(element))),
    )


def _info(info: _Block) -> Info:
    return Info(
        language=info.text("language") or DEFAULT_LANGUAGE,
        categories=info.all("category", _as(Category)),
        event=info.text("event") or "",
        response_types=info.all("responseType", _as(ResponseType)),
        urgency=info.one("urgency", _as(Urgency)),
        severity=info.one("severity", _as(Severity)),
        certainty=info.one("certainty", _as(Certainty)),
        audience=info.text("audience"),
        event_codes=info.named_values("eventCode"),
        effective=info.maybe("effective", values.moment),
        onset=info.maybe("onset", values.moment),
        expires=info.maybe("expires", values.moment),
        sender_name=info.text("senderName"),
        headline=info.text("headline"),
        description=info.text("description"),
        instruction=info.text("instruction"),
        web=info.text("web"),
        contact=info.text("contact"),
        parameters=info.named_values("parameter"),
        resources=info.all("resource", lambda element: _resource(_Block(element))),
        areas=info.all("area", lambda element: _area(_Block(element))),
    )


def _area(area: _Block) -> AlertArea:
    return AlertArea(
        description=area.text("areaDesc") or "",
        polygons=tuple(filter(None, area.all("polygon", values.polygon))),
        circles=tuple(filter(None, area.all("circle", values.circle))),
        geocodes=area.named_values("geocode"),
        altitude=area.maybe("altitude", values.decimal),
        ceiling=area.maybe("ceiling", values.decimal),
    )


def _resource(resource: _Block) -> Resource:
    return Resource(
        description=resource.text("resourceDesc") or "",
        mime_type=resource.text("mimeType") or "",
        size=resource.maybe("size", values.whole_number),
        uri=resource.text("uri"),
        dereferenced=resource.text("derefUri"),
        digest=resource.text("digest"),
    )


def _named_value(pair: _Block) -> NamedValue:
    return NamedValue(pair.text("valueName") or "", pair.text("value") or "")
