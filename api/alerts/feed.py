"""Feeds of CAP messages: Atom (RFC 4287) and RSS 2.0, whose entries hold a message or lead to one."""

from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from api.alerts.cap_structure import CAP_NAMESPACE
from api.alerts.cap_xml import Element, parsed, standing_alone
from api.alerts.errors import FeedEmpty, TooMany

ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
ENTRIES_AT_MOST = 200
CAP_TYPE = "application/cap+xml"
_NAMES = {"atom": ATOM_NAMESPACE, "cap": CAP_NAMESPACE}


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """`name`: the entry's id. `message`: the CAP message in its content, None for a mere link.

    `link`: where the message is, as the feed writes it. `version`: when the entry changed last.
    """

    name: str
    message: bytes | None
    link: str | None = None
    version: str = ""


def entries_of(document: bytes) -> list[FeedEntry] | None:
    """Return the entries of a feed, None when the document is no feed.

    Raises FeedEmpty, TooMany, or what cap_xml.parsed raises.
    """
    root = parsed(document)
    read: Callable[[Element, int], FeedEntry]
    if root.tag == etree.QName(ATOM_NAMESPACE, "feed").text:
        found, read = root.findall("atom:entry", _NAMES), _entry
    elif root.tag == "rss" and root.find("channel") is not None:
        found, read = root.findall("channel/item"), _item
    else:
        return None
    if not found:
        raise FeedEmpty
    if len(found) > ENTRIES_AT_MOST:
        raise TooMany(element=etree.QName(found[0]).localname, limit=ENTRIES_AT_MOST)
    return [read(entry, number) for number, entry in enumerate(found, 1)]


def _entry(entry: Element, number: int) -> FeedEntry:
    message = entry.find("atom:content/cap:alert", _NAMES)
    links = [
        link
        for link in entry.findall("atom:link", _NAMES)
        if link.get("rel", "alternate") == "alternate"
    ]
    return FeedEntry(
        name=_text(entry, "atom:id") or str(number),
        message=None if message is None else standing_alone(message),
        link=_of_cap(links, "href"),
        version=_text(entry, "atom:updated"),
    )


def _item(item: Element, number: int) -> FeedEntry:
    link = _of_cap(item.findall("enclosure"), "url") or _text(item, "link") or None
    return FeedEntry(
        name=_text(item, "guid") or link or str(number),
        message=None,
        link=link,
        version=_text(item, "pubDate"),
    )


def _of_cap(links: list[Element], attribute: str) -> str | None:
    """Return the link to a CAP document, else the first that does not say what it leads to."""
    named = [link for link in links if link.get("type", "").lower() == CAP_TYPE]
    silent = [link for link in links if link.get("type") is None]
    return next((link.get(attribute) for link in (*named, *silent)), None)


def _text(parent: Element, path: str) -> str:
    return (parent.findtext(path, namespaces=_NAMES) or "").strip()
