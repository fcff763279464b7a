from dataclasses import dataclass, replace
from datetime import date

from api.accounts.caller import Caller
from api.accounts.devices.requests import our_language
from api.accounts.errors import NotSignedIn
from api.accounts.identity_papers.numbers import agrees
from api.accounts.identity_papers.repository import IdentityPaperRepository
from api.accounts.people.consents import ConsentCheck
from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.errors import BirthDateDisagrees, NeedsConsentMissing
from api.accounts.people.personal_details import Needs, birth_date_of, name_of
from api.accounts.people.repository import Account, AccountRepository
from api.accounts.privacy.purposes import ConsentPurpose
from api.kit.changes import UNCHANGED, Unchanged
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam


@dataclass(frozen=True, slots=True, repr=False)
class ProfileChanges:
    """What to change of a profile, as it was typed. `language`: a BCP 47 tag."""

    name: str | Unchanged | None = UNCHANGED
    born_on: date | Unchanged | None = UNCHANGED
    language: str | Unchanged = UNCHANGED
    needs: Needs | Unchanged = UNCHANGED


class People:
    """People, and what they tell of themselves."""

    def __init__(
        self,
        accounts: AccountRepository,
        dependants: DependantRepository,
        papers: IdentityPaperRepository,
        consents: ConsentCheck,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._dependants = dependants
        self._papers = papers
        self._consents = consents
        self._clock = clock

    async def account_of(self, caller: Caller) -> Account | None:
        """Return the caller's account; None for nobody in particular."""
        return await self._accounts.get(caller.person_id) if caller.person_id else None

    async def update_profile(self, caller: Caller, changes: ProfileChanges) -> Account:
        """Change what `changes` names; changes at the same moment all arrive.

        Raises NotSignedIn, UnknownLanguage, InvalidName, InvalidBirthDate, BirthDateDisagrees and
        NeedsConsentMissing.
        """
        caller.person()
        while True:
            seen = await self.account_of(caller)
            if seen is None or seen.is_leaving:
                raise NotSignedIn
            changed = self._changed(seen, changes)
            await self._check_agreement(seen, changed)
            await self._check_consent(seen, changed)
            stored = await self._accounts.replace(changed)
            if stored is not None:
                return stored

    def _changed(self, account: Account, changes: ProfileChanges) -> Account:
        profile = account.profile
        if changes.name is not UNCHANGED:
            profile = replace(profile, name=None if changes.name is None else name_of(changes.name))
        if changes.born_on is not UNCHANGED:
            profile = replace(profile, born_on=self._born_on(changes.born_on))
        if changes.needs is not UNCHANGED:
            profile = replace(profile, needs=changes.needs)
        if changes.language is not UNCHANGED:
            account = replace(account, language=our_language(changes.language))
        return replace(account, profile=profile)

    def _born_on(self, stated: date | None) -> date | None:
        return None if stated is None else birth_date_of(stated, self._today())

    async def _check_agreement(self, seen: Account, changed: Account) -> None:
        # Whoever registers a number writes the account too: it cannot come in between unseen.
        born_on = changed.profile.born_on
        if born_on is None or born_on == seen.profile.born_on:
            return
        if not agrees(born_on, await self._papers.birth_year_of(seen.id)):
            raise BirthDateDisagrees

    async def _check_consent(self, seen: Account, changed: Account) -> None:
        # Whoever withdraws it writes the account too.
        if changed.profile.needs <= seen.profile.needs:
            return
        if not await self._consents.is_given(seen.id, ConsentPurpose.ACCESSIBILITY_NEEDS):
            raise NeedsConsentMissing

    def _today(self) -> date:
        return day_in_vietnam(self._clock())
