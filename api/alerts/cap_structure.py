"""The structure of a CAP 1.2 message: our XML schema, and refusals that name the element."""

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import Protocol, cast

from lxml import etree

from api.alerts.cap_xml import Element
from api.alerts.errors import (
    AlertProblem,
    ElementMissing,
    ElementNotExpected,
    NotCap,
    ValueNotAllowed,
    WrongNamespace,
)

CAP_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
ALWAYS_THERE = frozenset(
    [
        "identifier",
        "sender",
        "sent",
        "status",
        "msgType",
        "scope",
        "category",
        "event",
        "urgency",
        "severity",
        "certainty",
        "resourceDesc",
        "mimeType",
        "areaDesc",
        "valueName",
        "value",
    ]
)
"""Elements that the standard requires wherever their parent stands."""

_COMPILING = Lock()
_ABOUT = re.compile(r"Element '(?:\{[^}]*\})?([^']+)'")
_EXPECTED = re.compile(r"Expected is (?:one of )?\((.*)\)")
_NAME = re.compile(r"\}([A-Za-z]+)")


class _SchemaError(Protocol):
    """An entry of lxml's error log, whose stub says too little."""

    message: str
    type_name: str
    path: str
    line: int


def check_structure(root: Element) -> None:
    """Raise the first way in which the document is not a CAP 1.2 message by structure.

    WrongNamespace, NotCap, ElementMissing, ElementNotExpected or ValueNotAllowed.
    """
    name = etree.QName(root)
    if name.localname != "alert":
        raise NotCap(element=name.localname, line=root.sourceline)
    if name.namespace != CAP_NAMESPACE:
        raise WrongNamespace(
            element=name.localname,
            found=name.namespace or "",
            expected=CAP_NAMESPACE,
            line=root.sourceline,
        )
    validator = _validator()
    if validator.validate(root):
        return
    error = next(iter(cast("Iterable[_SchemaError]", validator.error_log)))
    if error.type_name != "SCHEMAV_ELEMENT_CONTENT":
        raise ValueNotAllowed(element=_subject(error.message), line=error.line)
    raise _misplaced(root, error)


def _validator() -> etree.XMLSchema:
    # One a call: it keeps its errors, and messages are read in several threads. One at a time:
    # libxml2 sets up its built-in types at the first, and crashes when two threads do.
    with _COMPILING:
        return etree.XMLSchema(etree.fromstring(_schema()))


@cache
def _schema() -> bytes:
    return files("api.alerts").joinpath("cap-1.2.xsd").read_bytes()


def _subject(message: str) -> str:
    found = _ABOUT.match(message)
    return found[1] if found else "alert"


def _misplaced(root: Element, error: _SchemaError) -> AlertProblem:
    """Tell whether something required is missing here, or something else stands in its way."""
    expected = _EXPECTED.search(error.message)
    required = ALWAYS_THERE.intersection(_NAME.findall(expected[1]) if expected else ())
    missing = required - _names_around(root, error)
    if missing:
        return ElementMissing(element=min(missing), line=error.line)
    return ElementNotExpected(element=_subject(error.message), line=error.line)


def _names_around(root: Element, error: _SchemaError) -> set[str]:
    """Return the names of all elements in the block that the error is about."""
    prefixes = {
        prefix: uri for element in root.iter() for prefix, uri in element.nsmap.items() if prefix
    }
    try:
        found = cast("list[Element]", root.getroottree().xpath(error.path, namespaces=prefixes))
    except etree.XPathError:
        return set()
    block = found[0] if found and "Missing child" in error.message else None
    if found and block is None:
        block = found[0].getparent()
    children: Iterable[Element] = () if block is None else block
    return {etree.QName(child).localname for child in children}
