"""The machine finds nothing in the wallet as it is, and each of the faults that are planted."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from api.wallet.ledger import ledger as ledger_module
from api.wallet.ledger import postings as postings_module
from api.wallet.ledger.account_repository import AccountRepository, Movement
from api.wallet.ledger.entry_repository import EntryRepository
from api.wallet.ledger.ledger import Ledger
from api.wallet.ledger.postings import Postings
from api.wallet.ledger.records import Account, Entry, Transfer, TransferState
from api.wallet.ledger.transfer_repository import TransferRepository
from tests.lives import examples
from tests.wallet.machine import WalletMachine

EXAMPLES = examples(15)
STEPS = 40
THOROUGH = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large),
)
QUICK = settings(THOROUGH, max_examples=400, phases=(Phase.generate,), print_blob=False)
"""For planted faults: one failing run is enough, it need not be made small."""

Plant = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.timeout(900)
def test_the_wallet_does_what_the_model_does() -> None:
    run_state_machine_as_test(WalletMachine, settings=THOROUGH)


def nothing_asked(*_: object) -> None:
    """Stand in for a condition."""


def overdraft_allowed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(postings_module, "_least", nothing_asked)


def posts_twice(patch: pytest.MonkeyPatch) -> None:
    """The state is not in the condition under which a hold is settled."""

    async def settle(
        self: TransferRepository, transfer_id: str, state: TransferState, posted: int, now: datetime
    ) -> Transfer | None:
        changes = {"state": state, "posted": posted, "settled_at": now}
        kept = self._transfers  # pyright: ignore[reportPrivateUsage]
        await kept.update_one({"_id": transfer_id}, {"$set": changes})
        return await self.get(transfer_id)

    patch.setattr(TransferRepository, "settle", settle)


def an_entry_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    add = EntryRepository.add

    async def half(self: EntryRepository, entries: Sequence[Entry]) -> None:
        await add(self, entries[:1])

    patch.setattr(EntryRepository, "add", half)


def an_id_is_taken_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ledger_module, "content_of", nothing_asked)


def refunds_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    async def give_back(*_: object, **__: object) -> bool:
        return True

    patch.setattr(TransferRepository, "give_back", give_back)


def the_rest_stays_held(patch: pytest.MonkeyPatch) -> None:
    """What a partial posting leaves is not let go."""
    post_held = Postings.post_held

    async def whole(self: Postings, transfer: Transfer, now: datetime) -> None:
        asked = replace(transfer.asked, amount=transfer.posted)
        await post_held(self, replace(transfer, asked=asked), now)

    patch.setattr(Postings, "post_held", whole)


def holds_never_expire(patch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> None:
        return None

    patch.setattr(Ledger, "expire", nothing)


def one_side_is_not_moved(patch: pytest.MonkeyPatch) -> None:
    """Credits are written down, and the account that gets them is left as it was."""
    move = AccountRepository.move

    async def only_debits(
        self: AccountRepository, seen: Account, movement: Movement
    ) -> Account | None:
        if "credits" in movement.changes:
            return await self.get(seen.id)
        return await move(self, seen, movement)

    patch.setattr(AccountRepository, "move", only_debits)


@pytest.mark.parametrize(
    "plant",
    [
        overdraft_allowed,
        posts_twice,
        an_entry_is_forgotten,
        an_id_is_taken_twice,
        refunds_are_not_counted,
        the_rest_stays_held,
        holds_never_expire,
        one_side_is_not_moved,
    ],
)
def test_a_planted_fault_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(WalletMachine, settings=QUICK)
