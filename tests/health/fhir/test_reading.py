"""What anybody may read at the door, and how it is read."""

from tests.health.fhir.hospital import BASE, Hospital, checked, ids_of, refused
from tests.health.places import ELSEWHERE, FACILITY, Clinic


async def test_the_capability_statement_says_4_0_1(anybody: Hospital) -> None:
    statement = await anybody.get("metadata")

    (rest,) = statement["rest"]
    operations = {
        it["type"]: [one["name"] for one in it.get("operation", [])] for it in rest["resource"]
    }
    assert (statement["resourceType"], statement["fhirVersion"]) == (
        "CapabilityStatement",
        "4.0.1",
    )
    assert operations == {
        "Organization": [],
        "Location": [],
        "HealthcareService": [],
        "Practitioner": [],
        "Schedule": [],
        "Slot": [],
        "Appointment": ["find", "hold", "book"],
        "Subscription": [],
    }


async def test_smart_configuration_names_the_token_endpoint(anybody: Hospital) -> None:
    reply = await anybody.client.get("/fhir/.well-known/smart-configuration")

    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.json() == {
        "issuer": BASE,
        "token_endpoint": f"{BASE}/token",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["ES384", "RS384"],
        "scopes_supported": ["system/Appointment.cruds", "system/Subscription.cruds"],
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    }


async def test_every_public_resource_can_be_read(anybody: Hospital, clinic: Clinic) -> None:
    addresses = [
        f"Organization/{FACILITY}",
        f"Location/{FACILITY}",
        f"HealthcareService/{clinic.service.id}",
        f"Practitioner/{clinic.practitioner.id}",
        f"Schedule/{clinic.schedule.id}",
        f"Slot/{clinic.slots[0].id}",
    ]

    found = [await anybody.get(address) for address in addresses]

    assert [f"{it['resourceType']}/{it['id']}" for it in found] == addresses


async def test_a_slot_is_what_it_says(anybody: Hospital, clinic: Clinic) -> None:
    slot = await anybody.get(f"Slot/{clinic.slots[0].id}")

    del slot["meta"]
    specialty = {
        "coding": [
            {"system": f"{BASE}/CodeSystem/specialty", "code": "general"},
            {"system": "http://snomed.info/sct", "code": "394814009"},
        ],
        "text": "General practice",
    }
    assert slot == {
        "resourceType": "Slot",
        "id": clinic.slots[0].id,
        "serviceType": [specialty],
        "specialty": [specialty],
        "schedule": {"reference": f"Schedule/{clinic.schedule.id}"},
        "status": "free",
        "start": "2026-05-04T00:00:00Z",
        "end": "2026-05-04T00:15:00Z",
    }


async def test_what_is_known_is_not_sent_again(anybody: Hospital) -> None:
    first = await anybody.send("GET", f"Organization/{FACILITY}")

    again = await anybody.send(
        "GET", f"Organization/{FACILITY}", headers={"if-none-match": first.headers["etag"]}
    )

    assert first.headers["etag"] == f'W/"{first.json()["meta"]["versionId"]}"'
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


async def test_what_is_not_there_is_refused(anybody: Hospital) -> None:
    expected = {
        "Organization/nowhere": (404, "not-found", "NOT_FOUND"),
        "Slot/%00": (404, "not-found", "NOT_FOUND"),
        f"Organization/{'x' * 3000}": (404, "not-found", "NOT_FOUND"),
        "Patient/1": (404, "not-supported", "NOT_SUPPORTED"),
        "": (404, "not-supported", "NOT_SUPPORTED"),
        "Slot/": (404, "not-supported", "NOT_SUPPORTED"),
        "Slot/a/_history/1": (404, "not-supported", "NOT_SUPPORTED"),
        "Slot/$operate": (404, "not-supported", "NOT_SUPPORTED"),
        "Appointment": (401, "login", "TOKEN_MISSING"),
        "Appointment/abc": (401, "login", "TOKEN_MISSING"),
        "Subscription": (401, "login", "TOKEN_MISSING"),
    }

    found = {path: refused(await anybody.send("GET", path)) for path in expected}

    assert found == expected


async def test_a_wrong_method_is_told_the_right_ones(anybody: Hospital) -> None:
    reply = await anybody.send("DELETE", f"Organization/{FACILITY}")

    assert refused(reply) == (405, "not-supported", "METHOD_NOT_ALLOWED")
    assert reply.headers["allow"] == "GET, HEAD"


async def test_only_json_is_served(anybody: Hospital) -> None:
    expected = {
        ("application/fhir+json", None): 200,
        ("application/fhir+json; fhirVersion=4.0", None): 200,
        ("text/html, application/json;q=0.5", None): 200,
        ("*/*", None): 200,
        ("application/fhir+xml", None): 406,
        ("application/fhir+json;q=0", None): 406,
        ("text/html", "json"): 200,
        ("application/fhir+xml", "application/fhir+json"): 200,
        ("*/*", "xml"): 406,
        ("*/*", "application/fhir+xml"): 406,
    }

    found = {
        (accept, format_): (
            await anybody.send(
                "GET",
                f"Organization/{FACILITY}",
                headers={"accept": accept},
                query=None if format_ is None else {"_format": format_},
            )
        ).status_code
        for accept, format_ in expected
    }

    assert found == expected


async def test_a_refusal_is_in_the_readers_language(anybody: Hospital) -> None:
    reply = await anybody.send("GET", "Slot/x", headers={"accept-language": "vi"})

    issue = checked(reply.json())["issue"][0]
    assert reply.headers["content-language"] == "vi"
    assert issue["severity"] == "error"
    assert issue["details"]["text"] == "Không có tài nguyên nào như vậy mà bạn được xem."


async def test_no_public_answer_says_who_has_a_place(anybody: Hospital, clinic: Clinic) -> None:
    bundle = await anybody.get("Slot", schedule=f"Schedule/{clinic.schedule.id}")

    assert ids_of(bundle) == [slot.id for slot in clinic.slots]
    assert {key for entry in bundle["entry"] for key in entry["resource"]} == {
        "resourceType",
        "id",
        "meta",
        "serviceType",
        "specialty",
        "schedule",
        "status",
        "start",
        "end",
    }
    assert ELSEWHERE not in str(bundle)
