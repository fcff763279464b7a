"""kill -9 in the midst of 1,000 transfers: what was acknowledged is there, and nothing by halves."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from api.kit.clock import system_clock
from api.kit.store.sqlite import SqliteStore
from tests.conftest import ROOT
from tests.wallet.books import COLLECTIONS, books_of
from tests.wallet.moving_money import PEOPLE


async def acknowledged_before_kill(path: Path, lines: int) -> set[str]:
    """Run the process, kill it after that many transfers, and return all it had acknowledged."""
    command = [sys.executable, "-m", "tests.wallet.moving_money", str(path)]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    assert process.stdout is not None
    printed = [await process.stdout.readline() for _ in range(lines)]
    process.kill()
    printed += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    return {line.decode().strip() for line in printed if line.endswith(b"\n")}


@pytest.mark.parametrize("lines", [1, 120, 480])
async def test_killed_amid_transfers_the_books_are_whole(tmp_path: Path, lines: int) -> None:
    path = tmp_path / "killed.db"

    acknowledged = await acknowledged_before_kill(path, lines)

    store = SqliteStore(path)
    await store.open(COLLECTIONS)
    books = books_of(store, system_clock)
    recount = await books.recounting.run()
    kept = await books.transfers.get_many(sorted(acknowledged))
    await store.close()
    assert lines <= len(acknowledged)  # and it may have been done by then
    assert set(kept) == acknowledged
    assert recount.differences == ()
    assert recount.debits == recount.credits
    assert recount.accounts == PEOPLE + 1  # and the bank
