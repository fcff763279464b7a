"""Searches: their parameters, their pages, and what a client is told that asks for too much."""

from dataclasses import replace

from api.health.directory.facility import shipped_facilities
from api.health.directory.repository import DirectoryRepository
from api.health.slots.repository import SlotRepository
from api.kit.store import Store
from tests.health.fhir.hospital import BASE, Hospital, ids_of, next_of, refused
from tests.health.places import ELSEWHERE, FACILITY, MONDAY, Clinic, a_clinic, a_service

LENIENT, STRICT = {"prefer": "handling=lenient"}, {"prefer": "return=minimal, handling=strict"}


async def test_pages_lead_to_each_other(anybody: Hospital) -> None:
    seen: list[str] = []
    pages = 0
    page = await anybody.get("Organization", _count="10")
    while True:
        seen, pages = seen + ids_of(page), pages + 1
        if (url := next_of(page)) is None:
            break
        page = await anybody.follow(url)

    assert pages == 3
    assert seen == sorted(shipped_facilities().facilities)


async def test_organizations_are_found(anybody: Hospital) -> None:
    queries = {
        f"_id={FACILITY}": True,
        f"_id=x,{FACILITY}": True,
        "_id=x": False,
        f"identifier={BASE}/sid/facility|{FACILITY}": True,
        f"identifier=elsewhere|{FACILITY}": False,
        f"identifier=|{FACILITY}": False,
        f"_id={FACILITY}&name=bệnh viện": True,
        f"_id={FACILITY}&name=BENH VIEN": True,
        f"_id={FACILITY}&name=Bac Ha": False,
        f"_id={FACILITY}&name:contains=sa pa": True,
        f"_id={FACILITY}&name:exact=bệnh viện": False,
        f"_id={FACILITY}&active=true": True,
        f"_id={FACILITY}&active=false": False,
        f"_id={FACILITY}&name=": True,
    }

    found = {query: ids_of(await anybody.get(f"Organization?{query}")) for query in queries}

    assert found == {query: [FACILITY] * is_found for query, is_found in queries.items()}


async def test_locations_are_found_by_organization(anybody: Hospital) -> None:
    page = await anybody.get("Location", organization=f"{BASE}/Organization/{FACILITY}")

    assert ids_of(page) == [FACILITY]


async def test_services_are_found(anybody: Hospital, store: Store) -> None:
    directory = DirectoryRepository(store)
    here, there = a_service(), a_service(ELSEWHERE, specialty="dentistry")
    closed = replace(a_service(), is_active=False)
    for service in (here, there, closed):
        await directory.add_service(service)

    found = {
        name: set(ids_of(await anybody.get("HealthcareService", **query)))
        for name, query in {
            "all": {},
            "organization": {"organization": FACILITY},
            "location": {"location": f"Location/{ELSEWHERE}"},
            "active": {"active": "true"},
            "specialty": {"specialty": "dentistry"},
            "snomed": {"service-type": "http://snomed.info/sct|394814009"},
            "both": {"specialty": "general,dentistry", "organization": ELSEWHERE},
            "other system": {"specialty": "http://else|general"},
            "name": {"name": "consult"},
        }.items()
    }

    everything = {here.id, there.id, closed.id}
    assert found == {
        "all": everything,
        "organization": {here.id, closed.id},
        "location": {there.id},
        "active": {here.id, there.id},
        "specialty": {there.id},
        "snomed": {here.id, closed.id},
        "both": {there.id},
        "other system": set(),
        "name": everything,
    }


async def test_schedules_are_found(anybody: Hospital, store: Store, clinic: Clinic) -> None:
    other = await a_clinic(store, ELSEWHERE, specialty="dentistry")
    one, two = clinic.schedule.id, other.schedule.id

    found = {
        name: set(ids_of(await anybody.get("Schedule", **query)))
        for name, query in {
            "location": {"actor": f"Location/{FACILITY}"},
            "service": {"actor": f"HealthcareService/{other.service.id}"},
            "practitioner": {"actor": clinic.practitioner.id},
            "either": {"actor": f"Location/{FACILITY},Location/{ELSEWHERE}"},
            "type": {"service-type": "dentistry"},
            "before": {"date": "lt2026-05-04"},
            "later": {"date": "ge2027"},
        }.items()
    }

    assert found == {
        "location": {one},
        "service": {two},
        "practitioner": {one},
        "either": {one, two},
        "type": {two},
        "before": set(),
        "later": {one, two},
    }


async def test_slots_are_found_by_start(anybody: Hospital, clinic: Clinic) -> None:
    expected = {
        "2026-05-04": [0, 1, 2, 3],
        "2026-05": [0, 1, 2, 3],
        "2026": [0, 1, 2, 3],
        "2026-05-04T07:15:00+07:00": [1],
        "2026-05-04T00:15Z": [1],
        "ge2026-05-04T00:15:00Z": [1, 2, 3],
        "gt2026-05-04T00:15:00Z": [2, 3],
        "sa2026-05-04T00:15:00Z": [2, 3],
        "lt2026-05-04T00:15:00Z": [0],
        "le2026-05-04T00:15:00Z": [0, 1],
        "eb2026-05-04T00:15:00Z": [0],
        "gt2026-05-04": [],
        "ge0001": [0, 1, 2, 3],
        "le9999-12-31T23:59:59+14:00": [0, 1, 2, 3],
        "0001-01-01": [],
        "9999": [],
        "9999-12-31": [],
    }

    found = {
        start: ids_of(await anybody.get("Slot", schedule=clinic.schedule.id, start=start))
        for start in expected
    }

    slots = [slot.id for slot in clinic.slots]
    assert found == {start: [slots[it] for it in which] for start, which in expected.items()}


async def test_two_dates_hold_together(anybody: Hospital, clinic: Clinic) -> None:
    reply = await anybody.send(
        "GET",
        "Slot",
        query=[
            ("schedule", clinic.schedule.id),
            ("start", "ge2026-05-04T00:15:00Z"),
            ("start", "lt2026-05-04T00:45:00Z"),
        ],
    )

    assert ids_of(reply.json()) == [clinic.slots[1].id, clinic.slots[2].id]


async def test_slots_are_found_by_status(anybody: Hospital, store: Store, clinic: Clinic) -> None:
    slots, (taken, closed, *free) = SlotRepository(store), clinic.slots
    await slots.take(taken.id)
    await slots.close([closed.id])

    found = {
        status: ids_of(await anybody.get("Slot", schedule=clinic.schedule.id, status=status))
        for status in ("free", "busy", "busy-unavailable", "free,busy", "entered-in-error")
    }

    assert found == {
        "free": [it.id for it in free],
        "busy": [taken.id],
        "busy-unavailable": [closed.id],
        "free,busy": [taken.id, *(it.id for it in free)],
        "entered-in-error": [],
    }


async def test_free_slots_of_a_specialty_are_found_everywhere_in_pages(
    anybody: Hospital, store: Store, clinic: Clinic
) -> None:
    other = await a_clinic(store, ELSEWHERE)
    expected = sorted((*clinic.slots, *other.slots), key=lambda it: (it.start, it.id))

    page = await anybody.get("Slot", specialty="general", status="free", _count="5")
    url = next_of(page)
    assert url is not None
    rest = await anybody.follow(url)

    assert ids_of(page) + ids_of(rest) == [it.id for it in expected]
    assert next_of(rest) is None


async def test_pages_of_several_schedules_miss_nothing(
    anybody: Hospital, store: Store, clinic: Clinic
) -> None:
    other = await a_clinic(store, ELSEWHERE, start=MONDAY)
    schedules = f"{clinic.schedule.id},{other.schedule.id}"
    seen: list[str] = []
    page = await anybody.get("Slot", schedule=schedules, _count="3")
    while True:
        seen += ids_of(page)
        if (url := next_of(page)) is None:
            break
        page = await anybody.follow(url)

    everything = sorted((*clinic.slots, *other.slots), key=lambda it: (it.start, it.id))
    assert seen == [it.id for it in everything]


async def test_a_search_may_be_posted(anybody: Hospital, clinic: Clinic) -> None:
    reply = await anybody.client.post(
        "/fhir/Slot/_search", data={"schedule": clinic.schedule.id, "_count": "1"}
    )

    assert ids_of(reply.json()) == [clinic.slots[0].id]


async def test_a_posted_search_is_a_form(anybody: Hospital) -> None:
    reply = await anybody.send("POST", "Slot/_search", {"schedule": "x"})

    assert refused(reply) == (415, "not-supported", "UNSUPPORTED_MEDIA_TYPE")
    told = reply.json()["issue"][0]["diagnostics"]
    assert told == "Send application/x-www-form-urlencoded in UTF-8, not compressed."


async def test_a_search_over_all_slots_is_too_costly(anybody: Hospital) -> None:
    queries = ("", "?specialty=general", "?start=2026", "?status=free")

    replies = [await anybody.send("GET", f"Slot{query}") for query in queries]

    assert {refused(reply) for reply in replies} == {(422, "too-costly", "TOO_COSTLY")}


async def test_what_is_unknown_is_ignored_and_said_so(anybody: Hospital) -> None:
    query = {"_id": FACILITY, "colour": "red", "_sort": "name"}

    reply = await anybody.send("GET", "Organization", query=query, headers=LENIENT)

    (link,) = reply.json()["link"]
    assert ids_of(reply.json()) == [FACILITY]
    assert link == {"relation": "self", "url": f"{BASE}/Organization?_id={FACILITY}"}


async def test_what_is_unknown_is_refused_where_that_is_asked(anybody: Hospital) -> None:
    reply = await anybody.send("GET", "Organization", query={"colour": "red"}, headers=STRICT)

    assert refused(reply) == (400, "not-supported", "UNKNOWN_PARAMETER")


NOT_UNDERSTOOD: list[tuple[str, list[tuple[str, str]]]] = [
    ("Organization", [("_count", "0")]),
    ("Organization", [("_count", "-1")]),
    ("Organization", [("_count", "²")]),
    ("Organization", [("_count", "1"), ("_count", "2")]),
    ("Organization", [("name:missing", "true")]),
    ("Organization", [("active", "yes")]),
    ("Organization", [("_id", "a\x00")]),
    ("Organization", [("_id", "a\ud7ff")]),
    ("Organization", [("name", "x" * 501)]),
    ("Organization", [("name", ",".join("x" * 21))]),
    ("Organization", [("name", "x")] * 41),
    ("Location", [("organization", "Patient/1")]),
    ("Slot", [("schedule", "Schedule/a/b")]),
    ("Slot", [("schedule", "http://elsewhere/Schedule/1")]),
    ("Slot", [("schedule", "x"), ("start", "2026-13")]),
    ("Slot", [("schedule", "x"), ("start", "2026-02-30")]),
    ("Slot", [("schedule", "x"), ("start", "ap2026")]),
    ("Slot", [("schedule", "x"), ("start", "0000")]),
    ("Slot", [("schedule", "x"), ("start", "2026-05-04T25:00:00Z")]),
    ("Slot", [("schedule", "x"), ("start", "2026-05-04T07:00:00+99:00")]),
    ("Slot", [("schedule", "x"), ("start", "tomorrow")]),
    ("Slot", [("schedule", "x"), ("status", "empty")]),
    ("Schedule", [("actor", "Patient/1")]),
]


async def test_what_is_not_understood_is_refused(anybody: Hospital) -> None:
    replies = [await anybody.send("GET", kind, query=query) for kind, query in NOT_UNDERSTOOD]

    answers = [
        (kind, query, refused(reply))
        for (kind, query), reply in zip(NOT_UNDERSTOOD, replies, strict=True)
    ]
    refusal = (400, "value", "INVALID_PARAMETER")
    assert [one for one in answers if one[2] != refusal] == []


async def test_a_cursor_of_another_list_is_refused(anybody: Hospital) -> None:
    cursors = ("x", "W10", "WyJmaGlyLlNsb3QiLDEsMl0", "A" * 3000)

    replies = [await anybody.send("GET", "Organization", query={"_cursor": it}) for it in cursors]

    assert {refused(reply) for reply in replies} == {(400, "value", "INVALID_CURSOR")}
