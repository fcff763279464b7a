"""Whom a notice was meant for is remembered, and nobody else."""

from api.kit.ids import new_id
from notifications.addressed import Addressed


def test_nobody_is_known_at_first() -> None:
    assert Addressed().among(["mai", "son"]) == frozenset()


def test_who_was_taken_in_is_known() -> None:
    known = Addressed()
    known.take_in(0, ["mai", "son"])
    first = known.among(["son", "lan"])

    known.take_in(3, ["lan"])

    assert first == {"son"}
    assert known.among(["son", "lan", "hoa"]) == {"son", "lan"}
    assert known.read == [0, 3]


def test_a_batch_is_taken_in_once() -> None:
    known = Addressed()
    known.take_in(0, ["mai"])

    known.take_in(0, ["son"])

    assert known.among(["mai", "son"]) == {"mai"}


def test_among_many_those_are_found_that_are_there() -> None:
    there, others = [new_id() for _ in range(5_000)], [new_id() for _ in range(5_000)]
    known = Addressed()
    for number in range(5):
        known.take_in(number, there[number * 1_000 : (number + 1) * 1_000])

    assert known.among([*others, *there]) == frozenset(there)
    assert known.among([]) == frozenset()
