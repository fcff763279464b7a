"""A store is opened with its own keys, or not at all."""

import asyncio
from pathlib import Path

import pytest

from api.kit.sealing import KeyFile, Sealer
from api.kit.sealing_root import SEALING_ROOT, KeysOfAnotherStore, check_keys_fit
from api.kit.store import Store
from tests.cli.test_checked_settings import laocai


async def test_the_same_keys_fit_again_and_after_a_rotation(store: Store, tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json")
    await check_keys_fit(store, Sealer(keys))
    keys.add_key()

    await check_keys_fit(store, Sealer(KeyFile(tmp_path / "keys.json")))


async def test_other_keys_are_refused_and_change_nothing(store: Store, tmp_path: Path) -> None:
    await check_keys_fit(store, Sealer(KeyFile(tmp_path / "keys.json")))
    before = await store[SEALING_ROOT].find({})

    with pytest.raises(KeysOfAnotherStore):
        await check_keys_fit(store, Sealer(KeyFile(tmp_path / "other.json")))

    assert await store[SEALING_ROOT].find({}) == before


async def test_of_two_that_start_at_once_with_other_keys_one_does_not(
    store: Store, tmp_path: Path
) -> None:
    sealers = [Sealer(KeyFile(tmp_path / name)) for name in ("one.json", "two.json")]

    results = await asyncio.gather(
        *(check_keys_fit(store, sealer) for sealer in sealers), return_exceptions=True
    )

    assert sorted(type(result).__name__ for result in results) == ["KeysOfAnotherStore", "NoneType"]


def test_a_command_says_so_in_one_line(tmp_path: Path) -> None:
    laocai("admin", "list", LAOCAI_DATA_FOLDER=str(tmp_path))
    (tmp_path / "keys.json").unlink()

    ran = laocai("admin", "list", LAOCAI_DATA_FOLDER=str(tmp_path))

    assert ran.returncode == 2
    assert ran.stderr.startswith("The key file does not belong to this store")
    assert "Traceback" not in ran.stderr
