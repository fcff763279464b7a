"""What is left, in numbers and in words."""

from datetime import timedelta

import pytest

from api.tourist_cards.left import Left, what_is_left
from api.tourist_cards.terms import Entitlement, EntitlementKind
from api.tourist_cards.usage import PassUse, judged
from tests.tourist_cards.cards import CABLE_CAR, CAVE, MUSEUM, NINE, SHOP, ride, terms, use, visits

BOUGHT = NINE - timedelta(days=3)


def left_of(entitlement: Entitlement, *uses: PassUse) -> Left:
    agreed = terms(entitlement)
    (left,) = what_is_left(agreed, judged(agreed, BOUGHT, uses), NINE + timedelta(hours=2))
    return left


@pytest.mark.parametrize(
    ("entitlement", "uses", "expected"),
    [
        (ride(), [use(1)], "Cable car: as many rides as you like."),
        (ride(uses=3), [use(1)], "Cable car: rides left: 2."),
        (
            ride(uses=3, uses_per_day=2),
            [use(1)],
            "Cable car: rides left: 2, of these today: 1.",
        ),
        (ride(uses_per_day=2), [use(1)], "Cable car: rides left today: 1."),
        (ride(uses=1), [use(1)], "Cable car: used up."),
        (visits(CAVE, MUSEUM, uses_per_place=1), [use(1, CAVE)], "Cable car: visits left: 1."),
        (
            Entitlement("x", EntitlementKind.DISCOUNT, {}, (SHOP,), discount_percent=15),
            [],
            "Cable car: 15% off, as often as you like.",
        ),
    ],
)
def test_it_is_said_in_plain_words(
    entitlement: Entitlement, uses: list[PassUse], expected: str
) -> None:
    assert left_of(entitlement, *uses).sentence(str, "Cable car") == expected


def test_a_place_that_was_seen_is_not_named_again() -> None:
    assert left_of(visits(CAVE, MUSEUM, uses_per_place=1), use(1, CAVE)).place_ids == (MUSEUM,)


def test_more_than_was_promised_leaves_nothing_never_less() -> None:
    left = left_of(ride(uses=1), use(1), use(2, minutes=5))

    assert (left.uses, left.is_used_up) == (0, True)


def test_nothing_is_left_when_the_pass_is_over() -> None:
    agreed = terms(ride())
    usage = judged(agreed, BOUGHT, [use(1)])

    (left,) = what_is_left(agreed, usage, NINE + timedelta(hours=48))

    assert (left.uses, left.today, left.place_ids) == (0, 0, ())


def test_today_is_never_more_than_in_all() -> None:
    left = left_of(ride(uses=2, uses_per_day=2), use(1, hours=-20))

    assert (left.uses, left.today) == (1, 1)
    assert left.place_ids == (CABLE_CAR,)
