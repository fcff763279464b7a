"""Officers of agencies and what they write, as tests need them."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import count

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.accounts.staff.grants import ADMINISTRATION
from api.alerts.composing.draft import Content, Draft, DraftKind, Purpose
from api.alerts.composing.issuing import Seen
from api.context import Services
from api.kit.ids import new_id
from api.tourism.content_files import SHIPPED_CONTENT, read_content
from api.tourism.documents import commune_document
from api.tourism.repository import COMMUNES
from tests.alerts.messages import SA_PA_CODE
from tests.conftest import NOW

CIVIL_DEFENCE = "civil-defence"
HYDROMET = "hydromet"
CONFIRMATION = "Phường Sa Pa"
BAC_HA_CODE = "02839"
_KEYS = count(1)

CONTENT = Content(
    hazard="flash-flood",
    level="3",
    expires=NOW + timedelta(hours=6),
    communes=(SA_PA_CODE,),
    slots={"rain": "120", "hours": "3"},
)
MINOR = replace(CONTENT, level="2")


def a_key() -> str:
    """Return an idempotency key that was not used before."""
    return f"key-of-a-draft-{next(_KEYS):06}"


async def a_person(services: Services, *grants: Grant) -> Caller:
    """Add somebody who holds these roles, signed in."""
    person_id = new_id()
    await AccountRepository(services.store, services.sealer).add(
        Account(person_id, "vi", Profile(), frozenset(grants), NOW)
    )
    return Caller(person_id, new_id(), frozenset(grants))


async def an_author(services: Services, agency_id: str = CIVIL_DEFENCE) -> Caller:
    return await a_person(services, _role(Role.ALERT_AUTHOR, agency_id))


async def an_approver(services: Services, agency_id: str = CIVIL_DEFENCE) -> Caller:
    return await a_person(services, _role(Role.ALERT_APPROVER, agency_id))


async def both_in_one(services: Services, agency_id: str = CIVIL_DEFENCE) -> Caller:
    """Add somebody who may write and approve."""
    return await a_person(
        services, _role(Role.ALERT_AUTHOR, agency_id), _role(Role.ALERT_APPROVER, agency_id)
    )


async def an_administrator(services: Services) -> Caller:
    return await a_person(services, ADMINISTRATION)


def _role(role: Role, agency_id: str) -> Grant:
    return Grant(role, Scope(ScopeKind.AGENCY, agency_id))


@dataclass(slots=True)
class AlertDesk:
    """The desk of the civil defence: who writes, who approves, and what both do."""

    services: Services
    author: Caller
    approver: Caller
    agency_id: str = CIVIL_DEFENCE
    issued: list[Draft] = field(default_factory=list[Draft])

    async def compose(self, content: Content = CONTENT, purpose: Purpose = Purpose.ACTUAL) -> Draft:
        drafting = self.services.composing.drafting
        return await drafting.compose(self.author, self.agency_id, purpose, content, a_key())

    async def update(self, alert_id: str | None, content: Content) -> Draft:
        assert alert_id is not None
        drafting = self.services.composing.drafting
        return await drafting.update(self.author, self.agency_id, alert_id, content, a_key())

    async def end(self, alert_id: str | None, kind: DraftKind) -> Draft:
        assert alert_id is not None
        drafting = self.services.composing.drafting
        return await drafting.end(self.author, self.agency_id, alert_id, kind, a_key())

    async def submit(self, draft: Draft) -> Draft:
        return await self.services.composing.issuing.submit(self.author, seen(draft))

    async def approve(
        self, draft: Draft, approver: Caller | None = None, confirmation: str = CONFIRMATION
    ) -> Draft:
        issuing = self.services.composing.issuing
        return await issuing.approve(approver or self.approver, seen(draft), confirmation)

    async def issue(self, draft: Draft) -> Draft:
        """Go the whole way of a severe draft."""
        return await self.approve(await self.submit(draft))

    async def kept(self, draft: Draft) -> Draft:
        """Return the draft as it is kept now."""
        found = await self.services.composing.drafting.get(self.author, self.agency_id, draft.id)
        assert found is not None
        return found


def seen(draft: Draft) -> Seen:
    """Return how somebody names the draft they look at."""
    return Seen(draft.agency_id, draft.id, draft.digest)


async def add_communes(services: Services) -> None:
    """Put the communes that warnings name into the store."""
    shipped = read_content(SHIPPED_CONTENT).communes
    named = [one for one in shipped if one.code in (SA_PA_CODE, BAC_HA_CODE)]
    for commune in named:
        await services.store[COMMUNES].upsert(commune_document(commune))


async def a_desk(services: Services, agency_id: str = CIVIL_DEFENCE) -> AlertDesk:
    return AlertDesk(
        services,
        await an_author(services, agency_id),
        await an_approver(services, agency_id),
        agency_id,
    )
