import asyncio
from typing import Any

import httpx
import pytest

from api.kit.store import Store
from notifications.device_repository import DEVICES, DeviceRepository
from tests.accounts.phones import SA_PA, device, register, unregister, update
from tests.conftest import MovableClock

NOT_FOUND = {
    "__typename": "AccountError",
    "code": "DEVICE_NOT_FOUND",
    "message": "No device has this id and secret. Register it again.",
}


async def a_full_device(client: httpx.AsyncClient) -> dict[str, Any]:
    return await register(
        client,
        quietHours={"start": "22:00", "end": "06:00"},
        homeCommunes=["02683"],
        position={"position": SA_PA, "consent": True},
    )


@pytest.mark.parametrize(
    ("changes", "changed"),
    [
        ({}, {}),
        ({"language": "fr-FR"}, {"language": "fr"}),
        (
            {"quietHours": {"start": "13:00", "end": "14:30", "timeZone": "Europe/Paris"}},
            {"quietHours": {"start": "13:00", "end": "14:30", "timeZone": "Europe/Paris"}},
        ),
        ({"quietHours": None}, {"quietHours": None}),
        ({"homeCommunes": ["02647", "02647"]}, {"homeCommunes": ["02647"]}),
        ({"homeCommunes": []}, {"homeCommunes": []}),
        ({"position": None}, {"position": None}),
        ({"registration": "the-token-fcm-gave-the-phone-next"}, {}),
    ],
)
async def test_what_is_named_changes_and_the_rest_stays(
    client: httpx.AsyncClient,
    clock: MovableClock,
    changes: dict[str, Any],
    changed: dict[str, Any],
) -> None:
    registered = await a_full_device(client)
    clock.advance(hours=1)

    result = await update(client, registered, **changes)

    expected = {**registered["device"], **changed, "updatedAt": "2026-05-01T10:30:00+00:00"}
    assert result == {"__typename": "UpdateDeviceSuccess", "device": expected}
    assert await device(client, registered) == expected


async def test_a_new_position_lasts_seven_days_from_now(
    client: httpx.AsyncClient, clock: MovableClock
) -> None:
    registered = await a_full_device(client)
    clock.advance(days=3)

    result = await update(client, registered, position={"position": SA_PA, "consent": True})

    assert result["device"]["position"]["expiresAt"] == "2026-05-11T09:30:00+00:00"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"language": "xx"}, "UNKNOWN_LANGUAGE"),
        ({"homeCommunes": ["0"]}, "UNKNOWN_COMMUNE"),
        ({"quietHours": {"start": "x", "end": "06:00"}}, "INVALID_QUIET_HOURS"),
        ({"position": {"position": SA_PA, "consent": False}}, "CONSENT_MISSING"),
        ({"registration": ""}, "INVALID_REGISTRATION"),
    ],
)
async def test_a_refused_change_changes_nothing(
    client: httpx.AsyncClient, changes: dict[str, Any], code: str
) -> None:
    registered = await a_full_device(client)

    refusal = await update(client, registered, **{"language": "ko", **changes})

    assert (refusal["__typename"], refusal["code"]) == ("AccountError", code)
    assert await device(client, registered) == registered["device"]


async def test_a_registration_of_another_device_is_refused(client: httpx.AsyncClient) -> None:
    mine = await register(client)
    theirs = await register(client, "second-registration", registration="another-phone-s-token")

    refusal = await update(client, mine, registration="another-phone-s-token")

    assert refusal["code"] == "REGISTRATION_IN_USE"
    assert await device(client, mine) == mine["device"]
    assert await device(client, theirs) == theirs["device"]


async def test_another_s_device_cannot_be_changed_or_removed(client: httpx.AsyncClient) -> None:
    mine = await register(client)
    theirs = await register(client, "second-registration", registration="another-phone-s-token")
    forged = {**theirs, "secret": mine["secret"]}
    unknown = {"device": {"id": "a" * 26}, "secret": mine["secret"]}

    answers = [
        await update(client, forged, language="ko"),
        await unregister(client, forged),
        await update(client, unknown, language="ko"),
        await unregister(client, unknown),
    ]

    assert answers == [NOT_FOUND] * 4
    assert await device(client, theirs) == theirs["device"]


async def test_the_kind_of_a_registration_does_not_change_by_itself(
    client: httpx.AsyncClient,
) -> None:
    registered = await register(client)

    refused = await update(client, registered, registrationKind="FID", language="ko")
    same = await update(client, registered, registrationKind="TOKEN")

    assert (refused["__typename"], refused["code"]) == ("AccountError", "INVALID_REGISTRATION")
    assert same["device"] == registered["device"]


async def test_changes_at_once_all_arrive(client: httpx.AsyncClient) -> None:
    registered = await register(client)

    await asyncio.gather(
        update(client, registered, language="ko"),
        update(client, registered, homeCommunes=["02683"]),
        update(client, registered, quietHours={"start": "22:00", "end": "06:00"}),
        update(client, registered, position={"position": SA_PA, "consent": True}),
    )

    kept = await device(client, registered)
    assert kept is not None
    assert kept["language"] == "ko"
    assert kept["homeCommunes"] == ["02683"]
    assert kept["quietHours"] is not None
    assert kept["position"] is not None


async def test_a_device_that_leaves_is_forgotten(client: httpx.AsyncClient, store: Store) -> None:
    registered = await a_full_device(client)

    result = await unregister(client, registered)

    assert result == {
        "__typename": "UnregisterDeviceSuccess",
        "id": registered["device"]["id"],
    }
    assert await store[DEVICES].count({}) == 0
    assert await device(client, registered) is None
    assert await unregister(client, registered) == NOT_FOUND


async def test_a_retired_device_comes_back_by_registering(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    registered = await register(client)
    devices = DeviceRepository(store)
    kept = await devices.get(registered["device"]["id"])
    assert kept is not None
    await devices.retire({kept.id: 0}, "UNREGISTERED", clock())

    again = await register(client, "second-registration")

    revived = await devices.get(again["device"]["id"])
    assert revived is not None
    assert revived.id == kept.id
    assert revived.retired_at is None


async def test_a_new_registration_revives_a_retired_device(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    registered = await register(client)
    devices = DeviceRepository(store)
    kept = await devices.get(registered["device"]["id"])
    assert kept is not None
    await devices.retire({kept.id: 0}, "UNREGISTERED", clock())

    await update(client, registered, language="ko")
    still_retired = await devices.get(kept.id)
    await update(client, registered, registration="the-token-fcm-gave-the-phone-next")
    revived = await devices.get(kept.id)

    assert still_retired is not None
    assert still_retired.retired_at == clock()
    assert revived is not None
    assert revived.retired_at is None
