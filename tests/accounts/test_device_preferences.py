"""What a device is spared, and where exactly it is, if its owner says so."""

from datetime import timedelta

import httpx
import pytest

from api.context import Services
from notifications.device_repository import DeviceRepository
from tests.accounts.people import call, new_key, signed_in
from tests.accounts.phones import SA_PA, credentials, device, register, update
from tests.accounts.test_consents import give, withdraw
from tests.accounts.test_linked_devices import a_linked_device
from tests.conftest import MovableClock

HERE = {"position": SA_PA, "consent": True}
EXACTLY = {**HERE, "exact": {"accuracy": 12.5, "consent": True}}
EXACT = {"position": SA_PA, "accuracy": 13, "expiresAt": "2026-05-01T10:30:00+00:00"}
NO_FOG = {"mutedHazards": ["FOG", "HAIL"], "leastLevel": "MODERATE"}


async def test_preferences_are_kept_and_null_wants_everything_again(
    client: httpx.AsyncClient,
) -> None:
    registered = await register(client, preferences=NO_FOG)

    untouched = await update(client, registered, language="en")
    reset = await update(client, registered, preferences=None)

    assert registered["device"]["preferences"] == NO_FOG
    assert untouched["device"]["preferences"] == NO_FOG
    assert reset["device"]["preferences"] == {"mutedHazards": [], "leastLevel": "MINOR"}


async def test_an_exact_position_is_kept_for_an_hour_beside_its_cell(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    registered = await register(client, position=EXACTLY)
    clock.advance(minutes=59)
    repository = DeviceRepository(services.store)
    early = await repository.forget_exact_positions(clock())
    clock.advance(minutes=1)

    late = await repository.forget_exact_positions(clock())

    assert registered["device"]["exactPosition"] == EXACT
    assert (early, late) == (0, 1)
    found = await device(client, registered)
    assert found is not None
    assert found["exactPosition"] is None
    assert found["position"] == registered["device"]["position"]


@pytest.mark.parametrize("accuracy", [200.1, -1, 1e300])
async def test_what_is_not_known_so_closely_is_a_cell(
    client: httpx.AsyncClient, accuracy: float
) -> None:
    position = {**HERE, "exact": {"accuracy": accuracy, "consent": True}}

    registered = await register(client, position=position)

    assert registered["device"]["exactPosition"] is None
    assert registered["device"]["position"]["cell"] == "8741592b2ffffff"


async def test_an_exact_position_needs_a_consent_of_its_own(client: httpx.AsyncClient) -> None:
    registered = await register(client)
    position = {**HERE, "exact": {"accuracy": 5, "consent": False}}

    refused = await update(client, registered, position=position)

    assert refused["code"] == "CONSENT_MISSING"
    assert await device(client, registered) == registered["device"]


async def test_a_new_position_without_exactness_ends_the_exact_one(
    client: httpx.AsyncClient,
) -> None:
    registered = await register(client, position=EXACTLY)

    result = await update(client, registered, position=HERE)

    assert result["device"]["exactPosition"] is None
    assert result["device"]["position"] is not None


async def test_whoever_withdraws_it_is_known_by_the_cell_alone(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    own = await a_linked_device(client, person, position=EXACTLY)
    before = await device(client, own)

    await withdraw(client, person, "EXACT_LOCATION")
    after = await device(client, own)
    refused = await update(client, own, position=EXACTLY)
    coarse = await update(client, own, position=HERE)
    await give(client, person, "EXACT_LOCATION")
    again = await update(client, own, position=EXACTLY)

    assert before is not None
    assert after is not None
    assert (before["exactPosition"], after["exactPosition"]) == (EXACT, None)
    assert after["position"] == before["position"]
    assert refused["code"] == "CONSENT_MISSING"
    assert coarse["__typename"] == "UpdateDeviceSuccess"
    assert again["device"]["exactPosition"] == EXACT


async def test_a_device_linked_afterwards_forgets_it_too(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    await withdraw(client, person, "EXACT_LOCATION")
    registered = await register(client, new_key(), position=EXACTLY)

    linking = {**credentials(registered), "idempotencyKey": new_key()}
    await call(client, "LinkDevice", linking, person)

    found = await device(client, registered)
    assert found is not None
    assert found["exactPosition"] is None
    assert found["position"] is not None


async def test_what_is_forgotten_counts_as_a_change(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    # A fan-out under way looks once more at whoever changed since it began.
    registered = await register(client, position=EXACTLY)
    clock.advance(hours=1)
    repository = DeviceRepository(services.store)

    await repository.forget_exact_positions(clock())

    changed = await repository.changed_since(clock() - timedelta(seconds=1), None, 10)
    assert [one.id for one in changed] == [registered["device"]["id"]]
