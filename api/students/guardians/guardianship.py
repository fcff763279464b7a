"""Guardianships and the invitations to them, as records and as documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto

from api.accounts.people.dependant_repository import Relation
from api.accounts.sign_in.addresses import Address
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Index, Store
from api.students.notices.preferences import NoticeWishRepository
from notifications.text_message import Channel

HOLDS_FOR = timedelta(days=14)
TRIES_AT_MOST = 5
GUARDIANS_AT_MOST = 6

GUARDIAN_INVITATIONS = CollectionSpec(
    "guardian_invitations",
    (
        Index(("way_id", "pupil_id"), unique=True),
        Index(("pupil_id",)),
        Index(("invited_by",)),
        Index(("expires_at",), expire_after_seconds=0),
    ),
)
GUARDIANSHIPS = CollectionSpec(
    "guardianships",
    (
        Index(("pupil_id", "person_id"), unique=True),
        Index(("person_id",)),
        Index(("school_id", "state", "_id")),
    ),
)


class GuardianState(StrEnum):
    WAITING = auto()
    """The guardian agreed; the school, or another guardian, has not confirmed it yet."""
    CONFIRMED = auto()


@dataclass(frozen=True, slots=True, repr=False)
class GuardianInvitation:
    """A pupil whom whoever proves the address may follow. `way_id`: its blind index, as in WaysIn."""

    id: str
    pupil_id: str
    school_id: str
    address: Address
    way_id: str
    invited_by: str
    invited_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Guardianship:
    """Who follows a pupil. `dependant_id`: what the pupil is in the guardian's own account.

    `invited_address`: where the office's invitation went, mostly hidden; None for one from before it was kept.
    """

    id: str
    pupil_id: str
    school_id: str
    person_id: str
    dependant_id: str
    state: GuardianState
    accepted_at: datetime
    confirmed_at: datetime | None = None
    invited_address: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class GuardianClaim:
    """What an office reads before it confirms. `relation`: what the pupil is to the guardian, as she says."""

    guardianship: Guardianship
    pupil_name: str
    relation: Relation | None


class GuardianRepository:
    """All queries on both. What has ended is gone; the audit log tells of it."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._invitations = store[GUARDIAN_INVITATIONS]
        self._guardianships = store[GUARDIANSHIPS]
        self._wishes = NoticeWishRepository(store)
        self._sealer = sealer

    async def invite(self, invitation: GuardianInvitation) -> None:
        """Keep it in place of an earlier one to the same address; joins the open transaction.

        Raises DuplicateKey when somebody was faster.
        """
        await self._invitations.delete_one(
            {"way_id": invitation.way_id, "pupil_id": invitation.pupil_id}
        )
        await self._invitations.insert(self._invitation_document(invitation))

    async def invitations_to(
        self, way_ids: Sequence[str], now: datetime
    ) -> list[GuardianInvitation]:
        """Return what is open for these addresses, the newest first."""
        found = await self._invitations.find(
            {"way_id": {"$in": list(way_ids)}, **_open(now)}, sort=[("invited_at", -1)]
        )
        return list(map(self._invitation, found))

    async def invitations_of(self, pupil_id: str, now: datetime) -> list[GuardianInvitation]:
        found = await self._invitations.find(
            {"pupil_id": pupil_id, **_open(now)}, sort=[("invited_at", -1)]
        )
        return list(map(self._invitation, found))

    async def invitation(self, id: str, now: datetime) -> GuardianInvitation | None:
        document = (
            await self._invitations.find_one({"_id": id, **_open(now)}) if is_id(id) else None
        )
        return self._invitation(document) if document else None

    async def count_try(self, id: str, way_ids: Sequence[str], now: datetime) -> bool:
        """Count that somebody of these addresses tries to accept; False when that is no use."""
        counted = await self._invitations.update_one(
            {
                "_id": id,
                "way_id": {"$in": list(way_ids)},
                "tries": {"$lt": TRIES_AT_MOST},
                **_open(now),
            },
            {"$inc": {"tries": 1}},
        )
        return counted is not None

    async def use(
        self, id: str, way_ids: Sequence[str], now: datetime
    ) -> GuardianInvitation | None:
        """Use up what is open for one of these addresses; None when there is none of this id."""
        document = await self._invitations.delete_one(
            {"_id": id, "way_id": {"$in": list(way_ids)}, **_open(now)}
        )
        return self._invitation(document) if document else None

    async def withdraw(self, id: str, school_id: str) -> GuardianInvitation | None:
        document = await self._invitations.delete_one({"_id": id, "school_id": school_id})
        return self._invitation(document) if document else None

    async def add(self, guardianship: Guardianship) -> None:
        """Add it. Raises DuplicateKey when this person follows the pupil already."""
        await self._guardianships.insert(self._document(guardianship))

    async def get(self, id: str) -> Guardianship | None:
        document = await self._guardianships.get(id) if is_id(id) else None
        return self._guardianship(document) if document else None

    async def of_person(self, person_id: str) -> list[Guardianship]:
        """Return whom a person follows, the longest first."""
        found = await self._guardianships.find({"person_id": person_id}, sort=[("accepted_at", 1)])
        return list(map(self._guardianship, found))

    async def of_pupil(self, pupil_id: str) -> list[Guardianship]:
        found = await self._guardianships.find({"pupil_id": pupil_id}, sort=[("accepted_at", 1)])
        return list(map(self._guardianship, found))

    async def between(self, person_id: str, pupil_id: str) -> Guardianship | None:
        """Return by what a person follows a pupil."""
        if not is_id(pupil_id):
            return None
        document = await self._guardianships.find_one(
            {"pupil_id": pupil_id, "person_id": person_id}
        )
        return self._guardianship(document) if document else None

    async def waiting(self, school_id: str, *, after: str, limit: int) -> list[Guardianship]:
        """Return what waits to be confirmed at a school, in the order of the ids."""
        found = await self._guardianships.find(
            {
                "school_id": school_id,
                "state": GuardianState.WAITING.value,
                "_id": {"$gt": after},
            },
            sort=[("_id", 1)],
            limit=limit,
        )
        return list(map(self._guardianship, found))

    async def confirm(self, id: str, now: datetime) -> Guardianship | None:
        """Confirm it; None when it does not wait for that."""
        document = await self._guardianships.update_one(
            {"_id": id, "state": GuardianState.WAITING.value},
            {"$set": {"state": GuardianState.CONFIRMED.value, "confirmed_at": now}},
        )
        return self._guardianship(document) if document else None

    async def end(self, id: str) -> Guardianship | None:
        document = await self._guardianships.delete_one({"_id": id})
        await self._wishes.remove(id)
        return self._guardianship(document) if document else None

    async def move(
        self, old_pupil_id: str, new_pupil_id: str, school_id: str
    ) -> list[Guardianship]:
        """Let the guardians of a pupil wait for another school to confirm them, and return these.

        Joins the open transaction.
        """
        moved = {
            "pupil_id": new_pupil_id,
            "school_id": school_id,
            "state": GuardianState.WAITING.value,
            "confirmed_at": None,
        }
        changed: list[Document | None] = []
        for one in await self.of_pupil(old_pupil_id):
            if await self.between(one.person_id, new_pupil_id) is None:
                change = await self._guardianships.update_one({"_id": one.id}, {"$set": moved})
                changed.append(change)
        return [self._guardianship(document) for document in changed if document]

    async def withdraw_all_of(self, pupil_id: str) -> None:
        await self._invitations.delete_many({"pupil_id": pupil_id})

    async def remove_of_pupil(self, pupil_id: str) -> None:
        await self._invitations.delete_many({"pupil_id": pupil_id})
        for one in await self.of_pupil(pupil_id):
            await self.end(one.id)

    async def forget_inviter(self, person_id: str) -> None:
        """Make what somebody of a school's office offered nobody's; it goes on holding."""
        await self._invitations.update_many(
            {"invited_by": person_id}, {"$set": {"invited_by": None}}
        )

    async def seal_anew(self) -> int:
        """Seal some addresses anew, as Resealed has it."""
        return await seal_anew(
            self._invitations, self._sealer, "address", _place
        ) or await seal_anew(self._guardianships, self._sealer, "invited_address", _masked_at)

    def _invitation_document(self, invitation: GuardianInvitation) -> Document:
        address = [invitation.address.channel.value, invitation.address.value]
        return {
            "_id": invitation.id,
            "pupil_id": invitation.pupil_id,
            "school_id": invitation.school_id,
            "address": self._sealer.seal(address, _place(invitation.id)),
            "way_id": invitation.way_id,
            "invited_by": invitation.invited_by,
            "invited_at": invitation.invited_at,
            "expires_at": invitation.expires_at,
            "tries": 0,
        }

    def _invitation(self, document: Document) -> GuardianInvitation:
        channel, value = self._sealer.open(document["address"], _place(document["_id"]))
        return GuardianInvitation(
            id=document["_id"],
            pupil_id=document["pupil_id"],
            school_id=document["school_id"],
            address=Address(Channel(channel), value),
            way_id=document["way_id"],
            invited_by=document["invited_by"] or "",
            invited_at=document["invited_at"],
            expires_at=document["expires_at"],
        )

    def _document(self, one: Guardianship) -> Document:
        invited = one.invited_address
        return {
            "_id": one.id,
            "pupil_id": one.pupil_id,
            "school_id": one.school_id,
            "person_id": one.person_id,
            "dependant_id": one.dependant_id,
            "state": one.state.value,
            "accepted_at": one.accepted_at,
            "confirmed_at": one.confirmed_at,
            "invited_address": self._sealer.seal(invited, _masked_at(one.id)) if invited else None,
        }

    def _guardianship(self, document: Document) -> Guardianship:
        sealed = document.get("invited_address")
        return Guardianship(
            id=document["_id"],
            pupil_id=document["pupil_id"],
            school_id=document["school_id"],
            person_id=document["person_id"],
            dependant_id=document["dependant_id"],
            state=GuardianState(document["state"]),
            accepted_at=document["accepted_at"],
            confirmed_at=document["confirmed_at"],
            invited_address=(
                self._sealer.open(sealed, _masked_at(document["_id"])) if sealed else None
            ),
        )


def _open(now: datetime) -> dict[str, object]:
    return {"expires_at": {"$gt": now}}


def _place(invitation_id: str) -> str:
    return f"guardian_invitations/{invitation_id}"


def _masked_at(guardianship_id: str) -> str:
    return f"guardianships/{guardianship_id}"
