"""kill -9 before every write of an erasure: whoever goes on finishes it, and nothing is left."""

import asyncio
import json
import shutil
from pathlib import Path

import httpx
import pytest

from api.accounts.people.repository import ACCOUNTS
from api.context import Services
from api.kit.store import Store
from api.settings import Settings
from tests.accounts.families import person_id_of
from tests.accounts.test_leaving import leave
from tests.accounts.test_people_data import a_full_person
from tests.accounts.traces import documents_with, ids_of_person
from tests.bot.chats import new_key
from tests.conftest import send
from tests.killing import killed

pytestmark = pytest.mark.own_file

PROCESS = "tests.accounts.erasing_process"

WRITES_AT_LEAST = 15


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"bot_url": "http://127.0.0.1:9"})


async def test_an_erasure_survives_kill_9_before_each_of_its_writes(
    client: httpx.AsyncClient, services: Services, store: Store, tmp_path: Path
) -> None:
    person = await a_full_person(client, services)
    said = {"input": {"text": "hello", "idempotencyKey": new_key()}}
    await send(client, "bot/SendChatMessage", said, headers=person.headers)
    ids = await ids_of_person(store, await person_id_of(services, person))
    await leave(client, person)
    left_behind = await documents_with(store, ids)
    await store.scrub()
    shutil.copy(tmp_path / "test.db", tmp_path / "left.db")

    results, unguarded = await asyncio.gather(
        killed(PROCESS, tmp_path, IDS=json.dumps(sorted(ids))), killed_unguarded(tmp_path, ids)
    )

    assert ACCOUNTS.name in left_behind
    assert len(ids) >= 6
    assert len(results) >= WRITES_AT_LEAST
    assert results == [{"left": 0, "finished": 1}] * len(results)
    assert any(result["left"] for result in unguarded)


async def killed_unguarded(folder: Path, ids: set[str]) -> list[dict[str, int]]:
    """The control: a holder noted as done before it was asked is never asked again."""
    other = folder / "unguarded"
    other.mkdir()
    for name in ("left.db", "keys.json", "ticket-secret", "bot-secret", "device-key"):
        shutil.copy(folder / name, other / name)
    return await killed(PROCESS, other, "unguarded", IDS=json.dumps(sorted(ids)))
