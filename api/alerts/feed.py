"""Atom feeds (RFC 4287) whose entries hold CAP messages."""

from dataclasses import dataclass

from lxml import etree

from api.alerts.cap_structure import CAP_NAMESPACE
from api.alerts.cap_xml import Element, parsed
from api.alerts.errors import FeedEmpty, TooMany

ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
ENTRIES_AT_MOST = 200
_NAMES = {"atom": ATOM_NAMESPACE, "cap": CAP_NAMESPACE}


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """`name`: the entry's id. `message`: the CAP message in its content, None for a mere link."""

    name: str
    message: bytes | None


def entries_of(document: bytes) -> list[FeedEntry] | None:
    """Return the entries of a feed, None when the document is no feed.

    Raises FeedEmpty, TooMany, or what cap_xml.parsed raises.
    """
    root = parsed(document)
    if root.tag != etree.QName(ATOM_NAMESPACE, "feed").text:
        return None
    entries = root.findall("atom:entry", _NAMES)
    if not entries:
        raise FeedEmpty
    if len(entries) > ENTRIES_AT_MOST:
        raise TooMany(element="entry", limit=ENTRIES_AT_MOST)
    return [_entry(entry, number) for number, entry in enumerate(entries, 1)]


def _entry(entry: Element, number: int) -> FeedEntry:
    name = (entry.findtext("atom:id", namespaces=_NAMES) or "").strip() or str(number)
    message = entry.find("atom:content/cap:alert", _NAMES)
    return FeedEntry(name, None if message is None else etree.tostring(message, with_tail=False))
