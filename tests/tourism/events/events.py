"""Events for tests: asked for, added and changed through the contract, or made as records."""

from datetime import date
from typing import Any

import httpx

from api.tourism.events.records import Event, EventKind
from api.tourism.events.rules import Days, OnDates, Rule
from api.tourism.records import Confidence
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import send
from tests.tourism.editing.editors import edit

FIRST_DAY = "2026-06-06"
SA_PA = {"latitude": 22.3364, "longitude": 103.8438}
AN_EVENT: Answer = {
    "names": [{"language": "vi", "text": "Hội chợ Sa Pa"}],
    "kind": "FAIR",
    "schedule": {"dates": [{"first": FIRST_DAY, "last": "2026-06-07"}]},
    "position": SA_PA,
}


def an_event(rule: Rule | None = None, **said: Any) -> Event:  # noqa: ANN401 - any field of an Event
    known: dict[str, Any] = {
        "id": "T001",
        "names": {"vi": "Lễ hội", "en": "Festival"},
        "names_unchecked": (),
        "descriptions": {},
        "kind": EventKind.FESTIVAL,
        "rule": rule or OnDates((Days(date(2026, 6, 6), date(2026, 6, 7)),)),
        "starts_at": None,
        "ends_at": None,
        "dates_are_announced": False,
        "place_id": None,
        "position": None,
        "commune_code": None,
        "organisers": {},
        "price_notes": {},
        "website": None,
        "confidence": Confidence.HIGH,
    }
    return Event(**known | said)


async def add(
    client: httpx.AsyncClient,
    editor: SignedInPerson | None,
    *,
    key: str | None = None,
    language: str = "en",
    **said: Any,  # noqa: ANN401 - any field of the input
) -> Answer:
    """Add an event like AN_EVENT, but for what is said of it; what is None is left out."""
    event = {name: value for name, value in (AN_EVENT | said).items() if value is not None}
    values = {"event": event, "idempotencyKey": key or new_key()}
    return await edit(client, "AddEvent", values, editor, language=language)


async def change(
    client: httpx.AsyncClient,
    editor: SignedInPerson | None,
    event_id: str,
    version: int,
    changes: Answer,
    *,
    key: str | None = None,
) -> Answer:
    values = {
        "id": event_id,
        "version": version,
        "changes": changes,
        "idempotencyKey": key or new_key(),
    }
    return await edit(client, "ChangeEvent", values, editor)


async def say(
    client: httpx.AsyncClient,
    editor: SignedInPerson | None,
    event_id: str,
    version: int,
    *,
    key: str | None = None,
    **said: Any,  # noqa: ANN401 - any field of the input
) -> Answer:
    """Change the occurrence of FIRST_DAY, or another one, as is said."""
    values = {
        "eventId": event_id,
        "version": version,
        "occurrence": {"plannedOn": FIRST_DAY} | said,
        "idempotencyKey": key or new_key(),
    }
    return await edit(client, "ChangeEventOccurrence", values, editor)


async def remove(
    client: httpx.AsyncClient, editor: SignedInPerson | None, event_id: str, version: int
) -> Answer:
    values = {"id": event_id, "version": version, "idempotencyKey": new_key()}
    return await edit(client, "RemoveEvent", values, editor)


async def listed(client: httpx.AsyncClient, *, language: str = "en", **asked: Any) -> list[Answer]:  # noqa: ANN401
    """Return the occurrences that `events` lists."""
    variables = {name.removesuffix("_"): value for name, value in asked.items()}
    data = await send(client, "tourism/Events", variables, language=language)
    return [edge["node"] for edge in data["events"]["edges"]]


async def event(
    client: httpx.AsyncClient,
    event_id: str,
    *,
    language: str = "en",
    **asked: Any,  # noqa: ANN401
) -> Answer | None:
    variables = {"id": event_id} | {name.removesuffix("_"): it for name, it in asked.items()}
    data = await send(client, "tourism/Event", variables, language=language)
    found: Answer | None = data["event"]
    return found
