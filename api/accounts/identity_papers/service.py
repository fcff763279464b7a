from dataclasses import replace
from datetime import date

from api.accounts.caller import Caller
from api.accounts.errors import NotFound, NotSignedIn
from api.accounts.identity_papers.errors import NumberDisagrees, PapersConsentMissing
from api.accounts.identity_papers.numbers import IdentityPaperKind, agrees, identity_number_of
from api.accounts.identity_papers.repository import IdentityPaper, IdentityPaperRepository
from api.accounts.people.consents import ConsentCheck
from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.purposes import ConsentPurpose
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.store import Store, WriteConflict
from api.kit.transactions import transact


class IdentityPapers:
    """Each person's own papers and their dependants'. Kept with consent only."""

    def __init__(
        self,
        store: Store,
        accounts: AccountRepository,
        dependants: DependantRepository,
        papers: IdentityPaperRepository,
        consents: ConsentCheck,
        clock: Clock,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._dependants = dependants
        self._papers = papers
        self._consents = consents
        self._clock = clock

    async def put(
        self, caller: Caller, subject_id: str | None, kind: IdentityPaperKind, typed: str
    ) -> IdentityPaper:
        """Keep a paper of a dependant, or of the caller for None, in place of that kind's before.

        Raises NotSignedIn, NotFound, an AccountProblem for the number, NumberDisagrees,
        PapersConsentMissing.
        """
        person_id = caller.person()
        number = identity_number_of(kind, typed, day_in_vietnam(self._clock()))
        paper = IdentityPaper(person_id, subject_id or person_id, number, self._clock())

        async def work() -> IdentityPaper:
            if not agrees(await self._held_birth_date(paper), number.birth_year):
                raise NumberDisagrees
            if not await self._consents.is_given(
                person_id, ConsentPurpose.IDENTITY_PAPERS, paper.dependant_id
            ):
                raise PapersConsentMissing
            since = await self._papers.registered_at(paper)
            kept = replace(paper, registered_at=since or paper.registered_at)
            await self._papers.put(kept)
            return kept

        return await transact(self._store, work)

    async def remove(self, caller: Caller, subject_id: str | None, kind: IdentityPaperKind) -> None:
        """Forget a paper. Raises NotSignedIn, NotFound."""
        person_id = caller.person()
        if not await self._papers.remove(person_id, subject_id or person_id, kind):
            raise NotFound

    async def of_subjects(self, asked: list[tuple[Caller, str]]) -> list[list[IdentityPaper]]:
        """Return the papers of each subject that its caller registered, none of anybody else's.

        For a DataLoader. Raises NotSignedIn.
        """
        person_ids = {caller.person() for caller, _ in asked}
        registered = {each: await self._papers.all_of(each) for each in person_ids}
        return [
            [paper for paper in registered[caller.person()] if paper.subject_id == subject_id]
            for caller, subject_id in asked
        ]

    async def _held_birth_date(self, paper: IdentityPaper) -> date | None:
        """Return the subject's birth date, which cannot change until the transaction ends."""
        if not await self._accounts.hold(paper.person_id):
            raise NotSignedIn
        if paper.dependant_id is None:
            account = await self._accounts.get(paper.person_id)
            return account.profile.born_on if account else None
        dependant = await self._dependants.of(paper.person_id, paper.dependant_id)
        if dependant is None:
            raise NotFound
        if await self._dependants.replace(dependant) is None:
            raise WriteConflict
        return dependant.born_on
