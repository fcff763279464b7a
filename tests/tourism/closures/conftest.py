import httpx
import pytest

from api.accounts.caller import Role
from api.context import Services
from api.kit.store import Store
from api.tourism.trails.seeding import seed_trails
from tests.accounts.people import SignedInPerson
from tests.accounts.staff import a_staff_member


@pytest.fixture
async def editor(client: httpx.AsyncClient, services: Services, province: None) -> SignedInPerson:
    """Somebody who may close roads, in the province that the product ships."""
    return await a_staff_member(client, services, Role.CONTENT_EDITOR)


@pytest.fixture
async def shipped_trails(store: Store) -> None:
    await seed_trails(store)
