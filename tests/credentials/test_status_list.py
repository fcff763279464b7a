"""Status lists: the draft's own example, any changes in any parts, and how large they are."""

import base64
import random
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from api.credentials.status.status_list import (
    CARDS_IN_A_LIST,
    Delta,
    SignedDelta,
    SignedList,
    Stamp,
    Status,
    StatusList,
    read_delta,
    read_list,
    sign_delta,
    sign_list,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = {"key": KEY.public_key()}
NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
STAMP = Stamp("https://a.example/1", NOW, timedelta(days=7), timedelta(seconds=60))
CHANGES = st.lists(st.tuples(st.integers(0, 200), st.sampled_from(Status)), max_size=60)


def test_the_bits_lie_as_in_the_draft_s_example() -> None:
    compressed = base64.urlsafe_b64decode("eNo76fITAAPfAgc=")

    read = StatusList.of_compressed(1, compressed)

    assert [int(read.status(place)) for place in (0, 1, 2, 4, 5, 6, 7, 8, 9)] == [
        1, 2, 0, 0, 1, 0, 1, 1, 2,
    ]  # fmt: skip


def test_what_was_never_set_is_valid() -> None:
    assert StatusList().status(CARDS_IN_A_LIST - 1) is Status.VALID


@pytest.mark.parametrize("place", [-1, CARDS_IN_A_LIST])
def test_a_place_outside_is_refused(place: int) -> None:
    with pytest.raises(IndexError):
        StatusList().status(place)
    with pytest.raises(IndexError):
        StatusList().change(1, [(place, Status.INVALID)])


@given(changes=CHANGES)
def test_a_list_that_was_signed_is_read(changes: list[tuple[int, Status]]) -> None:
    made = StatusList()
    made.change(len(changes), changes)

    read = read_list(sign_list(made, STAMP, "key", KEY), KEYS)

    newest = dict(changes)
    assert (read.list.version, read.uri, read.made_at) == (len(changes), STAMP.uri, NOW)
    assert read.expires_at == NOW + timedelta(days=7)
    assert [read.list.status(place) for place in range(201)] == [
        newest.get(place, Status.VALID) for place in range(201)
    ]


@given(changes=CHANGES, kept=st.integers(0, 60), seen=st.integers(0, 60))
def test_a_list_and_what_has_changed_since_is_the_new_list(
    changes: list[tuple[int, Status]], kept: int, seen: int
) -> None:
    kept = min(kept, len(changes))
    seen = min(seen, kept)
    old, new = StatusList(), StatusList()
    old.change(kept, changes[:kept])
    new.change(len(changes), changes)
    # The delta may begin before the version that the gate has.
    delta = Delta(seen, len(changes), dict(changes[seen:]))
    told = read_delta(sign_delta(delta, STAMP, "key", KEY), KEYS)

    renewed = SignedList(STAMP.uri, NOW, NOW, old).renewed(told)

    assert renewed.list.version == len(changes)
    assert [renewed.list.status(place) for place in range(201)] == [
        new.status(place) for place in range(201)
    ]


def test_a_delta_of_later_changes_does_not_follow() -> None:
    held = SignedList("a", NOW, NOW, StatusList(version=3))

    with pytest.raises(ValueError, match="does not follow"):
        held.renewed(SignedDelta("a", NOW, NOW, Delta(4, 5, {})))
    with pytest.raises(ValueError, match="does not follow"):
        held.renewed(SignedDelta("b", NOW, NOW, Delta(3, 5, {})))


def test_an_old_delta_sent_again_brings_nobody_back() -> None:
    revoked = StatusList()
    revoked.change(2, [(7, Status.INVALID)])
    held = SignedList("a", NOW, NOW, revoked)

    again = held.renewed(SignedDelta("a", NOW - timedelta(1), NOW, Delta(0, 1, {7: Status.VALID})))

    assert again is held


@pytest.mark.parametrize(
    "compressed",
    [
        b"",
        b"no zlib",
        zlib.compress(bytes(CARDS_IN_A_LIST)),
        zlib.compress(b"\1")[:-3],
        zlib.compress(b"\1") + b"more",
    ],
)
def test_what_is_no_list_is_refused(compressed: bytes) -> None:
    with pytest.raises(ValueError, match="not"):
        StatusList.of_compressed(1, compressed)


def test_a_list_does_not_pass_for_a_delta_nor_one_of_a_foreign_key() -> None:
    token = sign_list(StatusList(), STAMP, "key", KEY)

    with pytest.raises(ValueError, match="not signed"):
        read_delta(token, KEYS)
    with pytest.raises(ValueError, match="not signed"):
        read_list(token, {"other": KEY.public_key()})
    with pytest.raises(ValueError, match="not a statuslist"):
        read_list(token, {"key": Ed25519PrivateKey.generate().public_key()})


def test_a_hundred_thousand_of_a_million_revoked_stay_under_300_kilobytes() -> None:
    places = random.Random(417).sample(range(1_000_000), 100_000)  # noqa: S311 - no secret
    full = StatusList()
    full.change(100_000, [(place, Status.INVALID) for place in places])

    token = sign_list(full, STAMP, "key", KEY)

    print(f"100,000 revoked of 1,000,000: {len(token):,} bytes")  # noqa: T201 - the figure
    assert len(token) < 300_000
    assert read_list(token, KEYS).list.status(places[0]) is Status.INVALID
