"""What people note of their own health and of those for whom they act."""

import asyncio
from typing import Any

import httpx
import pytest

from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.health.record.card_repository import EMERGENCY_CARD_READINGS, EMERGENCY_CARDS
from api.health.record.document_repository import HEALTH_DOCUMENT_PIECES, HEALTH_DOCUMENTS
from api.health.record.record_repository import HEALTH_RECORDS
from api.kit.store import Store
from tests.accounts.families import a_dependant, consent, withdraw
from tests.accounts.people import MAI, MINJUN, call, new_key, signed_in
from tests.accounts.traces import documents_with
from tests.conftest import MovableClock
from tests.health.records import (
    PENICILLIN,
    a_desk,
    a_shared_document,
    add_allergy,
    agreeing,
    code_of_record,
    do,
    done,
    record_of,
)

KEPT_FOR_PATIENTS = (HEALTH_RECORDS, HEALTH_DOCUMENTS, HEALTH_DOCUMENT_PIECES)
EMPTY: dict[str, Any] = {
    "patientId": None,
    "bloodGroup": None,
    "rhesus": None,
    "notes": None,
    "allergies": [],
    "updatedAt": None,
    "documents": {"edges": [], "pageInfo": {"hasNextPage": False, "endCursor": None}},
    "visits": [],
    "emergencyCard": None,
    "emergencyCardReadAt": [],
}


async def test_a_record_begins_empty(client: httpx.AsyncClient, services: Services) -> None:
    mai = await signed_in(client, services, MAI)

    assert await record_of(client, mai) == EMPTY


async def test_what_is_noted_is_read_again(client: httpx.AsyncClient, services: Services) -> None:
    mai = await agreeing(client, services, MAI)

    noted = {"bloodGroup": "AB", "rhesus": "NEGATIVE", "notes": "Hen suyễn\ndùng thuốc xịt"}
    await done(client, "UpdateHealthRecord", noted, mai)
    await add_allergy(client, mai)

    record = await record_of(client, mai)
    assert {name: record[name] for name in noted} == noted
    assert [{**one, "id": None} for one in record["allergies"]] == [{**PENICILLIN, "id": None}]
    assert record["updatedAt"] == "2026-05-01T09:30:00+00:00"


async def test_what_is_left_out_stays_and_null_removes(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await agreeing(client, services, MAI)
    await done(client, "UpdateHealthRecord", {"bloodGroup": "O", "notes": "Hen"}, mai)

    changed = await done(client, "UpdateHealthRecord", {"notes": None}, mai)

    record = changed["record"]
    assert (record["bloodGroup"], record["notes"]) == ("O", None)


async def test_a_dependant_has_a_record_of_their_own(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await agreeing(client, services, MAI)
    lan = (await a_dependant(client, mai))["id"]
    await consent(services, mai, ConsentPurpose.HEALTH, lan)

    await done(client, "UpdateHealthRecord", {"patientId": lan, "bloodGroup": "B"}, mai)

    assert (await record_of(client, mai, patientId=lan))["bloodGroup"] == "B"
    assert (await record_of(client, mai, patientId=lan))["patientId"] == lan
    assert (await record_of(client, mai))["bloodGroup"] is None


async def test_the_record_of_a_child_who_came_of_age_is_closed_and_what_was_shown_can_be_ended(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    mai = await agreeing(client, services, MAI)
    teen = (await a_dependant(client, mai, bornOn="2008-05-02"))["id"]
    for purpose in (ConsentPurpose.HEALTH, ConsentPurpose.EMERGENCY_CARD):
        await consent(services, mai, purpose, teen)
    await add_allergy(client, mai, patientId=teen)
    await done(client, "SwitchOnEmergencyCard", {"patientId": teen}, mai)
    shared = await a_shared_document(client, await a_desk(client, services, mai, dependant_id=teen))
    clock.advance(days=1)
    mai = await signed_in(client, services, MAI)

    noted = await do(client, "UpdateHealthRecord", {"patientId": teen, "notes": "x"}, mai)
    content = await client.get(f"/health/v1/documents/{shared}/content", headers=mai.headers)

    assert await code_of_record(client, mai, patientId=teen) == "NOT_FOUND"
    assert (noted["code"], content.status_code) == ("NOT_FOUND", 404)
    await done(client, "SwitchOffEmergencyCard", {"patientId": teen}, mai)
    assert await store[EMERGENCY_CARDS].count({}) == 0
    assert await store[HEALTH_RECORDS].count({}) == 1


async def test_another_person_s_dependant_is_not_there(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai, minjun = await agreeing(client, services, MAI), await agreeing(client, services, MINJUN)
    lan = (await a_dependant(client, mai))["id"]
    await consent(services, mai, ConsentPurpose.HEALTH, lan)
    await add_allergy(client, mai, patientId=lan)

    refused = [
        (await do(client, operation, {"patientId": lan, **values}, minjun))["code"]
        for operation, values in (
            ("UpdateHealthRecord", {"notes": "x"}),
            ("RemoveAllergy", {"id": "x"}),
            ("SwitchOnEmergencyCard", {}),
            ("RotateEmergencyCard", {}),
            ("SwitchOffEmergencyCard", {}),
        )
    ]

    assert refused == ["NOT_FOUND"] * 5
    assert await code_of_record(client, minjun, patientId=lan) == "NOT_FOUND"
    assert (await add_allergy(client, minjun, patientId=lan))["code"] == "NOT_FOUND"
    assert len((await record_of(client, mai, patientId=lan))["allergies"]) == 1


async def test_nobody_in_particular_has_no_record(client: httpx.AsyncClient) -> None:
    assert await code_of_record(client, None) == "NOT_SIGNED_IN"


async def test_nothing_is_noted_without_consent(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai = await signed_in(client, services, MAI)

    refused = await do(client, "UpdateHealthRecord", {"bloodGroup": "A"}, mai)

    assert (refused["code"], refused["field"]) == ("CONSENT_MISSING", "patientId")
    assert (await add_allergy(client, mai))["code"] == "CONSENT_MISSING"
    assert await store[HEALTH_RECORDS].count({}) == 0


async def test_one_s_own_consent_is_not_a_dependant_s(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await agreeing(client, services, MAI)
    lan = (await a_dependant(client, mai))["id"]

    assert (await add_allergy(client, mai, patientId=lan))["code"] == "CONSENT_MISSING"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"substance": " "}, "substance"),
        ({"substance": "x" * 101}, "substance"),
        ({"substance": "a\nb"}, "substance"),
        ({"substance": "a\u202eb"}, "substance"),
        ({"reaction": "x" * 201}, "reaction"),
        ({"since": 1899}, "since"),
        ({"since": 2027}, "since"),
    ],
)
async def test_allergies_that_cannot_be_are_refused(
    client: httpx.AsyncClient, services: Services, changes: dict[str, Any], field: str
) -> None:
    mai = await agreeing(client, services, MAI)

    refused = await add_allergy(client, mai, **changes)

    assert (refused["code"], refused["field"]) == ("INVALID_RECORD", field)
    assert (await record_of(client, mai))["allergies"] == []


async def test_notes_that_are_too_long_are_refused(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await agreeing(client, services, MAI)

    refused = await do(client, "UpdateHealthRecord", {"notes": "x" * 2_001}, mai)

    assert (refused["code"], refused["field"]) == ("INVALID_RECORD", "notes")
    assert (await record_of(client, mai))["notes"] is None


async def test_an_allergy_sent_twice_is_noted_once(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai, key = await agreeing(client, services, MAI), new_key()

    first, again = [await add_allergy(client, mai, key=key) for _ in range(2)]

    assert first == again
    assert len(again["record"]["allergies"]) == 1


async def test_allergies_noted_at_once_all_arrive(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await agreeing(client, services, MAI)

    await asyncio.gather(*(add_allergy(client, mai, substance=f"S{n}") for n in range(5)))

    found = {one["substance"] for one in (await record_of(client, mai))["allergies"]}
    assert found == {f"S{n}" for n in range(5)}


async def test_a_record_has_thirty_allergies_at_most(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await agreeing(client, services, MAI)
    for number in range(30):
        await add_allergy(client, mai, substance=f"S{number}")

    refused = await add_allergy(client, mai, substance="S30")

    assert refused["code"] == "LIMIT_REACHED"
    assert len((await record_of(client, mai))["allergies"]) == 30


async def test_an_allergy_is_removed_once(client: httpx.AsyncClient, services: Services) -> None:
    mai = await agreeing(client, services, MAI)
    (one,) = (await add_allergy(client, mai))["record"]["allergies"]

    removed = await done(client, "RemoveAllergy", {"id": one["id"]}, mai)

    assert removed["record"]["allergies"] == []
    assert (await do(client, "RemoveAllergy", {"id": one["id"]}, mai))["code"] == "NOT_FOUND"


async def test_visits_are_those_that_took_place(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services, MAI)
    desk = await a_desk(client, services, mai)

    (visit,) = (await record_of(client, mai))["visits"]

    assert visit == {
        "appointmentId": desk.appointment.id,
        "start": "2026-05-04T00:00:00+00:00",
        "facility": {
            "id": "bvdk-khu-vuc-sa-pa",
            "name": {"text": "Sa Pa Regional General Hospital"},
        },
        "service": {"name": {"text": "Consultation"}},
    }


async def test_who_withdraws_the_consent_is_forgotten(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai = await agreeing(client, services, MAI)
    lan = (await a_dependant(client, mai))["id"]
    await consent(services, mai, ConsentPurpose.HEALTH, lan)
    await add_allergy(client, mai)
    await add_allergy(client, mai, patientId=lan)
    await a_shared_document(client, await a_desk(client, services, mai))

    await withdraw(services, mai, ConsentPurpose.HEALTH)

    assert (await record_of(client, mai))["allergies"] == []
    assert (await record_of(client, mai))["documents"]["edges"] == []
    assert len((await record_of(client, mai, patientId=lan))["allergies"]) == 1
    assert [await store[spec].count({}) for spec in KEPT_FOR_PATIENTS] == [1, 0, 0]


async def test_a_dependant_who_is_removed_is_forgotten(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai = await agreeing(client, services, MAI)
    lan = (await a_dependant(client, mai))["id"]
    await consent(services, mai, ConsentPurpose.HEALTH, lan)
    await consent(services, mai, ConsentPurpose.EMERGENCY_CARD, lan)
    await add_allergy(client, mai, patientId=lan)
    await add_allergy(client, mai)
    card = await done(client, "SwitchOnEmergencyCard", {"patientId": lan}, mai)
    await client.get(card["card"]["url"])
    await a_shared_document(client, await a_desk(client, services, mai, dependant_id=lan))

    await call(client, "RemoveDependant", {"id": lan}, mai)

    assert await documents_with(store, {lan}, KEPT_FOR_PATIENTS) == {}
    counts = [await store[spec].count({}) for spec in KEPT_FOR_PATIENTS]
    assert counts == [1, 0, 0]
    assert await store[EMERGENCY_CARDS].count({}) == 0
    assert await store[EMERGENCY_CARD_READINGS].count({}) == 0


async def test_what_is_noted_is_sealed(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    mai = await agreeing(client, services, MAI)
    await done(client, "UpdateHealthRecord", {"notes": "Động kinh"}, mai)
    await add_allergy(client, mai)

    assert await documents_with(store, {"Động kinh", "Penicillin", "Nổi mề đay"}) == {}
