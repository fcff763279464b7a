import pytest

from api.kit.store import Store
from api.tourism.seeding import seed


@pytest.fixture
async def province(store: Store) -> None:
    """The content that the product ships, in the store."""
    await seed(store, lambda _done, _total: None)
