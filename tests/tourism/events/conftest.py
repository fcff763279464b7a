import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from api.tourism.events.seeding import seed_events
from tests.accounts.people import SignedInPerson
from tests.tourism.editing.editors import an_editor


@pytest.fixture
async def festivals(store: Store, province: None) -> None:
    """The festivals that the product ships, in the store."""
    await seed_events(store)


@pytest.fixture
async def editor(client: httpx.AsyncClient, services: Services, province: None) -> SignedInPerson:
    """Somebody who edits the content that the product ships."""
    return await an_editor(client, services, "mai.editor@example.com")


@pytest.fixture
async def other(client: httpx.AsyncClient, services: Services, province: None) -> SignedInPerson:
    """Another one."""
    return await an_editor(client, services, "sung.editor@example.com")
