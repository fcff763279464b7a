import httpx
import pytest

from api.context import Services
from api.feedback.open311.api_keys import OPERATOR
from tests.conftest import MovableClock
from tests.feedback.desk_play import DeskPlay, a_desk_play
from tests.feedback.open311_apps import an_app
from tests.feedback.open311_client import GeoReportClient
from tests.feedback.reporting import SA_PA_WARD


@pytest.fixture
async def play(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> DeskPlay:
    return await a_desk_play(client, services, clock)


@pytest.fixture
async def key(services: Services) -> str:
    """The key of a civic app."""
    return (await services.feedback.open311.keys.create(OPERATOR, "Sa Pa Fix", None)).key


@pytest.fixture
async def agency_key(services: Services) -> str:
    """The key of the system of Sa Pa."""
    keys = services.feedback.open311.keys
    return (await keys.create(OPERATOR, "System of Sa Pa", SA_PA_WARD)).key


@pytest.fixture(params=["xml", "json"])
def app_client(
    request: pytest.FixtureRequest, client: httpx.AsyncClient, key: str
) -> GeoReportClient:
    return an_app(client, request.param, key)
