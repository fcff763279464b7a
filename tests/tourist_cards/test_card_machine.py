"""Wallet and entitlements under random lives; each planted fault must be found by the same lives.

LAOCAI_TEST_EXAMPLES=300 runs as many lives as a release needs; a suite runs fewer.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis.stateful import run_state_machine_as_test

from api.tourist_cards import buying, usage
from api.tourist_cards.passes import Pass
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.terms import Entitlement, RefundRule
from api.tourist_cards.usage import Fault, PassUse
from api.wallet.ledger.ledger import Ledger
from tests.lives import LIVES, LIVES_TO_FIND_A_FAULT, lives
from tests.tourist_cards.card_machine import CardMachine


@pytest.mark.timeout(1_800)
def test_every_life_goes_as_the_model_says() -> None:
    run_state_machine_as_test(CardMachine, settings=lives(LIVES))


def a_limit_that_does_not_limit(patch: pytest.MonkeyPatch) -> None:
    def never(limit: int | None, uses: Sequence[PassUse]) -> bool:
        return False

    patch.setattr(usage, "_is_full", never)


def a_pause_that_is_not_kept(patch: pytest.MonkeyPatch) -> None:
    limit_reached = usage.limit_reached

    def without_a_pause(
        entitlement: Entitlement, before: Sequence[PassUse], use: PassUse
    ) -> Fault | None:
        return limit_reached(replace(entitlement, minutes_between=0), before, use)

    patch.setattr(usage, "limit_reached", without_a_pause)


def the_newest_use_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    uses_of = CardRepository.uses_of

    async def but_the_newest(self: CardRepository, pass_id: str) -> list[PassUse]:
        return sorted(await uses_of(self, pass_id), key=lambda it: it.at)[:-1]

    patch.setattr(CardRepository, "uses_of", but_the_newest)


def a_used_pass_is_paid_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Pass, "is_used", property(lambda self: False))


def the_fee_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    def all_of_it(self: RefundRule, price_dong: int, bought_at: datetime, now: datetime) -> int:
        return price_dong

    patch.setattr(RefundRule, "amount", all_of_it)


def a_refund_moves_no_money(patch: pytest.MonkeyPatch) -> None:
    async def nothing(self: Ledger, *_: object) -> None:
        return None

    patch.setattr(Ledger, "refund", nothing)


def a_pass_is_not_paid(patch: pytest.MonkeyPatch) -> None:
    async def nothing(self: object, *_: object) -> None:
        return None

    patch.setattr(buying.Buying, "_payment", nothing)


@pytest.mark.parametrize(
    "planted",
    [
        a_limit_that_does_not_limit,
        a_pause_that_is_not_kept,
        the_newest_use_is_forgotten,
        a_used_pass_is_paid_back,
        the_fee_is_forgotten,
        a_refund_moves_no_money,
        a_pass_is_not_paid,
    ],
)
def test_a_planted_fault_is_found(
    planted: Callable[[pytest.MonkeyPatch], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    planted(monkeypatch)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(CardMachine, settings=lives(LIVES_TO_FIND_A_FAULT))
