"""Random lives of cards and wallets, step by step beside a model that knows no database."""

import asyncio
import shutil
import tempfile
import uuid
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from typing_extensions import override

from api.accounts.caller import Caller
from api.collections import COLLECTIONS
from api.context import Services
from api.credentials.gates.records import Gate
from api.kit.errors import DomainError
from api.kit.formats import VIETNAM_TIME
from api.kit.ids import new_id
from api.kit.store.sqlite import SqliteStore
from api.tourist_cards.buying import SELLER
from api.tourist_cards.products import Product
from api.tourist_cards.terms import RollingHours
from api.wallet.ledger.records import AccountKind
from api.wallet.owners import person
from api.wiring import services_on
from tests.conftest import MovableClock, settings_in
from tests.credentials.cards import Phone, a_key, a_scan, caller, keeper_of
from tests.tourist_cards.buyers import a_gate_at, a_product, an_account, with_money
from tests.tourist_cards.cards import ride, terms

PRICE = 1_000
USES, USES_A_DAY, MINUTES_BETWEEN, HOURS = 3, 2, 10, 24
AGREED = terms(
    ride(uses=USES, uses_per_day=USES_A_DAY, minutes_between=MINUTES_BETWEEN),
    validity=RollingHours(HOURS),
)
PEOPLE = 3
_PICK = st.integers(0, 2)


@dataclass(slots=True)
class ModelPass:
    """A pass as the model knows it."""

    id: str
    phone: Phone
    buyer: int
    holder: int
    bought_at: datetime
    uses: list[datetime] = field(default_factory=list[datetime])
    is_refunded: bool = False
    was_given: bool = False

    def lets_in(self, at: datetime) -> bool:
        """Tell whether one more use, later than all, is promised."""
        if self.is_refunded:
            return False
        first = min(self.uses, default=at)
        day = at.astimezone(VIETNAM_TIME).date()
        today = sum(it.astimezone(VIETNAM_TIME).date() == day for it in self.uses)
        recently = any(at - it < timedelta(minutes=MINUTES_BETWEEN) for it in self.uses)
        is_in_time = at < first + timedelta(hours=HOURS)
        return is_in_time and len(self.uses) < USES and today < USES_A_DAY and not recently

    def refund(self, now: datetime) -> int:
        return PRICE if now < self.bought_at + timedelta(days=7) else PRICE - PRICE // 10


class CardMachine(RuleBasedStateMachine):
    """Each step does one thing in the product and in the model, which must agree."""

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.folder = Path(tempfile.mkdtemp(prefix="cards-"))
        self.clock = MovableClock()
        self.callers: list[Caller] = [caller(person=new_id()) for _ in range(PEOPLE)]
        self.money = [2 * PRICE] * PEOPLE
        self.revenue = 0
        self.passes: list[ModelPass] = []
        self.runner.run(self.begin())

    async def begin(self) -> None:
        settings = settings_in(self.folder)
        self.store = SqliteStore(self.folder / "test.db", self.clock)
        await self.store.open(COLLECTIONS)
        self.entered = services_on(self.store, settings, self.clock)
        self.services: Services = await self.entered.__aenter__()
        self.product: Product = await a_product(self.services, AGREED, price=PRICE)
        self.gate: Gate = await a_gate_at(self.services)
        for it, dong in zip(self.callers, self.money, strict=True):
            await an_account(self.services, it)
            await with_money(self.services, it.person(), dong)

    @override
    def teardown(self) -> None:
        async def end() -> None:
            await self.entered.__aexit__(None, None, None)
            await self.store.close()

        self.runner.run(end())
        self.runner.close()
        shutil.rmtree(self.folder)

    @rule(who=st.integers(0, PEOPLE - 1), dong=st.integers(1, PRICE))
    def top_up(self, who: int, dong: int) -> None:
        self.runner.run(with_money(self.services, self.callers[who].person(), dong))
        self.money[who] += dong

    @rule(who=st.integers(0, PEOPLE - 1))
    def buy(self, who: int) -> None:
        self.runner.run(self.bought(who))

    async def bought(self, who: int) -> None:
        buying = self.services.cards.buying
        try:
            bought = await buying.buy(self.callers[who], self.product.id, PRICE, a_key())
        except DomainError:
            assert self.money[who] < PRICE
            return
        assert self.money[who] >= PRICE
        self.money[who] -= PRICE
        self.revenue += PRICE
        (held,) = bought.passes
        phone = await self.phone_with(held.credential_id)
        self.passes.append(ModelPass(held.id, phone, who, who, self.clock()))

    @rule(pick=_PICK, pauses=st.lists(st.sampled_from([0, 15, 700]), min_size=1, max_size=5))
    def scan(self, pick: int, pauses: list[int]) -> None:
        """Somebody comes to the gate again and again, after pauses in minutes."""
        if one := self.picked(pick):
            for minutes in pauses:
                self.clock.advance(minutes=minutes, seconds=31)  # the next code at least
                expected = one.lets_in(self.clock())
                assert self.runner.run(self.is_let_in(one)) == expected
                if expected:
                    one.uses.append(self.clock())

    @rule(pick=_PICK, minutes=st.integers(1, 600))
    def scan_late(self, pick: int, minutes: int) -> None:
        """A gate tells of a use before now, which counts whatever it finds."""
        one = self.picked(pick)
        at = self.clock() - timedelta(minutes=minutes, seconds=7)
        if one and not one.is_refunded and at > one.bought_at:
            self.runner.run(self.told(one, at))
            one.uses.append(at)

    @rule(pick=_PICK, days=st.sampled_from([0, 8]))
    def refund(self, pick: int, days: int) -> None:
        """Somebody asks for the money at once, or when a fee is kept."""
        if one := self.picked(pick):
            self.clock.advance(days=days)
            is_owed = not one.uses and not one.is_refunded and not one.was_given
            assert self.runner.run(self.is_paid_back(one)) == is_owed
            if is_owed:
                dong = one.refund(self.clock())
                one.is_refunded = True
                self.money[one.buyer] += dong
                self.revenue -= dong

    @rule(pick=_PICK, taker=st.integers(0, PEOPLE - 1))
    def give(self, pick: int, taker: int) -> None:
        if one := self.picked(pick):
            is_given = not one.uses and not one.is_refunded and one.holder != taker
            assert self.runner.run(self.is_taken(one, taker)) == is_given

    @rule(minutes=st.sampled_from([10, 60, 600, 12_000]))
    def wait(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    @invariant()
    def money_is_where_it_was_moved(self) -> None:
        async def balances() -> list[int]:
            ledger = self.services.wallet.ledger
            people = [
                await ledger.balance(person(it.person()), AccountKind.PERSON) for it in self.callers
            ]
            revenue = await ledger.balance(SELLER, AccountKind.REVENUE)
            return [*(it.balance for it in people), revenue.balance]

        assert self.runner.run(balances()) == [*self.money, self.revenue]

    def picked(self, pick: int) -> ModelPass | None:
        return self.passes[pick % len(self.passes)] if self.passes else None

    async def phone_with(self, credential_id: str) -> Phone:
        credential = await self.services.credentials.issuing.get(credential_id)
        assert credential is not None
        return await Phone.with_card(self.services.credentials, credential)

    async def is_let_in(self, one: ModelPass) -> bool:
        asked = a_scan(one.phone.shows(self.clock()))
        scanning = self.services.credentials.scanning
        return await succeeds(scanning.scan(keeper_of(self.gate.scope), self.gate.id, asked))

    async def told(self, one: ModelPass, at: datetime) -> None:
        asked = a_scan(one.phone.shows(at), id=f"late-{uuid.uuid4().hex}", at=at)
        scanning = self.services.credentials.scanning
        (recorded,) = await scanning.record(keeper_of(self.gate.scope), self.gate.id, [asked])
        assert recorded.scan is not None
        assert recorded.scan.use is not None, recorded.scan.faults

    async def is_paid_back(self, one: ModelPass) -> bool:
        buying = self.services.cards.buying
        return await succeeds(buying.refund(self.callers[one.holder], one.id, a_key()))

    async def is_taken(self, one: ModelPass, taker: int) -> bool:
        giving = self.services.cards.giving
        try:
            offered = await giving.offer(self.callers[one.holder], one.id, a_key())
            held = await giving.accept(self.callers[taker], offered.code, a_key())
        except DomainError:
            return False
        one.was_given = True
        one.holder, one.phone = taker, await self.phone_with(held.credential_id)
        return True


async def succeeds(asked: Awaitable[object]) -> bool:
    """Tell whether it is done, not refused."""
    try:
        await asked
    except DomainError:
        return False
    return True
