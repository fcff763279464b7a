"""Bodies that no honest client sends: each is refused as a resource says, none ends in an error of ours."""

import json
import threading
from typing import Any

import pytest

from api.health.fhir import r4
from api.health.fhir.exchange import Resource
from api.health.fhir.r4 import LEVELS_AT_MOST, VALUES_AT_MOST
from api.health.fhir.rest import BYTES_AT_MOST
from api.health.slots.repository import HEALTH_SLOTS
from api.kit.store import Store
from tests.health.fhir.hospital import Hospital, a_patient, refused
from tests.health.places import Clinic


def parameters(*given: Any) -> bytes:  # noqa: ANN401
    return json.dumps({"resourceType": "Parameters", "parameter": list(given)}).encode()


def nested(levels: int) -> bytes:
    return b'{"a":' * levels + b"1" + b"}" * levels


async def test_nobody_waits_for_the_models_that_a_body_makes_us_load(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop_waits: list[bool] = []

    def check(_resource: Resource) -> None:
        loop_waits.append(threading.current_thread() is threading.main_thread())

    monkeypatch.setattr(r4, "_check_model", check)

    await r4.read_resource(parameters(), "Parameters")

    assert loop_waits == [False]


async def test_bodies_that_are_no_resource(hospital: Hospital) -> None:
    bodies: dict[str, tuple[bytes, tuple[int, str]]] = {
        "empty": (b"", (400, "NOT_JSON")),
        "not JSON": (b"{", (400, "NOT_JSON")),
        "a list": (b"[]", (400, "NOT_JSON")),
        "not UTF-8": (b'{"a":"\xff"}', (400, "NOT_JSON")),
        "twice": (b'{"resourceType":"Parameters","resourceType":"Parameters"}', (400, "NOT_JSON")),
        "NaN": (b'{"a":NaN}', (400, "NOT_JSON")),
        "a huge number": (b'{"a":1' + b"0" * 5000 + b"}", (400, "NOT_JSON")),
        "NUL": (b'{"a":"\\u0000"}', (400, "NOT_JSON")),
        "NUL in a name": (b'{"\\u0000":1}', (400, "NOT_JSON")),
        "half a character": (b'{"a":"\\ud800"}', (400, "NOT_JSON")),
        "deep": (nested(LEVELS_AT_MOST + 1), (422, "TOO_DEEP")),
        "deeper than the parser": (b"[" * 30_000, (400, "NOT_JSON")),
        "much": (json.dumps([1] * VALUES_AT_MOST).join(['{"a":', "}"]).encode(), (422, "TOO_DEEP")),
        "huge": (b" " * (BYTES_AT_MOST + 1), (413, "BODY_TOO_LARGE")),
        "no type": (b"{}", (400, "NOT_A_RESOURCE")),
        "a type that is a list": (b'{"resourceType":["Parameters"]}', (400, "NOT_A_RESOURCE")),
        "another type": (b'{"resourceType":"Patient"}', (400, "NOT_A_RESOURCE")),
        "no such member": (b'{"resourceType":"Parameters","x":1}', (400, "NOT_A_RESOURCE")),
        "a wrong date": (
            parameters({"name": "start", "valueDateTime": "2026-02-30"}),
            (400, "NOT_A_RESOURCE"),
        ),
        "no such resource": (
            parameters({"name": "patient-resource", "resource": {"resourceType": "Nothing"}}),
            (400, "NOT_A_RESOURCE"),
        ),
        "a resource that is a text": (
            parameters({"name": "patient-resource", "resource": "Patient"}),
            (400, "NOT_A_RESOURCE"),
        ),
    }

    found = {
        name: refused(await hospital.send("POST", "Appointment/$hold", body))[::2]
        for name, (body, _) in bodies.items()
    }

    assert found == {name: expected for name, (_, expected) in bodies.items()}


async def test_what_r4b_added_is_refused(hospital: Hospital, clinic: Clinic) -> None:
    place = {"name": "appt-id", "valueUri": f"Appointment/proposed-{clinic.slots[0].id}"}
    added = {
        "resource": {
            "name": "patient-resource",
            "resource": {"resourceType": "SubscriptionTopic", "url": "urn:x", "status": "draft"},
        },
        "data type": {"name": "x", "valueRatioRange": {"lowNumerator": {"value": 1}}},
        "data type in an extension": {
            "name": "patient-resource",
            "resource": {
                **a_patient(),
                "extension": [
                    {"url": "urn:x", "valueCodeableReference": {"concept": {"text": "a"}}}
                ],
            },
        },
    }

    found = {
        name: refused(await hospital.send("POST", "Appointment/$hold", parameters(place, one)))
        for name, one in added.items()
    }

    assert found == dict.fromkeys(added, (400, "structure", "OUTSIDE_R4"))


async def test_parameters_that_fit_nothing(
    hospital: Hospital, store: Store, clinic: Clinic
) -> None:
    place = {"name": "appt-id", "valueUri": f"Appointment/proposed-{clinic.slots[0].id}"}
    patient = {"name": "patient-resource", "resource": a_patient()}
    bodies: dict[str, tuple[bytes, tuple[int, str]]] = {
        "nothing": (parameters(), (400, "MISSING_PARAMETER")),
        "no patient": (parameters(place), (422, "PATIENT_UNCLEAR")),
        "twice": (parameters(place, place, patient), (400, "INVALID_PARAMETER")),
        "two patients": (parameters(place, patient, patient), (400, "INVALID_PARAMETER")),
        "patient-id": (
            parameters(place, {"name": "patient-id", "valueUri": "Patient/1"}),
            (422, "PATIENT_UNCLEAR"),
        ),
        "a place that is an object": (
            parameters({"name": "appt-id", "valuePeriod": {}}, patient),
            (400, "INVALID_PARAMETER"),
        ),
        "an address elsewhere": (
            parameters({"name": "appt-id", "valueUri": "https://else/Appointment/1"}, patient),
            (400, "INVALID_PARAMETER"),
        ),
        "a place that is none": (
            parameters({"name": "appt-id", "valueUri": "Appointment/proposed-x"}, patient),
            (404, "NOT_FOUND"),
        ),
        "many": (
            parameters(place, patient, *[{"name": "x", "valueString": "y"}] * 40),
            (400, "INVALID_PARAMETER"),
        ),
        "a long comment": (
            parameters(place, patient, {"name": "comment", "valueString": "x" * 501}),
            (400, "INVALID_PARAMETER"),
        ),
        "a hidden sign": (
            parameters(place, patient, {"name": "comment", "valueString": "a\u202eb"}),
            (422, "INVALID_REASON"),
        ),
        "a strange payment": (
            parameters(place, patient, {"name": "payment", "valueCode": "gold"}),
            (400, "INVALID_PARAMETER"),
        ),
    }

    found = {
        name: refused(await hospital.send("POST", "Appointment/$book", body))[::2]
        for name, (body, _) in bodies.items()
    }
    strict = await hospital.send(
        "POST",
        "Appointment/$book",
        parameters(place, patient, {"name": "colour", "valueString": "red"}),
        headers={"prefer": "handling=strict"},
    )

    assert found == {name: expected for name, (_, expected) in bodies.items()}
    assert refused(strict) == (400, "not-supported", "UNKNOWN_PARAMETER")
    assert [it["room"] for it in await store[HEALTH_SLOTS].find({})] == [1, 1, 1, 1]


async def test_only_fhir_json_is_taken(hospital: Hospital) -> None:
    kinds = (
        "application/fhir+xml",
        "text/plain",
        "application/json; charset=latin-1",
        "json",
        "",
    )

    found = [
        refused(
            await hospital.send(
                "POST", "Appointment/$hold", parameters(), headers={"content-type": kind}
            )
        )
        for kind in kinds
    ]
    packed = await hospital.send(
        "POST", "Appointment/$hold", parameters(), headers={"content-encoding": "gzip"}
    )

    assert set(found) == {(415, "not-supported", "UNSUPPORTED_MEDIA_TYPE")}
    assert refused(packed) == (415, "not-supported", "UNSUPPORTED_MEDIA_TYPE")
