import httpx
import pytest

from api.context import Services
from api.kit.store import Store
from tests.conftest import MovableClock
from tests.health.fhir.hospital import Hospital, a_hospital
from tests.health.places import Clinic, a_clinic


@pytest.fixture
async def clinic(store: Store) -> Clinic:
    return await a_clinic(store)


@pytest.fixture
async def hospital(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> Hospital:
    return await a_hospital(client, services, clock)


@pytest.fixture
def anybody(client: httpx.AsyncClient, clock: MovableClock) -> Hospital:
    """Who has no token."""
    return Hospital(client, clock, "nobody")
