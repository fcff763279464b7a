from pathlib import Path

import httpx
import pytest

from api.accounts.caller import Role
from api.context import Services
from api.kit.store import Store
from api.tourism.commune_index import CommuneIndex
from api.tourism.trails.seeding import seed_trails
from tests.accounts.people import SignedInPerson
from tests.accounts.staff import a_staff_member


@pytest.fixture
async def shipped_trails(store: Store, province: None) -> None:
    """The trails that the product ships, and the places they lead to."""
    await seed_trails(store)


@pytest.fixture
async def editor(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_staff_member(client, services, Role.CONTENT_EDITOR)


@pytest.fixture(scope="session")
def communes() -> CommuneIndex:
    """The communes that the product ships."""
    return CommuneIndex.in_folder(Path("/nowhere"))
