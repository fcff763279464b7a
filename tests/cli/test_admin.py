"""`laocai admin`, as an operator runs it."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.accounts.people.repository import ACCOUNTS
from api.accounts.sign_in.session_repository import SESSIONS
from api.accounts.sign_in.ways_in import WAYS_IN
from api.cli import app
from api.context import Services
from api.kit.store import Document
from api.settings import settings
from api.wiring import wired
from tests.accounts.staff import noted

CREATED = re.compile(
    r"A new account of \+84…678 \(([a-z2-7]{26})\) is an administrator's from now on\.\n"
)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def admin(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["admin", *arguments])


async def kept() -> dict[str, list[Document]]:
    async with wired(settings()) as services:
        return {spec.name: await services.store[spec].find({}) for spec in (ACCOUNTS, WAYS_IN)}


async def details_noted(services: Services, action: str) -> list[tuple[str, str, str, object]]:
    return [(e.actor, e.subject, e.scope, e.details) for e in await noted(services, action)]


def test_an_account_is_made_for_an_address_that_nobody_signs_in_with() -> None:
    result = admin("create", "0912 345 678", "--language", "fr")

    created = CREATED.fullmatch(result.stdout)
    assert created is not None, result.output
    (account,) = asyncio.run(kept())["accounts"]
    assert (account["_id"], account["language"]) == (created[1], "fr")
    assert account["grants"] == ["administrator province"]


def test_doing_it_twice_changes_nothing() -> None:
    first = admin("create", "0912345678")
    before = asyncio.run(kept())

    again = admin("create", "+84 912 345 678")

    created = CREATED.fullmatch(first.stdout)
    assert created is not None
    assert again.stdout == f"+84…678 ({created[1]}) is an administrator already.\n"
    assert asyncio.run(kept()) == before
    assert len(asyncio.run(_noted("administrator.appoint"))) == 1


def test_it_is_noted_as_the_operator_s_doing() -> None:
    admin("create", "0912345678")
    (account,) = asyncio.run(kept())["accounts"]

    (entry,) = asyncio.run(_noted("administrator.appoint"))

    assert entry == ("cli", account["_id"], "cli", {"account": True})


async def _noted(action: str) -> list[tuple[str, str, str, object]]:
    async with wired(settings()) as services:
        return await details_noted(services, action)


def test_an_account_that_is_there_keeps_what_it_has() -> None:
    admin("create", "0912345678")
    (account,) = asyncio.run(kept())["accounts"]
    asyncio.run(_take_roles_back())

    result = admin("create", "0912345678", "--language", "ko")

    assert result.stdout == (
        f"The account of +84…678 ({account['_id']}) is an administrator's from now on.\n"
    )
    (after,) = asyncio.run(kept())["accounts"]
    assert {**after, "version": 0} == {**account, "version": 0}


async def _take_roles_back() -> None:
    async with wired(settings()) as services:
        await services.store[ACCOUNTS].update_many({}, {"$set": {"grants": []}})


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["mai"], "INVALID_ADDRESS"), (["0912345678", "--language", "tlh"], "UNKNOWN_LANGUAGE")],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(arguments: list[str], code: str) -> None:
    result = admin("create", *arguments)

    assert result.exit_code == 1
    assert f"[{code}]" in result.stderr
    assert asyncio.run(kept()) == {"accounts": [], "ways_in": []}


def test_the_list_names_administrators_with_hidden_addresses() -> None:
    admin("create", "0912345678")
    admin("create", "mai@example.com")
    ids = sorted(account["_id"] for account in asyncio.run(kept())["accounts"])

    lines = admin("list").stdout.splitlines()

    assert [line.split()[0] for line in lines] == ids
    assert {line.split()[-1] for line in lines} == {"+84…678", "m…@example.com"}
    (entry,) = asyncio.run(_noted("staff.read"))
    assert entry == ("cli", "province", "cli", {"found": 2})


def test_nobody_is_signed_in_by_it() -> None:
    admin("create", "0912345678")

    assert asyncio.run(_sessions()) == 0


async def _sessions() -> int:
    async with wired(settings()) as services:
        return await services.store[SESSIONS].count({})
