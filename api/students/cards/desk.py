"""A card that was shown at a desk of the school opens it, for minutes and for one thing: a meal, or a loan."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.credentials.issuing import Issuing
from api.credentials.records import CredentialKind, CredentialState
from api.credentials.scans.records import ScanPurpose
from api.kit.ids import is_id
from api.kit.store import CollectionSpec, Document, Index, Store

DESK_TICKETS = CollectionSpec(
    "desk_tickets",
    (Index(("pupil_id",)), Index(("expires_at",), expire_after_seconds=0)),
)
HOLDS_FOR = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class DeskTicket:
    """`id`: of the scan."""

    id: str
    pupil_id: str
    school_id: str
    gate_id: str
    purpose: ScanPurpose
    shown_at: datetime


class DeskTickets:
    """All queries on tickets."""

    def __init__(self, store: Store, issuing: Issuing) -> None:
        self._tickets = store[DESK_TICKETS]
        self._issuing = issuing

    async def add(self, ticket: DeskTicket) -> None:
        """Keep it; joins the scan's transaction."""
        await self._tickets.upsert(
            {
                "_id": ticket.id,
                "pupil_id": ticket.pupil_id,
                "school_id": ticket.school_id,
                "gate_id": ticket.gate_id,
                "purpose": ticket.purpose.value,
                "shown_at": ticket.shown_at,
                "expires_at": ticket.shown_at + HOLDS_FOR,
            }
        )

    async def find(self, ticket_id: str, purpose: ScanPurpose, now: datetime) -> DeskTicket | None:
        """Return what opens the desk; None as well when the card was stopped or replaced since."""
        document = await self._tickets.get(ticket_id) if is_id(ticket_id) else None
        found = _ticket(document) if document and document["expires_at"] > now else None
        if found is None or found.purpose is not purpose or not await self._is_good(found):
            return None
        return found

    async def _is_good(self, ticket: DeskTicket) -> bool:
        card = await self._issuing.of_subject(CredentialKind.STUDENT_CARD, ticket.pupil_id)
        if card is None or card.state is not CredentialState.VALID:
            return False
        return card.generation.began_at <= ticket.shown_at

    async def use(self, ticket_id: str) -> bool:
        """Use it up; False when somebody was faster."""
        return await self._tickets.delete_one({"_id": ticket_id}) is not None

    async def remove_of_pupil(self, pupil_id: str) -> None:
        await self._tickets.delete_many({"pupil_id": pupil_id})


def _ticket(document: Document) -> DeskTicket:
    return DeskTicket(
        document["_id"],
        document["pupil_id"],
        document["school_id"],
        document["gate_id"],
        ScanPurpose(document["purpose"]),
        document["shown_at"],
    )
