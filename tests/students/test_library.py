"""Books on the card: lent once, back by their code, told when they are overdue."""

import asyncio
from datetime import date, timedelta

import pytest

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.credentials.scans.records import ScanPurpose
from api.kit.ids import new_id
from api.students.cards.errors import DeskTicketNotFound
from api.students.errors import PupilNotFound
from api.students.library.errors import (
    DueDateNotUnderstood,
    ItemLent,
    ItemNotUnderstood,
    LoanNotFound,
    TooManyLoans,
)
from api.students.library.loans import LOANS, Loan, LoanState
from api.students.notices.preferences import News, Wish
from api.students.pupils.repository import PupilRepository
from tests.accounts.people import new_key
from tests.students.school import ELSEWHERE, SCHOOL
from tests.students.school_days import MONDAY, SchoolDay

ELSEWHERE_KEEPER = Caller(
    new_id(), new_id(), frozenset({Grant(Role.GATEKEEPER, Scope(ScopeKind.SCHOOL, ELSEWHERE))})
)


async def shown(school: SchoolDay, name: str = "lan") -> str:
    return (await school.scan(name, ScanPurpose.LOAN)).id


async def lend(
    school: SchoolDay, scan_id: str, item: str = "SGK-0417", due_on: date | None = None
) -> Loan:
    books = school.services.students.books
    return await books.lend(school.keeper, scan_id, item, due_on, new_key())


async def test_a_book_is_lent_seen_and_brought_back(school: SchoolDay) -> None:
    books, lan = school.services.students.books, school.pupils["lan"]

    loan = await lend(school, await shown(school), " sgk-0417 ")
    (seen,) = await books.of_pupil(school.mother, lan)
    back = await books.give_back(school.keeper, SCHOOL, "SGK-0417")

    assert (loan.item, loan.due_on) == ("SGK-0417", MONDAY + timedelta(days=14))
    assert seen == loan
    assert (back.id, back.state) == (loan.id, LoanState.RETURNED)
    with pytest.raises(LoanNotFound):
        await books.give_back(school.keeper, SCHOOL, "SGK-0417")


async def test_one_book_is_lent_to_one_pupil(school: SchoolDay) -> None:
    await lend(school, await shown(school))

    with pytest.raises(ItemLent):
        await lend(school, await shown(school, "bao"))
    await school.services.students.books.give_back(school.office, SCHOOL, "SGK-0417")
    again = await lend(school, await shown(school, "bao"))

    assert again.pupil_id == school.pupils["bao"]


async def test_one_scan_lends_a_stack_of_at_most_five(school: SchoolDay) -> None:
    scan_id = await shown(school)
    for number in range(5):
        await lend(school, scan_id, f"B{number}")

    with pytest.raises(TooManyLoans):
        await lend(school, scan_id, "B5")

    assert await school.services.store[LOANS].count({}) == 5


async def the_last_place_at_two_desks(school: SchoolDay) -> None:
    scan_id = await shown(school)
    for number in range(4):
        await lend(school, scan_id, f"B{number}")
    await asyncio.gather(
        lend(school, scan_id, "B8"), lend(school, scan_id, "B9"), return_exceptions=True
    )


async def test_of_two_desks_at_once_one_lends_the_fifth_book(school: SchoolDay) -> None:
    await the_last_place_at_two_desks(school)

    assert await school.services.store[LOANS].count({}) == 5


async def test_each_loan_writes_the_pupil_so_that_engines_with_snapshots_see_it(
    school: SchoolDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedded engine has one writer, and would pass without: so what guards is looked at."""
    held: list[str] = []
    real = PupilRepository.hold

    async def noting(self: PupilRepository, pupil_id: str) -> bool:
        held.append(pupil_id)
        return await real(self, pupil_id)

    monkeypatch.setattr(PupilRepository, "hold", noting)

    await lend(school, await shown(school))

    assert held == [school.pupils["lan"]]


@pytest.mark.parametrize("item", ["", "  ", "-1", "a b", "Sách", "B" * 41, "$gt"])
async def test_what_is_no_code_is_refused(school: SchoolDay, item: str) -> None:
    scan_id = await shown(school)

    with pytest.raises(ItemNotUnderstood):
        await lend(school, scan_id, item)

    assert await school.services.store[LOANS].count({}) == 0


@pytest.mark.parametrize("days", [0, -1, 61])
async def test_a_book_is_lent_for_a_day_to_two_months(school: SchoolDay, days: int) -> None:
    scan_id = await shown(school)

    with pytest.raises(DueDateNotUnderstood):
        await lend(school, scan_id, due_on=MONDAY + timedelta(days=days))

    assert await school.services.store[LOANS].count({}) == 0


async def test_a_lost_book_is_given_up(school: SchoolDay) -> None:
    await lend(school, await shown(school))

    lost = await school.services.students.books.give_up(school.office, SCHOOL, "SGK-0417")

    assert lost.state is LoanState.LOST


async def test_an_overdue_book_is_told_once_and_one_that_is_back_is_not(
    school: SchoolDay,
) -> None:
    wishing, lan = school.services.students.wishing, school.pupils["lan"]
    await wishing.put(school.mother, lan, {News.LIBRARY: Wish.NOW}, ["en"])
    tuesday = MONDAY + timedelta(days=1)
    scan_id = await shown(school)
    await lend(school, scan_id, "B1", tuesday)
    await lend(school, scan_id, "B2", tuesday)
    await school.services.students.books.give_back(school.keeper, SCHOOL, "B2")
    school.is_now("07:31", MONDAY + timedelta(days=2))
    await school.work()

    told = await school.told()
    assert told.count("Your child in class 2A has a library book that is overdue.") == 1
    assert told.count("Your child in class 2A borrowed a book from the library.") == 2
    assert told.count("Your child in class 2A brought a book back to the library.") == 1


async def test_only_desks_of_the_school_and_her_own_people_have_a_say(school: SchoolDay) -> None:
    books = school.services.students.books
    scan_id = await shown(school)

    for caller in (ELSEWHERE_KEEPER, school.mother):
        with pytest.raises(DeskTicketNotFound):
            await books.lend(caller, scan_id, "B1", None, new_key())
    await lend(school, scan_id, "B1")
    for caller in (ELSEWHERE_KEEPER, school.mother):
        with pytest.raises(NotAllowed):
            await books.give_back(caller, SCHOOL, "B1")
    for caller, name in ((ELSEWHERE_KEEPER, "lan"), (school.mother, "bao"), (school.keeper, "lan")):
        with pytest.raises(PupilNotFound):
            await books.of_pupil(caller, school.pupils[name])

    assert await school.services.store[LOANS].count({"is_out": True}) == 1
