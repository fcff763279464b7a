"""XML from strangers, read so that nothing in it can hurt us.

A first pass (expat) streams the bytes and refuses what is dangerous or too big before any tree or
text is built. Only then lxml builds the tree, without entities, network or huge texts.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import cast
from xml.parsers import expat

from lxml import etree

from api.alerts.errors import (
    AlertProblem,
    CommentInValue,
    DocumentTooLarge,
    EncodingNotSupported,
    ForbiddenXml,
    NotWellFormed,
    TooDeep,
    TooMany,
)

Element = etree._Element  # pyright: ignore[reportPrivateUsage] - the public type has this name

BYTES_AT_MOST = 1 << 20
DEPTH_AT_MOST = 24
ELEMENTS_AT_MOST = 30_000
ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1"})
SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def parsed(document: bytes) -> Element:
    """Return the root of the document, comments and processing instructions left out.

    Raises DocumentTooLarge, EncodingNotSupported, NotWellFormed, ForbiddenXml, TooDeep, TooMany or
    CommentInValue.
    """
    if len(document) > BYTES_AT_MOST:
        raise DocumentTooLarge(kibibytes=BYTES_AT_MOST // 1024)
    _Inspection().run(document)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise NotWellFormed(line=error.lineno) from error
    _forget_schema_locations(root)
    return root


def parsed_whole(document: bytes) -> Element:
    """Return the root with all that a signature covers; only for what `parsed` has accepted."""
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True
    )
    return etree.fromstring(document, parser)


def new_root(namespace: str, name: str) -> Element:
    """Return the empty root of a document whose own namespace needs no prefix."""
    # lxml's stub does not know that None stands for it.
    spaces = cast("dict[str, str]", {None: namespace})
    return etree.Element(etree.QName(namespace, name), nsmap=spaces)


def standing_alone(element: Element) -> bytes:
    """Return an element as a document, without the namespaces that only its surroundings use.

    So a message that was signed before it was put into an envelope is still what was signed.
    """
    copied = deepcopy(element)
    etree.cleanup_namespaces(copied)
    return etree.tostring(copied, with_tail=False)


def _forget_schema_locations(root: Element) -> None:
    # libxml2's validator would open the files and addresses that a message names there.
    etree.strip_attributes(
        root,
        f"{{{SCHEMA_INSTANCE}}}schemaLocation",
        f"{{{SCHEMA_INSTANCE}}}noNamespaceSchemaLocation",
    )


@dataclass(slots=True)
class _OpenElement:
    name: str
    has_children: bool = False
    has_remark: bool = False


@dataclass(slots=True)
class _Inspection:
    """One pass over a document; each handler raises at the first thing it dislikes."""

    _open: list[_OpenElement] = field(default_factory=list[_OpenElement])
    _elements: int = 0
    _line: Callable[[], int] = lambda: 0

    def run(self, document: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CommentHandler = self._remark
        parser.ProcessingInstructionHandler = self._remark
        self._line = lambda: parser.CurrentLineNumber
        try:
            parser.Parse(document, True)
        except AlertProblem:
            raise
        except expat.ExpatError as error:
            raise NotWellFormed(line=error.lineno) from error
        except (
            LookupError,
            ValueError,
        ) as error:  # an encoding Python does not know, or cannot map
            raise EncodingNotSupported from error

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise EncodingNotSupported(line=self._line())

    def _doctype(self, *_: object) -> None:
        raise ForbiddenXml(line=self._line())

    def _start(self, name: str, _attributes: object) -> None:
        local_name = name.rpartition(" ")[2]
        self._elements += 1
        if self._elements > ELEMENTS_AT_MOST:
            raise TooMany(element=local_name, limit=ELEMENTS_AT_MOST, line=self._line())
        if len(self._open) == DEPTH_AT_MOST:
            raise TooDeep(element=local_name, line=self._line())
        if self._open:
            self._open[-1].has_children = True
        self._open.append(_OpenElement(local_name))

    def _end(self, _name: str) -> None:
        element = self._open.pop()
        if element.has_remark and not element.has_children:
            # Readers differ on what `a<!-- -->b` says, and a warning must say one thing.
            raise CommentInValue(element=element.name, line=self._line())

    def _remark(self, *_: object) -> None:
        if self._open:
            self._open[-1].has_remark = True
