"""The consent on which guardianships rest: the guardian's for the child, and the child's own from 7 years on."""

from datetime import date

from api.accounts.people.dependant_repository import DependantRepository, Relation
from api.accounts.people.personal_details import is_of_age
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consent_ledger import ConsentLedger
from api.accounts.privacy.consents import AGREES_FROM_AGE, counts
from api.accounts.privacy.purposes import ConsentPurpose
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.sealing import Sealer
from api.kit.store import Store
from api.students.attendance.repository import AttendanceRepository
from api.students.guardians.guardianship import GuardianRepository


class RecordConsent:
    """Each side writes the account, so of an acceptance and a withdrawal at once none is overlooked."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._ledger = ConsentLedger(store, sealer)
        self._accounts = AccountRepository(store, sealer)
        self._dependants = DependantRepository(store, sealer)
        self._guardians = GuardianRepository(store, sealer)
        self._attendance = AttendanceRepository(store, sealer)
        self._clock = clock

    async def hold(self, person_id: str) -> bool:
        """Keep the account as it is until the open transaction ends; False when it is leaving."""
        return await self._accounts.hold(person_id)

    async def born_on(self, person_id: str, dependant_id: str) -> date | None:
        """Return a dependant's birth date, None for nobody of this person's."""
        dependant = await self._dependants.of(person_id, dependant_id)
        return dependant.born_on if dependant else None

    async def relation(self, person_id: str, dependant_id: str) -> Relation | None:
        """Return what a dependant is to this person, None for nobody of this person's."""
        dependant = await self._dependants.of(person_id, dependant_id)
        return dependant.relation if dependant else None

    async def is_given(self, person_id: str, dependant_id: str) -> bool:
        """Tell whether both agree at this moment. Who has come of age has no guardian any more."""
        dependant = await self._dependants.of(person_id, dependant_id)
        if dependant is None or is_of_age(dependant.born_on, self._today()):
            return False
        purpose = ConsentPurpose.STUDENT_RECORD
        newest = await self._ledger.newest(person_id, purpose, dependant_id)
        if newest is None or not counts(newest):
            return False
        age = await self._dependants.age_of(person_id, dependant_id, self._today())
        return age is not None and (age < AGREES_FROM_AGE or newest.dependant_agreed)

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """End what the person followed the child by; joins the open transaction (RestsOnConsent).

        When nobody follows the pupil any more, the school keeps on which days she was there, and
        not the times.
        """
        if purpose is not ConsentPurpose.STUDENT_RECORD or subject_id is None:
            return
        await self._accounts.hold(person_id)
        for one in await self._guardians.of_person(person_id):
            if one.dependant_id == subject_id:
                await self._guardians.end(one.id)
                if not await self._guardians.of_pupil(one.pupil_id):
                    await self._attendance.forget_times(one.pupil_id)

    def _today(self) -> date:
        return day_in_vietnam(self._clock())
