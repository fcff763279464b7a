"""What CAP 1.2 demands beyond its schema: elements that depend on others (section 3.2)."""

from lxml import etree

from api.alerts.cap_structure import CAP_NAMESPACE
from api.alerts.cap_values import moment, name_of, prose
from api.alerts.cap_xml import Element
from api.alerts.errors import ElementMissing, ElementRequired, EndsTooEarly

REQUIRED_WITH = (
    ("scope", "Restricted", "restriction"),
    ("scope", "Private", "addresses"),
    ("msgType", "Update", "references"),
    ("msgType", "Cancel", "references"),
    ("msgType", "Ack", "references"),
    ("msgType", "Error", "references"),
    ("msgType", "Alert", "info"),
    ("msgType", "Update", "info"),
)
"""When the first element has the value, the last one must be there and say something.

That Alert and Update need an info block is our rule: without one there is nothing to tell.
"""


def check_rules(root: Element) -> None:
    """Raise ElementMissing, ElementRequired, EndsTooEarly or InvalidTime at the first rule broken."""
    for element, value, required in REQUIRED_WITH:
        if _text(root, element) == value and not _says_something(root, required):
            raise ElementRequired(
                element=required, other=element, value=value, line=root.sourceline
            )
    for info in root.iterfind(_tag("info")):
        _check_info(root, info)


def _check_info(root: Element, info: Element) -> None:
    if not _says_something(info, "event"):
        raise ElementMissing(element="event", line=info.sourceline)
    for area in info.iterfind(_tag("area")):
        ceiling, altitude = area.find(_tag("ceiling")), area.find(_tag("altitude"))
        if ceiling is not None and altitude is None:
            raise ElementRequired(
                element="altitude",
                other="ceiling",
                value=prose(ceiling) or "",
                line=ceiling.sourceline,
            )
    if _text(root, "msgType") in {"Alert", "Update"}:
        _check_end(root, info)


def _check_end(root: Element, info: Element) -> None:
    """Refuse a warning that ends before it begins: it would reach nobody, silently."""
    expires = info.find(_tag("expires"))
    if expires is None:
        return
    effective = info.find(_tag("effective"))
    starts = [root.find(_tag("sent")), effective]
    if any(start is not None and moment(expires) <= moment(start) for start in starts):
        raise EndsTooEarly(element=name_of(expires), line=expires.sourceline)


def _text(parent: Element, name: str) -> str | None:
    child = parent.find(_tag(name))
    return None if child is None else child.text


def _says_something(parent: Element, name: str) -> bool:
    child = parent.find(_tag(name))
    return child is not None and (len(child) > 0 or prose(child) is not None)


def _tag(name: str) -> str:
    return etree.QName(CAP_NAMESPACE, name).text
