"""Whoever withdraws LOCATION is followed on none of their devices."""

import httpx

from api.context import Services
from tests.accounts.people import call, new_key, signed_in
from tests.accounts.phones import SA_PA, credentials, device, register, update
from tests.accounts.test_consents import give, withdraw
from tests.accounts.test_linked_devices import a_linked_device

HERE = {"position": SA_PA, "consent": True}
OTHER = "fcm-registration-of-another-phone"


async def has_position(client: httpx.AsyncClient, registered: dict[str, object]) -> bool:
    found = await device(client, registered)
    assert found is not None
    return found["position"] is not None


async def test_positions_go_at_once_and_only_the_person_s(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    own = await a_linked_device(client, person, position=HERE)
    somebody_s = await register(client, new_key(), registration=OTHER, position=HERE)
    before = await has_position(client, own)

    await withdraw(client, person, "LOCATION")

    assert before
    assert not await has_position(client, own)
    assert await has_position(client, somebody_s)


async def test_another_purpose_leaves_positions(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    own = await a_linked_device(client, person, position=HERE)

    await withdraw(client, person, "PHOTOS")

    assert await has_position(client, own)


async def test_a_new_position_is_refused_until_it_is_agreed_to_again(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    own = await a_linked_device(client, person)
    await withdraw(client, person, "LOCATION")

    refused = await update(client, own, position=HERE)
    quiet = await update(client, own, quietHours={"start": "22:00", "end": "06:00"})
    kept = await has_position(client, own)
    await give(client, person, "LOCATION")
    again = await update(client, own, position=HERE)

    assert refused["code"] == "CONSENT_MISSING"
    assert quiet["__typename"] == again["__typename"] == "UpdateDeviceSuccess"
    assert not kept
    assert await has_position(client, own)


async def test_a_device_that_is_linked_afterwards_forgets_where_it_is(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    await withdraw(client, person, "LOCATION")
    registered = await register(client, new_key(), position=HERE)

    await call(
        client, "LinkDevice", {**credentials(registered), "idempotencyKey": new_key()}, person
    )

    assert not await has_position(client, registered)
