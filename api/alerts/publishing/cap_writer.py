"""A CapMessage as CAP 1.2, in the order of the standard's schema.

Written anew, and not as it came: what stands in an agency's document beside the message (style sheets,
schema locations, namespaces of its own) is not ours to serve. So an agency's signature is not in it.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from lxml import etree

from api.alerts.cap_message import AlertArea, CapMessage, Info, NamedValue, Reference, Resource
from api.alerts.cap_structure import CAP_NAMESPACE
from api.alerts.cap_xml import Element, new_root
from api.kit.area import Circle
from api.kit.formats import VIETNAM_TIME
from api.kit.geo import Position


def cap_document(message: CapMessage) -> bytes:
    """Return the message as UTF-8 XML that validates with the standard's schema."""
    root = new_root(CAP_NAMESPACE, "alert")
    _add(root, "identifier", message.identifier)
    _add(root, "sender", message.sender)
    _add(root, "sent", _moment(message.sent))
    _add(root, "status", message.status.value)
    _add(root, "msgType", message.msg_type.value)
    _add(root, "source", message.source)
    _add(root, "scope", message.scope.value)
    _add(root, "restriction", message.restriction)
    _add(root, "addresses", message.addresses)
    _add_each(root, "code", message.codes)
    _add(root, "note", message.note)
    _add(root, "references", " ".join(map(_reference, message.references)) or None)
    _add(root, "incidents", message.incidents)
    for info in message.infos:
        _add_info(root, info)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def _add_info(root: Element, info: Info) -> None:
    block = etree.SubElement(root, _tag("info"))
    _add(block, "language", info.language)
    _add_each(block, "category", info.categories)
    _add(block, "event", info.event)
    _add_each(block, "responseType", info.response_types)
    _add(block, "urgency", info.urgency.value)
    _add(block, "severity", info.severity.value)
    _add(block, "certainty", info.certainty.value)
    _add(block, "audience", info.audience)
    _add_pairs(block, "eventCode", info.event_codes)
    for name, time in (
        ("effective", info.effective),
        ("onset", info.onset),
        ("expires", info.expires),
    ):
        _add(block, name, None if time is None else _moment(time))
    _add(block, "senderName", info.sender_name)
    _add(block, "headline", info.headline)
    _add(block, "description", info.description)
    _add(block, "instruction", info.instruction)
    _add(block, "web", info.web)
    _add(block, "contact", info.contact)
    _add_pairs(block, "parameter", info.parameters)
    for resource in info.resources:
        _add_resource(block, resource)
    for area in info.areas:
        _add_area(block, area)


def _add_resource(block: Element, resource: Resource) -> None:
    part = etree.SubElement(block, _tag("resource"))
    _add(part, "resourceDesc", resource.description)
    _add(part, "mimeType", resource.mime_type)
    _add(part, "size", None if resource.size is None else str(resource.size))
    _add(part, "uri", resource.uri)
    _add(part, "derefUri", resource.dereferenced)
    _add(part, "digest", resource.digest)


def _add_area(block: Element, area: AlertArea) -> None:
    part = etree.SubElement(block, _tag("area"))
    _add(part, "areaDesc", area.description)
    _add_each(part, "polygon", (" ".join(map(_corner, ring)) for ring in area.polygons))
    _add_each(part, "circle", map(_circle, area.circles))
    _add_pairs(part, "geocode", area.geocodes)
    _add(part, "altitude", None if area.altitude is None else _number(area.altitude))
    _add(part, "ceiling", None if area.ceiling is None else _number(area.ceiling))


def _add(parent: Element, name: str, text: str | None) -> None:
    if text is not None:
        etree.SubElement(parent, _tag(name)).text = text


def _add_each(parent: Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _add(parent, name, str(text))


def _add_pairs(parent: Element, name: str, pairs: Iterable[NamedValue]) -> None:
    for pair in pairs:
        part = etree.SubElement(parent, _tag(name))
        _add(part, "valueName", pair.name)
        _add(part, "value", pair.value)


def _tag(name: str) -> str:
    return f"{{{CAP_NAMESPACE}}}{name}"


def _moment(time: datetime) -> str:
    # The standard wants an offset, and never Z.
    return time.astimezone(VIETNAM_TIME).replace(microsecond=0).isoformat()


def _reference(one: Reference) -> str:
    return f"{one.sender},{one.identifier},{_moment(one.sent)}"


def _corner(position: Position) -> str:
    return f"{_number(position.latitude)},{_number(position.longitude)}"


def _circle(circle: Circle) -> str:
    return f"{_corner(circle.centre)} {Decimal(repr(circle.radius_metres)).scaleb(-3):f}"


def _number(number: float) -> str:
    """Return a number without an exponent, which the standard does not know."""
    return f"{Decimal(repr(number)):f}"
