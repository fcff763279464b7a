import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from api.kit.store import Store
from notifications.device_repository import DEVICES
from tests.accounts.phones import REGISTRATION, SA_PA, an_input, device, register
from tests.conftest import MovableClock, document

NOT_FOUND = "No device has this id and secret. Register it again."


async def test_a_phone_registers(client: httpx.AsyncClient) -> None:
    result = await register(
        client,
        quietHours={"start": "22:00", "end": "06:00"},
        homeCommunes=["02683"],
        position={"position": SA_PA, "consent": True},
    )

    assert result["__typename"] == "RegisterDeviceSuccess"
    registered = result["device"]
    assert len(registered.pop("id")) == 26
    assert registered == {
        "platform": "ANDROID",
        "language": "vi",
        "quietHours": {"start": "22:00", "end": "06:00", "timeZone": "Asia/Ho_Chi_Minh"},
        "homeCommunes": ["02683"],
        "position": {
            "cell": "8741592b2ffffff",
            "observedAt": "2026-05-01T09:30:00+00:00",
            "expiresAt": "2026-05-08T09:30:00+00:00",
        },
        "exactPosition": None,
        "preferences": {"mutedHazards": [], "leastLevel": "MINOR"},
        "createdAt": "2026-05-01T09:30:00+00:00",
        "updatedAt": "2026-05-01T09:30:00+00:00",
    }


async def test_the_owner_sees_the_device_and_nobody_else_does(client: httpx.AsyncClient) -> None:
    registered = await register(client)
    other = await register(client, "second-registration", registration="another-phone-s-token")

    assert await device(client, registered) == registered["device"]
    assert await device(client, {**registered, "secret": other["secret"]}) is None
    assert await device(client, {**registered, "secret": ""}) is None
    assert await device(client, {"device": {"id": "a" * 26}, "secret": "x"}) is None
    assert await device(client, {"device": {"id": "$.é"}, "secret": "é"}) is None


async def test_the_same_request_again_gives_the_same_device_and_secret(
    client: httpx.AsyncClient, store: Store
) -> None:
    first = await register(client)

    again = await register(client)

    assert again == first
    assert await store[DEVICES].count({}) == 1


async def test_a_key_used_for_something_else_is_refused(client: httpx.AsyncClient) -> None:
    first = await register(client)

    refusal = await register(client, platform="IOS")

    assert refusal == {
        "__typename": "AccountError",
        "code": "IDEMPOTENCY_KEY_REUSED",
        "message": "This idempotency key was already used for another request.",
    }
    assert await device(client, first) == first["device"]


async def test_the_same_registration_again_replaces_the_device_and_its_secret(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    first = await register(
        client, homeCommunes=["02683"], position={"position": SA_PA, "consent": True}
    )
    clock.advance(hours=1)

    second = await register(client, "second-registration", platform="IOS", language="ko")

    assert second["device"] == {
        "id": first["device"]["id"],
        "platform": "IOS",
        "language": "ko",
        "quietHours": None,
        "homeCommunes": [],
        "position": None,
        "exactPosition": None,
        "preferences": {"mutedHazards": [], "leastLevel": "MINOR"},
        "createdAt": "2026-05-01T09:30:00+00:00",
        "updatedAt": "2026-05-01T10:30:00+00:00",
    }
    assert second["secret"] != first["secret"]
    assert await device(client, first) is None
    assert await device(client, second) == second["device"]
    assert await store[DEVICES].count({}) == 1


async def test_a_late_replay_does_not_bring_back_a_secret_that_ended(
    client: httpx.AsyncClient,
) -> None:
    await register(client)
    second = await register(client, "second-registration")

    replay = await register(client)

    assert replay == {
        "__typename": "AccountError",
        "code": "DEVICE_NOT_FOUND",
        "message": NOT_FOUND,
    }
    assert await device(client, second) == second["device"]


async def test_registrations_at_once_leave_one_device(
    client: httpx.AsyncClient, store: Store
) -> None:
    results = await asyncio.gather(
        *(register(client, f"registration-{number:04}") for number in range(12))
    )

    assert {result["__typename"] for result in results} <= {"RegisterDeviceSuccess", "AccountError"}
    assert await store[DEVICES].count({}) == 1
    owners = [r for r in results if "secret" in r and await device(client, r) is not None]
    assert len(owners) == 1


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        (
            {"language": "tlh"},
            "UNKNOWN_LANGUAGE",
            "We do not speak this language yet. Choose one of: vi, en, zh-Hans, fr, ko, ja.",
        ),
        (
            {"homeCommunes": ["02683", "99999"]},
            "UNKNOWN_COMMUNE",
            "One of the home communes is not the code of a commune of Lào Cai.",
        ),
        ({"homeCommunes": ["02683"] * 6}, "TOO_MANY_COMMUNES", "Choose at most 5 home communes."),
        (
            {"quietHours": {"start": "22:00", "end": "22:00"}},
            "INVALID_QUIET_HOURS",
            "Quiet hours need a start and an end such as 22:00 and 06:00 that differ.",
        ),
        (
            {"quietHours": {"start": "24:00", "end": "6:00"}},
            "INVALID_QUIET_HOURS",
            "Quiet hours need a start and an end such as 22:00 and 06:00 that differ.",
        ),
        (
            {"quietHours": {"start": "22:00", "end": "06:00", "timeZone": "../Sa_Pa"}},
            "UNKNOWN_TIME_ZONE",
            "This time zone is unknown. Give a name such as Asia/Ho_Chi_Minh.",
        ),
        (
            {"registration": "short"},
            "INVALID_REGISTRATION",
            "This is not a registration that Firebase Cloud Messaging gives.",
        ),
        (
            {"registration": "x" * 4097},
            "INVALID_REGISTRATION",
            "This is not a registration that Firebase Cloud Messaging gives.",
        ),
        (
            {"registration": "with a space and é"},
            "INVALID_REGISTRATION",
            "This is not a registration that Firebase Cloud Messaging gives.",
        ),
        (
            {"registration": "x" * 65, "registrationKind": "FID"},
            "INVALID_REGISTRATION",
            "This is not a registration that Firebase Cloud Messaging gives.",
        ),
        (
            {"position": {"position": SA_PA, "consent": False}},
            "CONSENT_MISSING",
            "A position is kept only with the consent of the person who holds the device.",
        ),
        (
            {"position": {"position": {"latitude": 91, "longitude": 0}, "consent": True}},
            "POSITION_OUT_OF_RANGE",
            "A latitude lies between -90 and 90 degrees"
            " and a longitude between -180 and 180 degrees.",
        ),
        (
            {"idempotencyKey": "short"},
            "INVALID_IDEMPOTENCY_KEY",
            "The idempotency key must have 16 to 128 letters, digits or signs, without spaces.",
        ),
        (
            {"idempotencyKey": "é" * 20},
            "INVALID_IDEMPOTENCY_KEY",
            "The idempotency key must have 16 to 128 letters, digits or signs, without spaces.",
        ),
    ],
)
async def test_what_cannot_be_kept_is_refused_by_name(
    client: httpx.AsyncClient,
    store: Store,
    changes: dict[str, Any],
    code: str,
    message: str,
) -> None:
    refusal = await register(client, **changes)

    assert refusal == {"__typename": "AccountError", "code": code, "message": message}
    assert await store[DEVICES].count({}) == 0


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("vi", "Chỉ được chọn tối đa 5 xã, phường nơi ở."),
        ("zh-CN", "最多可选择 5 个居住乡坊。"),
        ("fr", "Choisissez au plus 5 communes de résidence."),
        ("ko", "거주 읍면동은 최대 5곳까지 선택할 수 있습니다."),
        ("ja", "お住まいの地区は5か所まで選べます。"),
    ],
)
async def test_a_refusal_is_in_the_reader_s_language(
    client: httpx.AsyncClient, language: str, message: str
) -> None:
    refusal = await register(client, reader=language, homeCommunes=["02683"] * 6)

    assert refusal["message"] == message


@pytest.mark.parametrize(
    ("tag", "kept"),
    [("vi-VN", "vi"), ("zh-Hans-CN", "zh-Hans"), ("zh", "zh-Hans"), ("EN_us", "en"), ("ja", "ja")],
)
async def test_the_nearest_language_of_ours_is_kept(
    client: httpx.AsyncClient, tag: str, kept: str
) -> None:
    result = await register(client, language=tag)

    assert result["device"]["language"] == kept


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.mark.own_file
async def test_neither_exact_position_nor_secret_is_kept_anywhere(
    client: httpx.AsyncClient, store: Store, tmp_path: Path
) -> None:
    with capture_logs() as logs:
        result = await register(client, position={"position": SA_PA, "consent": True})
    await store.close()

    content = everything_in(tmp_path)
    assert b"22.3364" not in content
    assert b"103.84" not in content
    assert result["secret"].encode() not in content
    assert REGISTRATION.encode() in content
    assert REGISTRATION not in str(logs)
    assert result["device"]["position"]["cell"] not in str(logs)
    assert result["secret"] not in str(logs)


async def test_half_a_character_is_refused_like_anything_malformed(
    client: httpx.AsyncClient, store: Store
) -> None:
    # Python's json writes what httpx refuses to: an escaped lone surrogate.
    variables = {"input": an_input("\ud800" * 20, registration="\ud800" * 20)}
    body = json.dumps({"query": document("accounts/RegisterDevice"), "variables": variables})

    reply = await client.post(
        "/graphql", content=body, headers={"content-type": "application/json"}
    )

    assert reply.status_code in {200, 400}
    assert "RegisterDeviceSuccess" not in reply.text
    assert "Unexpected" not in reply.text
    assert await store[DEVICES].count({}) == 0
