"""Signing keys: one for all processes, changed without a moment in which a token cannot be checked."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from api.kit.sealing import KeyFile, Sealer
from api.kit.signing_keys import PUBLISHED_BEFORE_SIGNING, SIGNING_KEYS, SigningKeys
from api.kit.store import Store
from tests.conftest import MovableClock

LIFE = timedelta(minutes=10)


@pytest.fixture
def key_file(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys.json")


def process(store: Store, keys: KeyFile, clock: MovableClock, purpose: str = "a") -> SigningKeys:
    """Return what one process knows of the keys."""
    return SigningKeys(store, Sealer(keys), clock, purpose, LIFE)


async def test_processes_that_start_at_once_share_one_key(
    store: Store, key_file: KeyFile, clock: MovableClock
) -> None:
    processes = [process(store, key_file, clock) for _ in range(8)]

    signing = await asyncio.gather(*(one.to_sign() for one in processes))

    assert len({key_id for key_id, _ in signing}) == 1
    assert await store[SIGNING_KEYS].count({}) == 1


async def test_a_process_that_starts_refuses_no_good_token_while_it_reads(
    store: Store, key_file: KeyFile, clock: MovableClock
) -> None:
    key_id, _ = await process(store, key_file, clock).to_sign()
    starting = process(store, key_file, clock)

    found = await asyncio.gather(*(starting.to_verify(key_id) for _ in range(5)))

    assert None not in found


async def test_purposes_have_keys_of_their_own(
    store: Store, key_file: KeyFile, clock: MovableClock
) -> None:
    one, other = process(store, key_file, clock), process(store, key_file, clock, "b")
    key_id, _ = await one.to_sign()
    await other.to_sign()

    assert await one.to_verify(key_id) is not None
    assert await other.to_verify(key_id) is None


async def test_a_new_key_is_known_everywhere_before_it_signs(
    store: Store, key_file: KeyFile, clock: MovableClock
) -> None:
    here, elsewhere = (process(store, key_file, clock) for _ in range(2))
    old, _ = await here.to_sign()
    await elsewhere.to_sign()
    new = await here.rotate()
    signed: list[str] = []
    checked: list[bool] = []

    for _ in range(20):
        clock.advance(seconds=60)
        key_id, _ = await here.to_sign()
        signed.append(key_id)
        checked.append(await elsewhere.to_verify(key_id) is not None)

    change = int(PUBLISHED_BEFORE_SIGNING.total_seconds() // 60) - 1
    assert signed == [old] * change + [new.id] * (20 - change)
    assert all(checked)


async def test_the_old_key_verifies_until_its_last_token_has_ended(
    store: Store, key_file: KeyFile, clock: MovableClock
) -> None:
    keys = process(store, key_file, clock)
    old, _ = await keys.to_sign()
    await keys.rotate()

    clock.advance(seconds=(PUBLISHED_BEFORE_SIGNING + LIFE).total_seconds() - 1)
    before = await keys.to_verify(old)
    clock.advance(seconds=1)

    assert before is not None
    assert await keys.to_verify(old) is None


async def test_rotations_at_once_leave_one_key_that_lasts(
    store: Store, key_file: KeyFile, clock: MovableClock
) -> None:
    processes = [process(store, key_file, clock) for _ in range(5)]
    await processes[0].to_sign()

    await asyncio.gather(*(one.rotate() for one in processes))

    numbers = await store[SIGNING_KEYS].count_by("number", {"verifies_until": None})
    assert numbers == {6: 1}


async def test_a_clock_that_was_set_back_still_signs(
    store: Store, key_file: KeyFile, clock: MovableClock
) -> None:
    old, _ = await process(store, key_file, clock).to_sign()
    clock.advance(hours=-1)

    key_id, _ = await process(store, key_file, clock).to_sign()

    assert key_id == old


async def test_private_halves_are_sealed_anew_under_a_new_sealing_key(
    store: Store, key_file: KeyFile, clock: MovableClock
) -> None:
    keys = process(store, key_file, clock)
    before = await keys.to_sign()
    sealing_key = key_file.add_key()

    sealed_anew = [await keys.seal_anew(), await keys.seal_anew()]

    (document,) = await store[SIGNING_KEYS].find({})
    after = await process(store, key_file, clock).to_sign()
    assert sealed_anew == [1, 0]
    assert document["sealed_private"].startswith(f"{sealing_key}.")
    assert after[0] == before[0]
    assert after[1].private_bytes_raw() == before[1].private_bytes_raw()
