"""Whom a notice was meant for is remembered, and nobody else."""

from collections.abc import Sequence

import pytest

from api.kit.area import Area
from api.kit.ids import new_id
from api.kit.store import Store
from notifications.addressed import Addressed, Mark
from notifications.notice import Audience
from notifications.outbox import Outbox
from notifications.service import Notifications
from tests.conftest import MovableClock
from tests.notifications.factories import a_device, a_notice, put

HOME = "02683"


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


def test_what_is_done_with_waits_no_more_whoever_read_it_late() -> None:
    known = Addressed()
    known.hold(0, None, ["mai"])
    waited = list(known.waiting)
    known.take_in(0, ["son"])

    known.hold(0, None, ["mai"])

    assert waited == [0]
    assert known.waiting == {}
    assert known.among(["mai", "son"]) == {"son"}


def test_among_many_those_are_found_that_are_there() -> None:
    there, others = [new_id() for _ in range(5_000)], [new_id() for _ in range(5_000)]
    known = Addressed()
    for number in range(5):
        known.take_in(number, there[number * 1_000 : (number + 1) * 1_000])

    assert known.among([*others, *there]) == frozenset(there)
    assert known.among([]) == frozenset()


async def test_what_another_look_takes_in_meanwhile_is_not_missed(
    store: Store, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await put(store, a_device(id="mai", homes=[HOME]))
    await Notifications(store, clock).fan_out(
        a_notice(), Audience(Area.of([], []), frozenset({HOME}))
    )
    outbox, known = Outbox(store, clock), Addressed()
    among = Addressed.among

    def overtaken(self: Addressed, marks: Sequence[Mark]) -> frozenset[Mark]:
        found = among(self, marks)
        self.take_in(0, ["mai"])
        return found

    monkeypatch.setattr(Addressed, "among", overtaken)

    assert await outbox.addressed("flood-1", ["mai", "son"], known) == {"mai"}
