import pytest

from api.context import Services
from tests.conftest import MovableClock
from tests.feedback.channels.office import Office, an_office


@pytest.fixture
async def office(services: Services, clock: MovableClock) -> Office:
    return await an_office(services, clock)
