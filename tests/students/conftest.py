import httpx
import pytest

from api.context import Services
from tests.conftest import MovableClock
from tests.students.school_days import SchoolDay, a_school_day


@pytest.fixture
async def school(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> SchoolDay:
    return await a_school_day(client, services, clock)
