"""Answers as XML and as JSON, of one tree: GeoReport's JSON is its XML by the Spark convention.

A list is a wrapping element in XML and an array in JSON; what is not known is an empty element, and null.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import orjson
from lxml import etree

Element = etree._Element  # pyright: ignore[reportPrivateUsage] - the public type has this name
Scalar = str | int | float | bool | None

_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
"""With double quotes, as the specification shows it: there are clients that compare."""
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (production 2) has no way to write, escaped or not."""


class Format(StrEnum):
    """As the address ends."""

    XML = "xml"
    JSON = "json"

    @property
    def media_type(self) -> str:
        kind = "text/xml" if self is Format.XML else "application/json"
        return f"{kind}; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of one kind: `name` wraps them, each is an `item`."""

    name: str
    item: str
    rows: "tuple[Node, ...]"


Node = Scalar | Listed | Mapping[str, Any]
"""A mapping gives nodes by the name of their element; a Listed stands under any key, and is named by itself."""


@dataclass(frozen=True, slots=True)
class Single:
    """A root that is no list."""

    name: str
    node: Mapping[str, Any]


Root = Listed | Single


def encoded(root: Root, form: Format) -> bytes:
    """Return the answer in UTF-8."""
    if form is Format.JSON:
        return orjson.dumps(_json(root.node if isinstance(root, Single) else root))
    node = root.node if isinstance(root, Single) else root
    tree = _element(root.name, node)
    return _DECLARATION + etree.tostring(tree, encoding="utf-8")


def _json(node: Node) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(node, Listed):
        return [_json(row) for row in node.rows]
    if isinstance(node, Mapping):
        return {name: _json(value) for name, value in node.items()}
    return node


def _element(name: str, node: Node) -> Element:
    element = etree.Element(name)
    if isinstance(node, Listed):
        element.extend([_element(node.item, row) for row in node.rows])
    elif isinstance(node, Mapping):
        element.extend([_element(key, value) for key, value in node.items()])
    elif node is not None:
        element.text = _NOT_IN_XML.sub("\ufffd", _text(node))
    return element


def _text(scalar: str | float | bool) -> str:
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    return str(scalar)
