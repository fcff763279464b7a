"""The evening of the flood: rain rises, one warning goes to every phone in danger, and all of them ask at once."""

import json
import uuid
from datetime import timedelta

from api.alerts.sample import sample_message
from bench.day.cast import new_key, now_utc
from bench.day.foundations import STATION, STATIONS
from bench.day.visit import Visit


async def sensors(visit: Visit) -> None:
    """Let every station tell its rain of the last hour: some millimetres, and more each hour of the evening."""
    rain = 4.0 if visit.hour < 18 else 20.0 * (visit.hour - 17)
    now = now_utc() - timedelta(seconds=1)
    values = [
        {
            "station": f"{STATION}-{number:02}",
            "property": "rainfall",
            "value": round(rain + visit.chance.uniform(0, 4), 1),
            "unit": "MMT",
            "observedAt": now.isoformat(),
        }
        for number in range(STATIONS)
    ]
    headers = {
        "authorization": f"Bearer {visit.cast.keys.stations}",
        "content-type": "application/json",
        "x-forwarded-for": visit.phone.address,
    }
    await visit.post(
        "POST observations", "/v1/conditions/observations", json.dumps(values).encode(), headers
    )


async def warning(visit: Visit) -> None:
    """Send an Extreme alert through the agencies' door."""
    message = sample_message(f"day-{uuid.uuid4().hex}", now_utc()).encode()
    headers = {
        "authorization": f"Bearer {visit.cast.keys.warnings}",
        "content-type": "application/cap+xml",
        "x-forwarded-for": visit.phone.address,
    }
    await visit.post("POST a CAP alert", "/cap/v1/alerts", message, headers)


async def alarmed(visit: Visit) -> None:
    """Read the warning; most are safe, a few need help and some of them call."""
    position = visit.phone.position
    found = await visit.ask("alerts/ActiveAlerts", at=position)
    alerts = [edge["node"]["id"] for edge in found["edges"]]
    if not alerts:
        return
    await visit.ask("alerts/Alert", id=alerts[0])
    await visit.ask("tourism/EmergencyNumbers")
    luck = visit.chance.random()
    if luck < 0.6:
        answer = "SAFE" if luck < 0.55 else "NEED_HELP"
        asked = {"alertId": alerts[0], "answer": answer, "position": position}
        await visit.change("safety/AnswerMuster", **asked, **visit.device)
    elif luck < 0.65:
        await _calls(visit)


async def _calls(visit: Visit) -> None:
    """Call for help, and tell the next position."""
    code = "".join(visit.chance.choice("234679ACDEFGHJKMNPRTWXY") for _ in range(10))
    point = {
        "position": visit.phone.position,
        "accuracy": 12.0,
        "battery": 41,
        "capturedAt": now_utc().isoformat(),
    }
    call = {"code": code, "kind": "FLOOD", "point": point, **visit.device}
    raised = await visit.change("safety/RaiseSos", **call, **new_key())
    sos = str(raised["sos"]["id"])
    await visit.change("safety/AddSosPosition", id=sos, point=point, **visit.device, **new_key())
    await visit.ask("safety/Sos", id=sos, **visit.device)


async def moved(visit: Visit) -> None:
    """Tell where the phone is now, coarsely."""
    position = {"position": visit.phone.position, "consent": True}
    await visit.change("accounts/UpdateDevice", **visit.phone.device, position=position)
