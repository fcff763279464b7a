"""Wrong keys are limited for each address; whoever has a right one is not held back by them."""

from collections import Counter

import pytest

from api.alerts import rest
from api.alerts.repository import ALERTS
from api.kit.limits import Allowance
from api.kit.store import Store
from tests.alerts.conftest import Door
from tests.alerts.messages import alert
from tests.conftest import MovableClock


async def try_wrong_keys(door: Door, times: int) -> Counter[tuple[int, str]]:
    replies = [await door.post(alert(), key="wrong") for _ in range(times)]
    return Counter((reply.status_code, reply.json()["code"]) for reply in replies)


async def test_thirty_wrong_keys_a_minute_are_answered(door: Door, clock: MovableClock) -> None:
    assert await try_wrong_keys(door, 32) == {
        (403, "KEY_REFUSED"): 30,
        (429, "TOO_MANY_REQUESTS"): 2,
    }

    clock.advance(seconds=120)

    assert await try_wrong_keys(door, 1) == {(403, "KEY_REFUSED"): 1}


async def test_a_refusal_says_when_to_ask_again(door: Door) -> None:
    await try_wrong_keys(door, 30)

    reply = await door.post(alert(), key="wrong", language="vi")

    assert reply.headers["retry-after"] == "61"
    assert reply.json() == {
        "type": "urn:laocai:problem:too-many-requests",
        "title": "Bản tin không được chấp nhận.",
        "status": 429,
        "detail": "Bạn đã gửi quá nhiều yêu cầu. Vui lòng thử lại sau 61 giây.",
        "code": "TOO_MANY_REQUESTS",
        "retryAfter": 61,
    }


async def test_no_key_counts_as_a_wrong_one(door: Door) -> None:
    await try_wrong_keys(door, 30)

    reply = await door.client.post("/cap/v1/alerts", content=alert())

    assert (reply.status_code, "www-authenticate" in reply.headers) == (429, False)


async def test_a_right_key_is_answered_among_wrong_ones(door: Door) -> None:
    await try_wrong_keys(door, 40)

    assert (await door.post(alert())).status_code == 201


async def test_six_hundred_messages_a_minute_pass_however_they_bunch(
    door: Door, clock: MovableClock
) -> None:
    async def burst() -> set[int]:
        return {(await door.post(b"<")).status_code for _ in range(600)}

    first = await burst()
    clock.advance(seconds=60)

    assert first | await burst() == {400}


async def test_messages_with_one_key_are_limited_and_a_refused_one_leaves_nothing(
    door: Door, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "MESSAGES_WITH_ONE_KEY", Allowance(1, 60))
    await door.accepts(alert())

    reply = await door.post(alert(identifier="flood-2"))

    assert (reply.status_code, reply.json()["code"]) == (429, "TOO_MANY_REQUESTS")
    assert await store[ALERTS].count({}) == 1
