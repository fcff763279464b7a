"""findSlots: soonest first, nearest first, by everything that a reader may want."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.context import Services
from api.health.directory.records import Payment, ServiceMode
from api.health.slots.repository import FREE, HEALTH_SLOTS, SlotRepository
from api.kit.store import Store
from api.kit.store.queries import parsed_filter, parsed_page
from api.kit.store.sqlite_statements import Statements
from tests.accounts.people import Answer
from tests.conftest import MovableClock
from tests.health.desks import ask, nodes, refused
from tests.health.places import ELSEWHERE, FACILITY, MONDAY, Clinic, a_clinic

pytestmark = pytest.mark.own_file

SA_PA = {"latitude": 22.3364, "longitude": 103.8438}
BAC_HA = {"latitude": 22.535, "longitude": 104.290}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def found(client: httpx.AsyncClient, **variables: Any) -> list[str]:  # noqa: ANN401
    """Return the ids of the places of the first page."""
    return [it["id"] for it in await nodes(client, "FindSlots", variables)]


def ids(*clinics: Clinic) -> list[str]:
    """Return the ids of the places of clinics, by time."""
    slots = [slot for clinic in clinics for slot in clinic.slots]
    return [it.id for it in sorted(slots, key=lambda it: (it.start, it.id))]


async def test_the_soonest_come_first_wherever_they_are(
    client: httpx.AsyncClient, store: Store
) -> None:
    later = await a_clinic(store, FACILITY, places=2, start=MONDAY + HOUR)
    sooner = await a_clinic(store, ELSEWHERE, places=2)
    await a_clinic(store, specialty="dentistry")

    assert await found(client, specialty="general") == ids(sooner, later)


async def test_a_place_is_told_with_its_facility_service_and_doctor(
    client: httpx.AsyncClient, store: Store
) -> None:
    clinic = await a_clinic(store, places=1, capacity=2)

    (slot,) = await nodes(client, "FindSlots", {"specialty": "general", "near": SA_PA})

    distance = slot["facility"].pop("distance")
    assert distance == pytest.approx(891, abs=1)
    assert slot == {
        "id": clinic.slots[0].id,
        "start": "2026-05-04T00:00:00+00:00",
        "end": "2026-05-04T00:15:00+00:00",
        "isRemote": False,
        "room": 2,
        "languages": ["vi", "en"],
        "facility": {"id": FACILITY, "name": {"text": "Sa Pa Regional General Hospital"}},
        "service": {
            "id": clinic.service.id,
            "name": {"text": "Consultation"},
            "specialty": {"code": "general"},
            "payments": ["INSURANCE", "SELF_PAY"],
        },
        "practitioner": {"id": clinic.practitioner.id, "name": clinic.practitioner.name},
    }


async def test_what_somebody_holds_is_seen_by_nobody(
    client: httpx.AsyncClient, store: Store
) -> None:
    clinic = await a_clinic(store)
    await SlotRepository(store).take(clinic.slots[0].id)

    assert await found(client, specialty="general") == ids(clinic)[1:]


async def test_the_nearest_come_first_and_then_the_soonest(
    client: httpx.AsyncClient, store: Store
) -> None:
    near_later = await a_clinic(store, FACILITY, places=2, start=MONDAY + DAY)
    near_sooner = await a_clinic(store, FACILITY, places=2)
    far = await a_clinic(store, ELSEWHERE, places=2)
    nearest = {"specialty": "general", "order": "NEAREST"}

    assert await found(client, **nearest, near=SA_PA) == [
        *ids(near_sooner, near_later),
        *ids(far),
    ]
    assert (await found(client, **nearest, near=BAC_HA))[:2] == ids(far)


@pytest.mark.parametrize("order", ["SOONEST", "NEAREST"])
async def test_pages_follow_one_another(
    client: httpx.AsyncClient, store: Store, order: str
) -> None:
    for start in (MONDAY, MONDAY, MONDAY + HOUR):
        await a_clinic(store, FACILITY, places=3, start=start)
        await a_clinic(store, ELSEWHERE, places=3, start=start)
    variables: Answer = {"specialty": "general", "near": SA_PA, "order": order}
    whole = await found(client, **variables, first=100)

    pages = [await ask(client, "FindSlots", {**variables, "first": 4})]
    while (before := pages[-1]["pageInfo"])["hasNextPage"]:
        after = {"first": 4, "after": before["endCursor"]}
        pages.append(await ask(client, "FindSlots", {**variables, **after}))

    assert len(whole) == 18
    assert [edge["node"]["id"] for page in pages for edge in page["edges"]] == whole
    assert len(pages) == 5


async def test_a_facility_or_a_doctor_is_enough_to_search_by(
    client: httpx.AsyncClient, store: Store
) -> None:
    general = await a_clinic(store, FACILITY)
    teeth = await a_clinic(store, FACILITY, specialty="dentistry", start=MONDAY + HOUR)
    await a_clinic(store, ELSEWHERE)

    assert await found(client, facilityId=FACILITY) == ids(general, teeth)
    assert await found(client, practitionerId=teeth.practitioner.id) == ids(teeth)
    both = {"practitionerId": teeth.practitioner.id, "specialty": "general"}
    assert await found(client, **both) == []
    assert await found(client, practitionerId=teeth.practitioner.id, facilityId=ELSEWHERE) == []
    assert await found(client, practitionerId="nobody") == []


async def test_times_narrow_it_down(client: httpx.AsyncClient, store: Store) -> None:
    clinic = await a_clinic(store)

    between = {"from": "2026-05-04T00:15:00Z", "to": "2026-05-04T00:45:00Z"}
    assert await found(client, specialty="general", **between) == ids(clinic)[1:3]


async def test_what_has_begun_is_not_found(
    client: httpx.AsyncClient, store: Store, clock: MovableClock
) -> None:
    await a_clinic(store, start=clock() - HOUR)

    assert await found(client, specialty="general", **{"from": "2026-04-01T00:00:00Z"}) == []


async def test_mode_and_payment_narrow_it_down(client: httpx.AsyncClient, store: Store) -> None:
    here = await a_clinic(store, payments=[Payment.INSURANCE])
    afar = await a_clinic(
        store, start=MONDAY + HOUR, mode=ServiceMode.REMOTE, payments=[Payment.SELF_PAY]
    )
    everything = {"specialty": "general"}

    assert await found(client, **everything) == ids(here, afar)
    assert await found(client, **everything, mode="REMOTE") == ids(afar)
    assert await found(client, **everything, mode="IN_PERSON") == ids(here)
    assert await found(client, **everything, payment="INSURANCE") == ids(here)
    assert await found(client, **everything, payment="SELF_PAY") == ids(afar)
    assert await found(client, **everything, mode="REMOTE", payment="INSURANCE") == []


async def test_a_language_narrows_it_down(client: httpx.AsyncClient, store: Store) -> None:
    french = await a_clinic(store, languages=["vi", "fr"], start=MONDAY + DAY)
    hmong = await a_clinic(store, languages=["hmn", "vi"], start=MONDAY + HOUR)
    neither = await a_clinic(store)

    assert await found(client, specialty="general", language="fr") == ids(french)
    assert await found(client, specialty="general", language="vi") == ids(neither, hmong, french)
    assert await found(client, specialty="general", language="ko") == []
    one = {"practitionerId": neither.practitioner.id, "language": "fr"}
    assert await found(client, **one) == []


async def test_of_many_who_speak_a_language_all_are_found(
    client: httpx.AsyncClient, store: Store
) -> None:
    clinics = [
        await a_clinic(store, places=1, languages=["vi", "fr"], start=MONDAY + HOUR * number)
        for number in range(18)
    ]
    await a_clinic(store, languages=["vi"])

    assert await found(client, specialty="general", language="fr") == ids(*clinics)


async def test_something_is_done_before_each_search(
    client: httpx.AsyncClient, store: Store, services: Services
) -> None:
    clinic = await a_clinic(store)
    slots = SlotRepository(store)
    await slots.take(clinic.slots[0].id)
    services.health.places.search.first_do(lambda: slots.give_back(clinic.slots[0].id))

    assert await found(client, specialty="general") == ids(clinic)


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({}, "INVALID_SEARCH"),
        ({"specialty": "magic"}, "INVALID_SEARCH"),
        ({"specialty": "general", "order": "NEAREST"}, "INVALID_SEARCH"),
        (
            {"specialty": "general", "from": "2026-05-04T00:00:00Z", "to": "2026-08-03T00:00:00Z"},
            "INVALID_SEARCH",
        ),
        ({"specialty": "general", "to": "2026-05-01T00:00:00Z"}, "INVALID_SEARCH"),
        ({"specialty": "general", "from": "9999-12-31T00:00:00Z"}, "INVALID_MOMENT"),
        ({"specialty": "general", "to": "2026-05-04T00:00:00"}, "INVALID_MOMENT"),
        ({"facilityId": "nowhere"}, "NOT_FOUND"),
        ({"specialty": "general", "first": 101}, "INVALID_PAGE_SIZE"),
        ({"specialty": "general", "after": "bm9uc2Vuc2U"}, "INVALID_CURSOR"),
        ({"specialty": "general", "near": {"latitude": 91, "longitude": 0}}, "INVALID_POSITION"),
    ],
)
async def test_searches_that_are_refused(
    client: httpx.AsyncClient, variables: Answer, code: str
) -> None:
    assert await refused(client, "FindSlots", variables) == code


@pytest.mark.parametrize(
    ("stream", "index"),
    [
        ({"specialty": "general", "is_remote": False}, "specialty+is_remote+start"),
        (
            {"facility_id": FACILITY, "specialty": "general", "is_remote": False},
            "facility_id+specialty+is_remote+start",
        ),
        ({"practitioner_id": "somebody", "specialty": "general"}, "practitioner_id+start"),
    ],
)
async def test_each_stream_is_read_from_an_index_of_what_is_free(
    store: Store, tmp_path: Path, stream: Answer, index: str
) -> None:
    await a_clinic(store, places=20)
    asked = {**stream, **FREE, "start": {"$gte": MONDAY, "$lt": MONDAY + DAY}}
    page = parsed_page([("start", 1)], 21)
    sql, parameters = Statements(HEALTH_SLOTS).selection("id", parsed_filter(asked), page)

    with closing(sqlite3.connect(tmp_path / "test.db")) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall()

    assert len(plan) == 1, plan
    assert f"USING INDEX health_slots.{index}." in plan[0][3]
