import httpx
import pytest

from api.context import Services
from tests.alerts.conftest import door, phones
from tests.conftest import MovableClock
from tests.safety.rescue import Rescue, a_rescue

__all__ = ["door", "phones"]


@pytest.fixture
async def rescue(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> Rescue:
    return await a_rescue(client, services, clock)
