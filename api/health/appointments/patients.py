"""For whom a place is booked: oneself or a dependant, known by one key whoever books."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.identity_papers.numbers import IdentityNumber, IdentityPaperKind
from api.accounts.identity_papers.repository import IdentityPaper, IdentityPaperRepository
from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.repository import AccountRepository
from api.health.appointments.errors import PatientHasNoName, PatientNotFound
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.sealing import Sealer
from api.kit.store import Store

_KEYS = "patients"
_FIRST = (IdentityPaperKind.CCCD, IdentityPaperKind.BHYT, IdentityPaperKind.PASSPORT)


@dataclass(frozen=True, slots=True, repr=False)
class Patient:
    """Who is to be seen. `person_id`: the account that acts, None where a facility's system does.

    `keys`: keyed digests that stand for the patient, the one that an appointment is bound to first:
    of the identity papers on file, and of the dependant's or person's id.
    """

    person_id: str | None
    dependant_id: str | None
    name: str
    keys: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.keys[0]


class Patients:
    """All calls join the open transaction."""

    def __init__(self, store: Store, sealer: Sealer, clock: Clock) -> None:
        self._accounts = AccountRepository(store, sealer)
        self._dependants = DependantRepository(store, sealer)
        self._papers = IdentityPaperRepository(store, sealer)
        self._sealer = sealer
        self._clock = clock

    async def of(self, person_id: str, dependant_id: str | None) -> Patient:
        """Return a dependant of the person's who has not come of age, or with None the person.

        Raises PatientNotFound, PatientHasNoName.
        """
        name = await self._name(person_id, dependant_id)
        papers = await self._papers.all_of(person_id)
        subject_id = dependant_id or person_id
        own = [paper for paper in papers if paper.subject_id == subject_id]
        return Patient(person_id, dependant_id, name, self._keys(subject_id, own))

    async def _name(self, person_id: str, dependant_id: str | None) -> str:
        if dependant_id is not None:
            today = day_in_vietnam(self._clock())
            dependant = await self._dependants.acted_for(person_id, dependant_id, today)
            if dependant is None:
                raise PatientNotFound
            return dependant.name
        account = await self._accounts.get(person_id)
        if account is None or account.profile.name is None:
            raise PatientHasNoName
        return account.profile.name

    def _keys(self, subject_id: str, papers: Sequence[IdentityPaper]) -> tuple[str, ...]:
        by_kind = {paper.number.kind: paper.number for paper in papers}
        numbers = [by_kind[kind] for kind in _FIRST if kind in by_kind]
        return (
            *(key_of_paper(self._sealer, number) for number in numbers),
            self._sealer.digest(_KEYS, "id", subject_id),
        )


def key_of_paper(sealer: Sealer, number: IdentityNumber) -> str:
    """Return the key of whoever has this paper: one patient, whoever books."""
    return sealer.digest(_KEYS, number.kind.value, number.looked_up_by)


def key_of_other(sealer: Sealer, *parts: str) -> str:
    """Return the key of somebody without an account or a paper, whom `parts` tell apart."""
    return sealer.digest(_KEYS, "other", *parts)
