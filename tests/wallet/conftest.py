"""The ledger alone, on a store of its own."""

import pytest

from api.kit.store import Store
from api.wallet.ledger.wiring import Books
from tests.conftest import MovableClock
from tests.wallet.books import books_of


@pytest.fixture
def books(store: Store, clock: MovableClock) -> Books:
    return books_of(store, clock)
