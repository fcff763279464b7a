"""A person says where and when they will be; nobody else reads it, and it ends by itself."""

from typing import Any

import httpx
import pytest

from api.alerts.stays.declaring import STAYS_AT_MOST
from api.alerts.stays.repository import STAYS
from api.context import Services
from api.kit.store import Store
from api.tourism.repository import TourismRepository
from tests.accounts.families import caller_of
from tests.accounts.people import MINJUN, SignedInPerson, new_key, signed_in
from tests.alerts.messages import SA_PA_CODE
from tests.alerts.stays.staying import a_stay, add_stay, ask, remove_stay, stays_of
from tests.conftest import MovableClock
from tests.tourism.content import a_place

HOTEL = "a-hotel"


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


async def test_a_stay_is_kept_as_it_was_said(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    later = await add_stay(client, mai, firstDay="2026-06-01", lastDay="2026-06-01")
    sooner = await add_stay(client, mai)

    assert sooner["stay"] == {
        "id": sooner["stay"]["id"],
        "communeCode": SA_PA_CODE,
        "placeId": None,
        "firstDay": "2026-05-02",
        "lastDay": "2026-05-05",
    }
    assert await stays_of(client, mai) == [sooner["stay"], later["stay"]]


async def test_a_place_counts_as_its_commune(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    await TourismRepository(store).show(a_place(HOTEL, commune_code=SA_PA_CODE))

    added = await add_stay(client, mai, communeCode=None, placeId=HOTEL)

    assert (added["stay"]["communeCode"], added["stay"]["placeId"]) == (SA_PA_CODE, HOTEL)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"consent": False}, "CONSENT_MISSING"),
        ({"communeCode": "no-commune"}, "INVALID_STAY"),
        ({"communeCode": None}, "INVALID_STAY"),
        ({"communeCode": None, "placeId": "no-place"}, "INVALID_STAY"),
        ({"communeCode": None, "placeId": "somewhere"}, "INVALID_STAY"),
        ({"placeId": HOTEL}, "INVALID_STAY"),
        ({"firstDay": "2026-05-06"}, "INVALID_STAY"),
        ({"firstDay": "2026-04-28", "lastDay": "2026-04-30"}, "INVALID_STAY"),
        ({"lastDay": "2026-07-31"}, "INVALID_STAY"),
        ({"firstDay": "2027-05-02", "lastDay": "2027-05-02"}, "INVALID_STAY"),
        ({"idempotencyKey": "short"}, "INVALID_IDEMPOTENCY_KEY"),
    ],
)
async def test_what_cannot_be_a_stay_is_refused(
    client: httpx.AsyncClient,
    store: Store,
    mai: SignedInPerson,
    changes: dict[str, Any],
    code: str,
) -> None:
    for place in (a_place(HOTEL, commune_code=SA_PA_CODE), a_place("somewhere")):
        await TourismRepository(store).show(place)

    refused = await add_stay(client, mai, **changes)

    assert refused["code"] == code
    assert await store[STAYS].count({}) == 0


async def test_the_bounds_themselves_are_taken(
    client: httpx.AsyncClient, mai: SignedInPerson
) -> None:
    longest = {"firstDay": "2026-05-02", "lastDay": "2026-07-30"}
    farthest = {"firstDay": "2027-05-01", "lastDay": "2027-05-01"}
    ending = {"firstDay": "2026-04-28", "lastDay": "2026-05-01"}

    added = [await add_stay(client, mai, **days) for days in (longest, farthest, ending)]

    assert [one["__typename"] for one in added] == ["AddStaySuccess"] * 3


async def test_nobody_keeps_too_many(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    for _ in range(STAYS_AT_MOST):
        await add_stay(client, mai)

    refused = await add_stay(client, mai)

    assert refused["code"] == "TOO_MANY_STAYS"
    assert await store[STAYS].count({}) == STAYS_AT_MOST


async def test_the_same_call_again_adds_nothing(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    asked = a_stay(idempotencyKey=new_key())
    first = await ask(client, "AddStay", mai, {"input": asked})

    again = await ask(client, "AddStay", mai, {"input": asked})

    assert again == first
    assert await store[STAYS].count({}) == 1


async def test_another_person_s_stay_is_neither_read_nor_removed(
    client: httpx.AsyncClient, services: Services, store: Store, mai: SignedInPerson
) -> None:
    stranger = await signed_in(client, services, MINJUN)
    added = await add_stay(client, mai)

    refused = await remove_stay(client, stranger, added["stay"]["id"])

    assert refused["code"] == "NOT_FOUND"
    assert await stays_of(client, stranger) == []
    assert await stays_of(client, mai) == [added["stay"]]


async def test_whoever_removes_a_stay_has_none(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson
) -> None:
    added = await add_stay(client, mai)

    removed = await remove_stay(client, mai, added["stay"]["id"])
    again = await remove_stay(client, mai, added["stay"]["id"])

    assert (removed["id"], again["code"]) == (added["stay"]["id"], "NOT_FOUND")
    assert await store[STAYS].count({}) == 0


async def test_a_stay_ends_with_the_last_day_of_the_province(
    client: httpx.AsyncClient, mai: SignedInPerson, services: Services, clock: MovableClock
) -> None:
    caller = await caller_of(services, mai)
    await add_stay(client, mai, firstDay="2026-05-01", lastDay="2026-05-01")

    clock.advance(hours=7, minutes=29)  # 23:59 in the province
    before = await services.stays.declaring.of(caller)
    clock.advance(minutes=1)

    assert len(before) == 1
    assert await services.stays.declaring.of(caller) == []
