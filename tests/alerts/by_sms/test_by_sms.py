"""Extreme warnings by SMS: to whoever asked for it and opened nothing, once, within what it may cost."""

import asyncio

import httpx
import pytest

from api.accounts.sign_in.errors import TooManyCodes
from api.accounts.sign_in.send_caps import SendCaps
from api.alerts.by_sms.queueing import SEGMENTS_AT_MOST, sms_of
from api.alerts.by_sms.spending import (
    WARNING_SMS_COSTS,
    AllowanceUsedUp,
    SmsSpending,
    SmsSpent,
)
from api.alerts.by_sms.telling import SEND_SMS
from api.alerts.by_sms.wishes import SMS_WISHES
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.notice import Text
from notifications.sms_length import sms_segments
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson
from tests.alerts.by_sms.conftest import (
    EXTREME,
    IN_SA_PA,
    MAI,
    SON,
    a_phone_of,
    cancel,
    choose,
    minutes_later,
    opens,
    sms,
    someone,
)
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import SA_PA_CODE, alert, info
from tests.conftest import NOW, send


async def test_who_has_no_device_gets_it_after_some_minutes(
    door: Door, phones: Phones, services: Services, store: Store, mai: SignedInPerson
) -> None:
    await door.accepts(alert(EXTREME))
    await minutes_later(phones, minutes=4)
    early = await sms(store, services)

    await minutes_later(phones, minutes=1)

    assert early == {}
    told = await sms(store, services)
    assert told == {await person_id_of(services, mai): "Lũ quét\nLên chỗ cao ngay.\nSa Pa"}


async def test_who_opened_it_on_a_device_gets_none(
    client: httpx.AsyncClient, door: Door, phones: Phones, services: Services, store: Store
) -> None:
    mai, son = await someone(client, services, MAI), await someone(client, services, SON)
    reader = await a_phone_of(client, mai, "phone-of-one-who-reads")
    await a_phone_of(client, son, "phone-of-one-who-sleeps")
    await door.accepts(alert(EXTREME))
    await opens(client, reader, await phones.last(reader["device"]["id"]))

    await minutes_later(phones)

    assert list(await sms(store, services)) == [await person_id_of(services, son)]


@pytest.mark.parametrize(
    "block",
    [
        info(severity="Severe", areas=IN_SA_PA),
        info(severity="Extreme", areas=IN_SA_PA, response_type="AllClear"),
    ],
)
async def test_nothing_less_than_extreme_goes_by_sms(
    door: Door, phones: Phones, services: Services, store: Store, mai: SignedInPerson, block: str
) -> None:
    await door.accepts(alert(block))

    await minutes_later(phones)

    assert await sms(store, services) == {}
    assert await store[JOBS].count({"kind": SEND_SMS}) == 0


async def test_what_was_taken_back_meanwhile_goes_to_nobody(
    door: Door, phones: Phones, services: Services, store: Store, mai: SignedInPerson
) -> None:
    await door.accepts(alert(EXTREME))
    await phones.deliver()
    await door.accepts(cancel())

    await minutes_later(phones)

    assert await sms(store, services) == {}


async def test_it_goes_once_however_often_it_is_run(
    door: Door, phones: Phones, services: Services, store: Store, mai: SignedInPerson
) -> None:
    await door.accepts(alert(EXTREME))
    await minutes_later(phones)
    (job,) = await store[JOBS].find({"kind": SEND_SMS})

    await asyncio.gather(*(services.by_sms.jobs.send(job["payload"]) for _ in range(3)))

    assert len(await sms(store, services)) == 1
    costs = await store[WARNING_SMS_COSTS].find({})
    assert [(one["messages"], one["segments"]) for one in costs] == [(1, 1)]


async def test_it_costs_no_more_than_allowed(
    client: httpx.AsyncClient,
    door: Door,
    phones: Phones,
    services: Services,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in (MAI, SON):
        await someone(client, services, number)
    monkeypatch.setattr(services.by_sms.spending, "_most", 1)
    await door.accepts(alert(EXTREME))

    await minutes_later(phones)

    assert len(await sms(store, services)) == 1
    (notice,) = await store[WARNING_SMS_COSTS].find({})
    assert await services.by_sms.spending.of([notice["_id"]]) == SmsSpent(1, 1, held_back=1)


async def test_many_at_once_spend_no_more_than_allowed(store: Store) -> None:
    spending = SmsSpending(store, most=5)
    await spending.begin("notice", NOW)

    async def spend() -> bool:
        try:
            await transact(store, lambda: spending.spend("notice", 2))
        except AllowanceUsedUp:
            return False
        return True

    spent = await asyncio.gather(*(spend() for _ in range(8)))

    assert sum(spent) == 2
    assert await spending.of(["notice"]) == SmsSpent(messages=2, segments=4)


async def test_the_day_s_caps_hold_it_back(
    door: Door,
    phones: Phones,
    services: Services,
    store: Store,
    mai: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def used_up(*_: object) -> None:
        raise TooManyCodes(retry_after_seconds=60)

    monkeypatch.setattr(SendCaps, "count_notice", used_up)
    await door.accepts(alert(EXTREME))

    await minutes_later(phones)

    assert await sms(store, services) == {}
    (notice,) = await store[WARNING_SMS_COSTS].find({})
    assert await services.by_sms.spending.of([notice["_id"]]) == SmsSpent(held_back=1)


async def test_a_wish_is_changed_and_given_up(
    client: httpx.AsyncClient, mai: SignedInPerson, store: Store
) -> None:
    unwilling = await choose(client, mai, consent=False)
    unknown = await choose(client, mai, communes=["99999"])
    data = await send(client, "alerts/MyWarningSms", {}, headers=mai.headers)
    given_up = await choose(client, mai, communes=[], consent=False)

    assert unwilling["code"] == "CONSENT_MISSING"
    assert unknown["code"] == "UNKNOWN_COMMUNE"
    assert data["myWarningSms"]["communes"] == [SA_PA_CODE]
    assert given_up == {
        "__typename": "SetWarningSmsSuccess",
        "warningSms": {"communes": [], "agreedAt": None},
    }
    assert await store[SMS_WISHES].count({}) == 0


@pytest.mark.parametrize("word", ["nước ", "water ", "水", "🌊"])
def test_an_sms_is_cut_to_what_it_may_cost(word: str) -> None:
    text = sms_of(Text("Lũ quét", word * 500))

    assert sms_segments(text) == SEGMENTS_AT_MOST
    assert text.startswith("Lũ quét\n")


def test_a_short_one_is_whole() -> None:
    assert sms_of(Text("Flood", "Go up.")) == "Flood\nGo up."
