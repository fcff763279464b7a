"""Cards without a slice of their kind: a good card is all there is to say of it."""

from dataclasses import replace

import pytest

from api.context import Services
from api.settings import Settings
from tests.conftest import MovableClock
from tests.credentials.cards import service_with


@pytest.fixture
def services(services: Services, settings: Settings, clock: MovableClock) -> Services:
    service = service_with(services, clock, (), public_url=settings.public_url)
    return replace(services, credentials=service)
