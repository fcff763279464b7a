"""All queries on alerts. What a message says never changes; what became of it does, and lies apart."""

import base64
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from pydantic import TypeAdapter

from api.alerts.cap_message import CapMessage, MsgType, Scope, Status
from api.alerts.signatures.verifying import SignatureState
from api.kit.ids import new_id
from api.kit.readable import readable
from api.kit.store import CollectionSpec, Document, Index, Store

ALERTS = CollectionSpec(
    "alerts",
    (
        Index(("severity_rank", "sent"), partial={"warns": True}),
        Index(("references",), many=True),
        Index(("thread",)),
        Index(("received_at",), partial={"msg_type": MsgType.CANCEL.value}),
        Index(("expires_at",), partial={"warns": True}),
    ),
)
ALERT_MESSAGES = CollectionSpec("alert_messages")
ALERT_TURNS = CollectionSpec("alert_turns")
"""Written by every transaction that concerns an alert, so that no two pass each other unseen."""

_READ_AT_ONCE = 100
ENDING_TYPES = (MsgType.UPDATE, MsgType.CANCEL)

_MESSAGE = TypeAdapter(CapMessage)


class AlertState(StrEnum):
    PENDING = auto()
    ACTIVE = auto()
    SUPERSEDED = auto()
    CANCELLED = auto()
    EXPIRED = auto()


@dataclass(frozen=True, slots=True)
class AlertRecord:
    """What became of a message. Times are aware UTC.

    `warns`: it is an Actual and Public Alert or Update; no other ever reaches the public.
    `references`: ids of the same sender's messages that it updates or cancels. `thread` is shared
    by an alert and its updates. `ended_at`: from when others replace it. `warned_at`: from when
    phones may have been told.
    """

    id: str
    identifier: str
    sender: str
    sent: datetime
    status: Status
    msg_type: MsgType
    scope: Scope
    warns: bool
    severity_rank: int
    effective_at: datetime
    expires_at: datetime
    references: tuple[str, ...]
    thread: str
    received_at: datetime
    ended_at: datetime | None = None
    superseded_by: tuple[str, ...] = ()
    cancelled_by: tuple[str, ...] = ()
    warned_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        """Tell whether other systems may have it: a warning, or what takes one back."""
        is_cancel = self.msg_type is MsgType.CANCEL
        is_open = self.status is Status.ACTUAL and self.scope is Scope.PUBLIC
        return self.warns or (is_cancel and is_open)

    def state(self, now: datetime) -> "AlertState":
        """Return what has become of the alert. One that was updated and then cancelled is cancelled."""
        if self.has_ended(now):
            return AlertState.CANCELLED if self.cancelled_by else AlertState.SUPERSEDED
        if self.expires_at <= now:
            return AlertState.EXPIRED
        return AlertState.ACTIVE if self.effective_at <= now else AlertState.PENDING

    def has_ended(self, now: datetime) -> bool:
        return self.ended_at is not None and self.ended_at <= now

    def is_active(self, now: datetime) -> bool:
        """Tell whether people are to be warned now."""
        return self.warns and self.state(now) is AlertState.ACTIVE


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message as it came. `raw_digest`: SHA-256; `source`: the file, URL or agency it came from.

    `certificate_id`: the certificate that signed it, when that was verified.
    """

    message: CapMessage
    raw: bytes
    raw_digest: str
    source: str
    signature: SignatureState = SignatureState.NONE
    certificate_id: str | None = None

    def says_the_same_as(self, other: "StoredMessage") -> bool:
        """Tell whether both are the same message, however it is indented, commented or signed."""
        return self.raw_digest == other.raw_digest or self.message == other.message


class AlertRepository:
    def __init__(self, store: Store) -> None:
        self._alerts = store[ALERTS]
        self._messages = store[ALERT_MESSAGES]
        self._turns = store[ALERT_TURNS]

    async def take_turn(self, alert_ids: Sequence[str]) -> None:
        """Make this transaction collide with every other one that concerns these alerts."""
        # A new value each time: what changes nothing may count as no write, and collide with nobody.
        for alert_id in sorted(set(alert_ids)):
            await self._turns.upsert({"_id": alert_id, "turn": new_id()})

    async def get(self, alert_id: str) -> AlertRecord | None:
        document = await self._alerts.get(alert_id)
        return _record(document) if document else None

    async def kept(self, alert_id: str) -> AlertRecord:
        """Return an alert that a job names. Raises LookupError when it is not there."""
        record = await self.get(alert_id)
        if record is None:
            raise LookupError(alert_id)
        return record

    async def get_many(self, alert_ids: Sequence[str]) -> dict[str, AlertRecord]:
        found = await self._alerts.get_many(alert_ids)
        return {alert_id: _record(document) for alert_id, document in found.items()}

    async def message(self, alert_id: str) -> StoredMessage | None:
        document = await self._messages.get(alert_id)
        return _stored(document) if document else None

    async def add(self, record: AlertRecord, stored: StoredMessage) -> None:
        """Insert both parts. Raises DuplicateKey."""
        await self._messages.insert(
            {
                "_id": record.id,
                "raw": base64.b64encode(stored.raw).decode(),
                "raw_digest": stored.raw_digest,
                "source": stored.source,
                "signature": stored.signature.value,
                "certificate_id": stored.certificate_id,
                "message": _MESSAGE.dump_python(stored.message, mode="json"),
            }
        )
        await self._alerts.insert(_document(record))

    async def enders_of(self, record: AlertRecord) -> list[AlertRecord]:
        """Return the messages, already here, that update or cancel this one."""
        found = await self._alerts.find(
            {
                "references": record.id,
                "msg_type": {"$in": [kind.value for kind in ENDING_TYPES]},
                "status": record.status.value,
                "scope": record.scope.value,
            },
            sort=[("sent", 1)],
        )
        return [_record(document) for document in found]

    async def end(self, alert_id: str, ender: AlertRecord) -> AlertRecord | None:
        """Note that `ender` replaces the alert; None when there is no such alert of its kind.

        The order in which several enders come does not matter. A message of another status or
        scope ends nothing: a test must not take back a real warning, nor a private one a public.
        """
        document = await self._alerts.update_one(
            {"_id": alert_id, "status": ender.status.value, "scope": ender.scope.value},
            {
                "$min": {"ended_at": ender.effective_at},
                "$addToSet": {_trace_of(ender): ender.id},
            },
        )
        return _record(document) if document else None

    async def of_thread(self, thread: str, sender: str, status: Status) -> list[AlertRecord]:
        """Return the Alert and the Updates of a chain by their sender, as far as it is here, in order."""
        found = await self._alerts.find(
            {
                "thread": thread,
                "sender": sender,
                "status": status.value,
                "scope": Scope.PUBLIC.value,
                "msg_type": {"$in": [MsgType.ALERT.value, MsgType.UPDATE.value]},
            },
            sort=[("sent", 1)],
        )
        return [_record(document) for document in found]

    async def begin_to_warn(self, alert_id: str, now: datetime) -> AlertRecord | None:
        """Note, before the first phone is told, that phones may have been; None unless it is active."""
        document = await self._alerts.update_one(
            {"_id": alert_id, **_active(now, now)}, {"$min": {"warned_at": now}}
        )
        return _record(document) if document else None

    async def active(
        self, now: datetime, limit: int, after: Sequence[Any] | None
    ) -> list[AlertRecord]:
        """Return alerts in force, the worst and latest first. `after`: severity_rank, sent, id."""
        found = await self._alerts.find(
            _active(now, now), sort=[("severity_rank", 1), ("sent", -1)], limit=limit, after=after
        )
        return [_record(document) for document in found]

    async def being_told(self, now: datetime) -> AsyncGenerator[AlertRecord]:
        """Yield the alerts in force of which phones were told, those first that expire first."""
        wanted = {**_active(now, now), "warned_at": {"$lte": now}}
        after: tuple[datetime, str] | None = None
        while found := await self._alerts.find(
            wanted, sort=[("expires_at", 1)], after=after, limit=_READ_AT_ONCE
        ):
            for record in readable(found, _record, "alert"):
                yield record
            after = (found[-1]["expires_at"], found[-1]["_id"])

    async def in_force(self, start: datetime, end: datetime, limit: int) -> list[AlertRecord]:
        """Return alerts in force at some moment from `start` to `end`, the worst and latest first."""
        found = await self._alerts.find(
            _active(start, end), sort=[("severity_rank", 1), ("sent", -1)], limit=limit
        )
        return [_record(document) for document in found]

    async def cancels(self, since: datetime, limit: int) -> list[AlertRecord]:
        """Return the public Cancels that came after `since`, the latest first."""
        found = await self._alerts.find(
            {
                "msg_type": MsgType.CANCEL.value,
                "received_at": {"$gt": since},
                "status": Status.ACTUAL.value,
                "scope": Scope.PUBLIC.value,
            },
            sort=[("received_at", -1)],
            limit=limit,
        )
        return [_record(document) for document in found]


def _active(start: datetime, end: datetime) -> dict[str, Any]:
    return {
        "warns": True,
        "effective_at": {"$lte": end},
        "expires_at": {"$gt": start},
        "$or": [{"ended_at": None}, {"ended_at": {"$gt": start}}],
    }


def _trace_of(ender: AlertRecord) -> str:
    return "cancelled_by" if ender.msg_type is MsgType.CANCEL else "superseded_by"


def _document(record: AlertRecord) -> Document:
    document: Document = {
        "_id": record.id,
        "identifier": record.identifier,
        "sender": record.sender,
        "sent": record.sent,
        "status": record.status.value,
        "msg_type": record.msg_type.value,
        "scope": record.scope.value,
        "warns": record.warns,
        "severity_rank": record.severity_rank,
        "effective_at": record.effective_at,
        "expires_at": record.expires_at,
        "references": list(record.references),
        "thread": record.thread,
        "received_at": record.received_at,
    }
    return document


def _record(document: Document) -> AlertRecord:
    return AlertRecord(
        id=document["_id"],
        identifier=document["identifier"],
        sender=document["sender"],
        sent=document["sent"],
        status=Status(document["status"]),
        msg_type=MsgType(document["msg_type"]),
        scope=Scope(document["scope"]),
        warns=document["warns"],
        severity_rank=document["severity_rank"],
        effective_at=document["effective_at"],
        expires_at=document["expires_at"],
        references=tuple(document["references"]),
        thread=document["thread"],
        received_at=document["received_at"],
        ended_at=document.get("ended_at"),
        superseded_by=tuple(document.get("superseded_by", ())),
        cancelled_by=tuple(document.get("cancelled_by", ())),
        warned_at=document.get("warned_at"),
    )


def _stored(document: Document) -> StoredMessage:
    return StoredMessage(
        message=_MESSAGE.validate_python(document["message"]),
        raw=base64.b64decode(document["raw"]),
        raw_digest=document["raw_digest"],
        source=document["source"],
        signature=SignatureState(document.get("signature", SignatureState.NONE.value)),
        certificate_id=document.get("certificate_id"),
    )
