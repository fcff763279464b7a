"""Calls for help, trips and a warning of the authorization matrix."""

from dataclasses import dataclass
from datetime import timedelta

import httpx

from api.context import Services
from tests.accounts.people import SignedInPerson, new_key
from tests.alerts.messages import alert, area, info, polygon
from tests.conftest import MovableClock
from tests.safety.rescue import a_call_input, do

FAR_OFF = "21.70,104.86 21.70,104.88 21.72,104.88 21.72,104.86 21.70,104.86"
"""Where no other row looks."""
SAID_WHERE = {"latitude": 22.3364, "longitude": 103.8438}


@dataclass(frozen=True, slots=True)
class SafetyThings:
    """The owner's call, which is raised, and trip; and the id of a warning."""

    sos_id: str
    trek_id: str
    alert_id: str
    due_at: str


async def safety_things(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, owner: SignedInPerson
) -> SafetyThings:
    """Let the owner call for help and plan a trip."""
    due_at = (clock() + timedelta(hours=9)).isoformat()
    called = await do(client, "RaiseSos", a_call_input(), owner)
    planned = await do(client, "PlanTrek", a_trek(due_at), owner)
    warning = alert(info(severity="Minor", areas=area(polygon(FAR_OFF))))
    imported = await services.alerts.import_cap(warning, "the matrix")
    return SafetyThings(called["sos"]["id"], planned["trek"]["id"], imported.id, due_at)


def a_trek(due_at: str) -> dict[str, object]:
    """Return the input of planTrek."""
    return {
        "title": "Fansipan",
        "called": "Mai",
        "points": [SAID_WHERE],
        "people": 1,
        "contacts": [{"name": "Lan", "number": "+84912345678"}],
        "contactsAgreed": True,
        "dueAt": due_at,
        "idempotencyKey": new_key(),
    }
