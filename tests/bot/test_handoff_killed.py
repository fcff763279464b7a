"""kill -9 before every write of a message that is passed on: the desk gets it once, and is told of it."""

import shutil
from pathlib import Path

import httpx
import pytest

from api.kit.store import Store
from tests.bot.desks import asked, begun
from tests.killing import killed

pytestmark = pytest.mark.own_file

PROCESS = "tests.bot.killed_passing_on"
NOTHING, ALL = {"kept": 0, "told": 1}, {"kept": 1, "told": 2}
"""One event told that somebody waits."""


@pytest.fixture
async def conversation(client: httpx.AsyncClient, store: Store, tmp_path: Path) -> str:
    """Somebody who waits for a person, left in a file."""
    conversation_id = await begun(client)
    await asked(client, conversation_id)
    await store.scrub()
    shutil.copy(tmp_path / "test.db", tmp_path / "left.db")
    return conversation_id


async def test_a_message_survives_kill_9_before_each_of_its_writes(
    conversation: str, tmp_path: Path
) -> None:
    results = await killed(PROCESS, tmp_path, conversation)

    assert len(results) >= 4
    assert all(result["found"] in (NOTHING, ALL) for result in results)
    assert [result["done"] for result in results] == [ALL] * len(results)


async def test_control_without_a_transaction_a_message_is_kept_and_nobody_told(
    conversation: str, tmp_path: Path
) -> None:
    results = await killed(PROCESS, tmp_path, conversation, "unguarded")

    assert {"kept": 1, "told": 1} in [result["found"] for result in results]
