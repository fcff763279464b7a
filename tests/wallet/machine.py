"""A machine that does anything to a wallet, in any order, and compares it with a plain model.

`LAOCAI_TEST_EXAMPLES=300 pytest tests/wallet/test_machine.py` is the long run (300 runs of 40 steps).
"""

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar, cast

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)
from typing_extensions import override

from api.kit.job_runner import JobRunner
from api.kit.store.sqlite import SqliteStore
from api.wallet.errors import WalletProblem
from api.wallet.ledger.records import Account, AccountKind, Owner, TransferKind
from api.wallet.ledger.wiring import Books
from tests.conftest import MovableClock
from tests.wallet.books import COLLECTIONS, books_of, new, new_transfer_id
from tests.wallet.model import Model

Result = TypeVar("Result")

HOLD_MINUTES = 10
PEOPLE = {
    "bank": AccountKind.BANK,
    "mai": AccountKind.PERSON,
    "minjun": AccountKind.PERSON,
    "cafe": AccountKind.MERCHANT,
}
NAMES = st.sampled_from(sorted(PEOPLE))
AMOUNTS = st.integers(0, 60)


class WalletMachine(RuleBasedStateMachine):
    """Every rule does the same to both, and compares what they answered."""

    payments: Bundle[str] = Bundle("payments")
    holds: Bundle[str] = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="wallet-machine-"))
        self.loop = asyncio.new_event_loop()
        self.clock = MovableClock()
        self.store = SqliteStore(self.folder / "wallet.db")
        self.model = Model(free=frozenset({"bank"}))
        self.accounts: dict[str, Account] = {}
        self.keys: dict[str, str] = {}

    @initialize()
    def begin(self) -> None:
        self.do(self.store.open(COLLECTIONS))
        self.books: Books = books_of(self.store, self.clock)
        for name, kind in PEOPLE.items():
            owner = Owner("person", name)
            self.accounts[name] = self.do(self.books.ledger.open_account(owner, kind))
            self.model.balances[name] = 0
        self.both("seed", "bank", "mai", 100)

    @rule(target=payments, debit=NAMES, credit=NAMES, amount=AMOUNTS)
    def pay(self, debit: str, credit: str, amount: int) -> Any:  # noqa: ANN401 - hypothesis's own
        key = new_transfer_id()
        return _kept(key, self.both(key, debit, credit, amount))

    @rule(key=payments, credit=NAMES, amount=AMOUNTS)
    def pay_again(self, key: str, credit: str, amount: int) -> None:
        """Use an id a second time: for the same, or for something else."""
        kept = self.model.transfers[key]
        self.both(key, kept.debit, kept.credit, kept.amount)
        self.both(key, kept.debit, credit, amount)

    @rule(target=holds, debit=NAMES, credit=NAMES, amount=AMOUNTS)
    def hold(self, debit: str, credit: str, amount: int) -> Any:  # noqa: ANN401 - hypothesis's own
        key = new_transfer_id()
        return _kept(key, self.both(key, debit, credit, amount, minutes=HOLD_MINUTES))

    @rule(key=holds, amount=AMOUNTS)
    def post(self, key: str, amount: int) -> None:
        answered = self.code(self.books.ledger.post(key, amount))
        assert answered == self.model.settle(key, "POSTED", amount)

    @rule(key=holds)
    def void(self, key: str) -> None:
        answered = self.code(self.books.ledger.void(key))
        assert answered == self.model.settle(key, "VOIDED", 0)

    @rule(target=payments, key=consumes(holds))
    def turn_to_payment(self, key: str) -> Any:  # noqa: ANN401 - hypothesis's own
        """Let what was posted of a hold be given back, too."""
        return key

    @rule(key=payments, amount=st.integers(1, 60))
    def refund(self, key: str, amount: int) -> None:
        answered = self.code(self.books.ledger.refund(key, new_transfer_id(), amount))
        assert answered == self.model.refund(key, amount, is_reversal=False)

    @rule(key=payments)
    def reverse(self, key: str) -> None:
        answered = self.code(self.books.ledger.reverse(key, new_transfer_id()))
        assert answered == self.model.refund(key, 0, is_reversal=True)

    @rule(minutes=st.sampled_from([1, 5, 11]))
    def pass_time(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)
        self.model.pass_time(minutes)
        self.do(JobRunner(self.store, self.clock, self.books.handlers()).run_due())

    @rule()
    def close_the_day(self) -> None:
        """Let the next day come: what is held expires, and the books of the day are closed."""
        self.clock.advance(days=1)
        self.model.pass_time(24 * 60)
        self.do(JobRunner(self.store, self.clock, self.books.handlers()).run_due())

    @invariant()
    def agrees(self) -> None:
        """Compare every balance, and what can be paid of it, with the model."""
        for name, account in self.accounts.items():
            seen = self.do(self.books.ledger.account_by_id(account.id))
            assert seen is not None
            sign = -1 if name == "bank" else 1  # the bank grows on the other side
            assert seen.balance == sign * self.model.balances[name], name
            if name != "bank":
                assert seen.available == self.model.available(name), name
                assert seen.available >= 0, name

    @override
    def teardown(self) -> None:
        """Count everything anew."""
        try:
            if self.accounts:
                recount = self.do(self.books.recounting.run())
                assert recount.differences == ()
                assert recount.debits == recount.credits
        finally:
            self.do(self.store.close())
            self.loop.close()
            shutil.rmtree(self.folder)

    def both(self, key: str, debit: str, credit: str, amount: int, minutes: int = 0) -> str | None:
        """Ask both for a transfer, or a hold, and return the refusal that they agree on."""
        transfer = new(
            self.accounts[debit].id,
            self.accounts[credit].id,
            amount,
            id=self.keys.setdefault(key, key if "-" in key else new_transfer_id()),
            kind=TransferKind.PAYMENT,
        )
        ledger = self.books.ledger
        if minutes:
            expires_at = self.clock.after(60 * minutes)
            answered = self.code(ledger.hold(transfer, expires_at))
        else:
            answered = self.code(ledger.transfer(transfer))
        expires = self.model.now + minutes if minutes else 0
        assert answered == self.model.add(key, debit, credit, amount, expires)
        return answered

    def code(self, work: Coroutine[Any, Any, object]) -> str | None:
        """Do it and return the code of its refusal, None when it was done."""
        try:
            self.do(work)
        except WalletProblem as problem:
            return problem.code.name
        return None

    def do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)


def _kept(key: str, refusal: str | None) -> Any:  # noqa: ANN401 - hypothesis's own
    """Return what goes into a bundle: the key of what was done, nothing for what was refused."""
    nothing: Any = cast("Any", multiple)()
    return key if refusal is None else nothing
