"""`laocai keys`, as an operator runs it, also when it is killed in the middle."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from api.accounts.caller import ANONYMOUS
from api.accounts.sign_in.addresses import address_of
from api.accounts.staff.invitations import INVITATIONS, Invitation, InvitationRepository
from api.cli import app
from api.collections import COLLECTIONS
from api.kit.clock import system_clock
from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from api.settings import settings
from api.wiring import wired
from tests.accounts.staff import CLERK
from tests.conftest import ROOT

MANY = 1_000
KILLS = 10
LAOCAI = [sys.executable, "-c", "from api.cli import main; main()"]
MOMENT = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC"


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAOCAI_DATA_FOLDER", str(tmp_path))
    settings.cache_clear()
    yield
    settings.cache_clear()


def keys(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["keys", *arguments])


def sealing_keys(folder: Path) -> list[str]:
    """Return the ids in the file, the oldest first."""
    return list(json.loads((folder / "keys.json").read_text())["sealing"])


def rotated_long_ago(folder: Path) -> None:
    """Make the file say that the current key is so since two hours ago."""
    members = json.loads((folder / "keys.json").read_text())
    members["current_since"] = (system_clock() - timedelta(hours=2)).isoformat()
    (folder / "keys.json").write_text(json.dumps(members))


@asynccontextmanager
async def opened(folder: Path) -> AsyncGenerator[Store]:
    store = SqliteStore(folder / "laocai.db")
    await store.open(COLLECTIONS)
    try:
        yield store
    finally:
        await store.close()


def an_address(number: int) -> str:
    return f"clerk-{number}@example.com"


async def put_invitations(folder: Path, how_many: int) -> None:
    async with opened(folder) as store:
        invitations = InvitationRepository(store, Sealer(KeyFile(folder / "keys.json")))
        now = system_clock()
        async with store.transaction():
            for number in range(how_many):
                invitation = Invitation(
                    id=f"{number:026}",
                    address=address_of(an_address(number)),
                    way_id=str(number),
                    grant=CLERK,
                    invited_by="administrator",
                    invited_at=now,
                    expires_at=now + timedelta(days=14),
                )
                await invitations.put(invitation)


async def addresses(folder: Path) -> list[str]:
    """Return every invited address, opened."""
    async with opened(folder) as store:
        invitations = InvitationRepository(store, Sealer(KeyFile(folder / "keys.json")))
        found = await invitations.all_by("administrator")
        return [each.address.value for each in sorted(found, key=lambda each: each.id)]


async def sealed_under(store: Store, key_id: str) -> int:
    return await store[INVITATIONS].count({"address": {"$prefix": f"{key_id}."}})


def test_keys_are_listed_with_what_they_are_good_for(tmp_path: Path) -> None:
    keys("rotate", "access")
    keys("rotate", "sealing")
    old, new = sealing_keys(tmp_path)

    lines = keys("list").stdout.splitlines()

    assert re.fullmatch(rf"access   [a-z2-7]{{26}}  verifies until {MOMENT}", lines[0])
    assert re.fullmatch(rf"access   [a-z2-7]{{26}}  signs from {MOMENT}", lines[1])
    assert lines[2:] == [f"sealing  {old}  opens", f"sealing  {new}  seals and opens"]


def test_a_new_access_key_says_when_it_begins_to_sign_and_ends_no_session() -> None:
    token = asyncio.run(signed_in())

    result = keys("rotate", "access")

    assert re.fullmatch(rf"[a-z2-7]{{26}} is published, and signs from {MOMENT}\.\n", result.stdout)
    assert asyncio.run(is_signed_in(token))


async def signed_in() -> str:
    async with wired(settings()) as services:
        appointed = await services.accounts.staff.administrators.appoint("mai@example.com", "en")
        session = await services.accounts.sessions.add(appointed.person_id, "claim", "Phone")
        return (await services.accounts.sessions.tokens(session)).access_token


async def is_signed_in(token: str) -> bool:
    async with wired(settings()) as services:
        return await services.accounts.sessions.caller_of(token) != ANONYMOUS


def test_a_rotation_of_the_sealing_key_leaves_nothing_under_the_old_one(tmp_path: Path) -> None:
    token = asyncio.run(signed_in())
    asyncio.run(put_invitations(tmp_path, 3))

    result = keys("rotate", "sealing")

    old, new = sealing_keys(tmp_path)
    lines = result.stdout.splitlines()
    assert lines[0] == f"{new} seals from now on. Back up the file of the keys."
    # The invitations; of whoever is signed in: account, way in, session; and the key of the token.
    assert lines[1:] == ["7 values were sealed anew."]
    assert asyncio.run(addresses(tmp_path)) == [an_address(number) for number in range(3)]
    assert asyncio.run(is_signed_in(token))
    rotated_long_ago(tmp_path)
    assert keys("forget", old).stdout == f"{old} is forgotten. Back up the file of the keys.\n"
    assert sealing_keys(tmp_path) == [new]
    assert asyncio.run(is_signed_in(token))


def test_what_cannot_be_sealed_anew_is_named_and_keeps_the_old_key(tmp_path: Path) -> None:
    asyncio.run(put_invitations(tmp_path, 1))
    asyncio.run(put_sealed_elsewhere(tmp_path))

    result = keys("rotate", "sealing")

    old, new = sealing_keys(tmp_path)
    assert f"Still sealed under {old}: 1 in events." in result.stdout
    rotated_long_ago(tmp_path)
    refused = keys("forget", old)
    assert refused.exit_code == 1
    assert "1 in events." in refused.stderr
    assert "[SEALING_KEY_IN_USE]" in refused.stderr
    assert sealing_keys(tmp_path) == [old, new]


async def put_sealed_elsewhere(folder: Path) -> None:
    async with wired(settings()) as services:
        await services.events.publish("topic", {"note": services.sealer.seal("x", "nowhere")})


def test_a_key_that_sealed_a_moment_ago_is_not_forgotten(tmp_path: Path) -> None:
    keys("rotate", "sealing")
    old, new = sealing_keys(tmp_path)

    refused = keys("forget", old)

    assert refused.exit_code == 1
    assert "[SEALING_KEY_IN_USE]" in refused.stderr
    assert sealing_keys(tmp_path) == [old, new]


def test_a_key_that_is_not_there_is_refused() -> None:
    refused = keys("forget", "0a1b2c3d")

    assert refused.exit_code == 1
    assert "There is no sealing key 0a1b2c3d. [UNKNOWN_SEALING_KEY]" in refused.stderr


async def killed_in_the_middle(folder: Path, old: str) -> int:
    """Begin to seal anew, kill it when some is done, and return how much is left under the old key."""
    async with opened(folder) as store:
        process = await asyncio.create_subprocess_exec(
            *LAOCAI, "keys", "reseal", cwd=ROOT, stdout=DEVNULL, stderr=DEVNULL
        )
        async with asyncio.timeout(60):
            while await sealed_under(store, old) == MANY:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        process.kill()
        await process.wait()
        return await sealed_under(store, old)


def left_by_a_kill(folder: Path) -> int:
    """Seal anew until the kill is in the middle: on a busy machine all may be done before it."""
    for _ in range(KILLS):
        old = sealing_keys(folder)[-1]
        KeyFile(folder / "keys.json").add_key()
        if left := asyncio.run(killed_in_the_middle(folder, old)):
            return left
    raise AssertionError("nothing was ever left")


def test_killed_in_the_middle_it_loses_nothing_and_goes_on_later(tmp_path: Path) -> None:
    asyncio.run(put_invitations(tmp_path, MANY))
    wanted = [an_address(number) for number in range(MANY)]

    left = left_by_a_kill(tmp_path)
    after_the_kill = asyncio.run(addresses(tmp_path))
    result = keys("reseal")

    assert 0 < left < MANY
    assert after_the_kill == wanted
    assert result.stdout == f"{left} values were sealed anew.\n"
    assert asyncio.run(addresses(tmp_path)) == wanted
