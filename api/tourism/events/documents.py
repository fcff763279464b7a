"""Events as documents of the store, and back."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum, auto
from typing import Any

from api.kit.store import Document
from api.tourism.events.content_rows import EventRow
from api.tourism.events.records import Event, EventStatus, OccurrenceChange
from api.tourism.events.rules import Days

Row = dict[str, Any]
"""An EventRow as JSON."""


class Origin(StrEnum):
    """Whose content an event is: EDITED stays when it leaves the file, and keeps its edited fields."""

    SHIPPED = auto()
    EDITED = auto()


@dataclass(frozen=True, slots=True, repr=False)
class EventState:
    """What holds of an event. `changes`: by the ISO date on which the occurrence is planned to begin.

    `base`: what the content file said last, None where it never had it. What differs was edited, and
    survives a load. `changed_by`: id of the person, None when the shipped content did it, or the person is gone.
    """

    id: str
    version: int
    row: Row
    changes: dict[str, Row]
    origin: Origin
    is_removed: bool
    changed_by: str | None
    changed_at: datetime
    base: Row | None = None

    @property
    def event(self) -> Event:
        changes = {date.fromisoformat(day): _change_of(row) for day, row in self.changes.items()}
        record = EventRow.model_validate(self.row).record()
        return replace(record, version=self.version, changes=changes)


def row_of(row: EventRow) -> Row:
    return row.model_dump(mode="json")


def change_row(change: OccurrenceChange) -> Row:
    days = change.days
    return {
        "status": change.status.value,
        "first": days.first.isoformat() if days else None,
        "last": days.last.isoformat() if days else None,
        "place_id": change.place_id,
        "reasons": dict(change.reasons),
    }


def _change_of(row: Row) -> OccurrenceChange:
    days = (
        Days(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
        if row["first"]
        else None
    )
    return OccurrenceChange(EventStatus(row["status"]), days, row["place_id"], row["reasons"])


def document_of(state: EventState) -> Document:
    return {
        "_id": state.id,
        "version": state.version,
        "row": state.row,
        "base": state.base,
        "changes": state.changes,
        "origin": state.origin.value,
        "is_removed": state.is_removed,
        "changed_by": state.changed_by,
        "changed_at": state.changed_at,
    }


def state_of(document: Document) -> EventState:
    is_shipped = document["origin"] == Origin.SHIPPED.value
    return EventState(
        id=document["_id"],
        version=document["version"],
        row=document["row"],
        changes=document["changes"],
        origin=Origin(document["origin"]),
        is_removed=document["is_removed"],
        changed_by=document["changed_by"],
        changed_at=document["changed_at"],
        base=document.get("base") or (document["row"] if is_shipped else None),
    )
