"""kill -9 before every write of a decision and of an erasure: all of it is there, or nothing."""

import shutil
from pathlib import Path

import pytest

from api.context import Services
from api.kit.store import Store
from tests.killing import killed
from tests.tourism.content import a_place, hold
from tests.tourism.reviews.acting import (
    LAN,
    MAI,
    a_key,
    a_photo_of,
    an_account,
    decide,
    of_stars,
    write,
)

pytestmark = pytest.mark.own_file

PROCESS = "tests.tourism.reviews.killed_moderator"

BEFORE = {
    "shown": [5],
    "waiting": ["changed"],
    "rating": [0, 0, 0, 0, 1],
    "held": [1, 1],
    "noted": 1,
}
APPROVED = {"shown": [2], "waiting": [], "rating": [0, 1, 0, 0, 0], "held": [0, 1], "noted": 2}
ERASED = {"shown": [], "waiting": [], "rating": [0, 0, 0, 0, 0], "held": [0, 0], "noted": 1}


@pytest.fixture
async def left(services: Services, store: Store, tmp_path: Path) -> Path:
    """A folder with a review of five stars and a photo, and a change to two stars and another."""
    await hold(store, [a_place("P1")])
    await an_account(services, MAI)
    old, new = [await a_photo_of(services, MAI) for _ in range(2)]
    review = await write(services, MAI, 5, old)
    assert await decide(services, LAN, review) == "approved"
    await services.tourism.reviews.writing.change(MAI, review.id, of_stars(2, new), a_key())
    await store.scrub()
    shutil.copy(tmp_path / "test.db", tmp_path / "left.db")
    return tmp_path


async def test_a_decision_survives_kill_9_before_each_of_its_writes(left: Path) -> None:
    results = await killed(PROCESS, left, "approve")

    assert len(results) >= 7
    assert [result["found"] for result in results] == [BEFORE] * len(results)
    assert [result["done"] for result in results] == [APPROVED] * len(results)


async def test_an_erasure_survives_kill_9_before_each_of_its_writes(left: Path) -> None:
    results = await killed(PROCESS, left, "erase")

    assert len(results) >= 5
    assert all(result["found"] in (BEFORE, ERASED) for result in results)
    assert [result["done"] for result in results] == [ERASED] * len(results)


async def test_control_without_a_transaction_half_of_a_decision_is_left(left: Path) -> None:
    results = await killed(PROCESS, left, "approve", "unguarded")

    assert any(result["found"] not in (BEFORE, APPROVED) for result in results)
