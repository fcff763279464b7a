"""Sealed values open at their place only, under any key of the file, and tell nothing before."""

import json
import threading
from pathlib import Path

import pytest

from api.kit.sealing import KeyFile, KeyRing, SealBroken, Sealer

VALUE = {"name": "Lý Thị Mai", "numbers": [1, 2.5, None, True]}
PLACE = "accounts/a/profile"


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys.json")


@pytest.fixture
def sealer(keys: KeyFile) -> Sealer:
    return Sealer(keys)


def test_what_is_sealed_opens_at_its_place(sealer: Sealer) -> None:
    assert sealer.open(sealer.seal(VALUE, PLACE), PLACE) == VALUE


def test_it_shows_nothing_of_the_value_and_never_looks_the_same(sealer: Sealer) -> None:
    one, other = sealer.seal("Mai", PLACE), sealer.seal("Mai", PLACE)

    assert one != other
    assert "Mai" not in one


def test_another_place_does_not_open_it(sealer: Sealer) -> None:
    sealed = sealer.seal(VALUE, PLACE)

    with pytest.raises(SealBroken):
        sealer.open(sealed, "accounts/b/profile")


def broken(sealed: str) -> list[str]:
    key, nonce, ciphertext = sealed.split(".")
    other = "A" if ciphertext[0] != "A" else "B"
    return [
        "",
        "no dots",
        f"{key}.{nonce}",
        f"{key}..{ciphertext}",
        f"{key}.{nonce}.{other}{ciphertext[1:]}",
        f"{key}.{nonce}.{ciphertext[:-4]}",
        f"{key}.ä.{ciphertext}",
        f"00000000.{nonce}.{ciphertext}",
    ]


def test_what_was_changed_does_not_open(sealer: Sealer) -> None:
    for changed in broken(sealer.seal(VALUE, PLACE)):
        with pytest.raises(SealBroken):
            sealer.open(changed, PLACE)


def test_a_new_key_seals_and_the_old_one_still_opens(keys: KeyFile, sealer: Sealer) -> None:
    old = sealer.seal(VALUE, PLACE)

    key_id = keys.add_key()

    new = sealer.seal(VALUE, PLACE)
    assert new.startswith(f"{key_id}.")
    assert (sealer.is_current(old), sealer.is_current(new)) == (False, True)
    assert sealer.open(old, PLACE) == sealer.open(new, PLACE) == VALUE


def test_another_process_s_new_key_is_seen(tmp_path: Path, sealer: Sealer) -> None:
    elsewhere = KeyFile(tmp_path / "keys.json")
    elsewhere.add_key()

    sealed = Sealer(elsewhere).seal(VALUE, PLACE)

    assert sealer.open(sealed, PLACE) == VALUE


def test_digests_stay_the_same_when_keys_are_added(keys: KeyFile, sealer: Sealer) -> None:
    before = sealer.blind_index("010304123456", "CCCD")

    keys.add_key()

    assert sealer.blind_index("010304123456", "CCCD") == before
    assert sealer.blind_index("010304123456", "passport") != before
    assert sealer.digest("x", "ab", "c") != sealer.digest("x", "a", "bc")


def test_of_many_processes_that_start_at_once_one_makes_the_keys(tmp_path: Path) -> None:
    rings: list[KeyRing] = []

    def start() -> None:
        rings.append(KeyFile(tmp_path / "keys.json").ring)

    # Drafts are named after the process, so threads of one process take turns here.
    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
        thread.join()

    assert len({ring.root for ring in rings}) == 1


def test_only_the_owner_reads_the_file(keys: KeyFile, tmp_path: Path) -> None:
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600
    assert KeyRing.of((tmp_path / "keys.json").read_text()) == keys.ring


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", json.dumps({"root": "AA==", "sealing": {}, "current": "a"})],
)
def test_a_file_that_holds_no_keys_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text)

    with pytest.raises(ValueError):  # noqa: PT011 - json's own error is one
        KeyFile(tmp_path / "keys.json")
