import httpx
import pytest

from api.context import Services
from tests.accounts.people import SignedInPerson
from tests.tourism.editing.editors import an_editor


@pytest.fixture
async def editor(client: httpx.AsyncClient, services: Services, province: None) -> SignedInPerson:
    """Somebody who edits the content that the product ships."""
    return await an_editor(client, services, "mai.editor@example.com")


@pytest.fixture
async def other(client: httpx.AsyncClient, services: Services, province: None) -> SignedInPerson:
    """Another one."""
    return await an_editor(client, services, "sung.editor@example.com")
