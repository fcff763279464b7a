import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from tests.accounts.people import SignedInPerson
from tests.tourism.content import a_place, hold
from tests.tourism.reviews.reviewers import LAKE, MARKET, a_moderator, a_visitor


@pytest.fixture
async def two_places(store: Store) -> None:
    """A market and a lake."""
    names = {"vi": "Chợ Bắc Hà", "en": "Bac Ha market"}
    await hold(store, [a_place(MARKET, names=names), a_place(LAKE)])


@pytest.fixture
async def author(client: httpx.AsyncClient, services: Services, two_places: None) -> SignedInPerson:
    return await a_visitor(client, services, "author")


@pytest.fixture
async def reader(client: httpx.AsyncClient, services: Services, two_places: None) -> SignedInPerson:
    return await a_visitor(client, services, "reader")


@pytest.fixture
async def moderator(
    client: httpx.AsyncClient, services: Services, two_places: None
) -> SignedInPerson:
    return await a_moderator(client, services, "lan.moderator@example.com")


@pytest.fixture
async def colleague(
    client: httpx.AsyncClient, services: Services, two_places: None
) -> SignedInPerson:
    """Another moderator."""
    return await a_moderator(client, services, "tua.moderator@example.com")
