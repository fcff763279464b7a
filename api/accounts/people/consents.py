"""What of people rests on consents, and goes when one is withdrawn."""

from dataclasses import replace
from typing import Protocol

from api.accounts.identity_papers.repository import IdentityPaperRepository
from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.purposes import ConsentPurpose
from api.kit.store import WriteConflict


class ConsentCheck(Protocol):
    """Tells whether a person consents to a purpose at this moment."""

    async def is_given(self, person_id: str, purpose: str, subject_id: str | None = None) -> bool:
        """`subject_id`: the dependant it is about, None for the person."""
        ...


class PapersRestOnConsent:
    def __init__(self, accounts: AccountRepository, papers: IdentityPaperRepository) -> None:
        self._accounts = accounts
        self._papers = papers

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Remove the subject's papers; joins the open transaction."""
        if purpose is not ConsentPurpose.IDENTITY_PAPERS:
            return
        # Whoever registers a paper holds the account too, so none can come in beside this.
        await self._accounts.hold(person_id)
        await self._papers.remove_of_subject(person_id, subject_id or person_id)


class NeedsRestOnConsent:
    def __init__(self, accounts: AccountRepository, dependants: DependantRepository) -> None:
        self._accounts = accounts
        self._dependants = dependants

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Forget what the subject needs; joins the open transaction. Raises WriteConflict."""
        if purpose is not ConsentPurpose.ACCESSIBILITY_NEEDS:
            return
        # Written though there may be no needs: whoever adds some at this moment has to look again.
        if subject_id is None:
            await self._forget_own(person_id)
        else:
            await self._forget_of_dependant(person_id, subject_id)

    async def _forget_own(self, person_id: str) -> None:
        account = await self._accounts.get(person_id)
        if account is None:
            return
        without = replace(account, profile=replace(account.profile, needs=frozenset()))
        if await self._accounts.replace(without) is None:
            raise WriteConflict

    async def _forget_of_dependant(self, person_id: str, dependant_id: str) -> None:
        dependant = await self._dependants.of(person_id, dependant_id)
        if dependant is None:
            return
        if await self._dependants.replace(replace(dependant, needs=frozenset())) is None:
            raise WriteConflict
