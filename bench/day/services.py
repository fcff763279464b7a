"""What needs an account, a card or a desk: hospital and its queue, gates, school, reports with photos."""

import asyncio
import json
import time
import uuid
from datetime import timedelta
from functools import cache
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from PIL import Image

from api.credentials.cards.rotating_code import code_of, step_at
from api.credentials.cards.shown import Shown
from bench.day.cast import HANOI, new_key, now_utc, until
from bench.day.offices import SCHOOL, SPECIALTY
from bench.day.visit import Visit
from bench.day.wire import Failed, document, headers_of

LISTENED_SECONDS = 5.0
SPECIALTIES = ("general", "general", SPECIALTY)
PHOTO_READY = "a photo is ready (worker)"


async def doctor(visit: Visit) -> None:
    """Look for a doctor, hold a place, book it, listen to the queue, and leave the place to others."""
    await visit.ask("health/Facilities", near=visit.phone.position)
    specialty = visit.chance.choice(SPECIALTIES)
    soon = now_utc() + timedelta(minutes=2)  # what has begun cannot be left to others
    found = await visit.ask(
        "health/FindSlots",
        **{"specialty": specialty, "near": visit.phone.position, "from": soon.isoformat()},
    )
    slots = [edge["node"]["id"] for edge in found["edges"]]
    if not slots:
        return
    slot = visit.chance.choice(slots)
    held = await visit.change("health/HoldSlot", slotId=slot, **new_key())
    appointment = str(held["appointment"]["id"])
    booking = {"appointmentId": appointment, "reason": "Ho nhiều", "payment": "SELF_PAY"}
    await visit.change("health/BookAppointment", **booking, **new_key())
    await visit.ask("health/MyQueue", appointmentId=appointment)
    await _listened(visit, "health/QueueChanged", {"appointmentId": appointment})
    await visit.change("health/CancelAppointment", appointmentId=appointment, **new_key())


async def desk(visit: Visit) -> None:
    """Let the desk write a walk-in down, look at the line, and call who is next."""
    officer, session = visit.some_officer(), visit.cast.session_id
    person = {"name": "Giàng A Páo", "birthYear": 1961, "reason": "ho"}
    await visit.change("health/AddWalkIn", officer, sessionId=session, **person, **new_key())
    await visit.ask("health/SessionQueue", officer, sessionId=session)
    await visit.change("health/CallNext", officer, sessionId=session, **new_key())


async def wallet(visit: Visit) -> None:
    await visit.ask("wallet/Wallet")
    await visit.ask("tourist_cards/MyPasses")
    await visit.ask("credentials/MyCredentials")


async def gate(visit: Visit) -> None:
    """Let a gate that was without a network tell whom it let in."""
    holders = [it for it in visit.cast.people if "card" in it.person]
    holders = visit.chance.sample(holders, min(4, len(holders)))
    at = now_utc() - timedelta(seconds=visit.chance.randrange(120))
    scans = [
        {
            "id": uuid.uuid4().hex,
            "shown": Shown(token, code_of(key, step_at(at))).text,
            "purpose": "ENTRY",
            "scannedAt": at.isoformat(),
        }
        for key, token in (it.person["card"] for it in holders)
    ]
    place = visit.chance.choice(visit.cast.gates)
    await visit.change("credentials/RecordScans", visit.some_officer(), gate=place, scans=scans)


async def school(visit: Visit) -> None:
    """Let a pupil through the gate, and the office look who is there."""
    officer = visit.some_officer()
    scan = {
        "id": uuid.uuid4().hex,
        "gate": visit.cast.school_gate,
        "shown": visit.chance.choice(visit.cast.pupil_tokens),
        "purpose": visit.chance.choice(("ENTRY", "EXIT")),
        "isConfirmed": True,
    }
    await visit.change("credentials/Scan", officer, **scan)
    today = now_utc().astimezone(HANOI).date().isoformat()
    of_class = {"schoolId": SCHOOL, "classId": visit.cast.class_id, "day": today}
    await visit.ask("students/ClassAttendance", officer, **of_class)


async def reports(visit: Visit) -> None:
    """Look at the map of reports, and at what is near."""
    centre = visit.phone.position
    bounds = {
        "south": centre["latitude"] - 0.03,
        "north": centre["latitude"] + 0.03,
        "west": centre["longitude"] - 0.03,
        "east": centre["longitude"] + 0.03,
    }
    await visit.ask("feedback/ReportsOnMap", bounds=bounds)
    await visit.ask("feedback/SimilarReports", position=centre, categoryCode="road-damage")


async def report(visit: Visit) -> None:
    """Send a photo and, once it is ready, a report with it."""
    photo = await _photo(visit)
    await visit.change(
        "feedback/SubmitReport",
        categoryCode="road-damage",
        position=visit.phone.position,
        accuracy=8.0,
        capturedAt=now_utc().isoformat(),
        text="Ổ gà sâu giữa đường, xe máy dễ ngã.",
        visibility="PUBLIC",
        language="vi",
        photoIds=[photo],
        **new_key(),
    )
    await visit.ask("feedback/MyReports", first=5)


async def _photo(visit: Visit) -> str:
    data = _jpeg(visit.chance.randrange(8))
    asked = {"kind": "PHOTO", "byteCount": len(data), "contentType": "image/jpeg", **new_key()}
    requested = await visit.change("media/RequestUpload", **asked)
    address, began = urlsplit(str(requested["upload"]["url"])), time.perf_counter()
    url = f"{visit.wire.base_of(visit.phone)}{address.path}?{address.query}"
    async with visit.wire.session.put(url, data=data) as reply:
        status = reply.status
    error = "" if status < 300 else str(status)
    visit.wire.note("PUT of a photo", visit.hour, began, error=error)
    media = str(requested["media"]["id"])
    await visit.change("media/CompleteUpload", id=media)

    async def ready() -> str | None:
        await asyncio.sleep(0.4)
        shown = await visit.ask("media/Media", id=media)
        return media if shown["state"] == "READY" else None

    made = time.perf_counter()
    try:
        await until(ready)
    except TimeoutError as error:
        visit.wire.note(PHOTO_READY, visit.hour, made, error="never")
        raise Failed("a photo was never ready") from error
    visit.wire.note(PHOTO_READY, visit.hour, made)
    return media


@cache
def _jpeg(shade: int) -> bytes:
    file = BytesIO()
    Image.effect_noise((640, 480), 20.0 + shade).save(file, "JPEG")
    return file.getvalue()


async def _listened(visit: Visit, operation: str, variables: dict[str, Any]) -> None:
    """Subscribe over a WebSocket; note the time to the first message, then listen on."""
    began = time.perf_counter()
    headers = headers_of(visit.phone)
    url = f"{visit.wire.base_of(visit.phone)}/graphql"
    try:
        async with visit.wire.session.ws_connect(
            url, protocols=("graphql-transport-ws",), headers=headers
        ) as socket:
            await socket.send_json({"type": "connection_init", "payload": headers})
            _expect(await socket.receive_json(), "connection_ack")
            asked = {"query": document(operation), "variables": variables}
            await socket.send_json({"id": "q", "type": "subscribe", "payload": asked})
            _expect(await socket.receive_json(), "next")
            visit.wire.note(operation, visit.hour, began)
            await asyncio.sleep(LISTENED_SECONDS)
    except (aiohttp.ClientError, TimeoutError, TypeError, ValueError, Failed) as error:
        visit.wire.note(operation, visit.hour, began, error=str(error))
        raise Failed(operation) from error


def _expect(message: dict[str, Any], kind: str) -> None:
    if message.get("type") != kind or "errors" in message.get("payload", {}):
        raise Failed(json.dumps(message)[:250])
