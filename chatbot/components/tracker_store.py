"""Tracker stores that keep what was meant and forget who said it, where and in which words.

Whole dialogues go when they are told to, and when nobody has gone on with them for KEPT_DAYS.

Rasa keeps a message's metadata three times: in the event, in its parse data, and in the slot
`session_started_metadata`. Bot texts tell distances, from which a position could be computed.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

from rasa.core.tracker_store import MongoTrackerStore, SQLTrackerStore
from rasa.shared.core.constants import SESSION_START_METADATA_SLOT
from rasa.shared.core.events import BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT_NAME_KEY
from sqlalchemy import create_engine, event, func
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

KEPT_DAYS = 29
"""A day less than our API keeps conversations: whatever has a tracker is known there to be somebody's."""
EVENTS_AT_MOST = 60
EVENTS_KEPT = 30
"""Four turns and more. Rules look back over one; each event costs 0.2 ms a turn and goes along to the actions."""

REMOVED_AT_ONCE = 500

_KEPT_METADATA = ("language",)
_KEPT_PARSE_DATA = ("intent", "entities")
_SESSION = SessionStarted.type_name
_KNOWN = "_events_in_the_store"
"""Under this name a tracker carries how many of its events are stored."""

_OF_DIALOGUE = "SELECT id, type_name, timestamp, data FROM events WHERE sender_id = ? ORDER BY id"
_CUT = "DELETE FROM events WHERE sender_id = ? AND id < ?"
_ADD = (
    "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)


def forget_person(tracker: DialogueStateTracker) -> None:
    """Leave intents, entities and the language; drop texts, tickets and positions."""
    for one in tracker.events:
        _forget_in_event(one)
    slot = tracker.slots.get(SESSION_START_METADATA_SLOT)
    if slot is not None and isinstance(slot.value, dict):
        slot.value = _only(slot.value, _KEPT_METADATA)


def _forget_in_event(one: Event) -> None:
    if isinstance(one, UserUttered):
        one.text = ""
        one.metadata = _only(one.metadata, _KEPT_METADATA)
        one.parse_data = _only(one.parse_data, _KEPT_PARSE_DATA)
    elif isinstance(one, BotUttered):
        one.text = None
        one.data = {}
        one.metadata = _only(one.metadata, ("utter_action", "model_id"))
    elif isinstance(one, SlotSet) and one.key == SESSION_START_METADATA_SLOT:
        one.value = _only(one.value, _KEPT_METADATA)


def _only(values: dict[str, Any] | None, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name, value in (values or {}).items() if name in names}


def _write_ahead(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA secure_delete = ON")
    # While the file is written anew at night, who saves a dialogue waits.
    connection.execute("PRAGMA busy_timeout = 20000")


class DiscreetSQLTrackerStore(SQLTrackerStore):
    """SQLite, for the embedded product.

    The newest turn of a dialogue may be lost with the machine's power, never with the process: that is
    enough for dialogues, and saves half of a turn's waiting.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Rasa's signature
        super().__init__(*arguments, **options)
        if self.engine.dialect.name != "sqlite":
            raise ValueError("DiscreetSQLTrackerStore is for SQLite.")
        self._keep_connections_open()

    def _keep_connections_open(self) -> None:
        """Take a pool in place of a connection a query: to close the last one writes the log back, 10 ms each time."""
        url = self.engine.url
        self.engine.dispose()
        shared = {"check_same_thread": False}
        self.engine = create_engine(url, poolclass=QueuePool, connect_args=shared)
        event.listen(self.engine, "connect", _write_ahead)
        self.sessionmaker = sessionmaker(bind=self.engine)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what has been added. Rasa's would read the dialogue once more to count what is there already."""
        forget_person(tracker)
        await self.stream_events(tracker)
        known = getattr(tracker, _KNOWN, 0)
        added = list(islice(tracker.events, known, None))
        if added:
            with closing(self.engine.raw_connection()) as connection:
                rows = [_row(tracker.sender_id, one) for one in added]
                connection.executemany(_ADD, rows)
                connection.commit()
        setattr(tracker, _KNOWN, known + len(added))

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        # Without SQLAlchemy, which takes ten times as long for such a statement as SQLite does.
        with closing(self.engine.raw_connection()) as connection:
            rows = connection.execute(_OF_DIALOGUE, (sender_id,)).fetchall()
            if len(rows) > EVENTS_AT_MOST:
                rows = rows[-EVENTS_KEPT:]
                connection.execute(_CUT, (sender_id, rows[0][0]))
                connection.commit()
        if not fetch_events_from_all_sessions:
            rows = _of_newest_session(rows)
        if not rows:
            return None
        kept = json.loads(f"[{','.join(data for *_, data in rows)}]")
        tracker = DialogueStateTracker.from_dict(sender_id, kept, self.domain.slots)
        setattr(tracker, _KNOWN, len(rows))
        return tracker

    def forget(self, sender_id: str) -> None:
        """Remove a dialogue, also from the log of what was written last."""
        with self.session_scope() as session:
            session.query(self.SQLEvent).filter(self.SQLEvent.sender_id == sender_id).delete()
            session.commit()
        self._maintain("PRAGMA wal_checkpoint(TRUNCATE)")

    def forget_old(self, before: float) -> None:
        """Remove the dialogues without an event since `before` (seconds since 1970).

        The file is written anew, so that no byte of what was removed stays in it.
        """
        sender = self.SQLEvent.sender_id
        with self.session_scope() as session:
            last = func.max(self.SQLEvent.timestamp)
            ended = session.query(sender).group_by(sender).having(last < before)
            old = [sender_id for (sender_id,) in ended]
            for start in range(0, len(old), REMOVED_AT_ONCE):
                some = sender.in_(old[start : start + REMOVED_AT_ONCE])
                session.query(self.SQLEvent).filter(some).delete(synchronize_session=False)
            session.commit()
        self._maintain("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")

    def _maintain(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.engine.url.database, isolation_level=None)) as file:
            _write_ahead(file, None)
            for statement in statements:
                file.execute(statement)


_StoredEvent = tuple[int, str, float, str]
"""Its id, kind, time, and the whole of it as JSON."""


def _of_newest_session(rows: list[_StoredEvent]) -> list[_StoredEvent]:
    began = max((time for _, kind, time, _ in rows if kind == _SESSION), default=None)
    return rows if began is None else [row for row in rows if row[2] >= began]


def _row(sender_id: str, one: Event) -> tuple[str | float | None, ...]:
    data = one.as_dict()
    intent = data.get("parse_data", {}).get("intent", {}).get(INTENT_NAME_KEY)
    time, action = data.get("timestamp"), data.get("name")
    return sender_id, one.type_name, time, intent, action, json.dumps(data)


class DiscreetMongoTrackerStore(MongoTrackerStore):
    """MongoDB, for production."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        forget_person(tracker)
        await super().save(tracker)
        setattr(tracker, _KNOWN, len(tracker.events))

    def _additional_events(self, tracker: DialogueStateTracker) -> Iterator[Event]:
        """Return what has been added. Rasa's reads the dialogue once more to count what is there already."""
        known = getattr(tracker, _KNOWN, None)
        if known is None:
            return super()._additional_events(tracker)
        return islice(tracker.events, known, None)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        self.conversations.update_one(
            {"sender_id": sender_id, f"events.{EVENTS_AT_MOST}": {"$exists": True}},
            {"$push": {"events": {"$each": [], "$slice": -EVENTS_KEPT}}},
        )
        tracker = await super().retrieve(sender_id)
        if tracker is not None:
            setattr(tracker, _KNOWN, len(tracker.events))
        return tracker

    def forget(self, sender_id: str) -> None:
        """Remove a dialogue."""
        self.conversations.delete_many({"sender_id": sender_id})

    def forget_old(self, before: float) -> None:
        """Remove the dialogues without an event since `before` (seconds since 1970)."""
        self.conversations.delete_many({"latest_event_time": {"$lt": before}})
