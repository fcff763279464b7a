"""Reports, clerks and followers, as tests of the slice need them."""

from typing import Any

import httpx

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.context import Services
from api.kit.clock import Clock
from notifications.text_outbox import TEXT_OUTBOX, opened
from tests.accounts.people import Answer, SignedInPerson, grant, new_key, signed_in
from tests.accounts.phones import register
from tests.accounts.test_consents import give
from tests.conftest import NOW, send
from tests.media import uploading

SA_PA = {"latitude": 22.3364, "longitude": 103.8438}
SA_PA_WARD = "commune-03006"
HANOI = {"latitude": 21.0285, "longitude": 105.8542}


def a_report(**changes: Any) -> Answer:  # noqa: ANN401
    """Return the input of submitReport: rubbish in Sa Pa, unless told otherwise."""
    return {
        "categoryCode": "waste",
        "position": SA_PA,
        "accuracy": 8.0,
        "capturedAt": NOW.isoformat(),
        "text": "Rác chất đống ba ngày nay.",
        "photoIds": [],
        "visibility": "PUBLIC",
        "language": "vi",
        "fields": [],
        "idempotencyKey": new_key(),
        **changes,
    }


async def do(
    client: httpx.AsyncClient,
    operation: str,
    values: Answer,
    person: SignedInPerson | None = None,
    *,
    language: str = "en",
) -> Answer:
    """Send a mutation of the slice and return its result."""
    headers = person.headers if person else None
    data = await send(
        client, f"feedback/{operation}", {"input": values}, headers=headers, language=language
    )
    (result,) = data.values()
    return dict(result)


async def ask(
    client: httpx.AsyncClient,
    operation: str,
    variables: Answer,
    person: SignedInPerson | None = None,
    *,
    language: str = "en",
) -> Any:  # noqa: ANN401 - whatever the field gives
    headers = person.headers if person else None
    data = await send(
        client, f"feedback/{operation}", variables, headers=headers, language=language
    )
    (result,) = data.values()
    return result


async def submitted(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    *,
    told_in: str = "en",
    **changes: Any,  # noqa: ANN401
) -> Answer:
    """Report something and return the report."""
    result = await do(client, "SubmitReport", a_report(**changes), person, language=told_in)
    assert result["__typename"] == "SubmitReportSuccess", result
    report: Answer = result["report"]
    return report


async def a_clerk(
    client: httpx.AsyncClient, services: Services, agency: str = SA_PA_WARD, name: str = "clerk"
) -> SignedInPerson:
    person = await signed_in(client, services, f"{name}@{agency}.example.com")
    await grant(services, person, Grant(Role.CLERK, Scope(ScopeKind.AGENCY, agency)))
    return person


async def step(
    client: httpx.AsyncClient,
    clerk: SignedInPerson | None,
    operation: str,
    code: str,
    seen: str,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    """Let a clerk make a step and return the result."""
    values = {
        "agencyId": SA_PA_WARD,
        "code": code,
        "seenState": seen,
        "idempotencyKey": new_key(),
        **changes,
    }
    return await do(client, operation, values, clerk)


async def a_photo(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, clock: Clock
) -> str:
    """Return the id of a photo that is ready."""
    media = await uploading.finished(client, services, clock, person)
    return str(media["id"])


async def agrees_to_photos(client: httpx.AsyncClient, person: SignedInPerson) -> None:
    await give(client, person, "PHOTOS")


WORDS = {"words": "Đội vệ sinh số 2 làm sáng mai.", "language": "vi"}


async def in_progress(client: httpx.AsyncClient, clerk: SignedInPerson, code: str) -> None:
    """Take a report on, and begin to work on it."""
    accepted = await step(client, clerk, "AcceptReport", code, "RECEIVED")
    assert accepted["__typename"] == "AcceptReportSuccess", accepted
    started = await step(client, clerk, "StartReport", code, "ACCEPTED")
    assert started["__typename"] == "StartReportSuccess", started


async def fixed(
    client: httpx.AsyncClient,
    services: Services,
    clerk: SignedInPerson,
    code: str,
    clock: Clock,
) -> str:
    """Bring a report from RECEIVED to FIXED, and return the photo that proves it."""
    await in_progress(client, clerk, code)
    photo = await a_photo(client, services, clerk, clock)
    proved = await step(client, clerk, "ProveFix", code, "IN_PROGRESS", photoIds=[photo])
    assert proved["__typename"] == "ProveFixSuccess", proved
    return photo


async def a_device(client: httpx.AsyncClient, name: str = "anonymous") -> Answer:
    """Return a device of nobody, as it shows itself."""
    registered = await register(client, new_key(), registration=f"fcm-registration-of-{name}")
    return {"id": registered["device"]["id"], "secret": registered["secret"]}


async def written_to(services: Services, address: str) -> list[str]:
    """Return what was written to an address, without codes to sign in with, the oldest first."""
    found = await services.store[TEXT_OUTBOX].find({}, sort=[("queued_at", 1)])
    messages = [opened(services.sealer, TEXT_OUTBOX, one) for one in found]
    return [one.body for one in messages if one.to == address and "LC-" in one.subject]
