"""From `$find` to the practitioner: what a hospital's own system does for a patient at its counter."""

from tests.conftest import MovableClock
from tests.health.fhir.hospital import Hospital, a_patient, ids_of
from tests.health.places import Clinic


async def test_a_place_is_found_held_booked_and_checked_in(
    hospital: Hospital, clinic: Clinic, clock: MovableClock
) -> None:
    found = await hospital.get(
        "Appointment/$find", start="2026-05-04", end="2026-05-05", specialty="general"
    )
    proposed = found["entry"][0]["resource"]
    held = await hospital.operate(
        "$hold",
        {"name": "appt-id", "valueUri": f"Appointment/{proposed['id']}"},
        {"name": "patient-resource", "resource": a_patient()},
    )
    pending = held.json()["entry"][0]["resource"]
    booked = await hospital.operate(
        "$book",
        {"name": "appt-id", "valueUri": f"Appointment/{pending['id']}"},
        {"name": "comment", "valueString": "Ho ba tuần"},
    )
    appointment = booked.json()["entry"][0]["resource"]
    clock.now = clinic.slots[0].start
    steps: list[tuple[int, str]] = []
    await hospital.sign_in()
    for status in ("checked-in", "arrived", "fulfilled"):
        reply = await hospital.send(
            "PUT",
            f"Appointment/{appointment['id']}",
            {**appointment, "status": status},
            headers={"if-match": f'W/"{appointment["meta"]["versionId"]}"'},
        )
        appointment = reply.json()
        steps.append((reply.status_code, appointment["status"]))

    assert ids_of(found) == [f"proposed-{slot.id}" for slot in clinic.slots]
    assert (held.status_code, pending["status"]) == (200, "pending")
    assert booked.json()["entry"][0]["resource"]["status"] == "booked"
    assert steps == [(200, "checked-in"), (200, "arrived"), (200, "fulfilled")]
    assert appointment["meta"]["versionId"] == "5"
    assert "Ho ba" not in booked.text
    assert "Páo" not in booked.text
