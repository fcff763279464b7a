"""Who agreed to what (Law 91/2025/QH15, articles 9, 10 and 24), for every service to ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.accounts.errors import NotFound, UnknownLanguage
from api.accounts.privacy.consent_ledger import (
    Consent,
    ConsentAct,
    ConsentLedger,
    ConsentState,
)
from api.accounts.privacy.errors import DependantMustAgree, OutdatedConsent
from api.accounts.privacy.purposes import ConsentPurpose, ConsentText, current_texts, text_of
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.store import Store
from api.kit.transactions import transact
from locales import AVAILABLE

AGREES_FROM_AGE = 7


class AgesOfDependants(Protocol):
    """Knows for whom a person acts."""

    async def age_of(self, person_id: str, dependant_id: str, today: date) -> int | None:
        """Return the age in whole years, None for somebody who is no dependant of the person's."""
        ...


class RestsOnConsent(Protocol):
    """Keeps something only as long as somebody agrees to it."""

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Drop what rests on the consent; joins the open transaction. Another purpose is no concern.

        `subject_id`: the dependant it was about, None for the person.
        """
        ...


@dataclass(frozen=True, slots=True)
class GivenConsent:
    """What somebody agrees to. `version`, `language`: of the text as it was read."""

    purpose: ConsentPurpose
    version: int
    language: str
    subject_id: str | None
    dependant_agrees: bool


class Consents:
    """The ledger's rules. `resting`: whoever must let go when a consent is withdrawn."""

    def __init__(
        self,
        store: Store,
        ledger: ConsentLedger,
        dependants: AgesOfDependants,
        resting: Sequence[RestsOnConsent],
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._ledger = ledger
        self._dependants = dependants
        self._resting = resting
        self._idempotency = idempotency
        self._clock = clock

    async def is_given(self, person_id: str, purpose: str, subject_id: str | None = None) -> bool:
        """Tell whether a person agrees at this moment, for themselves or for a dependant.

        A child who has turned 7 since must have agreed too. Raises ValueError for no purpose of ours.
        """
        wanted = ConsentPurpose(purpose)
        newest = await self._ledger.newest(person_id, wanted, subject_id)
        if newest is None or not counts(newest):
            return False
        if subject_id is None:
            return True
        age = await self._dependants.age_of(person_id, subject_id, self._today())
        return age is not None and (age < AGREES_FROM_AGE or newest.dependant_agreed)

    async def of(self, caller: Caller) -> list[Consent]:
        """Return the caller's newest row of each subject and purpose. Raises NotSignedIn."""
        newest: dict[tuple[str | None, ConsentPurpose], Consent] = {}
        for row in await self._ledger.all_of(caller.person()):
            key = row.subject_id, row.purpose
            if key not in newest or newest[key].number < row.number:
                newest[key] = row
        return list(newest.values())

    async def give(self, caller: Caller, given: GivenConsent, idempotency_key: str) -> Consent:
        """Write down that the caller agrees; nothing new when they do already.

        Raises NotSignedIn, OutdatedConsent, UnknownLanguage, NotFound for a dependant that is not
        the caller's, DependantMustAgree, and IdempotencyProblem.
        """
        person_id = caller.person()
        text = _agreed_text(given)
        await self._check_subject(person_id, given)
        act = ConsentAct(
            state=ConsentState.GIVEN,
            text=text,
            subject_id=given.subject_id,
            dependant_agreed=given.subject_id is not None and given.dependant_agrees,
            session_id=caller.session_id,
            at=self._clock(),
        )

        async def work() -> dict[str, Any]:
            newest = await self._ledger.newest(person_id, given.purpose, given.subject_id)
            if newest is None or not _is_same(newest, act):
                newest = await self._ledger.append(person_id, act)
            return {"row": newest.id}

        asked = {
            "purpose": given.purpose.value,
            "text": text.digest,
            "subject": given.subject_id,
            "dependant_agreed": act.dependant_agreed,
        }
        result = await self._idempotency.once(
            person_id, "giveConsent", idempotency_key, asked, work
        )
        # A lost answer asked for again tells what holds now: it may have been withdrawn since.
        newest = await self._ledger.newest(person_id, given.purpose, given.subject_id)
        return newest or await self._row(result["row"])

    async def withdraw(
        self, caller: Caller, purpose: ConsentPurpose, subject_id: str | None, language: str
    ) -> Consent:
        """Write down that the caller does not agree, and drop what rests on it, in one step.

        Again and again answers the same. Raises NotSignedIn, and NotFound for a dependant that
        never was the caller's.
        """
        person_id = caller.person()

        async def work() -> Consent:
            newest = await self._ledger.newest(person_id, purpose, subject_id)
            if newest is None and subject_id is not None:
                await self._age(person_id, subject_id)
            if newest is None or newest.state is ConsentState.GIVEN:
                text = _text_refused(purpose, newest, language)
                act = ConsentAct(
                    ConsentState.WITHDRAWN,
                    text,
                    subject_id,
                    dependant_agreed=False,
                    session_id=caller.session_id,
                    at=self._clock(),
                )
                newest = await self._ledger.append(person_id, act)
            for holder in self._resting:
                await holder.consent_withdrawn(person_id, subject_id, purpose)
            return newest

        return await transact(self._store, work)

    async def _check_subject(self, person_id: str, given: GivenConsent) -> None:
        if given.subject_id is None:
            return
        age = await self._age(person_id, given.subject_id)
        if age >= AGREES_FROM_AGE and not given.dependant_agrees:
            raise DependantMustAgree(age=AGREES_FROM_AGE)

    async def _age(self, person_id: str, subject_id: str) -> int:
        age = await self._dependants.age_of(person_id, subject_id, self._today())
        if age is None:
            raise NotFound
        return age

    async def _row(self, row_id: str) -> Consent:
        row = await self._ledger.get(row_id)
        if row is None:
            raise NotFound
        return row

    def _today(self) -> date:
        return day_in_vietnam(self._clock())


def counts(row: Consent) -> bool:
    """Tell whether a row, the newest, still stands for what is done today."""
    since = next(iter(current_texts(row.purpose).values())).counts_since
    return row.state is ConsentState.GIVEN and row.version >= since


def _agreed_text(given: GivenConsent) -> ConsentText:
    """Return the text that was read. Raises UnknownLanguage, OutdatedConsent."""
    text = current_texts(given.purpose).get(given.language)
    if text is None:
        raise UnknownLanguage(languages=", ".join(AVAILABLE))
    if text.version != given.version:
        raise OutdatedConsent
    return text


def _is_same(newest: Consent, act: ConsentAct) -> bool:
    return (
        newest.state is act.state
        and newest.version == act.text.version
        and newest.dependant_agreed is act.dependant_agreed
    )


def _text_refused(purpose: ConsentPurpose, newest: Consent | None, language: str) -> ConsentText:
    """Return what was agreed to before, else what could be, in the language of whoever says no."""
    version = newest.version if newest else current_texts(purpose)[language].version
    return text_of(purpose, version, language)
