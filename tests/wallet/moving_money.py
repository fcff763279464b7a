"""A process that moves money until it is killed: `moving_money.py FILE`.

Prints the id of each transfer after it was acknowledged.
"""

import asyncio
import sys
from pathlib import Path

from api.kit.clock import system_clock
from api.kit.store.sqlite import SqliteStore
from api.wallet.ledger.records import Account
from api.wallet.ledger.wiring import Books
from tests.wallet.books import COLLECTIONS, an_account, books_of, new

TRANSFERS = 1_000
PEOPLE = 10
TASKS = 20


async def move(books: Books, accounts: list[Account], task: int) -> None:
    for number in range(task, TRANSFERS, TASKS):
        debit = accounts[number % PEOPLE]
        credit = accounts[(number * 7 + 3) % PEOPLE]
        if debit.id == credit.id:
            credit = accounts[(number + 1) % PEOPLE]
        transfer = await books.ledger.transfer(new(debit.id, credit.id, 1 + number % 9))
        sys.stdout.write(f"{transfer.id}\n")
        sys.stdout.flush()


async def main(path: Path) -> None:
    store = SqliteStore(path)
    await store.open(COLLECTIONS)
    books = books_of(store, system_clock)
    accounts = [await an_account(books, f"person-{number}", 100_000) for number in range(PEOPLE)]
    await asyncio.gather(*(move(books, accounts, task) for task in range(TASKS)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
