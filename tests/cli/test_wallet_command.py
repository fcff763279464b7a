"""`laocai wallet`, as an operator runs it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.accounts.caller import Caller
from api.cli import app
from api.settings import settings
from api.wallet.ledger.account_repository import WALLET_ACCOUNTS
from api.wiring import wired

MAI = Caller("mai")


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def laocai(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["wallet", *arguments])


async def an_order() -> tuple[str, str]:
    """Return the ids of an order of 50,000 đồng, and of the wallet."""
    async with wired(settings()) as services:
        checkout = await services.wallet.top_ups.order(MAI, 50_000, "a-key-of-a-command")
        return checkout.order.id, checkout.order.account_id


async def tamper() -> None:
    async with wired(settings()) as services:
        accounts = services.store[WALLET_ACCOUNTS]
        await accounts.update_many({"kind": "person"}, {"$inc": {"credits": 1, "available": 1}})


def test_sound_books_are_counted() -> None:
    order, _ = asyncio.run(an_order())
    assert laocai("pretend", order, "50000").exit_code == 0

    result = laocai("check")

    expected = "2 accounts, 1 transfers; debits 50000, credits 50000.\n"
    assert (result.exit_code, result.stdout, result.stderr.strip()) == (0, expected, "")


def test_who_pretends_is_told_what_became_of_it() -> None:
    order, _ = asyncio.run(an_order())

    credited, unknown = laocai("pretend", order, "50000"), laocai("pretend", "nothing", "7000")
    nothing = laocai("pretend", order, "0")

    assert (credited.exit_code, credited.stdout) == (0, "credited\n")
    assert (unknown.exit_code, unknown.stdout.splitlines()[-1]) == (0, "suspended unknown_order")
    assert nothing.exit_code == 2


def test_books_that_somebody_changed_are_named() -> None:
    order, wallet_id = asyncio.run(an_order())
    laocai("pretend", order, "50000")
    asyncio.run(tamper())

    result = laocai("check")

    assert result.exit_code == 1
    assert f"balance {wallet_id}: expected (0, 50000), found (0, 50001)" in result.stderr
    assert f"available {wallet_id}: expected 50000, found 50001" in result.stderr


def test_what_is_in_suspense_is_listed_and_assigned_once() -> None:
    _, wallet_id = asyncio.run(an_order())
    laocai("pretend", "never-ordered", "7000")
    listed = laocai("suspense").stdout
    payment = listed.split(" ")[0]

    assert "7000 unknown_order local" in listed
    assert laocai("assign", payment, wallet_id).exit_code == 0
    assert laocai("assign", payment, wallet_id).exit_code == 1
    assert laocai("suspense").stdout == ""


@pytest.mark.parametrize("day", ["yesterday", "2999-01-01"])
def test_only_a_day_that_is_over_is_closed(day: str) -> None:
    assert laocai("close", day).exit_code == 2


def test_a_day_is_closed() -> None:
    result = laocai("close", "2026-01-01")

    assert result.exit_code == 0
    assert result.stdout.startswith("2026-01-01 0 entries, control ")


def test_no_day_before_a_closed_one_is_closed_afterwards() -> None:
    laocai("close", "2026-01-02")

    assert laocai("close", "2026-01-01").exit_code == 2
    assert laocai("check").exit_code == 0
