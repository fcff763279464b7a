"""The Atom feed (RFC 4287) of the warnings in force, and of those that ended lately."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from api.alerts.cap_xml import Element, new_root
from api.alerts.feed import ATOM_NAMESPACE, CAP_TYPE
from api.alerts.repository import AlertRecord, AlertState
from api.kit.errors import N_
from locales import Translator

TITLE = N_("Warnings of the province of {province}")
AUTHOR = N_("Province of {province}")
STATES = "urn:laocai:alert-state"
SEVERITIES = "urn:laocai:alert-severity"


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """A message of the feed. `updated`: when something became of it last."""

    record: AlertRecord
    state: AlertState
    title: str
    summary: str | None
    severity: str | None
    updated: datetime


def feed_document(
    entries: Sequence[PublicEntry], updated: datetime, public_url: str, translate: Translator
) -> bytes:
    root = new_root(ATOM_NAMESPACE, "feed")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", translate.language)
    address = f"{public_url}/cap/v1/feed"
    _add(root, "id", address)
    _add(root, "title", translate(TITLE))
    _add(root, "updated", _moment(updated))
    _add(etree.SubElement(root, _tag("author")), "name", translate(AUTHOR))
    _link(root, "self", "application/atom+xml", address)
    for entry in entries:
        _add_entry(root, entry, public_url)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def _add_entry(root: Element, entry: PublicEntry, public_url: str) -> None:
    part = etree.SubElement(root, _tag("entry"))
    address = f"{public_url}/cap/v1/alerts/{entry.record.id}.xml"
    _add(part, "id", address)
    _add(part, "title", entry.title)
    _add(part, "updated", _moment(entry.updated))
    _add(part, "published", _moment(entry.record.sent))
    _add(etree.SubElement(part, _tag("author")), "name", entry.record.sender)
    if entry.summary is not None:
        _add(part, "summary", entry.summary)
    _category(part, STATES, entry.state.name)
    if entry.severity is not None:
        _category(part, SEVERITIES, entry.severity)
    _link(part, "alternate", CAP_TYPE, address)


def _add(parent: Element, name: str, text: str) -> None:
    etree.SubElement(parent, _tag(name)).text = text


def _category(parent: Element, scheme: str, term: str) -> None:
    etree.SubElement(parent, _tag("category"), scheme=scheme, term=term)


def _link(parent: Element, relation: str, media_type: str, address: str) -> None:
    etree.SubElement(parent, _tag("link"), rel=relation, type=media_type, href=address)


def _tag(name: str) -> str:
    return f"{{{ATOM_NAMESPACE}}}{name}"


def _moment(time: datetime) -> str:
    return time.replace(microsecond=0).isoformat().replace("+00:00", "Z")
