"""Documents are brought to a new shape once each, in batches, whatever is killed and whoever else writes."""

from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app as command
from api.kit.store import Document, Store, Update
from api.media.repository import MEDIA
from api.migrations import running
from api.migrations.errors import MigrationRunning
from api.migrations.every import EVERY_MIGRATION
from api.migrations.migration import Migration
from api.migrations.repository import LEASE, MIGRATIONS, MigrationRepository, Standing
from api.migrations.running import Migrations, Outlook, Progress
from api.settings import settings as settings_of_the_process
from tests.conftest import MovableClock

DOCUMENTS = 10
BATCH = 3
COUNTED = MEDIA
"""Any collection that the tests' store has."""


def _counted(_document: Document) -> Update:
    return {"$inc": {"seen": 1}}


COUNT = Migration("2026-01-01-count", COUNTED, {"kind": "counted"}, _counted)
"""Its documents keep the old shape: only its progress says which were changed."""


class Killed(BaseException):
    """What a kill -9 is to the store: an open transaction is lost, and nothing after it happens."""


def nothing_said(_migration: Migration, _changed: int) -> None:
    """Progress that nobody reads."""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", BATCH)


@pytest.fixture
async def counted(store: Store) -> Store:
    """A store with documents to be counted once each."""
    documents = [
        {"_id": f"{number:03}", "kind": "counted", "seen": 0} for number in range(DOCUMENTS)
    ]
    await store[COUNTED].insert_many(documents)
    return store


async def seen(store: Store) -> list[int]:
    return [it["seen"] for it in await store[COUNTED].find({"kind": "counted"})]


def killed_at(batch: int) -> Progress:
    """Return progress that is killed when that batch has been committed."""
    left = iter(range(batch - 1))

    def told(_migration: Migration, _changed: int) -> None:
        if next(left, None) is None:
            raise Killed

    return told


@pytest.mark.parametrize("batch", [1, 2, 3, 4])
async def test_a_run_that_was_killed_is_gone_on_with(
    counted: Store, clock: MovableClock, batch: int
) -> None:
    migrations = Migrations(counted, clock, [COUNT])
    with pytest.raises(Killed):
        await migrations.run(killed_at(batch))
    clock.now += LEASE

    await migrations.run(nothing_said)

    assert await seen(counted) == [1] * DOCUMENTS


async def test_killed_within_a_batch_all_of_the_batch_is_done_anew(
    counted: Store, clock: MovableClock
) -> None:
    dying = iter(range(BATCH + 1))

    def change(document: Document) -> Update:
        if next(dying, None) is None:
            raise Killed
        return _counted(document)

    dies = Migration(COUNT.id, COUNT.collection, COUNT.old, change)
    with pytest.raises(Killed):
        await Migrations(counted, clock, [dies]).run(nothing_said)
    assert await seen(counted) == [1] * BATCH + [0] * (DOCUMENTS - BATCH)
    clock.now += LEASE

    await Migrations(counted, clock, [COUNT]).run(nothing_said)

    assert await seen(counted) == [1] * DOCUMENTS


async def test_without_the_progress_it_does_twice(counted: Store, clock: MovableClock) -> None:
    # Control: what was noted of the run that was killed is lost.
    migrations = Migrations(counted, clock, [COUNT])
    with pytest.raises(Killed):
        await migrations.run(killed_at(2))
    await counted[MIGRATIONS].delete_many({})

    await migrations.run(nothing_said)

    assert await seen(counted) == [2] * 2 * BATCH + [1] * (DOCUMENTS - 2 * BATCH)


async def test_while_one_runs_another_is_refused(counted: Store, clock: MovableClock) -> None:
    await MigrationRepository(counted, clock).take(COUNT.id, "another")
    clock.now += LEASE - timedelta(seconds=1)

    with pytest.raises(MigrationRunning):
        await Migrations(counted, clock, [COUNT]).run(nothing_said)

    assert await seen(counted) == [0] * DOCUMENTS


async def test_whoever_lost_its_lease_notes_nothing_more(
    counted: Store, clock: MovableClock
) -> None:
    repository = MigrationRepository(counted, clock)
    await repository.take(COUNT.id, "slow")
    clock.now += LEASE
    await repository.take(COUNT.id, "quick")

    with pytest.raises(MigrationRunning):
        await repository.advance(COUNT.id, "slow", "005", 5)
    with pytest.raises(MigrationRunning):
        await repository.finish(COUNT.id, "slow")

    assert await repository.standing(COUNT.id) == Standing(COUNT.id, "", 0, None)


async def test_media_of_before_say_what_new_ones_say(store: Store, clock: MovableClock) -> None:
    old = {"_id": "old", "kind": "image"}
    new = {"_id": "new", "kind": "image", "is_resumable": True, "keeps_capture": True}
    await store[MEDIA].insert_many([old, new])
    migrations = Migrations(store, clock, EVERY_MIGRATION)

    changed = await migrations.run(nothing_said)

    assert changed == 2
    found = await store[MEDIA].get_many(["old", "new"])
    assert found["old"] == {**old, "is_resumable": False, "keeps_capture": False}
    assert found["new"] == new
    assert await migrations.run(nothing_said) == 0


async def test_looking_changes_nothing(counted: Store, clock: MovableClock) -> None:
    outlook = await Migrations(counted, clock, [COUNT]).outlook()

    assert outlook == [Outlook(COUNT, left=DOCUMENTS, changed=0)]
    assert not outlook[0].is_finished
    assert await seen(counted) == [0] * DOCUMENTS
    assert await counted[MIGRATIONS].count({}) == 0


def test_the_ids_of_migrations_are_in_their_order() -> None:
    days = [migration.id[:10] for migration in EVERY_MIGRATION]

    assert days == sorted(days)
    assert len({migration.id for migration in EVERY_MIGRATION}) == len(EVERY_MIGRATION)


@pytest.mark.parametrize(
    ("option", "said"), [("--dry-run", "done, 0 changed so far"), (None, "0 doc")]
)
def test_the_command_says_what_there_was_to_do(
    tmp_path: Path,
    option: str | None,
    said: str,
) -> None:
    settings_of_the_process.cache_clear()
    try:
        told = CliRunner().invoke(
            command,
            ["migrate", *([option] if option else [])],
            env={"LAOCAI_DATA_FOLDER": str(tmp_path / "data")},
        )
    finally:
        settings_of_the_process.cache_clear()

    assert told.exit_code == 0, told.output
    assert said in told.output
