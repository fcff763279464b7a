"""Dependants: a child, a parent or another relative for whom a person acts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.accounts.errors import NotFound, NotSignedIn
from api.accounts.identity_papers.numbers import agrees
from api.accounts.identity_papers.repository import IdentityPaperRepository
from api.accounts.people.consents import ConsentCheck
from api.accounts.people.dependant_repository import Dependant, DependantRepository, Relation
from api.accounts.people.errors import (
    BirthDateDisagrees,
    NeedsConsentMissing,
    NotAChild,
    TooManyDependants,
)
from api.accounts.people.personal_details import OF_AGE, Needs, birth_date_of, name_of
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.purposes import ConsentPurpose
from api.kit.changes import UNCHANGED, Unchanged
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact

DEPENDANTS_AT_MOST = 12


@dataclass(frozen=True, slots=True, repr=False)
class NewDependant:
    """A dependant as somebody typed it."""

    name: str
    born_on: date
    relation: Relation


@dataclass(frozen=True, slots=True, repr=False)
class DependantChanges:
    """What to change of a dependant, as it was typed."""

    name: str | Unchanged = UNCHANGED
    born_on: date | Unchanged = UNCHANGED
    relation: Relation | Unchanged = UNCHANGED
    needs: Needs | Unchanged = UNCHANGED


class KeepsOfDependants(Protocol):
    """Keeps something of a person's dependants, which goes when a dependant is removed."""

    async def dependant_removed(self, person_id: str, dependant_id: str) -> None:
        """Drop it; joins the open transaction."""
        ...


class Dependants:
    """Each person's own. Another person's dependant is not there.

    `keepers`: who must let go of what they keep of a dependant.
    """

    def __init__(
        self,
        store: Store,
        accounts: AccountRepository,
        dependants: DependantRepository,
        papers: IdentityPaperRepository,
        consents: ConsentCheck,
        keepers: Sequence[KeepsOfDependants],
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._keepers = keepers
        self._store = store
        self._accounts = accounts
        self._dependants = dependants
        self._papers = papers
        self._consents = consents
        self._idempotency = idempotency
        self._clock = clock

    async def all_of(self, caller: Caller) -> list[Dependant]:
        """Return the caller's dependants as they were added. Raises NotSignedIn."""
        return await self._dependants.all_of(caller.person())

    async def find(self, caller: Caller, dependant_id: str) -> Dependant | None:
        """Return a dependant of the caller's, None when there is none. Raises NotSignedIn."""
        return await self._dependants.of(caller.person(), dependant_id)

    async def add(self, caller: Caller, new: NewDependant, idempotency_key: str) -> Dependant:
        """Register somebody the caller acts for; the same call again answers the same.

        Raises NotSignedIn, InvalidName, InvalidBirthDate, NotAChild, TooManyDependants and
        IdempotencyProblem; NotFound for a replay after the dependant was removed.
        """
        person_id = caller.person()
        dependant = self._checked(self._dependant(person_id, new))

        async def work() -> dict[str, Any]:
            await self._count(person_id)
            await self._dependants.add(dependant)
            return {"dependant": dependant.id}

        asked = {"name": new.name, "born_on": new.born_on.isoformat(), "relation": new.relation}
        result = await self._idempotency.once(
            person_id, "addDependant", idempotency_key, asked, work
        )
        return await self._own(person_id, result["dependant"])

    async def update(
        self, caller: Caller, dependant_id: str, changes: DependantChanges
    ) -> Dependant:
        """Change what `changes` names; changes at the same moment all arrive.

        Raises NotSignedIn, NotFound, InvalidName, InvalidBirthDate, NotAChild, BirthDateDisagrees,
        NeedsConsentMissing.
        """
        person_id = caller.person()
        while True:
            seen = await self._own(person_id, dependant_id)
            changed = self._changed(seen, changes)
            await self._check_agreement(seen, changed)
            await self._check_consent(seen, changed)
            stored = await self._dependants.replace(changed)
            if stored is not None:
                return stored

    async def remove(self, caller: Caller, dependant_id: str) -> None:
        """Forget a dependant, their identity papers and what others keep of them.

        Raises NotSignedIn, NotFound.
        """
        person_id = caller.person()

        async def work() -> None:
            await self._own(person_id, dependant_id)
            if not await self._dependants.remove(person_id, dependant_id):
                raise NotFound
            await self._papers.remove_of_subject(person_id, dependant_id)
            await self._accounts.discount_dependants(person_id, 1)
            for keeper in self._keepers:
                await keeper.dependant_removed(person_id, dependant_id)

        await transact(self._store, work)

    async def _own(self, person_id: str, dependant_id: str) -> Dependant:
        dependant = await self._dependants.of(person_id, dependant_id)
        if dependant is None:
            raise NotFound
        return dependant

    async def _count(self, person_id: str) -> None:
        if await self._accounts.count_dependant(person_id, DEPENDANTS_AT_MOST):
            return
        account = await self._accounts.get(person_id)
        if account is None or account.is_leaving:
            raise NotSignedIn
        raise TooManyDependants(most=DEPENDANTS_AT_MOST)

    def _dependant(self, person_id: str, new: NewDependant) -> Dependant:
        return Dependant(
            id=new_id(),
            person_id=person_id,
            name=name_of(new.name),
            born_on=birth_date_of(new.born_on, self._today()),
            relation=new.relation,
            needs=frozenset(),
            created_at=self._clock(),
        )

    def _checked(self, dependant: Dependant) -> Dependant:
        if dependant.has_outgrown(self._today()):
            raise NotAChild(age=OF_AGE)
        return dependant

    def _changed(self, seen: Dependant, changes: DependantChanges) -> Dependant:
        changed = seen
        if changes.name is not UNCHANGED:
            changed = replace(changed, name=name_of(changes.name))
        if changes.needs is not UNCHANGED:
            changed = replace(changed, needs=changes.needs)
        if changes.born_on is not UNCHANGED:
            changed = replace(changed, born_on=birth_date_of(changes.born_on, self._today()))
        if changes.relation is not UNCHANGED:
            changed = replace(changed, relation=changes.relation)
        # Whoever has come of age meanwhile may still be given another name or need.
        is_same = (changed.born_on, changed.relation) == (seen.born_on, seen.relation)
        return changed if is_same else self._checked(changed)

    async def _check_agreement(self, seen: Dependant, changed: Dependant) -> None:
        # Whoever registers a number writes the dependant too: it cannot come in between unseen.
        if changed.born_on == seen.born_on:
            return
        if not agrees(changed.born_on, await self._papers.birth_year_of(seen.id)):
            raise BirthDateDisagrees

    async def _check_consent(self, seen: Dependant, changed: Dependant) -> None:
        # Whoever withdraws it writes the dependant too.
        if changed.needs <= seen.needs:
            return
        if not await self._consents.is_given(
            seen.person_id, ConsentPurpose.ACCESSIBILITY_NEEDS, seen.id
        ):
            raise NeedsConsentMissing

    def _today(self) -> date:
        return day_in_vietnam(self._clock())
