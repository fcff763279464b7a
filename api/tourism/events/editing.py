"""All that changes events: each change is one transaction, and one version."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.geo import Position
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.store import Store
from api.tourism.commune_index import CommuneIndex
from api.tourism.editing.editors import RIGHT, Editors, editor_of
from api.tourism.editing.place_rules import PlaceRules
from api.tourism.editing.records import PlaceChange
from api.tourism.events.calendar import occurrence_planned
from api.tourism.events.documents import EventState, Origin, Row, change_row
from api.tourism.events.errors import (
    EventChanged,
    EventDatesOutOfReach,
    EventNotFound,
    OccurrenceNotFound,
    OccurrenceOver,
    PlaceUnknown,
)
from api.tourism.events.event_query import DAYS_BACK_AT_MOST, SAID_DAYS_AHEAD_AT_MOST
from api.tourism.events.records import Event, Occurrence
from api.tourism.events.repository import EventRepository
from api.tourism.events.rules import DAYS_AT_MOST
from api.tourism.events.writing import EventChange, Said, change_said, changed_row, new_row
from api.tourism.repository import TourismRepository

Done = dict[str, Any]
_FIRST = 1
_TOLD_FOR_DAYS = DAYS_BACK_AT_MOST + 2 * DAYS_AT_MOST
"""What was said of occurrences that nobody can ask for any more is forgotten."""


class EventEditing:
    def __init__(
        self, store: Store, editors: Editors, communes: CommuneIndex, audit: AuditLog, clock: Clock
    ) -> None:
        self._events = EventRepository(store)
        self._tourism = TourismRepository(store)
        self._editors = editors
        self._rules = PlaceRules(communes)
        self._idempotency = Idempotency(store, clock)
        self._audit = audit
        self._clock = clock

    async def add(self, caller: Caller, change: EventChange, key: str) -> Event:
        """Add an event, at once for everybody to see.

        Raises NotAllowed, InvalidEvent, OutsideProvince, UnknownTextLanguage, IdempotencyProblem.
        """
        editor_id = editor_of(caller)
        event_id = new_id()
        row = new_row(event_id, change, await self._commune_of(change.position))

        async def work() -> Done:
            await self._check_place(row["place_id"])
            state = EventState(
                event_id, _FIRST, row, {}, Origin.EDITED, False, editor_id, self._clock()
            )
            await self._events.add(state)
            return await self._noted(editor_id, "added", state)

        return await self._event_once(editor_id, "addEvent", key, change.asked(), work)

    async def change(
        self, caller: Caller, event_id: str, version: int, change: EventChange, key: str
    ) -> Event:
        """Change what `change` names. `version`: of the event as the editor saw it.

        Raises what `add` does, EventNotFound, and EventChanged when there is a newer version.
        """
        editor_id = editor_of(caller)
        commune_code = await self._commune_of(change.position)

        async def work() -> Done:
            state = await self._seen(event_id, version)
            row = changed_row(state.row, change, commune_code)
            if row["place_id"] != state.row["place_id"]:
                await self._check_place(row["place_id"])
            now_is = replace(state, row=row, origin=Origin.EDITED)
            return await self._put(editor_id, "changed", now_is)

        asked = {"event": event_id, "version": version, **change.asked()}
        return await self._event_once(editor_id, "changeEvent", key, asked, work)

    async def change_occurrence(
        self, caller: Caller, event_id: str, version: int, said: Said, key: str
    ) -> Event:
        """Announce, postpone, cancel or move one occurrence, or take back what was said of it.

        Raises NotAllowed, EventNotFound, EventChanged, OccurrenceNotFound, OccurrenceOver,
        InvalidEvent, UnknownTextLanguage, IdempotencyProblem.
        """
        editor_id = editor_of(caller)

        async def work() -> Done:
            state = await self._seen(event_id, version)
            today = day_in_vietnam(self._clock())
            occurrence = _to_come(state.event, said.planned_on, today)
            change = change_said(said, occurrence, today)
            await self._check_place(said.place_id)
            day, asked_of = said.planned_on.isoformat(), today - timedelta(days=_TOLD_FOR_DAYS)
            changes = {
                known: row
                for known, row in state.changes.items()
                if known != day and known >= asked_of.isoformat()
            }
            if change is not None:
                changes[day] = change_row(change)
            details = {"planned": day, "status": said.status.value if said.status else None}
            return await self._put(
                editor_id, "occurrence_changed", replace(state, changes=changes), details
            )

        asked = {"event": event_id, "version": version, **said.asked()}
        return await self._event_once(editor_id, "changeEventOccurrence", key, asked, work)

    async def remove(self, caller: Caller, event_id: str, version: int, key: str) -> None:
        """Take an event out of all lists; it does not come back with the next load.

        Raises NotAllowed, EventNotFound, EventChanged, IdempotencyProblem.
        """
        editor_id = editor_of(caller)

        async def work() -> Done:
            state = await self._seen(event_id, version)
            gone = replace(state, origin=Origin.EDITED, is_removed=True)
            return await self._put(editor_id, "removed", gone)

        asked = {"event": event_id, "version": version}
        await self._idempotency.once(editor_id, "removeEvent", key, asked, work)

    async def _seen(self, event_id: str, version: int) -> EventState:
        state = await self._events.get(event_id)
        if state is None or state.is_removed:
            raise EventNotFound
        if state.version != version:
            raise await self._changed(state)
        return state

    async def _changed(self, state: EventState) -> EventChanged:
        names = await self._editors.names([state.changed_by])
        name = names.get(state.changed_by or "")
        return EventChanged(state.version, state.changed_by, name, state.changed_at)

    async def _put(
        self, editor_id: str, what: str, state: EventState, details: Row | None = None
    ) -> Done:
        now_is = replace(state, changed_by=editor_id, changed_at=self._clock())
        stored = await self._events.replace(now_is)
        if stored is None:
            found = await self._events.get(state.id)
            raise EventNotFound if found is None else await self._changed(found)
        return await self._noted(editor_id, what, stored, details)

    async def _noted(
        self, editor_id: str, what: str, state: EventState, details: Row | None = None
    ) -> Done:
        said = {"version": state.version, **(details or {})}
        await self._audit.append(AuditEntry(editor_id, f"event.{what}", state.id, str(RIGHT), said))
        return {"event": state.id}

    async def _event_once(
        self,
        editor_id: str,
        operation: str,
        key: str,
        asked: Row,
        work: Callable[[], Awaitable[Done]],
    ) -> Event:
        done = await self._idempotency.once(editor_id, operation, key, asked, work)
        state = await self._events.get(done["event"])
        if state is None or state.is_removed:
            raise EventNotFound
        return state.event

    async def _check_place(self, place_id: str | None) -> None:
        if place_id is not None and await self._tourism.place(place_id) is None:
            raise PlaceUnknown("placeId")

    async def _commune_of(self, position: Position | None) -> str | None:
        moved = PlaceChange(texts={}, values={}, position=position, accuracy_metres=None)
        return await self._rules.commune_of(moved)


def _to_come(event: Event, planned_on: date, today: date) -> Occurrence:
    """Return the occurrence that is planned for a day. Raises OccurrenceNotFound, OccurrenceOver, InvalidEvent."""
    occurrence = occurrence_planned(event, planned_on)
    if occurrence is None:
        raise OccurrenceNotFound
    if (planned_on - today).days > SAID_DAYS_AHEAD_AT_MOST:
        raise EventDatesOutOfReach("plannedOn")
    if max(occurrence.days.last, occurrence.planned.last) < today:
        raise OccurrenceOver
    return occurrence
