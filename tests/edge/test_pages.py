"""Cursors: they come back as they went, and anything else is refused."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.kit.pages import InvalidCursor, Listing

NEAR = Listing("places.near", ((float, type(None)), str))
STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=50)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
MOMENTS = st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def forged(values: Any) -> str:  # noqa: ANN401
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@given(st.one_of(FINITE, st.none()), STORABLE)
def test_values_come_back(distance: float | None, name: str) -> None:
    assert NEAR.values(NEAR.cursor((distance, name))) == (distance, name)


@given(MOMENTS, st.integers(-(2**63), 2**63 - 1), STORABLE)
def test_moments_and_integers_come_back(moment: datetime, number: int, name: str) -> None:
    newest = Listing("alerts.newest", (datetime, int, str))

    assert newest.values(newest.cursor((moment, number, name))) == (moment, number, name)


def test_no_cursor_is_no_values() -> None:
    assert NEAR.values(None) is None


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "é",
        "W10",
        "=" * 10,
        "A" * 5_000,
        forged([]),
        forged({}),
        forged(None),
        forged(7),
        forged("places.near"),
        forged(["places.near"]),
        forged(["places.near", 1.5]),
        forged(["places.near", 1.5, "a", "b"]),
        forged(["places.near", "1.5", "a"]),
        forged(["places.near", True, "a"]),
        forged(["places.near", 1.5, None]),
        forged(["places.near", 1.5, "a\0"]),
        forged(["places.near", 1.5, "\ud800"]),
        forged(["places.near", float("nan"), "a"]),
        forged(["places.near", float("inf"), "a"]),
        forged(["places.near", {}, "a"]),
        forged(["places.near", {"t": 1}, "a"]),
        forged(["places.near", {"t": "2026-05-01T09:30:00"}, "a"]),
        forged([["places.near"], 1.5, "a"]),
        forged(["markets.near", 1.5, "a"]),
        base64.urlsafe_b64encode(b"[" * 1_400).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)
def test_any_other_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        NEAR.values(cursor)


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**400])
def test_an_integer_the_store_cannot_hold_is_refused(number: int) -> None:
    counts = Listing("counts", (int, str))

    with pytest.raises(InvalidCursor):
        counts.values(forged(["counts", number, "a"]))


@given(st.text(st.characters(codec="utf-8"), max_size=100))
def test_no_text_breaks_the_reader(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        NEAR.values(cursor)
