"""What a system may do with its own facility's appointments, and with nobody else's."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.context import Services
from api.health.appointments.records import Appointment, AppointmentStatus, CancelledBy
from api.health.appointments.repository import HEALTH_APPOINTMENTS, AppointmentRepository
from api.health.fhir import appointment_search
from api.health.fhir.exchange import Resource
from api.health.slots.repository import SlotRepository
from api.kit.store import Store
from tests.conftest import MovableClock
from tests.health.appointments import an_appointment
from tests.health.fhir.hospital import BASE, CCCD, Hospital, a_hospital, a_patient, ids_of, refused
from tests.health.places import ELSEWHERE, FACILITY, Clinic, a_clinic

BOOKED = {"name": "comment", "valueString": "đau bụng"}


@pytest.fixture
async def other(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> Hospital:
    """A system of another facility."""
    return await a_hospital(client, services, clock, ELSEWHERE)


def place(slot_id: str) -> Resource:
    return {"name": "appt-id", "valueUri": f"Appointment/proposed-{slot_id}"}


def patient(number: str = CCCD) -> Resource:
    return {"name": "patient-resource", "resource": a_patient(number)}


async def booked(hospital: Hospital, clinic: Clinic, number: int = 0) -> Resource:
    reply = await hospital.operate("$book", place(clinic.slots[number].id), patient())
    assert reply.status_code == 200, reply.text
    resource: Resource = reply.json()["entry"][0]["resource"]
    return resource


async def put(
    hospital: Hospital,
    resource: Resource,
    version: str | None = None,
    **changes: Any,  # noqa: ANN401
) -> httpx.Response:
    tag = version or f'W/"{resource["meta"]["versionId"]}"'
    return await hospital.send(
        "PUT",
        f"Appointment/{resource['id']}",
        {**resource, **changes},
        headers={"if-match": tag},
    )


async def kept(services: Services, appointment_id: str) -> Appointment:
    found = await AppointmentRepository(services.store, services.sealer).get(appointment_id)
    assert found is not None
    return found


async def rooms(store: Store, clinic: Clinic) -> list[int]:
    found = await SlotRepository(store).get_many([it.id for it in clinic.slots])
    return [found[it.id].room for it in clinic.slots]


async def test_a_booking_is_kept_as_people_book(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    reply = await hospital.operate("$book", place(clinic.slots[0].id), patient(), BOOKED)

    resource = reply.json()["entry"][0]["resource"]
    appointment = await kept(services, resource["id"])
    assert (appointment.patient_name, appointment.reason) == ("Giàng A Páo", "đau bụng")
    assert (appointment.booker_id, appointment.payment) == (None, "SELF_PAY")
    assert (appointment.status, appointment.queue_number) == (AppointmentStatus.BOOKED, 1)
    assert await rooms(services.store, clinic) == [0, 1, 1, 1]


async def test_an_appointment_tells_no_name_and_no_reason(
    hospital: Hospital, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)

    alias = resource["participant"][0]["actor"]["identifier"]
    assert resource["participant"][0]["actor"].keys() == {"type", "identifier"}
    assert alias["system"] == f"{BASE}/sid/patient"
    assert len(alias["value"]) == 32
    assert [it["actor"]["reference"] for it in resource["participant"][1:]] == [
        f"Location/{FACILITY}",
        f"HealthcareService/{clinic.service.id}",
        f"Practitioner/{clinic.practitioner.id}",
    ]
    assert resource["slot"] == [{"reference": f"Slot/{clinic.slots[0].id}"}]
    assert CCCD not in str(resource)


async def test_facilities_know_a_patient_by_different_names(
    hospital: Hospital, other: Hospital, store: Store, clinic: Clinic
) -> None:
    there = await a_clinic(store, ELSEWHERE, specialty="dentistry")

    aliases = [
        one["participant"][0]["actor"]["identifier"]["value"]
        for one in (await booked(hospital, clinic), await booked(other, there))
    ]

    assert aliases[0] != aliases[1]


async def test_a_patient_may_be_given_in_three_ways(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    slot = {"reference": f"Slot/{clinic.slots[0].id}"}
    logical = {
        "type": "Patient",
        "identifier": {"system": "urn:his:mrn", "value": "17"},
        "display": "Lý Thị Mẩy",
    }
    contained = {
        "contained": [{**a_patient(), "id": "p"}],
        "participant": [{"actor": {"reference": "#p"}, "status": "accepted"}],
    }
    bodies: list[Resource] = [
        contained,
        {"participant": [{"actor": logical, "status": "accepted"}]},
    ]

    replies = [
        await hospital.operate(
            "$hold",
            {
                "name": "appt-resource",
                "resource": {
                    "resourceType": "Appointment",
                    "status": "proposed",
                    "start": "2026-05-04T00:00:00Z",
                    "end": "2026-05-04T00:15:00Z",
                    "slot": [{"reference": f"Slot/{clinic.slots[number].id}"}],
                    **body,
                },
            },
        )
        for number, body in enumerate(bodies)
    ]

    names = [(await kept(services, ids_of(reply.json())[0])).patient_name for reply in replies]
    assert slot["reference"].endswith(clinic.slots[0].id)
    assert names == ["Giàng A Páo", "Lý Thị Mẩy"]


async def test_patients_who_are_unclear_are_refused(
    hospital: Hospital, store: Store, clinic: Clinic
) -> None:
    good = a_patient()
    patients = [
        {"resourceType": "Patient", "name": good["name"]},
        {"resourceType": "Patient", "identifier": good["identifier"]},
        a_patient(name="7"),
        a_patient(name="x" * 101),
        a_patient(name="a\u202eb"),
        a_patient("12"),
        {**good, "identifier": [{"value": "1"}]},
        {**good, "identifier": [{"system": "urn:his", "value": " x" * 150}]},
    ]

    replies = [
        await hospital.operate(
            "$hold",
            place(clinic.slots[0].id),
            {"name": "patient-resource", "resource": one},
        )
        for one in patients
    ]

    assert {refused(reply) for reply in replies} == {(422, "business-rule", "PATIENT_UNCLEAR")}
    assert await rooms(store, clinic) == [1, 1, 1, 1]


async def test_one_patient_has_one_place_of_a_specialty_a_day(
    hospital: Hospital, store: Store, clinic: Clinic
) -> None:
    await booked(hospital, clinic, 0)

    reply = await hospital.operate("$book", place(clinic.slots[1].id), patient())

    assert refused(reply) == (422, "business-rule", "TOO_MANY_APPOINTMENTS")
    assert await rooms(store, clinic) == [0, 1, 1, 1]


async def test_a_place_is_not_had_twice(hospital: Hospital, store: Store, clinic: Clinic) -> None:
    numbers = [f"0101900000{number:02d}" for number in range(20, 26)]

    replies = await asyncio.gather(
        *(hospital.operate("$book", place(clinic.slots[0].id), patient(it)) for it in numbers)
    )

    assert sorted(reply.status_code for reply in replies) == [200, 409, 409, 409, 409, 409]
    assert {refused(it) for it in replies if it.status_code == 409} == {
        (409, "business-rule", "SLOT_TAKEN")
    }
    assert await rooms(store, clinic) == [0, 1, 1, 1]


async def test_a_hold_ends_by_itself(
    hospital: Hospital, store: Store, clinic: Clinic, clock: MovableClock
) -> None:
    held = await hospital.operate("$hold", place(clinic.slots[0].id), patient())
    clock.advance(seconds=300)
    await hospital.sign_in()

    late = await hospital.operate(
        "$book", {"name": "appt-id", "valueUri": f"Appointment/{ids_of(held.json())[0]}"}
    )

    assert refused(late) == (409, "business-rule", "HOLD_OVER")
    assert await rooms(store, clinic) == [1, 1, 1, 1]


async def test_the_same_key_books_once(hospital: Hospital, store: Store, clinic: Clinic) -> None:
    key = {"idempotency-key": "counter-3-ticket-0017"}

    replies = [
        await hospital.operate("$book", place(clinic.slots[0].id), patient(), headers=key)
        for _ in range(2)
    ]
    other = await hospital.operate("$book", place(clinic.slots[1].id), patient(), headers=key)

    assert ids_of(replies[0].json()) == ids_of(replies[1].json())
    assert other.status_code == 422
    assert await rooms(store, clinic) == [0, 1, 1, 1]


async def test_another_facilitys_token_sees_nothing(
    hospital: Hospital, other: Hospital, store: Store, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)
    before = await store[HEALTH_APPOINTMENTS].find({})
    found = await other.get("Appointment", _id=resource["id"])
    proposed = await other.get("Appointment/$find", start="2026-05-04", end="2026-05-05")

    replies = {
        "read": await other.send("GET", f"Appointment/{resource['id']}"),
        "update": await put(other, resource, status="cancelled"),
        "book a hold": await other.operate(
            "$book", {"name": "appt-id", "valueUri": f"Appointment/{resource['id']}"}
        ),
        "hold a place": await other.operate("$hold", place(clinic.slots[1].id), patient()),
        "book a place": await other.operate("$book", place(clinic.slots[1].id), patient()),
        "nobody's": await other.send("GET", "Appointment/" + "a" * 26),
    }

    assert {name: refused(it) for name, it in replies.items()} == dict.fromkeys(
        replies, (404, "not-found", "NOT_FOUND")
    )
    assert replies["read"].json() == replies["nobody's"].json()
    assert (ids_of(found), ids_of(proposed)) == ([], [])
    assert await store[HEALTH_APPOINTMENTS].find({}) == before
    assert await rooms(store, clinic) == [0, 1, 1, 1]


async def test_what_people_merely_hold_is_not_seen(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    held = an_appointment(
        clinic.slots[0], status=AppointmentStatus.PENDING, booked_at=None, queue_number=None
    )
    own = an_appointment(clinic.slots[1])
    appointments = AppointmentRepository(services.store, services.sealer)
    for one in (held, own):
        await appointments.add(one)

    page = await hospital.get("Appointment")

    assert ids_of(page) == [own.id]
    assert (await hospital.send("GET", f"Appointment/{held.id}")).status_code == 404


async def test_appointments_are_found(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    first, second = (
        an_appointment(clinic.slots[0]),
        an_appointment(
            clinic.slots[1], status=AppointmentStatus.CANCELLED, cancelled_by=CancelledBy.PATIENT
        ),
    )
    appointments = AppointmentRepository(services.store, services.sealer)
    for one in (first, second):
        await appointments.add(one)
    shown = await hospital.get(f"Appointment/{first.id}")
    alias = shown["participant"][0]["actor"]["identifier"]["value"]

    found = {
        query: ids_of(await hospital.get(f"Appointment?{query}"))
        for query in (
            "_count=100",
            "status=booked",
            "status=cancelled,noshow",
            "status=proposed",
            f"slot=Slot/{clinic.slots[1].id}",
            f"practitioner={clinic.practitioner.id}&status=booked",
            f"actor=Location/{ELSEWHERE}",
            "date=2026-05-04",
            "date=ge2026-05-04T00:15:00Z",
            f"patient:identifier={BASE}/sid/patient|{alias}",
            f"_id={second.id}",
        )
    }

    assert list(found.values()) == [
        [first.id, second.id],
        [first.id],
        [second.id],
        [],
        [second.id],
        [first.id],
        [],
        [first.id, second.id],
        [second.id],
        [first.id],
        [second.id],
    ]


async def test_pages_of_appointments_miss_nothing(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    appointments = AppointmentRepository(services.store, services.sealer)
    everything = [an_appointment(clinic.slots[number // 2]) for number in range(8)]
    for one in everything:
        await appointments.add(one)
    seen: list[str] = []
    page = await hospital.get("Appointment", _count="3")
    while True:
        seen += ids_of(page)
        links = {it["relation"]: it["url"] for it in page["link"]}
        if "next" not in links:
            break
        page = await hospital.follow(links["next"])

    assert seen == [it.id for it in sorted(everything, key=lambda it: (it.start, it.id))]


async def test_a_search_that_few_meet_has_short_pages(
    hospital: Hospital, services: Services, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appointment_search, "_READ_AT_ONCE", 2)
    monkeypatch.setattr(appointment_search, "_READS_AT_MOST", 1)
    appointments = AppointmentRepository(services.store, services.sealer)
    everything = [an_appointment(slot) for slot in clinic.slots]
    for one in everything:
        await appointments.add(one)

    first = await hospital.get("Appointment", _id=everything[3].id)
    second = await hospital.follow(first["link"][1]["url"])

    assert ids_of(first) == []
    assert ids_of(second) == [everything[3].id]


async def test_a_change_needs_the_version_that_is_there(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)
    missing = await hospital.send("PUT", f"Appointment/{resource['id']}", resource)
    broken = await put(hospital, resource, "2")

    stale = await put(hospital, resource, 'W/"1"', status="cancelled")

    assert refused(missing) == (428, "required", "VERSION_MISSING")
    assert refused(broken) == (428, "required", "VERSION_MISSING")
    assert refused(stale) == (412, "conflict", "VERSION_CHANGED")
    assert (await kept(services, resource["id"])).status is AppointmentStatus.BOOKED


async def test_of_two_changes_at_once_one_counts(
    hospital: Hospital, services: Services, clinic: Clinic, clock: MovableClock
) -> None:
    resource = await booked(hospital, clinic)
    clock.now = clinic.slots[0].start
    await hospital.sign_in()

    replies = await asyncio.gather(
        put(hospital, resource, status="checked-in"), put(hospital, resource, status="cancelled")
    )

    assert sorted(reply.status_code for reply in replies) == [200, 412]
    assert (await kept(services, resource["id"])).version == 3


async def test_only_the_steps_of_a_visit_are_taken(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)
    wanted = ("arrived", "fulfilled", "noshow", "pending", "waitlist", "proposed", "x")

    replies = [await put(hospital, resource, status=status) for status in wanted]

    assert [refused(it)[::2] for it in replies] == [(409, "STATUS_REFUSED")] * len(wanted)
    assert (await kept(services, resource["id"])).version == 2


async def test_nobody_is_there_more_than_an_hour_ahead(
    hospital: Hospital, services: Services, clinic: Clinic, clock: MovableClock
) -> None:
    resource = await booked(hospital, clinic)
    clock.now = clinic.slots[0].start - timedelta(minutes=61)
    await hospital.sign_in()

    early = await put(hospital, resource, status="checked-in")
    unchanged = await kept(services, resource["id"])
    clock.advance(minutes=1)
    in_time = await put(hospital, resource, status="checked-in")

    assert refused(early)[::2] == (409, "STATUS_REFUSED")
    assert (unchanged.status, unchanged.version) == (AppointmentStatus.BOOKED, 2)
    assert (in_time.status_code, in_time.json()["status"]) == (200, "checked-in")


async def test_who_does_not_come_gives_the_room_back(
    hospital: Hospital, store: Store, clinic: Clinic, clock: MovableClock
) -> None:
    resource = await booked(hospital, clinic)
    clock.now = clinic.slots[0].start
    await hospital.sign_in()

    reply = await put(hospital, resource, status="noshow")

    assert (reply.status_code, reply.json()["status"]) == (200, "noshow")
    assert await rooms(store, clinic) == [1, 1, 1, 1]


async def test_a_cancelled_place_can_be_had_again(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)

    reply = await put(hospital, resource, status="cancelled")

    assert reply.json()["cancelationReason"]["coding"][0]["code"] == "prov"
    assert (await kept(services, resource["id"])).cancelled_by is CancelledBy.FACILITY
    assert await rooms(services.store, clinic) == [1, 1, 1, 1]


async def test_another_place_is_had_before_the_old_one_is_given(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)
    there = clinic.slots[2]

    reply = await put(
        hospital,
        resource,
        slot=[{"reference": f"Slot/{there.id}"}],
        start="2026-05-04T07:30:00+07:00",
        end="2026-05-04T07:45:00+07:00",
    )

    moved = reply.json()
    new = await hospital.follow(reply.headers["location"])
    assert (moved["id"], moved["status"]) == (resource["id"], "cancelled")
    assert moved["supportingInformation"] == [{"reference": f"Appointment/{new['id']}"}]
    assert (new["status"], new["start"]) == ("booked", "2026-05-04T00:30:00Z")
    assert await rooms(services.store, clinic) == [1, 1, 0, 1]


async def test_all_else_stays_as_it_was_read(
    hospital: Hospital, store: Store, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)
    elsewhere = await a_clinic(store, ELSEWHERE)
    before = await store[HEALTH_APPOINTMENTS].find({})
    changes: list[tuple[dict[str, Any], tuple[int, str]]] = [
        ({"start": "2026-05-04T00:30:00Z"}, (422, "ELEMENT_FIXED")),
        ({"end": "2026-05-04T00:30:00Z"}, (422, "ELEMENT_FIXED")),
        ({"participant": resource["participant"][:1]}, (422, "ELEMENT_FIXED")),
        ({"comment": "x"}, (422, "ELEMENT_FIXED")),
        ({"implicitRules": "urn:x"}, (422, "ELEMENT_FIXED")),
        ({"created": "2026-05-01T00:00:00Z"}, (422, "ELEMENT_FIXED")),
        ({"id": "other"}, (400, "INVALID_PARAMETER")),
        ({"slot": [{"reference": "Slot/nowhere"}]}, (400, "INVALID_PARAMETER")),
        ({"slot": [{"reference": f"Slot/{elsewhere.slots[0].id}"}]}, (404, "NOT_FOUND")),
        ({"slot": [{"display": "x"}]}, (400, "INVALID_PARAMETER")),
        (
            {"slot": [{"reference": f"Slot/{clinic.slots[1].id}"}], "status": "checked-in"},
            (422, "ELEMENT_FIXED"),
        ),
        ({"slot": [{"reference": f"Slot/{clinic.slots[1].id}"}]}, (422, "ELEMENT_FIXED")),
    ]

    replies = [
        await hospital.send(
            "PUT",
            f"Appointment/{resource['id']}",
            {**resource, **change},
            headers={"if-match": 'W/"2"'},
        )
        for change, _ in changes
    ]

    assert [refused(it)[::2] for it in replies] == [expected for _, expected in changes]
    assert await store[HEALTH_APPOINTMENTS].find({}) == before


async def test_moments_that_are_numbers_or_nothing_are_refused(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)
    hostile: dict[str, Any] = {
        "start": 1_780_000_000,
        "end": 1_780_000_000.5,
    }

    refusals = [refused(await put(hospital, resource, **{k: v})) for k, v in hostile.items()]
    nothing = refused(await put(hospital, resource, start=None))

    assert refusals == [(400, "value", "INVALID_PARAMETER")] * 2
    assert nothing == (400, "structure", "NOT_A_RESOURCE")
    assert (await kept(services, resource["id"])).version == 2


async def test_nothing_changed_is_no_change(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)

    reply = await put(hospital, resource)

    assert reply.json() == resource
    assert (await kept(services, resource["id"])).version == 2


async def test_what_a_system_does_is_noted(
    hospital: Hospital, services: Services, clinic: Clinic
) -> None:
    resource = await booked(hospital, clinic)
    await put(hospital, resource, status="cancelled")

    page = await services.audit.entries(10, None, subject=resource["id"])

    rows = [(row.entry.actor, row.entry.action, row.entry.scope) for row in page.items if row.entry]
    scope = f"facility:{FACILITY}"
    assert rows == [
        (hospital.id, "fhir.cancelled", scope),
        (hospital.id, "fhir.book", scope),
    ]


async def test_find_is_bounded(hospital: Hospital, clinic: Clinic) -> None:
    queries = {
        "": (400, "required", "MISSING_PARAMETER"),
        "start=2026-05-04": (400, "required", "MISSING_PARAMETER"),
        "start=2026-05-04&end=2026-12-31": (400, "value", "INVALID_PARAMETER"),
        "start=x&end=2026-05-05": (400, "value", "INVALID_PARAMETER"),
        "start=2026-05-04&start=2026-05-05&end=2026-05-05": (400, "value", "INVALID_PARAMETER"),
        "start=2026-05-04&end=2026-05-05&_count=0": (400, "value", "INVALID_PARAMETER"),
        "start=2026-05-04&end=2026-05-05&practitioner=Patient/1": (
            400,
            "value",
            "INVALID_PARAMETER",
        ),
    }

    found = {
        query: refused(await hospital.send("GET", f"Appointment/$find?{query}"))
        for query in queries
    }

    assert found == queries


async def test_find_narrows_down(hospital: Hospital, clinic: Clinic) -> None:
    span = "start=2026-05-04T00:00:00Z&end=2026-05-04T00:30:00Z"
    queries = {
        span: 2,
        "start=2026-05-04&end=2026-05-04": 4,
        "start=0001-01-01&end=2026-05-04": 4,
        f"{span}&_count=1": 1,
        f"{span}&specialty={BASE}/CodeSystem/specialty|general": 2,
        f"{span}&specialty=dentistry": 0,
        f"{span}&practitioner=Practitioner/{clinic.practitioner.id}": 2,
        f"{span}&practitioner=Practitioner/x": 0,
        f"{span}&organization=Organization/{FACILITY}": 2,
        f"{span}&location-reference=Location/{ELSEWHERE}": 0,
        f"{span}&colour=red": 2,
    }

    found = {
        query: len(ids_of(await hospital.get(f"Appointment/$find?{query}"))) for query in queries
    }
    posted = await hospital.operate(
        "$find",
        {"name": "start", "valueDateTime": "2026-05-04"},
        {"name": "end", "valueDateTime": "2026-05-04"},
        {
            "name": "specialty",
            "valueCoding": {"system": f"{BASE}/CodeSystem/specialty", "code": "general"},
        },
        {"name": "_count", "valueInteger": 3},
    )

    assert found == queries
    assert len(ids_of(posted.json())) == 3
