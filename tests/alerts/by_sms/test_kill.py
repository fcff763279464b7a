"""kill -9 at each write while a warning is ended by SMS: everybody who got it hears of it, once, and is counted."""

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.settings import Settings
from tests.alerts.by_sms.conftest import EXTREME, MAI, SON, Texting, cancel, someone
from tests.alerts.conftest import Door
from tests.alerts.messages import alert
from tests.killing import killed

pytestmark = pytest.mark.own_file

ONCE_EACH = {"queued": 2, "doubled": 0, "counted": 2}


@pytest.fixture
async def folder(
    client: httpx.AsyncClient,
    services: Services,
    door: Door,
    texting: Texting,
    store: Store,
    settings: Settings,
    tmp_path: Path,
) -> Path:
    """Two people got a warning by SMS, and its Cancel has just come."""
    for number in (MAI, SON):
        await someone(client, services, number)
    await texting.run()
    await door.accepts(alert(EXTREME))
    await texting.run()
    await texting.run(minutes=5)
    assert texting.got(MAI) == texting.got(SON) == ["Lũ quét"]
    await door.accepts(cancel())
    await store.close()
    made = tmp_path / "killed"
    shutil.copytree(settings.data_folder, made, ignore=shutil.ignore_patterns("killed"))
    shutil.copy(made / "test.db", made / "warned.db")
    return made


async def what_kills_leave(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    return await killed("tests.alerts.by_sms.ending_process", folder, *arguments)


async def test_whoever_got_it_is_told_once_wherever_a_worker_is_killed(folder: Path) -> None:
    left = await what_kills_leave(folder)

    assert len(left) > 10
    assert left == [ONCE_EACH] * len(left)


async def test_control_without_a_transaction_somebody_is_told_of_no_end(folder: Path) -> None:
    left = await what_kills_leave(folder, "unguarded")

    assert any(one["queued"] < 2 for one in left)
