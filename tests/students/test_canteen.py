"""Meals on the card: a guardian's money, her limit, and one payment for each card that was shown."""

import asyncio

import pytest

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.credentials.scans.records import ScanPurpose
from api.kit.ids import new_id
from api.students.canteen.errors import (
    AmountNotUnderstood,
    DailyAmountNotUnderstood,
    MealLimitReached,
    MealNotFound,
    MoneyMissing,
    MoreThanPaid,
)
from api.students.canteen.service import Meal
from api.students.cards.desk import DESK_TICKETS
from api.students.cards.errors import DeskTicketNotFound
from api.students.errors import PupilNotFound
from api.students.notices.preferences import News, Wish
from api.wallet import owners
from api.wallet.ledger.records import AccountKind, NewTransfer, Owner, TransferKind
from tests.accounts.people import new_key
from tests.accounts.staff import noted
from tests.students.school import ELSEWHERE, SCHOOL
from tests.students.school_days import MONDAY, SchoolDay

MEAL = ScanPurpose.MEAL
CANTEEN = owners.institution(Scope(ScopeKind.SCHOOL, SCHOOL))


async def with_money(school: SchoolDay, amount: int, on_card: int = 0) -> None:
    """Give the mother money, and put some of it on Lan's card."""
    ledger = school.services.wallet.ledger
    bank = await ledger.open_account(Owner("test", "bank"), AccountKind.BANK)
    hers = await ledger.open_account(owners.person(school.mother.person()), AccountKind.PERSON)
    await ledger.transfer(NewTransfer(new_id(), TransferKind.TOP_UP, bank.id, hers.id, amount))
    if on_card:
        await school.services.students.canteen.top_up(
            school.mother, school.pupils["lan"], on_card, new_key()
        )


async def shown(school: SchoolDay, name: str = "lan") -> str:
    """Show a card at the canteen's desk, and return what opens it."""
    return (await school.scan(name, MEAL)).id


async def pay(school: SchoolDay, scan_id: str, amount: int, key: str | None = None) -> Meal:
    canteen = school.services.students.canteen
    return await canteen.pay(school.keeper, scan_id, amount, key or new_key())


async def earned(school: SchoolDay) -> int:
    balance = await school.services.wallet.ledger.balance(CANTEEN, AccountKind.MERCHANT)
    return balance.balance


async def test_a_meal_is_paid_from_what_a_guardian_put_on_the_card(school: SchoolDay) -> None:
    await with_money(school, 200_000, on_card=100_000)

    meal = await pay(school, await shown(school), 25_000)

    money = await school.services.students.canteen.money(school.mother, school.pupils["lan"])
    assert meal.amount == 25_000
    assert (money.balance, money.spent_today, await earned(school)) == (75_000, 25_000, 25_000)
    hers = await school.services.wallet.ledger.balance(
        owners.person(school.mother.person()), AccountKind.PERSON
    )
    assert hers.balance == 100_000


async def test_the_daily_limit_holds_for_a_day(school: SchoolDay) -> None:
    canteen, lan = school.services.students.canteen, school.pupils["lan"]
    await with_money(school, 200_000, on_card=100_000)
    await canteen.allow(school.mother, lan, 40_000)
    await pay(school, await shown(school), 25_000)
    scan_id = await shown(school)

    with pytest.raises(MealLimitReached):
        await pay(school, scan_id, 15_001)
    unchanged = await canteen.money(school.mother, lan)
    await pay(school, scan_id, 15_000)
    school.clock.advance(days=1)
    await pay(school, await shown(school), 40_000)

    assert unchanged.balance == 75_000
    assert await earned(school) == 80_000


@pytest.mark.parametrize("a_day", [-1, 100_000_001])
async def test_a_limit_is_no_less_than_nothing(school: SchoolDay, a_day: int) -> None:
    canteen, lan = school.services.students.canteen, school.pupils["lan"]

    with pytest.raises(DailyAmountNotUnderstood) as refused:
        await canteen.allow(school.mother, lan, a_day)

    assert refused.value.field == "aDay"
    assert (await canteen.money(school.mother, lan)).a_day is None


async def test_a_limit_of_nothing_and_no_limit(school: SchoolDay) -> None:
    canteen, lan = school.services.students.canteen, school.pupils["lan"]
    await with_money(school, 100_000, on_card=100_000)
    await canteen.allow(school.mother, lan, 0)
    scan_id = await shown(school)

    with pytest.raises(MealLimitReached):
        await pay(school, scan_id, 1_000)
    money = await canteen.allow(school.mother, lan, None)
    await pay(school, scan_id, 100_000)

    assert money.a_day is None
    assert await earned(school) == 100_000


async def test_what_is_not_on_the_card_is_not_spent(school: SchoolDay) -> None:
    await with_money(school, 10_000, on_card=10_000)
    scan_id = await shown(school)

    with pytest.raises(MoneyMissing):
        await pay(school, scan_id, 10_001)
    for amount in (0, -1, 100_000_001):
        with pytest.raises(AmountNotUnderstood):
            await pay(school, scan_id, amount)
    with pytest.raises(MoneyMissing):
        await school.services.students.canteen.top_up(
            school.mother, school.pupils["lan"], 1, new_key()
        )

    assert await earned(school) == 0
    assert await school.services.store[DESK_TICKETS].count({}) == 1


async def test_a_shown_card_pays_once_and_for_five_minutes(school: SchoolDay) -> None:
    await with_money(school, 100_000, on_card=100_000)
    scan_id = await shown(school)
    late_id = await shown(school)
    key = new_key()

    first = await pay(school, scan_id, 20_000, key)
    again = await pay(school, scan_id, 20_000, key)
    with pytest.raises(DeskTicketNotFound):
        await pay(school, scan_id, 20_000)
    school.clock.advance(minutes=5)
    with pytest.raises(DeskTicketNotFound):
        await pay(school, late_id, 20_000)

    assert first == again
    assert await earned(school) == 20_000


async def test_a_card_that_was_shown_and_is_lost_since_pays_nothing(school: SchoolDay) -> None:
    await with_money(school, 100_000, on_card=100_000)
    cards, lan = school.services.students.cards, school.pupils["lan"]
    scan_id = await shown(school)

    await cards.report_lost(school.mother, lan)
    with pytest.raises(DeskTicketNotFound):
        await pay(school, scan_id, 20_000)
    school.clock.advance(seconds=1)
    await cards.replace(school.office, lan)
    with pytest.raises(DeskTicketNotFound):
        await pay(school, scan_id, 20_000)

    assert await earned(school) == 0


async def test_two_tills_at_once_take_one_payment(school: SchoolDay) -> None:
    await with_money(school, 100_000, on_card=100_000)
    scan_id = await shown(school)

    results = await asyncio.gather(
        pay(school, scan_id, 20_000), pay(school, scan_id, 30_000), return_exceptions=True
    )

    assert sorted(type(it).__name__ for it in results) == ["DeskTicketNotFound", "Meal"]
    assert await earned(school) in (20_000, 30_000)


async def test_only_a_card_shown_for_a_meal_at_a_desk_of_the_school_pays(
    school: SchoolDay,
) -> None:
    canteen = school.services.students.canteen
    await with_money(school, 100_000, on_card=100_000)
    scan_id = await shown(school)
    for_a_book = (await school.scan("lan", ScanPurpose.LOAN)).id
    elsewhere = Caller(
        new_id(),
        new_id(),
        frozenset({Grant(Role.GATEKEEPER, Scope(ScopeKind.SCHOOL, ELSEWHERE))}),
    )

    for caller, scan in (
        (elsewhere, scan_id),
        (school.mother, scan_id),
        (school.keeper, for_a_book),
    ):
        with pytest.raises(DeskTicketNotFound):
            await canteen.pay(caller, scan, 10_000, new_key())

    assert await earned(school) == 0


async def test_only_a_guardian_sees_and_moves_the_money(school: SchoolDay) -> None:
    canteen = school.services.students.canteen
    await with_money(school, 100_000, on_card=50_000)
    lan, bao = school.pupils["lan"], school.pupils["bao"]

    for caller, pupil in ((school.office, lan), (school.keeper, lan), (school.mother, bao)):
        with pytest.raises(PupilNotFound):
            await canteen.money(caller, pupil)
        with pytest.raises(PupilNotFound):
            await canteen.allow(caller, pupil, 1_000)
        with pytest.raises(PupilNotFound):
            await canteen.top_up(caller, pupil, 1_000, new_key())
        with pytest.raises(PupilNotFound):
            await canteen.take_back(caller, pupil, 1_000, new_key())

    money = await canteen.money(school.mother, lan)
    assert (money.balance, money.a_day) == (50_000, None)


async def test_money_is_taken_back(school: SchoolDay) -> None:
    canteen, lan = school.services.students.canteen, school.pupils["lan"]
    await with_money(school, 100_000, on_card=50_000)
    key = new_key()

    money = await canteen.take_back(school.mother, lan, 20_000, key)
    again = await canteen.take_back(school.mother, lan, 20_000, key)
    with pytest.raises(MoneyMissing):
        await canteen.take_back(school.mother, lan, 30_001, new_key())

    assert (money.balance, again.balance) == (30_000, 30_000)


async def test_a_guardian_who_wishes_so_is_told_of_a_meal(school: SchoolDay) -> None:
    wishing, lan = school.services.students.wishing, school.pupils["lan"]
    await with_money(school, 100_000, on_card=50_000)
    await wishing.put(school.mother, lan, {News.MEALS: Wish.NOW}, ["en"])

    await pay(school, await shown(school), 25_000)
    await school.work()

    assert await school.told() == ["Your child in class 2A paid ₫25,000 in the canteen."]


async def test_a_meal_that_was_scanned_offline_takes_nothing(school: SchoolDay) -> None:
    await with_money(school, 100_000, on_card=50_000)
    school.is_now("12:00", MONDAY)

    scan = await school.scanned_at("lan", school.clock(), MEAL)

    with pytest.raises(DeskTicketNotFound):
        await pay(school, scan.id, 25_000)
    assert await earned(school) == 0


async def test_a_meal_is_given_back_by_the_office_and_never_more_than_it_took(
    school: SchoolDay,
) -> None:
    canteen = school.services.students.canteen
    await with_money(school, 100_000, on_card=100_000)
    meal = await pay(school, await shown(school), 25_000)

    await canteen.refund(school.office, SCHOOL, meal.id, 20_000, new_key())
    with pytest.raises(MoreThanPaid):
        await canteen.refund(school.office, SCHOOL, meal.id, 5_001, new_key())
    with pytest.raises(MealNotFound):
        await canteen.refund(school.office, SCHOOL, new_id(), 1, new_key())
    for caller in (school.keeper, school.mother):
        with pytest.raises(NotAllowed):
            await canteen.refund(caller, SCHOOL, meal.id, 1, new_key())

    money = await canteen.money(school.mother, school.pupils["lan"])
    assert (money.balance, await earned(school)) == (95_000, 5_000)
    (entry,) = await noted(school.services, "meal.refund")
    assert entry.details == {"meal": meal.id, "dong": 20_000}
