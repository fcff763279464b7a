"""The code against the vectors of RFC 6238, appendix B, and its edges."""

from datetime import UTC, datetime, timedelta

import pytest

from api.credentials.cards.rotating_code import code_of, device_key, step_at, step_shown

SEED = b"12345678901234567890123456789012"
MOMENT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
KEY = bytes(32)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "46119246"),
        (1_111_111_109, "68084774"),
        (1_111_111_111, "67062674"),
        (1_234_567_890, "91819424"),
        (2_000_000_000, "90698825"),
        (20_000_000_000, "77737706"),
    ],
)
def test_the_published_vectors(seconds: int, code: str) -> None:
    step = step_at(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))

    assert code_of(SEED, step) == code


@pytest.mark.parametrize(
    ("apart", "found"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_one_step_of_skew(apart: int, found: bool) -> None:
    step = step_at(MOMENT) + apart

    assert step_shown(KEY, code_of(KEY, step), MOMENT) == (step if found else None)


def test_a_step_ends_with_its_thirtieth_second() -> None:
    last = MOMENT + timedelta(seconds=29, milliseconds=999)

    assert step_at(last) == step_at(MOMENT)
    assert step_at(MOMENT + timedelta(seconds=30)) == step_at(MOMENT) + 1


def test_there_is_no_step_before_1970() -> None:
    assert step_shown(KEY, code_of(KEY, 0), datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == 0
    assert step_shown(KEY, "00000000", datetime(1, 1, 1, tzinfo=UTC)) is None


def test_each_generation_of_each_card_has_a_key_of_its_own() -> None:
    keys = {
        device_key(gate_key, card, generation)
        for gate_key in (KEY, SEED)
        for card in ("a", "b")
        for generation in (1, 2)
    }

    assert len(keys) == 8
