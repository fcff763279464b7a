"""kill -9 before every write: what is given is counted, once, and whoever is asked is asked once."""

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from tests.feedback.rating import a_person, an_ended_visit, an_office_code
from tests.feedback.reporting import a_device
from tests.health.waiting import a_phone
from tests.killing import killed

pytestmark = pytest.mark.own_file

PROCESS = "tests.feedback.killed_rater"


@pytest.fixture
async def left(
    client: httpx.AsyncClient, services: Services, store: Store, tmp_path: Path
) -> dict[str, str]:
    """Leave a visit that may be rated, a code at a desk and a device; return what is rated by."""
    caller = await a_person(services)
    await a_phone(services, caller)
    rating = await an_ended_visit(services, caller)
    device, scanned = await a_device(client), await an_office_code(services)
    await store.scrub()
    shutil.copy(tmp_path / "test.db", tmp_path / "left.db")
    return {
        "TICKET": services.feedback.satisfaction.tickets.issue(rating),
        "SCANNED": scanned,
        "DEVICE": device["id"],
        "SECRET": device["secret"],
    }


async def outcomes(
    tmp_path: Path, left: dict[str, str], *arguments: str
) -> list[dict[str, dict[str, Any]]]:
    return await killed(PROCESS, tmp_path, *arguments, seconds=200, **left)


@pytest.mark.parametrize("task", ["tap", "scan"])
async def test_what_is_given_is_counted_whenever_it_is_killed(
    tmp_path: Path, left: dict[str, str], task: str
) -> None:
    results = await outcomes(tmp_path, left, task)

    assert len(results) >= 2
    for it in results:
        assert it["found"]["given"] == it["found"]["counted"]
        assert it["found"]["differences"] == 0
        assert (it["done"]["given"], it["done"]["counted"]) == (1, 1)
        assert it["done"]["differences"] == 0


@pytest.mark.parametrize("task", ["tap", "scan"])
async def test_without_transactions_one_would_not_be(
    tmp_path: Path, left: dict[str, str], task: str
) -> None:
    results = await outcomes(tmp_path, left, task, "unguarded")

    assert any(it["found"]["given"] != it["found"]["counted"] for it in results)
    assert any(it["found"]["differences"] for it in results)


async def test_who_is_asked_is_asked_once_whenever_it_is_killed(
    tmp_path: Path, left: dict[str, str]
) -> None:
    results = await outcomes(tmp_path, left, "ask")

    assert len(results) >= 3
    assert [it["done"]["told"] for it in results] == [1] * len(results)
