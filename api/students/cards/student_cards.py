"""Student cards: one living credential for each pupil, printed, and read by the gates of the school."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, auto
from typing import Any

from api.accounts.caller import Caller
from api.credentials.issuing import Issuing
from api.credentials.records import (
    Credential,
    CredentialKind,
    CredentialState,
    RevocationReason,
    student_cards_of,
)
from api.credentials.subjects import Subjects as CredentialSubjects
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.formats import VIETNAM_TIME, day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.kit.transactions import transact
from api.students.calendar.school_calendar import year_span
from api.students.cards.errors import CardMissing, ClassNotFound
from api.students.errors import PupilHasLeft
from api.students.guardians.access import PupilAccess
from api.students.pupils.pupil import Pupil, SchoolClass
from api.students.pupils.repository import PupilRepository
from api.students.schools.school import clerk_scope
from api.students.staff import SchoolStaff

GRACE = timedelta(days=61)
"""After the school year: until the cards of the next one are printed."""
_PUPILS_AT_ONCE = 200
_CARD = CredentialKind.STUDENT_CARD


class StudentCardState(StrEnum):
    VALID = auto()
    LOST = auto()
    """Reported, and dead until the office lets it count again or replaces it."""
    ENDED = auto()
    """For good."""


_STATES = {
    CredentialState.VALID: StudentCardState.VALID,
    CredentialState.SUSPENDED: StudentCardState.LOST,
    CredentialState.REVOKED: StudentCardState.ENDED,
}


@dataclass(frozen=True, slots=True)
class StudentCard:
    """The card of a pupil, in the words of schools."""

    pupil_id: str
    state: StudentCardState
    valid_until: datetime

    @classmethod
    def of(cls, credential: Credential) -> "StudentCard":
        state = _STATES[credential.state]
        return cls(credential.subject_id, state, credential.valid_until)


class StudentCards:
    def __init__(
        self,
        store: Store,
        pupils: PupilRepository,
        access: PupilAccess,
        staff: SchoolStaff,
        issuing: Issuing,
        subjects: CredentialSubjects,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pupils = pupils
        self._access = access
        self._staff = staff
        self._issuing = issuing
        self._subjects = subjects
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def issue(
        self, caller: Caller, school_id: str, class_id: str, idempotency_key: str
    ) -> int:
        """Give every pupil of a class a card for the school year; a living one holds until its end.

        Returns how many have one. Raises NotSignedIn, NotAllowed, SchoolNotFound, ClassNotFound
        and IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, school_id)

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, school_id)
            its_class = await self._pupils.get_class(class_id)
            if its_class is None or its_class.school_id != school_id:
                raise ClassNotFound
            cards = await self._give_all(its_class)
            details: Details = {"cards": cards}
            await self._note(person_id, "student_card.issue", class_id, school_id, details)
            return {"cards": cards}

        asked = {"school": school_id, "class": class_id}
        result = await self._idempotency.once(
            person_id, "issueStudentCards", idempotency_key, asked, work
        )
        return int(result["cards"])

    async def card(self, caller: Caller, pupil_id: str) -> StudentCard | None:
        """Return a pupil's card for whoever may see her. Raises NotSignedIn, PupilNotFound."""
        seen = await self._access.seen(caller, pupil_id)
        credential = await self._issuing.of_subject(_CARD, seen.pupil.id)
        return StudentCard.of(credential) if credential else None

    async def to_print(self, caller: Caller, pupil_id: str) -> tuple[Pupil, Credential]:
        """Return whose card to print, for the office, and note it.

        Raises NotSignedIn, PupilNotFound, PupilHasLeft, CardMissing.
        """
        pupil = await self._access.of_school(caller, pupil_id)

        async def work() -> Credential:
            await self._staff.hold_clerk(caller.person(), pupil.school_id)
            credential = await self._living(pupil)
            await self._note(caller.person(), "student_card.print", pupil.id, pupil.school_id, {})
            return credential

        return pupil, await transact(self._store, work)

    async def report_lost(self, caller: Caller, pupil_id: str) -> StudentCard:
        """Let a card be dead at once, as a guardian or as the office; again and again.

        Raises NotSignedIn, PupilNotFound, CardMissing.
        """
        seen = await self._access.seen(caller, pupil_id)

        async def work() -> StudentCard:
            if seen.guardianship is None:
                await self._staff.hold_clerk(caller.person(), seen.pupil.school_id)
            else:
                await self._access.hold_guardian(caller.person(), pupil_id)
            credential = await self._living(seen.pupil)
            lost = await self._issuing.suspend(credential.id, self._clock())
            right = "guardian" if seen.guardianship else None
            await self._note(
                caller.person(), "student_card.lost", pupil_id, seen.pupil.school_id, {}, right
            )
            return StudentCard.of(lost)

        return await transact(self._store, work)

    async def found(self, caller: Caller, pupil_id: str) -> StudentCard:
        """Let a card count again that was lost and came back. For the office; raises as `replace`."""
        return await self._by_office(caller, pupil_id, "student_card.found", anew=False)

    async def replace(self, caller: Caller, pupil_id: str) -> StudentCard:
        """Begin a new card: every printed one of before is dead for good. For the office.

        Raises NotSignedIn, PupilNotFound, CardMissing.
        """
        return await self._by_office(caller, pupil_id, "student_card.replace", anew=True)

    async def living(self, pupil_ids: Sequence[str]) -> frozenset[str]:
        """Return those of these pupils who can show a card at a gate."""
        found = [await self._issuing.of_subject(_CARD, pupil_id) for pupil_id in pupil_ids]
        return frozenset(
            one.subject_id for one in found if one and one.state is CredentialState.VALID
        )

    async def pupil_left(self, pupil: Pupil) -> None:
        credential = await self._issuing.of_subject(_CARD, pupil.id)
        if credential is not None and credential.state is not CredentialState.REVOKED:
            await self._issuing.revoke(credential.id, RevocationReason.LEFT, self._clock())

    async def erase_pupil(self, pupil_id: str) -> None:
        """Let card and scans lead to nobody (KeepsOfPupils)."""
        await self._subjects.forget(_CARD, pupil_id, self._clock())

    async def _give_all(self, its_class: SchoolClass) -> int:
        """Give every pupil of a class a card; return how many they are."""
        after, cards, today = "", 0, self._today()
        while some := await self._pupils.in_class(
            its_class.id, today, after=after, limit=_PUPILS_AT_ONCE
        ):
            for pupil in some:
                await self._give(pupil, its_class)
            after, cards = some[-1].id, cards + len(some)
        return cards

    async def _give(self, pupil: Pupil, its_class: SchoolClass) -> None:
        now = self._clock()
        until = datetime.combine(year_span(its_class.year).ends + GRACE, time(), VIETNAM_TIME)
        living = await self._issuing.of_subject(_CARD, pupil.id)
        if living is None or living.state is CredentialState.REVOKED:
            audience = student_cards_of(pupil.school_id)
            await self._issuing.issue(_CARD, pupil.id, None, audience, now, until, now)
        elif living.valid_until < until:
            await self._issuing.renew(living.id, until, now)

    async def _by_office(
        self, caller: Caller, pupil_id: str, action: str, *, anew: bool
    ) -> StudentCard:
        pupil = await self._access.of_school(caller, pupil_id)

        async def work() -> StudentCard:
            await self._staff.hold_clerk(caller.person(), pupil.school_id)
            credential = await self._living(pupil)
            if anew:
                await self._issuing.reissue(credential.id, self._clock())
            stored = await self._issuing.reinstate(credential.id, self._clock())
            await self._note(caller.person(), action, pupil_id, pupil.school_id, {})
            return StudentCard.of(stored)

        return await transact(self._store, work)

    async def _living(self, pupil: Pupil) -> Credential:
        """Return the card that is not revoked. Raises PupilHasLeft, CardMissing."""
        if not pupil.is_here(self._today()):
            raise PupilHasLeft
        credential = await self._issuing.of_subject(_CARD, pupil.id)
        if credential is None or credential.state is CredentialState.REVOKED:
            raise CardMissing
        return credential

    async def _note(
        self,
        actor: str,
        action: str,
        subject: str,
        school_id: str,
        details: Details,
        right: str | None = None,
    ) -> None:
        scope = right or str(clerk_scope(school_id)[1])
        await self._audit.append(AuditEntry(actor, action, subject, scope, details))

    def _today(self) -> date:
        return day_in_vietnam(self._clock())
