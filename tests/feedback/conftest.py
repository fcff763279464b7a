import httpx
import pytest

from api.context import Services
from tests.conftest import MovableClock
from tests.feedback.desk_play import DeskPlay, a_desk_play


@pytest.fixture
async def play(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> DeskPlay:
    return await a_desk_play(client, services, clock)
