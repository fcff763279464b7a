"""Clerks find the people behind the number of an identity paper; each read leaves its row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto

from api.accounts.caller import Caller, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.identity_papers.numbers import (
    IdentityNumber,
    IdentityPaperKind,
    identity_number_of,
)
from api.accounts.identity_papers.repository import IdentityPaper, IdentityPaperRepository
from api.accounts.people.consents import ConsentCheck
from api.accounts.people.dependant_repository import DependantRepository
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.purposes import ConsentPurpose
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.store import Store
from api.kit.transactions import transact

HOLDERS_AT_MOST = 20
_PAPERS_READ_AT_MOST = 200
"""One account may have registered the number for several people, or not consent any more."""
_INDEX_CHARACTERS = 12
_ACTION = "identity_paper.looked_up"
_PLACES = frozenset({ScopeKind.FACILITY, ScopeKind.SCHOOL})
"""Where papers are shown at a counter; clerks of agencies have reports, and no need of them."""


class ReadReason(StrEnum):
    """Why a clerk looks somebody up; goes into the audit log."""

    BOOKING = auto()
    ADMISSION = auto()
    ENROLMENT = auto()
    SUPPORT = auto()


@dataclass(frozen=True, slots=True, repr=False)
class PaperHolder:
    """Somebody who has a paper: `id` is a person's, or a dependant's. Of themselves people may keep silent."""

    id: str
    name: str | None
    born_on: date | None
    number: IdentityNumber


@dataclass(frozen=True, slots=True, repr=False)
class FoundHolders:
    """`is_truncated`: there may be more of them than are told."""

    holders: tuple[PaperHolder, ...]
    is_truncated: bool


@dataclass(frozen=True, slots=True, repr=False)
class _Reading:
    actor: str
    scopes: frozenset[Scope]
    number_index: str
    number: IdentityNumber
    reason: ReadReason


class IdentityLookup:
    """Looks papers up by their number, for clerks of any facility or school."""

    def __init__(
        self,
        store: Store,
        accounts: AccountRepository,
        dependants: DependantRepository,
        papers: IdentityPaperRepository,
        consents: ConsentCheck,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._dependants = dependants
        self._papers = papers
        self._consents = consents
        self._audit = audit
        self._clock = clock

    async def find(
        self, caller: Caller, kind: IdentityPaperKind, typed: str, reason: ReadReason
    ) -> FoundHolders:
        """Return whoever registered this number and consents, once it stands in the audit log.

        Of each account one: the person before their dependants. Those whose own number it is come
        first, so that nobody can hide them behind made-up relatives.
        Raises NotSignedIn, NotAllowed, or an AccountProblem for what cannot be such a number.
        """
        scopes = _places(caller)
        number = identity_number_of(kind, typed, day_in_vietnam(self._clock()))
        reading = _Reading(caller.person(), scopes, self._papers.index(number), number, reason)

        async def work() -> FoundHolders:
            found = await self._found(number)
            for entry in _entries(reading, found.holders):
                await self._audit.append(entry)
            return found

        return await transact(self._store, work)

    async def _found(self, number: IdentityNumber) -> FoundHolders:
        papers = await self._papers.with_number(number, _PAPERS_READ_AT_MOST)
        of_accounts: dict[str, PaperHolder] = {}
        for paper in papers:
            if paper.person_id not in of_accounts and (holder := await self._holder(paper)):
                of_accounts[paper.person_id] = holder
        holders = tuple(of_accounts.values())
        is_truncated = len(holders) > HOLDERS_AT_MOST or len(papers) == _PAPERS_READ_AT_MOST
        return FoundHolders(holders[:HOLDERS_AT_MOST], is_truncated)

    async def _holder(self, paper: IdentityPaper) -> PaperHolder | None:
        account = await self._accounts.get(paper.person_id)
        if account is None or account.is_leaving:
            return None
        if not await self._consents.is_given(
            paper.person_id, ConsentPurpose.IDENTITY_PAPERS, paper.dependant_id
        ):
            return None
        if paper.dependant_id is None:
            told = account.profile
            return PaperHolder(account.id, told.name, told.born_on, paper.number)
        dependant = await self._dependants.of(account.id, paper.dependant_id)
        if dependant is None:
            return None
        return PaperHolder(dependant.id, dependant.name, dependant.born_on, paper.number)


def _places(caller: Caller) -> frozenset[Scope]:
    """Return the facilities and schools whose clerk it is. Raises NotSignedIn, NotAllowed."""
    held = caller.require_any(Role.CLERK)
    places = frozenset(scope for scope in held if scope.kind in _PLACES)
    if not places:
        raise NotAllowed
    return places


def _entries(reading: _Reading, holders: Sequence[PaperHolder]) -> Iterator[AuditEntry]:
    """Yield a row for each person who is shown, or one for the number when nobody is."""
    index = reading.number_index[:_INDEX_CHARACTERS]
    for subject in [holder.id for holder in holders] or [f"identity_number:{index}"]:
        yield AuditEntry(
            actor=reading.actor,
            action=_ACTION,
            subject=subject,
            scope=" ".join(sorted(map(str, reading.scopes))),
            details={
                "kind": reading.number.kind.value,
                "number_index": index,
                "reason": reading.reason.value,
                "found": len(holders),
            },
        )
