"""Signing in with a one-time code: who gets in, who does not, and what the answer tells."""

import asyncio

import httpx
import pytest

from api.accounts.people.repository import ACCOUNTS
from api.accounts.sign_in.codes import CHALLENGES
from api.accounts.sign_in.session_repository import SESSIONS
from api.context import Services
from api.kit.store import Store
from locales import AVAILABLE
from notifications.sms_length import sms_segments
from notifications.text_message import Channel
from notifications.text_outbox import TEXT_OUTBOX
from tests.accounts.people import (
    MAI,
    MINJUN,
    call,
    code_sent,
    guess,
    me,
    new_key,
    request_code,
    signed_in,
    text_sent,
)
from tests.conftest import MovableClock


def wrong(code: str) -> str:
    """Return six digits that are not the code."""
    return f"{(int(code) + 1) % 1_000_000:06}"


async def test_a_code_opens_a_new_account(client: httpx.AsyncClient, services: Services) -> None:
    requested = await request_code(client, "0912 345 678")
    code_id = requested["sentCode"]["id"]

    result = await guess(client, code_id, await code_sent(services, code_id))

    assert requested["sentCode"]["sentTo"] == "+84…678"
    assert requested["sentCode"]["expiresAt"] == "2026-05-01T09:40:00+00:00"
    assert result["__typename"] == "SignInSuccess"
    assert result["isNew"] is True
    assert result["tokens"]["accessExpiresAt"] == "2026-05-01T09:40:00+00:00"
    assert result["tokens"]["refreshExpiresAt"] == "2026-06-30T09:30:00+00:00"


async def test_whoever_comes_back_has_the_same_account(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    first = await signed_in(client, services, "0912345678")
    clock.advance(minutes=2)

    requested = await request_code(client, "+84 912 345 678")
    code_id = requested["sentCode"]["id"]
    again = await guess(client, code_id, await code_sent(services, code_id))

    mine = await me(client, first)
    assert again["isNew"] is False
    assert mine is not None
    assert [session["isThisOne"] for session in mine["sessions"]] == [False, True]
    assert [address["value"] for address in mine["addresses"]] == [MAI]


async def test_the_message_is_in_the_language_of_whoever_asks(
    client: httpx.AsyncClient, services: Services
) -> None:
    requested = await request_code(client, MINJUN, language="ko")

    text = await text_sent(services, requested["sentCode"]["id"])
    code = await code_sent(services, requested["sentCode"]["id"])
    assert (text.channel, text.to, text.subject) == (Channel.EMAIL, MINJUN, "라오까이 인증번호")
    assert text.body == (
        f"{code}은(는) 라오까이 앱 인증번호입니다. 10분간 유효하며 누구에게도 알려 주지 마세요."
    )


@pytest.mark.parametrize("language", AVAILABLE)
async def test_a_code_fits_in_two_sms(
    client: httpx.AsyncClient, services: Services, language: str
) -> None:
    requested = await request_code(client, MAI, language=language)

    text = await text_sent(services, requested["sentCode"]["id"])
    assert sms_segments(text.body) <= 2


async def test_the_answer_does_not_tell_whether_an_address_is_known(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    await signed_in(client, services, MINJUN)
    clock.advance(minutes=2)

    known = await request_code(client, MINJUN)
    unknown = await request_code(client, "nobody@example.com")

    assert known.keys() == unknown.keys()
    assert known["sentCode"].keys() == unknown["sentCode"].keys()
    assert known["sentCode"]["sentTo"] == "m…@example.com"
    assert unknown["sentCode"]["sentTo"] == "n…@example.com"


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mai",
        "0214 380 0000",
        "+84 91",
        "mai@",
        "mai@localhost",
        "+84912345678 ext. 3",
        "@" * 300,
    ],
)
async def test_what_is_no_address_is_refused_and_nothing_is_sent(
    client: httpx.AsyncClient, store: Store, address: str
) -> None:
    result = await request_code(client, address)

    assert (result["__typename"], result["code"]) == ("AccountError", "INVALID_ADDRESS")
    assert await store[CHALLENGES].count({}) == 0
    assert await store[TEXT_OUTBOX].count({}) == 0


async def test_five_wrong_guesses_end_a_code(client: httpx.AsyncClient, services: Services) -> None:
    code_id = (await request_code(client, MAI))["sentCode"]["id"]
    code = await code_sent(services, code_id)

    refusals = [(await guess(client, code_id, wrong(code)))["code"] for _ in range(6)]
    late = await guess(client, code_id, code)

    assert refusals == ["CODE_WRONG"] * 5 + ["CODE_ENDED"]
    assert late["code"] == "CODE_ENDED"


async def test_the_fifth_guess_may_be_right(client: httpx.AsyncClient, services: Services) -> None:
    code_id = (await request_code(client, MAI))["sentCode"]["id"]
    code = await code_sent(services, code_id)
    for _ in range(4):
        await guess(client, code_id, wrong(code))

    result = await guess(client, code_id, code)

    assert result["__typename"] == "SignInSuccess"


async def test_guesses_at_once_are_counted_one_by_one(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    code_id = (await request_code(client, MAI))["sentCode"]["id"]
    code = await code_sent(services, code_id)

    results = await asyncio.gather(*(guess(client, code_id, wrong(code)) for _ in range(30)))

    codes = sorted(result["code"] for result in results)
    assert codes == ["CODE_ENDED"] * 25 + ["CODE_WRONG"] * 5
    assert await store[SESSIONS].count({}) == 0


async def test_a_code_lasts_ten_minutes(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    first = (await request_code(client, MAI))["sentCode"]["id"]
    clock.advance(minutes=9, seconds=59)
    in_time = await guess(client, first, await code_sent(services, first))
    second = (await request_code(client, MAI))["sentCode"]["id"]
    clock.advance(minutes=10)

    late = await guess(client, second, await code_sent(services, second))

    assert in_time["__typename"] == "SignInSuccess"
    assert late["code"] == "CODE_ENDED"


async def test_a_code_opens_one_session_only(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    code_id = (await request_code(client, MAI))["sentCode"]["id"]
    code = await code_sent(services, code_id)

    results = await asyncio.gather(*(guess(client, code_id, code) for _ in range(5)))

    kinds = sorted(result["__typename"] for result in results)
    assert kinds == ["AccountError"] * 4 + ["SignInSuccess"]
    assert await store[SESSIONS].count({}) == 1
    assert await store[ACCOUNTS].count({}) == 1


async def test_a_lost_answer_is_given_again(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    code_id = (await request_code(client, MAI))["sentCode"]["id"]
    code = await code_sent(services, code_id)
    key = new_key()
    first = await guess(client, code_id, code, key=key)

    again = await guess(client, code_id, code, key=key)
    of_another = await guess(client, code_id, code)

    assert again["tokens"]["refreshToken"] == first["tokens"]["refreshToken"]
    assert of_another["code"] == "CODE_ENDED"
    assert await store[SESSIONS].count({}) == 1


async def test_first_sign_ins_at_once_make_one_account(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    ids = [(await request_code(client, MAI))["sentCode"]["id"] for _ in range(2)]
    codes = [await code_sent(services, code_id) for code_id in ids]

    results = await asyncio.gather(*(guess(client, *pair) for pair in zip(ids, codes, strict=True)))

    assert [result["__typename"] for result in results] == ["SignInSuccess"] * 2
    assert sorted(result["isNew"] for result in results) == [False, True]
    assert await store[ACCOUNTS].count({}) == 1
    assert await store[SESSIONS].count({}) == 2


async def test_a_request_sent_twice_sends_one_code(client: httpx.AsyncClient, store: Store) -> None:
    key = new_key()
    first = await request_code(client, MAI, key=key)

    again = await request_code(client, MAI, key=key)

    assert again == first
    assert await store[TEXT_OUTBOX].count({}) == 1


@pytest.mark.parametrize("code_id", ["", "a" * 26, "\U0001f304", "x" * 5_000])
async def test_an_id_that_is_none_is_like_a_code_that_ended(
    client: httpx.AsyncClient, code_id: str
) -> None:
    assert (await guess(client, code_id, "123456"))["code"] == "CODE_ENDED"


async def test_a_code_to_sign_in_adds_no_address(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services, MAI)
    code_id = (await request_code(client, MINJUN))["sentCode"]["id"]
    values = {"codeId": code_id, "code": await code_sent(services, code_id)}

    refused = await call(client, "AddAddress", {**values, "idempotencyKey": new_key()}, person)

    mine = await me(client, person)
    assert refused["code"] == "CODE_ENDED"
    assert mine is not None
    assert [address["value"] for address in mine["addresses"]] == [MAI]
