"""RSS 2.0 and Atom from strangers, read so that nothing in them can hurt us.

A first pass (expat) streams the bytes and refuses what is dangerous or too big before any tree is
built: a document type, entities, depth, too many elements. Only then lxml builds the tree, without
entities, network or huge texts. What a feed says of authors is not looked at.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from xml.parsers import expat

from lxml import etree

from api.feedback.channels.records import NewItem

BYTES_AT_MOST: Final = 2 << 20
DEPTH_AT_MOST: Final = 40
ELEMENTS_AT_MOST: Final = 50_000
ITEMS_AT_MOST: Final = 100
"""Of one reading; a feed puts the newest first."""
_ID_CHARACTERS_AT_MOST = 1_000
_ENCODINGS = frozenset(
    {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "windows-1252"}
)
_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"

Element = etree._Element  # pyright: ignore[reportPrivateUsage] - the public type has this name


class FeedRefused(Exception):
    """What came is no feed that we read. `reason`: a word for a log."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def items_of(document: bytes) -> list[NewItem]:
    """Return the items of a feed, raw as they are, in its order. Raises FeedRefused."""
    root = _parsed(document)
    if root.tag == "rss":
        found = [_rss_item(one) for one in root.iterfind("channel/item")]
    elif root.tag == f"{_ATOM}feed":
        found = [_atom_item(one) for one in root.iterfind(f"{_ATOM}entry")]
    else:
        raise FeedRefused("no feed")
    return [one for one in found if one is not None][:ITEMS_AT_MOST]


def _parsed(document: bytes) -> Element:
    if len(document) > BYTES_AT_MOST:
        raise FeedRefused("too long")
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
        return etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise FeedRefused("not well-formed") from error


class _Inspection:
    """One pass over a document; each handler raises at the first thing it dislikes."""

    def __init__(self) -> None:
        self._elements = 0
        self._depth = 0

    def run(self, document: bytes) -> None:
        parser = expat.ParserCreate()
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(document, True)
        except expat.ExpatError as error:
            raise FeedRefused("not well-formed") from error
        except (LookupError, ValueError) as error:  # an encoding Python does not know
            raise FeedRefused("encoding") from error

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise FeedRefused("encoding")

    def _doctype(self, *_: object) -> None:
        raise FeedRefused("document type")

    def _start(self, _name: str, _attributes: object) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > ELEMENTS_AT_MOST:
            raise FeedRefused("too many elements")
        if self._depth > DEPTH_AT_MOST:
            raise FeedRefused("too deep")

    def _end(self, _name: str) -> None:
        self._depth -= 1


def _rss_item(element: Element) -> NewItem | None:
    link = _text(element, "link")
    return _item(
        external_id=_text(element, "guid") or link,
        url=link,
        title=_text(element, "title"),
        text=_text(element, _CONTENT) or _text(element, "description"),
        published=_rss_moment(_text(element, "pubDate")),
    )


def _atom_item(element: Element) -> NewItem | None:
    link = _link(element.iterfind(f"{_ATOM}link"))
    stamp = _text(element, f"{_ATOM}published") or _text(element, f"{_ATOM}updated")
    return _item(
        external_id=_text(element, f"{_ATOM}id") or link,
        url=link,
        title=_text(element, f"{_ATOM}title"),
        text=_text(element, f"{_ATOM}content") or _text(element, f"{_ATOM}summary"),
        published=_atom_moment(stamp),
    )


def _item(
    *, external_id: str, url: str, title: str, text: str, published: datetime | None
) -> NewItem | None:
    """Return the item; None without anything that tells it apart, or that it says."""
    if not external_id or not (title or text):
        return None
    return NewItem(external_id[:_ID_CHARACTERS_AT_MOST], url or None, title, text, published)


def _text(element: Element, name: str) -> str:
    found = element.find(name)
    return "" if found is None else "".join(map(str, found.itertext())).strip()


def _link(links: Iterable[Element]) -> str:
    for one in links:
        if one.get("rel", "alternate") == "alternate":
            return (one.get("href") or "").strip()
    return ""


def _rss_moment(text: str) -> datetime | None:
    try:
        return _aware(parsedate_to_datetime(text))
    except (ValueError, OverflowError, IndexError):
        return None


def _atom_moment(text: str) -> datetime | None:
    try:
        return _aware(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
