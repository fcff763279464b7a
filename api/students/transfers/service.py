"""A pupil goes to another school: the one offers her, the other takes her in.

Only who she is goes along, and her guardians; what the old school noted of her stays there, and ends
as for everybody who leaves.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id, is_id, new_id
from api.kit.jobs import Jobs
from api.kit.store import CollectionSpec, Document, Index, Store, WriteConflict
from api.students.calendar.school_calendar import school_year_of
from api.students.cards.errors import ClassNotFound
from api.students.errors import PupilHasLeft, SchoolNotFound, StudentErrorCode, StudentProblem
from api.students.guardians.access import PupilAccess
from api.students.guardians.guardianship import GuardianRepository
from api.students.notices.moving import MoveTelling
from api.students.pupils.leaving import PupilsLeaving, ask_to_end
from api.students.pupils.pupil import Pupil
from api.students.pupils.repository import PupilRepository, left
from api.students.roster.comparing import erase_at
from api.students.schools.school import SchoolLibrary
from api.students.staff import SchoolStaff, office_entry

HOLDS_FOR = timedelta(days=30)
PUPIL_TRANSFERS = CollectionSpec(
    "pupil_transfers",
    (
        Index(("to", "offered_at")),
        Index(("pupil_id",)),
        Index(("expires_at",), expire_after_seconds=0),
    ),
)


class DestinationNotFound(SchoolNotFound):
    field = "toSchoolId"


class AtThisSchool(StudentProblem):
    code = StudentErrorCode.NOT_FOUND
    field = "toSchoolId"
    message = N_("The pupil is at this school already. Choose another one.")


class TransferNotFound(StudentProblem):
    """Also the answer to another school than the one that it was offered to."""

    code = StudentErrorCode.NOT_FOUND
    field = "id"
    message = N_("No pupil is offered to this school under this id.")


@dataclass(frozen=True, slots=True, repr=False)
class PupilTransfer:
    """`name`: of the pupil, for the school that is to take her in."""

    id: str
    from_school: str
    name: str
    born_on: date
    offered_at: datetime
    expires_at: datetime


class OffersOfLeavers:
    """Who has left is offered to nobody (KeepsOfPupils)."""

    def __init__(self, store: Store) -> None:
        self._transfers = store[PUPIL_TRANSFERS]

    async def pupil_left(self, pupil: Pupil) -> None:
        await self._transfers.delete_many({"pupil_id": pupil.id})

    async def erase_pupil(self, pupil_id: str) -> None:
        await self._transfers.delete_many({"pupil_id": pupil_id})


class PupilsTransferring:
    def __init__(
        self,
        store: Store,
        pupils: PupilRepository,
        guardians: GuardianRepository,
        access: PupilAccess,
        staff: SchoolStaff,
        library: SchoolLibrary,
        leaving: PupilsLeaving,
        telling: MoveTelling,
        jobs: Jobs,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._transfers = store[PUPIL_TRANSFERS]
        self._pupils = pupils
        self._guardians = guardians
        self._access = access
        self._staff = staff
        self._library = library
        self._leaving = leaving
        self._telling = telling
        self._jobs = jobs
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def offer(
        self, caller: Caller, pupil_id: str, to_school: str, idempotency_key: str
    ) -> str:
        """Offer a pupil to another school, for its office to take her in; returns the offer's id.

        Raises NotSignedIn, PupilNotFound, PupilHasLeft, DestinationNotFound, AtThisSchool, IdempotencyProblem.
        """
        pupil = await self._access.of_school(caller, pupil_id)
        if to_school == pupil.school_id:
            raise AtThisSchool  # taking her in would end her own record
        self._check_school(to_school)
        if not pupil.is_here(self._today()):
            raise PupilHasLeft
        person_id, now = caller.person(), self._clock()
        offer_id = derived_id("pupil transfer", pupil.id, to_school)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, pupil.school_id)
            await self._transfers.upsert(
                {
                    "_id": offer_id,
                    "pupil_id": pupil.id,
                    "to": to_school,
                    "offered_at": now,
                    "expires_at": now + HOLDS_FOR,
                }
            )
            await self._note(person_id, "pupil.offer", pupil.id, pupil.school_id)
            return {"id": offer_id}

        asked = {"pupil": pupil_id, "to": to_school}
        await self._idempotency.once(person_id, "offerTransfer", idempotency_key, asked, work)
        return offer_id

    def _check_school(self, to_school: str) -> None:
        try:
            self._library.school(to_school)
        except SchoolNotFound as error:
            raise DestinationNotFound from error

    async def offered(self, caller: Caller, school_id: str) -> list[PupilTransfer]:
        """Return who is offered to a school, the newest first; the reading is audited.

        Raises NotSignedIn, NotAllowed, SchoolNotFound.
        """
        person_id = self._staff.clerk(caller, school_id)
        found = await self._transfers.find(
            {"to": school_id, "expires_at": {"$gt": self._clock()}}, sort=[("offered_at", -1)]
        )
        pupils = await self._pupils.get_many([document["pupil_id"] for document in found])
        details: Details = {"found": len(pupils)}
        await self._audit.append(
            office_entry(person_id, "pupils.read_offered", school_id, school_id, details)
        )
        return [
            _transfer(document, pupils[document["pupil_id"]])
            for document in found
            if document["pupil_id"] in pupils
        ]

    async def take_in(
        self, caller: Caller, school_id: str, offer_id: str, class_id: str, idempotency_key: str
    ) -> Pupil:
        """Take an offered pupil into a class; she leaves the other school today.

        Her guardians go along, are told so, and see nothing until this school has confirmed them: it is an equal
        number and birth date that say who she is here, and its office may have written another child's.
        Raises NotSignedIn, NotAllowed, SchoolNotFound, TransferNotFound, ClassNotFound and
        IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, school_id)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, school_id)
            its_class = await self._pupils.get_class(class_id)
            if its_class is None or its_class.school_id != school_id:
                raise ClassNotFound
            old = await self._used(offer_id, school_id)
            new = await self._entered(old, school_id, class_id)
            gone = await self._gone(old, new)
            followed = {one.id for one in await self._access.followers(old.id)}
            await self._leaving.let_go(gone)
            moved = await self._guardians.move(old.id, new.id, school_id)
            await self._telling.moved(moved, followed)
            await self._note(person_id, "pupil.take_in", new.id, school_id)
            return {"pupil": new.id}

        asked = {"offer": offer_id, "class": class_id}
        result = await self._idempotency.once(
            person_id, "takeInPupil", idempotency_key, asked, work
        )
        pupil = await self._pupils.get(result["pupil"])
        if pupil is None:
            raise TransferNotFound
        return pupil

    async def _used(self, offer_id: str, school_id: str) -> Pupil:
        """Return who was offered; the offer is used up. Raises TransferNotFound."""
        open_to_it = {"to": school_id, "expires_at": {"$gt": self._clock()}}
        used = (
            await self._transfers.delete_one({"_id": offer_id, **open_to_it})
            if is_id(offer_id)
            else None
        )
        pupil = await self._pupils.get(used["pupil_id"]) if used else None
        if pupil is None:
            raise TransferNotFound
        return pupil

    async def _entered(self, old: Pupil, school_id: str, class_id: str) -> Pupil:
        """Return the pupil at the new school, where a roster may have named her already."""
        number = old.details.number
        there = (await self._pupils.numbered(school_id, [number])).get(number)
        if there is None:
            new = Pupil(new_id(), school_id, class_id, old.details, self._clock())
            await self._pupils.add(new)
            return new
        if there.details.born_on != old.details.born_on:
            raise TransferNotFound  # somebody else's number: her guardians would follow a stranger
        again = replace(there, class_id=class_id, left_on=None, erase_at=None, went_to=None)
        stored = await self._pupils.replace(again)
        if stored is None:
            raise WriteConflict
        return stored

    async def _gone(self, old: Pupil, new: Pupil) -> Pupil:
        today = self._today()
        leaver = old if old.left_on is not None else left(old, today, erase_at(today))
        gone = await self._pupils.replace(replace(leaver, went_to=new.id))
        if gone is None:
            raise WriteConflict
        await ask_to_end(self._jobs, gone)
        return gone

    async def _note(self, actor: str, action: str, subject: str, school_id: str) -> None:
        details: Details = {"year": school_year_of(self._today())}
        await self._audit.append(office_entry(actor, action, subject, school_id, details))

    def _today(self) -> date:
        return day_in_vietnam(self._clock())


def _transfer(document: Document, pupil: Pupil) -> PupilTransfer:
    return PupilTransfer(
        document["_id"],
        pupil.school_id,
        pupil.details.name,
        pupil.details.born_on,
        document["offered_at"],
        document["expires_at"],
    )
