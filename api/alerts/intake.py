"""A message on its way in: read, checked, and made into what the store keeps."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.alerts.bulletins import Bulletin, Communes, bulletins_of
from api.alerts.cap_message import CapMessage, MsgType, Scope, Severity, Status
from api.alerts.cap_reader import read_message
from api.alerts.envelope import message_in
from api.alerts.errors import ForeignReferences, SentInFuture
from api.alerts.repository import ENDING_TYPES, AlertRecord, StoredMessage
from api.alerts.signatures.verifying import SignatureState, Trust, check_signature

AHEAD_AT_MOST = timedelta(minutes=5)
"""By how much a sender's clock may be ahead of ours."""
_RANKS = {severity: rank for rank, severity in enumerate(Severity)}
_WARNING_TYPES = frozenset({MsgType.ALERT, MsgType.UPDATE})


class Delivery(StrEnum):
    """What becomes of an accepted message: who is told, or why nobody is."""

    WARNS = auto()
    """The devices in its area are told, at once or when it takes effect."""
    TAKES_BACK = auto()
    """It cancels; those who were warned are told."""
    NOT_ACTUAL = auto()
    """Exercise, System, Test or Draft: kept, shown to nobody."""
    NOT_PUBLIC = auto()
    """Restricted or Private: kept, shown to nobody."""
    NOT_A_WARNING = auto()
    """Ack or Error: kept."""
    EXPIRED = auto()
    """Over before it came."""
    REPLACED = auto()
    """A later message, here before it, has updated or cancelled it."""
    NO_AREA = auto()
    """Listed, but no area says whom to tell."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The answer to an accepted message.

    `is_replay`: the very same message was here before, and nothing was done. `ended`: ids of the
    alerts it updates or cancels that were here. `foreign_references`: how many messages of other
    senders it names; they are left alone. `signature`: of what is kept.
    """

    id: str
    identifier: str
    sender: str
    sent: datetime
    delivery: Delivery
    is_replay: bool
    ended: tuple[str, ...]
    foreign_references: int
    signature: SignatureState


@dataclass(frozen=True, slots=True)
class Arrival:
    """A checked message, ready to be stored."""

    message: CapMessage
    stored: StoredMessage
    bulletins: tuple[Bulletin, ...]
    references: tuple[str, ...]
    received_at: datetime

    @property
    def foreign_references(self) -> int:
        return len(self.message.references) - len(self.references)

    def record(self, thread: str) -> AlertRecord:
        """Return what is kept of the message beside its text, nothing having ended it yet."""
        message = self.message
        at_once = min(message.sent, self.received_at)
        # What a Cancel says of times is told of the event that does not come.
        is_cancel = message.msg_type is MsgType.CANCEL
        told = () if is_cancel else self.bulletins
        times = [(bulletin.effective, bulletin.expires) for bulletin in told]
        return AlertRecord(
            id=message.id,
            identifier=message.identifier,
            sender=message.sender,
            sent=message.sent,
            status=message.status,
            msg_type=message.msg_type,
            scope=message.scope,
            warns=is_for_the_public(message) and message.msg_type in _WARNING_TYPES,
            severity_rank=min(
                (_RANKS[bulletin.severity] for bulletin in self.bulletins), default=len(_RANKS)
            ),
            effective_at=min((begins for begins, _ in times), default=at_once),
            expires_at=max((ends for _, ends in times), default=at_once),
            references=self.references,
            thread=thread,
            received_at=self.received_at,
        )


def is_for_the_public(message: CapMessage) -> bool:
    return message.status is Status.ACTUAL and message.scope is Scope.PUBLIC


def read_arrival(
    raw: bytes, source: str, received_at: datetime, communes: Communes, trust: Trust
) -> Arrival:
    """Read and check a message, or the one in an EDXL envelope. Raises AlertProblem. Takes up to seconds: run it in a thread."""
    raw = message_in(raw)
    message = read_message(raw)
    checked = check_signature(raw, message.sender, trust, received_at)
    if checked.signed is not None:
        # What was signed is what we read; the rest of the document might say something else.
        message = read_message(checked.signed)
    if message.sent > received_at + AHEAD_AT_MOST:
        minutes = AHEAD_AT_MOST // timedelta(minutes=1)
        raise SentInFuture(element="sent", minutes=minutes)
    # Only the sender of a message may replace it: other references have no effect here.
    own = [reference for reference in message.references if reference.sender == message.sender]
    ends_others = message.msg_type in ENDING_TYPES
    if message.msg_type is MsgType.CANCEL and not own:
        raise ForeignReferences(element="references")
    return Arrival(
        message=message,
        stored=StoredMessage(
            message=message,
            raw=raw,
            raw_digest=hashlib.sha256(raw).hexdigest(),
            source=source,
            signature=checked.state,
            certificate_id=checked.certificate_id,
        ),
        bulletins=bulletins_of(message, received_at, communes),
        references=tuple(reference.id for reference in own) if ends_others else (),
        received_at=received_at,
    )


def delivery_of(record: AlertRecord, bulletins: tuple[Bulletin, ...], now: datetime) -> Delivery:
    """Return what becomes of a message, as of now."""
    if record.status is not Status.ACTUAL:
        return Delivery.NOT_ACTUAL
    if record.scope is not Scope.PUBLIC:
        return Delivery.NOT_PUBLIC
    if record.msg_type is MsgType.CANCEL:
        return Delivery.TAKES_BACK
    if not record.warns:
        return Delivery.NOT_A_WARNING
    if record.expires_at <= now:
        return Delivery.EXPIRED
    if record.has_ended(now):
        return Delivery.REPLACED
    if not any(is_for_somebody(record, bulletin) for bulletin in bulletins):
        return Delivery.NO_AREA
    return Delivery.WARNS


def is_for_somebody(record: AlertRecord, bulletin: Bulletin) -> bool:
    """Tell whether it says whom to tell: by its area, or as the all-clear of what was told before."""
    ends_what_was_told = bulletin.is_all_clear and bool(record.references)
    return ends_what_was_told or not bulletin.reach.is_nowhere
