"""Checking in: by the code at the entrance, and at the desk."""

from datetime import timedelta

import httpx
import pytest

from api.context import Services
from api.health.queue.check_in_code import CheckInCodes
from api.kit.formats import day_in_vietnam
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.conftest import MovableClock
from tests.health.places import ELSEWHERE, FACILITY, MONDAY
from tests.health.waiting_room import WaitingRoom, a_waiting_room, at

TODAY = day_in_vietnam(MONDAY)


@pytest.fixture
async def room(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> WaitingRoom:
    return await a_waiting_room(client, services, clock)


@pytest.fixture
async def mai(room: WaitingRoom) -> SignedInPerson:
    return await signed_in(room.client, room.services)


async def code(room: WaitingRoom) -> str:
    """Return what hangs at the entrance today."""
    found = await room.ask("FacilityCheckInCode", {"facilityId": FACILITY})
    return str(found["code"])


async def check_in(
    room: WaitingRoom, person: SignedInPerson, appointment_id: str, shown: str
) -> dict[str, object]:
    return await room.call("CheckIn", {"appointmentId": appointment_id, "code": shown}, person)


async def test_a_patient_checks_in_by_the_code_at_the_entrance(
    room: WaitingRoom, mai: SignedInPerson
) -> None:
    appointment = await room.booked(1, mai)

    result = await check_in(room, mai, appointment.id, await code(room))

    assert result == {
        "__typename": "CheckInSuccess",
        "standing": {
            "appointmentId": appointment.id,
            "number": 1,
            "status": "CHECKED_IN",
            "before": 0,
            "expectedAt": "2026-05-04T00:00:00+00:00",
            "calledAt": None,
            "delayMinutes": 0,
            "delayReason": None,
            "isSessionOpen": True,
        },
    }
    kept = await room.appointment(appointment.id)
    assert (kept.status.name, kept.checked_in_at) == ("CHECKED_IN", at("06:30"))


async def test_the_code_is_a_qr_code_of_the_day(room: WaitingRoom) -> None:
    tomorrow = (TODAY + timedelta(days=1)).isoformat()

    today = await room.ask("FacilityCheckInCode", {"facilityId": FACILITY})
    next_day = await room.ask("FacilityCheckInCode", {"facilityId": FACILITY, "date": tomorrow})

    assert (today["day"], next_day["day"]) == ("2026-05-04", "2026-05-05")
    assert today["code"].startswith(f"LCKI1.{FACILITY}.2026-05-04.")
    assert today["svg"].startswith("<svg")
    for days in (-1, 8):
        day = (TODAY + timedelta(days=days)).isoformat()
        variables = {"facilityId": FACILITY, "date": day}
        assert await room.ask_refused("FacilityCheckInCode", variables) == "INVALID_DATE"


async def test_no_other_code_checks_in(room: WaitingRoom, mai: SignedInPerson) -> None:
    appointment = await room.booked(0, mai)
    codes = CheckInCodes(room.services.sealer)
    right = codes.of(FACILITY, TODAY).text
    wrong = (
        codes.of(FACILITY, TODAY - timedelta(days=1)).text,
        codes.of(ELSEWHERE, TODAY).text,
        right[:-1] + ("0" if right[-1] != "0" else "1"),
        right.replace(FACILITY, ELSEWHERE),
        right + "\n",
        "",
        "LCKI1.ä.2026-05-04." + "0" * 32,
    )

    refused = [
        await room.refused("CheckIn", {"appointmentId": appointment.id, "code": it}, mai)
        for it in wrong
    ]

    assert refused == ["CHECK_IN_CODE_WRONG"] * len(wrong)
    assert await room.status(appointment.id) == "BOOKED"


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [
        ("06:14", "CHECK_IN_TOO_EARLY"),
        ("06:15", None),
        ("07:59", None),
        ("08:00", "CHECK_IN_TOO_LATE"),
    ],
)
async def test_from_an_hour_before_the_place_until_the_session_ends(
    room: WaitingRoom, moment: str, refusal: str | None
) -> None:
    appointment = await room.booked(1)
    room.is_now(moment)

    result = await room.call("CheckInAtDesk", {"appointmentId": appointment.id})

    assert result.get("code") == refusal
    assert await room.status(appointment.id) == ("BOOKED" if refusal else "CHECKED_IN")


async def test_too_early_says_when(room: WaitingRoom) -> None:
    appointment = await room.booked(3)
    room.is_now("06:00")

    result = await room.call("CheckInAtDesk", {"appointmentId": appointment.id})

    assert result["message"] == "You can check in from 60 minutes before your time."


async def test_a_closed_session_still_takes_those_with_a_place(room: WaitingRoom) -> None:
    appointment = await room.booked(0)
    await room.call("CloseSession", {"sessionId": room.session_id, "reason": "Bác sĩ đi cấp cứu"})

    patient = await room.does("CheckInAtDesk", appointment.id)

    assert patient["status"] == "CHECKED_IN"


async def test_checking_in_again_changes_nothing(room: WaitingRoom, mai: SignedInPerson) -> None:
    appointment = await room.booked(0, mai)
    shown = await code(room)
    asked = {"appointmentId": appointment.id, "code": shown, "idempotencyKey": new_key()}
    first = await room.call_without_key("CheckIn", asked, mai)
    before = await room.appointment(appointment.id)
    room.is_now("06:50")

    replayed = await room.call_without_key("CheckIn", asked, mai)
    again = await check_in(room, mai, appointment.id, shown)
    at_desk = await room.does("CheckInAtDesk", appointment.id)

    assert first["__typename"] == replayed["__typename"] == again["__typename"]
    assert at_desk["checkedInAt"] == "2026-05-03T23:30:00+00:00"
    assert await room.appointment(appointment.id) == before


async def test_what_is_over_cannot_be_checked_in(room: WaitingRoom) -> None:
    appointment = await room.booked(0)
    room.is_now("07:16")
    await room.does("MarkNoShow", appointment.id)

    refused = await room.refused("CheckInAtDesk", {"appointmentId": appointment.id})

    assert refused == "APPOINTMENT_OVER"
    assert await room.status(appointment.id) == "NOSHOW"


async def test_nobody_checks_in_another_s_patient(room: WaitingRoom, mai: SignedInPerson) -> None:
    appointment = await room.booked(0, mai)
    other = await signed_in(room.client, room.services, "other@example.com")
    shown = await code(room)

    refused = [
        await room.refused("CheckIn", {"appointmentId": it, "code": shown}, other)
        for it in (appointment.id, "no-such-appointment")
    ]

    assert refused == ["NOT_FOUND", "NOT_FOUND"]
    assert (
        await room.refused("CheckInAtDesk", {"appointmentId": appointment.id}, mai) == "NOT_FOUND"
    )
    assert await room.status(appointment.id) == "BOOKED"


async def test_what_the_desk_does_is_audited_and_names_nobody(room: WaitingRoom) -> None:
    appointment = await room.booked(0)

    await room.does("CheckInAtDesk", appointment.id)

    (entry,) = await room.audited("health.visit.check_in")
    assert (entry.actor, entry.subject) == (room.clerk.person(), appointment.id)
    assert (entry.scope, entry.details) == (f"facility:{FACILITY}", {})
