"""SMS pumping: how many codes are sent, to whom and for whom."""

import httpx
import pytest

from api.accounts.caller import Role
from api.accounts.sign_in.errors import TooManyCodes
from api.accounts.staff.invitations import INVITATIONS
from api.context import Services
from api.kit.store import Store
from api.main import create_app
from api.settings import Settings
from api.wiring import services_on
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.people import MAI, call, new_key, request_code, signed_in
from tests.accounts.staff import a_staff_member
from tests.conftest import MovableClock


async def refused(client: httpx.AsyncClient, address: str) -> tuple[str, int]:
    result = await request_code(client, address)
    assert result["__typename"] == "AccountError", result
    return result["code"], result["retryAfter"]


async def test_one_address_gets_two_a_minute(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    for _ in range(2):
        assert (await request_code(client, MAI))["__typename"] == "RequestCodeSuccess"

    assert await refused(client, "0912345678") == ("TOO_MANY_CODES", 61)
    assert await store[TEXT_OUTBOX].count({}) == 2
    clock.advance(seconds=61)
    assert (await request_code(client, MAI))["__typename"] == "RequestCodeSuccess"


async def test_one_address_gets_six_a_day_for_one_client(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    clock.advance(hours=14, minutes=30)  # a new day
    for _ in range(120):
        await request_code(client, MAI)
        clock.advance(minutes=1)

    assert await store[TEXT_OUTBOX].count({}) == 6
    assert await refused(client, MAI) == ("TOO_MANY_CODES", 22 * 3600 + 1)


async def test_one_address_gets_five_an_hour_and_ten_a_day_in_all(
    services: Services, store: Store, clock: MovableClock
) -> None:
    clock.advance(hours=14, minutes=30)
    refusals = 0
    for minute in range(180):
        try:
            await services.accounts.sign_in.request_code(MAI, "en", new_key(), f"client-{minute}")
        except TooManyCodes:
            refusals += 1
        clock.advance(minutes=1)

    assert await store[TEXT_OUTBOX].count({}) == 10
    assert refusals == 170


async def test_one_mailbox_under_many_names_shares_an_allowance(
    client: httpx.AsyncClient, store: Store
) -> None:
    for number in range(5):
        await request_code(client, f"mai+{number}@example.com")

    assert await store[TEXT_OUTBOX].count({}) == 2


async def test_who_adds_addresses_gets_five_codes_an_hour(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services, "mai@example.com")
    answers = [
        await call(
            client,
            "RequestAddressCode",
            {"address": f"other-{number}@example.com", "idempotencyKey": new_key()},
            person,
        )
        for number in range(6)
    ]

    assert [answer.get("code") for answer in answers] == [None] * 5 + ["TOO_MANY_CODES"]


async def test_who_adds_an_address_keeps_its_owner_from_nothing(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services, "mai@example.com")
    for _ in range(3):
        values = {"address": MAI, "idempotencyKey": new_key()}
        await call(client, "RequestAddressCode", values, person)

    assert (await request_code(client, MAI))["__typename"] == "RequestCodeSuccess"


async def test_the_refusal_says_when_to_come_back(client: httpx.AsyncClient) -> None:
    for _ in range(2):
        await request_code(client, MAI)

    result = await request_code(client, MAI, language="fr")

    assert result["message"] == (
        "Trop de messages ont été demandés. Veuillez réessayer dans 2 min."
    )


async def test_neighbouring_numbers_share_an_allowance(
    client: httpx.AsyncClient, store: Store
) -> None:
    results = [await request_code(client, f"+84912345{number:03}") for number in range(40)]

    sent = [result for result in results if result["__typename"] == "RequestCodeSuccess"]
    assert len(sent) == 30
    assert await store[TEXT_OUTBOX].count({}) == 30


async def test_codes_to_add_an_address_are_counted(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services, "mai@example.com")
    values = {"address": MAI}
    for _ in range(2):
        await call(client, "RequestAddressCode", {**values, "idempotencyKey": new_key()}, person)

    third = await call(
        client, "RequestAddressCode", {**values, "idempotencyKey": new_key()}, person
    )

    assert third["code"] == "TOO_MANY_CODES"


@pytest.mark.parametrize(
    ("setting", "numbers"),
    [
        ("sms_per_day", [f"+8491{number}345678" for number in range(1, 5)]),
        ("sms_abroad_per_day", [f"+8613812{number}45678" for number in range(1, 5)]),
    ],
)
async def test_a_day_has_an_end(
    store: Store, settings: Settings, clock: MovableClock, setting: str, numbers: list[str]
) -> None:
    chosen = settings.model_copy(update={setting: 3})
    app = create_app(chosen)
    async with (
        services_on(store, chosen, clock) as app.state.services,
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client,
    ):
        kinds = [(await request_code(client, number))["__typename"] for number in numbers]
        by_email = await request_code(client, "mai@example.com")

    assert kinds == ["RequestCodeSuccess"] * 3 + ["AccountError"]
    assert by_email["__typename"] == "RequestCodeSuccess"


async def test_invitations_have_caps_of_their_own(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    administrator = await a_staff_member(client, services, Role.ADMINISTRATOR)
    offer = {"address": MAI, "role": "AUDITOR", "scopeKind": "PROVINCE"}

    answers = [
        await call(client, "InviteStaff", {**offer, "idempotencyKey": new_key()}, administrator)
        for _ in range(7)
    ]

    codes = [answer.get("code") for answer in answers]
    assert codes == [None] * 5 + ["TOO_MANY_CODES"] * 2
    assert await store[INVITATIONS].count({}) == 1
    assert (await request_code(client, MAI))["__typename"] == "RequestCodeSuccess"
