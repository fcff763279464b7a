"""Open invitations as documents. One that is accepted or withdrawn is gone; the audit log tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.accounts.caller import Grant
from api.accounts.sign_in.addresses import Address
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Filter, Index, Store
from notifications.text_message import Channel

INVITATIONS = CollectionSpec(
    "invitations",
    (
        Index(("way_id", "grant"), unique=True),
        Index(("grant", "_id")),
        Index(("invited_by",)),
        Index(("expires_at",), expire_after_seconds=0),
    ),
)

HOLDS_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True, repr=False)
class Invitation:
    """A role that waits for whoever proves the address. `way_id`: its blind index, as in WaysIn."""

    id: str
    address: Address
    way_id: str
    grant: Grant
    invited_by: str
    invited_at: datetime
    expires_at: datetime


class InvitationRepository:
    """All queries on invitations. One that has ended counts as gone, also while it is still there."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._invitations = store[INVITATIONS]
        self._sealer = sealer

    async def put(self, invitation: Invitation) -> str | None:
        """Keep it in place of an earlier one to the same address for the same role.

        Returns the id of that one, if there was any. Joins the open transaction. Raises
        DuplicateKey when somebody was faster.
        """
        same = {"way_id": invitation.way_id, "grant": str(invitation.grant)}
        replaced = await self._invitations.delete_one(same)
        await self._invitations.insert(self._document(invitation))
        return replaced["_id"] if replaced else None

    async def to(
        self, way_ids: Sequence[str], invited_by: Sequence[str], now: datetime
    ) -> list[Invitation]:
        """Return what these people offer to these addresses, the newest first."""
        found = await self._invitations.find(
            _open(now) | _from_to(way_ids, invited_by), sort=[("invited_at", -1)]
        )
        return [self._invitation(document) for document in found]

    async def all_by(self, person_id: str) -> list[Invitation]:
        """Return everything that a person offers, the oldest first."""
        found = await self._invitations.find({"invited_by": person_id}, sort=[("invited_at", 1)])
        return [self._invitation(document) for document in found]

    async def at(
        self, grants: Sequence[Grant], now: datetime, *, limit: int, after: str
    ) -> list[Invitation]:
        """Return what is offered of these roles, in the order of the ids."""
        wanted = {"grant": {"$in": [str(grant) for grant in grants]}, "_id": {"$gt": after}}
        found = await self._invitations.find(_open(now) | wanted, sort=[("_id", 1)], limit=limit)
        return [self._invitation(document) for document in found]

    async def use(
        self,
        invitation_id: str,
        way_ids: Sequence[str],
        invited_by: Sequence[str],
        now: datetime,
    ) -> Invitation | None:
        """Use up what these people offer to one of these addresses; None when there is none of this id."""
        return await self._remove(invitation_id, _open(now) | _from_to(way_ids, invited_by))

    async def withdraw(self, invitation_id: str, now: datetime) -> Invitation | None:
        """Remove it; None when there is none of this id."""
        return await self._remove(invitation_id, _open(now))

    async def withdraw_all_by(self, person_id: str) -> int:
        """Remove everything that a person offers; return how many invitations that were."""
        return await self._invitations.delete_many({"invited_by": person_id})

    async def withdraw_all_to(self, way_ids: Sequence[str]) -> None:
        """Remove everything that is offered to these addresses."""
        await self._invitations.delete_many({"way_id": {"$in": list(way_ids)}})

    async def seal_anew(self) -> int:
        """Seal some addresses anew, as Resealed has it."""
        return await seal_anew(self._invitations, self._sealer, "address", _place)

    async def _remove(self, invitation_id: str, condition: Filter) -> Invitation | None:
        if not is_id(invitation_id):
            return None
        document = await self._invitations.delete_one({**condition, "_id": invitation_id})
        return self._invitation(document) if document else None

    def _document(self, invitation: Invitation) -> Document:
        address = [invitation.address.channel.value, invitation.address.value]
        return {
            "_id": invitation.id,
            "address": self._sealer.seal(address, _place(invitation.id)),
            "way_id": invitation.way_id,
            "grant": str(invitation.grant),
            "invited_by": invitation.invited_by,
            "invited_at": invitation.invited_at,
            "expires_at": invitation.expires_at,
        }

    def _invitation(self, document: Document) -> Invitation:
        channel, value = self._sealer.open(document["address"], _place(document["_id"]))
        return Invitation(
            id=document["_id"],
            address=Address(Channel(channel), value),
            way_id=document["way_id"],
            grant=Grant.of(document["grant"]),
            invited_by=document["invited_by"],
            invited_at=document["invited_at"],
            expires_at=document["expires_at"],
        )


def _open(now: datetime) -> dict[str, object]:
    return {"expires_at": {"$gt": now}}


def _from_to(way_ids: Sequence[str], invited_by: Sequence[str]) -> dict[str, object]:
    return {"way_id": {"$in": list(way_ids)}, "invited_by": {"$in": list(invited_by)}}


def _place(invitation_id: str) -> str:
    return f"invitations/{invitation_id}"
