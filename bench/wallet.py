"""Transfers of the ledger beside their floor: two bare conditional updates and an insert.

Both on the embedded engine, each transfer in one transaction, `synchronous=FULL`. The ledger writes
besides the accounts and the transfer two entries and the totals of the day, and reads both accounts
first. Rounds alternate. Run: `python -m bench.wallet`.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from api.kit.clock import system_clock
from api.kit.ids import new_id
from api.kit.jobs import JOBS, Jobs
from api.kit.store import CollectionSpec
from api.kit.store.sqlite import SqliteStore
from api.kit.transactions import transact
from api.wallet.ledger.limits import WalletLimits
from api.wallet.ledger.records import AccountKind, NewTransfer, Owner, TransferKind
from api.wallet.ledger.wiring import LEDGER_COLLECTIONS, books_on
from bench.machine import described_machine

PEOPLE = 200
TRANSFERS = 600
AT_ONCE = (1, 16, 64)
ROUNDS = 3
MONEY = 50_000_000
BARE_ACCOUNTS = CollectionSpec("bare_accounts")
BARE_TRANSFERS = CollectionSpec("bare_transfers")

Transfer = Callable[[int], Awaitable[None]]


async def ledger_on(store: SqliteStore) -> Transfer:
    """Return what moves money by the ledger, between people who have enough."""
    jobs = Jobs(store, system_clock)
    books = books_on(store, jobs, WalletLimits(by_kind={}), system_clock)
    bank = await books.ledger.open_account(Owner("bank", "bank"), AccountKind.BANK)
    people: list[str] = []
    for number in range(PEOPLE):
        owner = Owner("person", str(number))
        account = await books.ledger.open_account(owner, AccountKind.PERSON)
        settlement = TransferKind.SETTLEMENT
        paid_in = NewTransfer(new_id(), settlement, bank.id, account.id, MONEY)
        await books.ledger.transfer(paid_in)
        people.append(account.id)

    async def move(number: int) -> None:
        debit, credit = people[number % PEOPLE], people[(number * 7 + 1) % PEOPLE]
        if debit == credit:
            credit = people[(number + 1) % PEOPLE]
        await books.ledger.transfer(NewTransfer(new_id(), TransferKind.PAYMENT, debit, credit, 1))

    return move


async def floor_on(store: SqliteStore) -> Transfer:
    accounts, transfers = store[BARE_ACCOUNTS], store[BARE_TRANSFERS]
    await accounts.insert_many([{"_id": str(n), "available": MONEY} for n in range(PEOPLE)])

    async def move(number: int) -> None:
        debit, credit = str(number % PEOPLE), str((number + 1) % PEOPLE)

        async def work() -> None:
            enough = {"_id": debit, "available": {"$gte": 1}}
            assert await accounts.update_one(enough, {"$inc": {"available": -1}})
            assert await accounts.update_one({"_id": credit}, {"$inc": {"available": 1}})
            await transfers.insert({"_id": new_id(), "debit": debit, "credit": credit, "amount": 1})

        await transact(store, work)

    return move


async def measured(move: Transfer, tasks: int) -> tuple[float, list[float]]:
    """Return transfers a second, and the milliseconds of each."""
    took: list[float] = []

    async def go(first: int) -> None:
        for number in range(first, TRANSFERS, tasks):
            start = time.perf_counter()
            await move(number)
            took.append((time.perf_counter() - start) * 1_000)

    start = time.perf_counter()
    await asyncio.gather(*(go(first) for first in range(tasks)))
    return TRANSFERS / (time.perf_counter() - start), took


async def main() -> None:
    """Print the table."""
    table = Table("at once", "what", "transfers/s", "p50 ms", "p95 ms", "p99 ms")
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder) / "bench.db")
        await store.open([JOBS, *LEDGER_COLLECTIONS, BARE_ACCOUNTS, BARE_TRANSFERS])
        moves = {"ledger": await ledger_on(store), "floor": await floor_on(store)}
        for tasks in AT_ONCE:
            rounds = [
                (name, await measured(move, tasks))
                for _ in range(ROUNDS)
                for name, move in moves.items()
            ]
            for name in moves:
                rates = [rate for one, (rate, _) in rounds if one == name]
                took = [ms for one, (_, times) in rounds if one == name for ms in times]
                cuts = statistics.quantiles(took, n=100)
                shown = (f"{cuts[at - 1]:.2f}" for at in (50, 95, 99))
                table.add_row(str(tasks), name, f"{statistics.median(rates):,.0f}", *shown)
        await store.close()
    Console(width=110).print(described_machine(), table)


if __name__ == "__main__":
    asyncio.run(main())
