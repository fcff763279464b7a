import pytest

from api.context import Services
from api.kit.store import Store
from tests.alerts.composing.officers import AlertDesk, a_desk, add_communes
from tests.alerts.conftest import Phones
from tests.conftest import MovableClock


@pytest.fixture
async def desk(services: Services) -> AlertDesk:
    await add_communes(services)
    return await a_desk(services)


@pytest.fixture
def phones(store: Store, services: Services, clock: MovableClock) -> Phones:
    return Phones(store, services, clock)
