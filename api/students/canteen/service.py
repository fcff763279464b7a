"""Meals paid with the student card. A guardian puts money on it, and says how much a day may be spent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from api.accounts.caller import Caller, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.credentials.scans.records import ScanPurpose
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id
from api.kit.store import Store
from api.kit.transactions import transact
from api.students.canteen.errors import DailyAmountNotUnderstood, MealNotFound, refusal_of
from api.students.canteen.leaving import MoneyOfLeavers, meal_money_of
from api.students.cards.desk import HOLDS_FOR, DeskTicket, DeskTickets
from api.students.cards.errors import DeskTicketNotFound
from api.students.guardians.access import PupilAccess
from api.students.notices import texts
from api.students.notices.preferences import News
from api.students.notices.telling import Telling
from api.students.notices.texts import Sentence
from api.students.pupils.repository import PupilRepository
from api.students.schools.school import clerk_scope
from api.students.staff import SchoolStaff, office_entry
from api.wallet import owners
from api.wallet.errors import WalletProblem
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.records import AMOUNT_AT_MOST, AccountKind, NewTransfer, TransferKind

Result = TypeVar("Result")

_PAYEE = AccountKind.MERCHANT


@dataclass(frozen=True, slots=True)
class MealMoney:
    """Đồng. `account_id`: shown at a counter, where anybody may pay in.

    `a_day`: what a guardian allows, None for no limit of hers.
    """

    pupil_id: str
    account_id: str
    balance: int
    a_day: int | None
    spent_today: int


@dataclass(frozen=True, slots=True)
class Meal:
    """A payment. `id`: of the transfer."""

    id: str
    amount: int


class Canteen:
    def __init__(
        self,
        store: Store,
        pupils: PupilRepository,
        access: PupilAccess,
        staff: SchoolStaff,
        tickets: DeskTickets,
        telling: Telling,
        ledger: Ledger,
        leavers: MoneyOfLeavers,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pupils = pupils
        self._access = access
        self._staff = staff
        self._tickets = tickets
        self._telling = telling
        self._ledger = ledger
        self._leavers = leavers
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def money(self, caller: Caller, pupil_id: str) -> MealMoney:
        """Return what is on a pupil's card, for her guardians. Raises NotSignedIn, PupilNotFound."""
        pupil = await self._access.of_guardian(caller, pupil_id)
        return await self._money(pupil.id)

    async def allow(self, caller: Caller, pupil_id: str, a_day: int | None) -> MealMoney:
        """Let at most so many đồng a day be paid with the card; None: no limit of a guardian's.

        Raises NotSignedIn, PupilNotFound, DailyAmountNotUnderstood.
        """
        pupil = await self._access.of_guardian(caller, pupil_id)
        if a_day is not None and not 0 <= a_day <= AMOUNT_AT_MOST:
            raise DailyAmountNotUnderstood(most=AMOUNT_AT_MOST)

        async def work() -> None:
            await self._access.hold_guardian(caller.person(), pupil_id)
            await self._ledger.set_spending_limit(meal_money_of(pupil.id), AccountKind.CARD, a_day)

        await _refused_here(lambda: transact(self._store, work))
        return await self._money(pupil.id)

    async def top_up(
        self, caller: Caller, pupil_id: str, amount: int, idempotency_key: str
    ) -> MealMoney:
        """Put money from the guardian's wallet on the card.

        Raises NotSignedIn, PupilNotFound, AmountNotUnderstood, MoneyMissing, MealLimitReached,
        IdempotencyProblem.
        """
        return await self._move(caller, pupil_id, amount, idempotency_key, is_back=False)

    async def take_back(
        self, caller: Caller, pupil_id: str, amount: int, idempotency_key: str
    ) -> MealMoney:
        """Take money from the card into the guardian's wallet. Raises what `top_up` raises."""
        return await self._move(caller, pupil_id, amount, idempotency_key, is_back=True)

    async def pay(self, caller: Caller, scan_id: str, amount: int, idempotency_key: str) -> Meal:
        """Let a card that was just shown at a desk of the school pay a meal, once.

        For whoever stands at the gates of the school. Raises NotSignedIn, DeskTicketNotFound,
        AmountNotUnderstood, MoneyMissing, MealLimitReached, IdempotencyProblem.
        """
        person_id = caller.person()
        transfer_id = derived_id("meal", scan_id)

        async def work() -> dict[str, Any]:
            ticket = await self._ticket(caller, scan_id)
            school = owners.institution(Scope(ScopeKind.SCHOOL, ticket.school_id))
            payer = await self._ledger.open_account(
                meal_money_of(ticket.pupil_id), AccountKind.CARD
            )
            payee = await self._ledger.open_account(school, _PAYEE)
            new = NewTransfer(
                transfer_id, TransferKind.PAYMENT, payer.id, payee.id, amount, None, scan_id
            )
            await self._ledger.transfer(new)
            await self._tickets.use(ticket.id)
            await self._tell(ticket, amount)
            return {"transfer": transfer_id, "amount": amount}

        asked = {"scan": scan_id, "amount": amount}
        result = await _refused_here(
            lambda: self._idempotency.once(person_id, "payMeal", idempotency_key, asked, work)
        )
        return Meal(result["transfer"], result["amount"])

    async def refund(
        self, caller: Caller, school_id: str, meal_id: str, amount: int, idempotency_key: str
    ) -> Meal:
        """Give back a part of what a meal took, or all. For the office of the school.

        What comes back to somebody who has left goes where the rest of her money went.
        Raises NotSignedIn, NotAllowed, SchoolNotFound, MealNotFound, AmountNotUnderstood,
        MoneyMissing, MoneyRefused (more than is left of it) and IdempotencyProblem.
        """
        person_id = self._staff.clerk(caller, school_id)
        school = owners.institution(Scope(ScopeKind.SCHOOL, school_id))

        async def work() -> dict[str, Any]:
            await self._staff.hold_clerk(person_id, school_id)
            paid = await self._ledger.find(meal_id)
            payee = await self._ledger.account(school, _PAYEE)
            if paid is None or payee is None or paid.asked.credit != payee.id:
                raise MealNotFound
            new_id = derived_id("refund of a meal", person_id, idempotency_key)
            await self._ledger.refund(meal_id, new_id, amount, person_id)
            await self._leavers.pass_on(paid.asked.debit)
            details: Details = {"meal": meal_id, "dong": amount}
            await self._audit.append(
                office_entry(person_id, "meal.refund", new_id, school_id, details)
            )
            return {"transfer": new_id, "amount": amount}

        asked = {"school": school_id, "meal": meal_id, "amount": amount}
        result = await _refused_here(
            lambda: self._idempotency.once(person_id, "refundMeal", idempotency_key, asked, work)
        )
        return Meal(result["transfer"], result["amount"])

    async def _move(
        self, caller: Caller, pupil_id: str, amount: int, key: str, *, is_back: bool
    ) -> MealMoney:
        person_id = caller.person()
        pupil = await self._access.of_guardian(caller, pupil_id)
        operation = "takeBackMealMoney" if is_back else "topUpMealMoney"

        async def work() -> dict[str, Any]:
            await self._access.hold_guardian(person_id, pupil_id)
            card = await self._ledger.open_account(meal_money_of(pupil.id), AccountKind.CARD)
            own = await self._ledger.open_account(owners.person(person_id), AccountKind.PERSON)
            kind = TransferKind.PAYOUT if is_back else TransferKind.TOP_UP
            debit, credit = (card.id, own.id) if is_back else (own.id, card.id)
            transfer_id = derived_id(operation, person_id, key)
            await self._ledger.transfer(
                NewTransfer(transfer_id, kind, debit, credit, amount, person_id, pupil.id)
            )
            return {"transfer": transfer_id}

        asked = {"pupil": pupil_id, "amount": amount}
        await _refused_here(lambda: self._idempotency.once(person_id, operation, key, asked, work))
        return await self._money(pupil.id)

    async def _ticket(self, caller: Caller, scan_id: str) -> DeskTicket:
        """Return what was shown. Raises DeskTicketNotFound, also to another school's people."""
        ticket = await self._tickets.find(scan_id, ScanPurpose.MEAL, self._clock())
        if ticket is None or not may_use(caller, ticket):
            raise DeskTicketNotFound(minutes=HOLDS_FOR.seconds // 60)
        return ticket

    async def _tell(self, ticket: DeskTicket, amount: int) -> None:
        pupil = await self._pupils.get(ticket.pupil_id)
        its_class = await self._pupils.get_class(pupil.class_id) if pupil else None
        name = its_class.name if its_class else "?"
        sentence = Sentence(texts.PAID, name, dong=amount)
        await self._telling.news(
            ticket.pupil_id, News.MEALS, sentence, self._clock(), f"meal {ticket.id}"
        )

    async def _money(self, pupil_id: str) -> MealMoney:
        owner = meal_money_of(pupil_id)
        account = await self._ledger.open_account(owner, AccountKind.CARD)
        balance = await self._ledger.balance(owner, AccountKind.CARD)
        return MealMoney(
            pupil_id, account.id, balance.available, balance.spending_limit, balance.paid_today
        )


def may_use(caller: Caller, ticket: DeskTicket) -> bool:
    """Tell whether the caller stands at the gates of the ticket's school."""
    _, scope = clerk_scope(ticket.school_id)
    return caller.holds(Role.GATEKEEPER, scope)


def require_at_desk(caller: Caller, school_id: str) -> str:
    """Return who stands at a desk of the school. Raises NotSignedIn, NotAllowed, SchoolNotFound."""
    person_id = caller.person()
    _, scope = clerk_scope(school_id)
    if not (caller.holds(Role.GATEKEEPER, scope) or caller.holds(Role.CLERK, scope)):
        raise NotAllowed
    return person_id


async def _refused_here(ask: Callable[[], Awaitable[Result]]) -> Result:
    """Return what `ask` answers; what the wallet refuses is refused in this slice's terms."""
    try:
        return await ask()
    except WalletProblem as problem:
        raise refusal_of(problem, AMOUNT_AT_MOST) from problem
