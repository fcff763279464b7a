"""Sealed values open at their place only, under any key of the file, and tell nothing before."""

import json
import threading
from contextlib import nullcontext, suppress
from datetime import datetime
from pathlib import Path

import pytest

from api.kit import sealing
from api.kit.sealing import KeyFile, KeyRing, SealBroken, Sealer
from tests.conftest import NOW

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
    one, other = sealer.seal("Lý Thị Mai", PLACE), sealer.seal("Lý Thị Mai", PLACE)

    assert one != other
    assert "Thị" not in one
    assert " Mai" not in one


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


def test_an_older_key_can_be_forgotten_and_the_current_one_cannot(
    keys: KeyFile, sealer: Sealer
) -> None:
    (first,) = keys.ring.sealing
    old = sealer.seal(VALUE, PLACE)
    second = keys.add_key()
    new = sealer.seal(VALUE, PLACE)

    keys.forget_key(first)
    with pytest.raises(ValueError, match="current key"):
        keys.forget_key(second)

    assert sealer.open(new, PLACE) == VALUE
    with pytest.raises(SealBroken):
        sealer.open(old, PLACE)


def test_a_key_says_since_when_it_is_current(tmp_path: Path) -> None:
    keys = KeyFile(tmp_path / "keys.json", lambda: NOW)
    assert keys.ring.current_since is None

    keys.add_key()

    assert KeyFile(tmp_path / "keys.json").ring.current_since == NOW


def add_at_once(
    monkeypatch: pytest.MonkeyPatch, path: Path, patience_seconds: float
) -> tuple[set[str], set[str]]:
    """Add a key from two sides, each as soon as the other has read the file, or has kept it waiting for so long.

    Returns the ids that were told, and those in the file.
    """
    KeyFile(path)
    meeting = threading.Barrier(2)
    with_new_key = KeyRing.with_new_key
    told: set[str] = set()

    def slowly(ring: KeyRing, now: datetime) -> KeyRing:
        with suppress(threading.BrokenBarrierError):
            meeting.wait(patience_seconds)
        return with_new_key(ring, now)

    # Drafts are named after the process; these threads stand for two of them.
    monkeypatch.setattr("api.kit.whole_file.os.getpid", threading.get_ident)
    monkeypatch.setattr(KeyRing, "with_new_key", slowly)
    threads = [threading.Thread(target=lambda: told.add(KeyFile(path).add_key())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told, set(KeyFile(path).ring.sealing)


def test_of_two_keys_that_are_added_at_once_both_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, kept = add_at_once(monkeypatch, tmp_path / "keys.json", 0.3)

    assert len(told) == 2
    assert told < kept


def test_control_without_taking_turns_one_of_them_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "alone_with", nullcontext)

    told, kept = add_at_once(monkeypatch, tmp_path / "keys.json", 10)

    assert (len(told), len(told & kept)) == (2, 1)
