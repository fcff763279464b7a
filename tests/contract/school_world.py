"""The school of the authorization matrix: a pupil, her guardian, and everybody who has no say in her."""

from dataclasses import dataclass

import httpx

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.context import Services
from api.credentials.gates.records import Gate
from api.credentials.records import CredentialKind
from api.credentials.scans.records import Scan, ScanPurpose
from api.kit.ids import new_id
from api.students.canteen.leaving import meal_money_of
from api.wallet.ledger.records import AccountKind, NewTransfer, Owner, TransferKind
from tests.accounts.families import caller_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.conftest import MovableClock
from tests.credentials.cards import a_gate, a_scan
from tests.students import school as schools
from tests.students.school import BAO, LAN, MAI, SCHOOL
from tests.students.test_calendars import put as put_calendar

THERE = schools.ELSEWHERE
SCOPE = Scope(ScopeKind.SCHOOL, SCHOOL)


@dataclass(frozen=True, slots=True)
class SchoolThings:
    """What rows name. The pupil is in 2A; the guardian is invited to follow another one besides."""

    pupil_id: str
    class_id: str
    class_there: str
    guardianship_id: str
    waiting_id: str
    invitation_id: str
    child_id: str
    digest: str
    desk_id: str
    meal_scan_id: str
    meal_id: str
    """Of one that was paid."""
    loan_scan_id: str
    lent: str
    offer_id: str


async def school_things(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    *,
    clerk: SignedInPerson,
    clerk_there: SignedInPerson,
    guardian: SignedInPerson,
    other: SignedInPerson,
) -> SchoolThings:
    """Let a school have pupils, cards, a calendar and guardians, as the actors of the matrix."""
    await schools.enrolled(client, services, clerk, clock, LAN, BAO, MAI)
    await schools.enrolled(client, services, clerk_there, clock, MAI, school=THERE)
    await put_calendar(client, clerk)
    ids = {number: pupil.id for number, pupil in (await schools.pupils_at(services)).items()}
    lan, bao, mai = ids["2411000001"], ids["2411000002"], ids["2411000003"]
    office = await caller_of(services, clerk)
    for name in ("2A", "3B"):
        class_id = schools.class_id_of(name)
        await services.students.cards.issue(office, SCHOOL, class_id, new_key())
    guardianship = await _follows(client, services, clerk, guardian, lan)
    await _follows(client, services, clerk, other, mai, bornOn="2017-09-01")
    aunt = await signed_in(client, services, "aunt@example.com")
    waiting = await schools.waiting(client, services, clerk, aunt, lan)
    invited = await schools.invite(client, clerk, bao, guardian.address)
    child_id = await schools.a_child(client, services, guardian, bornOn="2017-11-17")
    await _money(services, lan)
    desk = await a_gate(services.credentials, SCOPE)
    for_meal, paid = [await _shown(services, desk, lan, ScanPurpose.MEAL) for _ in range(2)]
    for_loan = await _shown(services, desk, lan, ScanPurpose.LOAN)
    meal = await services.students.canteen.pay(_keeper(), paid.id, 25_000, new_key())
    books = services.students.books
    await books.lend(_keeper(), for_loan.id, "LENT-1", None, new_key())
    checked = await schools.check(client, clerk, schools.csv_of(LAN, BAO))
    transferring = services.students.transferring
    return SchoolThings(
        pupil_id=lan,
        class_id=schools.class_id_of("2A"),
        class_there=schools.class_id_of("3B", THERE),
        guardianship_id=guardianship,
        waiting_id=waiting["id"],
        invitation_id=invited["invitation"]["id"],
        child_id=child_id,
        digest=checked.json()["digest"],
        desk_id=desk.id,
        meal_scan_id=for_meal.client_id,
        meal_id=meal.id,
        loan_scan_id=for_loan.client_id,
        lent="LENT-1",
        offer_id=await transferring.offer(office, bao, THERE, new_key()),
    )


def _keeper() -> Caller:
    return Caller(new_id(), new_id(), frozenset({Grant(Role.GATEKEEPER, SCOPE)}))


async def _follows(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    guardian: SignedInPerson,
    pupil_id: str,
    bornOn: str = "2018-03-05",  # noqa: N803 - as the contract has it
) -> str:
    """Let somebody follow a pupil, confirmed; return the guardianship."""
    invited = await schools.invite(client, clerk, pupil_id, guardian.address)
    child = await schools.a_child(client, services, guardian, bornOn=bornOn)
    accepted = await schools.accept(client, guardian, invited["invitation"]["id"], child)
    confirmed = await schools.confirm(client, clerk, accepted["guardianship"]["id"])
    return str(confirmed["guardianship"]["id"])


async def _money(services: Services, pupil_id: str) -> None:
    """Put 50,000 đồng on the pupil's card."""
    ledger = services.wallet.ledger
    bank = await ledger.open_account(Owner("test", "bank"), AccountKind.BANK)
    card = await ledger.open_account(meal_money_of(pupil_id), AccountKind.CARD)
    await ledger.transfer(NewTransfer(new_id(), TransferKind.TOP_UP, bank.id, card.id, 50_000))


async def _shown(services: Services, gate: Gate, pupil_id: str, purpose: ScanPurpose) -> Scan:
    """Show the pupil's card at the desk."""
    credentials = services.credentials
    card = await credentials.issuing.of_subject(CredentialKind.STUDENT_CARD, pupil_id)
    assert card is not None
    token = (await credentials.staffing.printed(card)).token
    asked = a_scan(token, purpose=purpose, confirmed=True)
    return await credentials.scanning.scan(_keeper(), gate.id, asked)
