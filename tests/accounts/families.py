"""Signed-in people with dependants, consents and roles, as tests need them."""

from dataclasses import replace
from typing import Any

import httpx

from api.accounts.caller import Caller, Grant
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.consents import GivenConsent
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.context import Services
from tests.accounts.people import Answer, SignedInPerson, call, me, new_key
from tests.conftest import send

LAN = {"name": "Nguyễn Thị Lan", "bornOn": "2018-03-05", "relation": "CHILD"}


async def caller_of(services: Services, person: SignedInPerson) -> Caller:
    """Return the caller that the person's requests have."""
    return await services.accounts.sessions.caller_of(person.tokens["accessToken"])


async def person_id_of(services: Services, person: SignedInPerson) -> str:
    return (await caller_of(services, person)).person()


async def grant(services: Services, person: SignedInPerson, *grants: str) -> None:
    """Give somebody roles: `grant(services, mai, "clerk facility:sa-pa")`."""
    accounts = AccountRepository(services.store, services.sealer)
    account = await accounts.get(await person_id_of(services, person))
    assert account is not None
    assert await accounts.replace(replace(account, grants=frozenset(map(Grant.of, grants))))


async def consent(
    services: Services,
    person: SignedInPerson,
    purpose: ConsentPurpose = ConsentPurpose.IDENTITY_PAPERS,
    subject_id: str | None = None,
    *,
    dependant_agrees: bool = True,
) -> None:
    """Agree to a purpose, for oneself or for a dependant."""
    version = current_texts(purpose)["en"].version
    given = GivenConsent(purpose, version, "en", subject_id, dependant_agrees)
    caller = await caller_of(services, person)
    await services.accounts.consents.give(caller, given, new_key())


async def withdraw(
    services: Services,
    person: SignedInPerson,
    purpose: ConsentPurpose = ConsentPurpose.IDENTITY_PAPERS,
    subject_id: str | None = None,
) -> None:
    caller = await caller_of(services, person)
    await services.accounts.consents.withdraw(caller, purpose, subject_id, "en")


async def update_profile(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    return await call(client, "UpdateProfile", changes, person)


async def told(client: httpx.AsyncClient, person: SignedInPerson) -> tuple[Any, ...]:
    """Return name, birth date, language and needs."""
    mine = await me(client, person)
    assert mine is not None
    return mine["name"], mine["bornOn"], mine["language"], mine["needs"]


async def add_dependant(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    *,
    key: str | None = None,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    """Add Lan, changed, and return the result."""
    values = {**LAN, "idempotencyKey": key or new_key(), **changes}
    return await call(client, "AddDependant", values, person)


async def a_dependant(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    **changes: Any,  # noqa: ANN401
) -> Answer:
    """Add Lan, changed, and return her."""
    dependant: Answer = (await add_dependant(client, person, **changes))["dependant"]
    return dependant


async def dependants(client: httpx.AsyncClient, person: SignedInPerson) -> list[Answer]:
    data = await send(client, "accounts/MyDependants", headers=person.headers)
    found: list[Answer] = data["me"]["dependants"]
    return found


async def put_paper(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    kind: str,
    number: str,
    subject_id: str | None = None,
) -> Answer:
    values = {"kind": kind, "number": number, "subjectId": subject_id}
    return await call(client, "PutIdentityPaper", values, person)


async def own_papers(client: httpx.AsyncClient, person: SignedInPerson) -> Answer:
    """Return the papers of a person and of the dependants, whole."""
    data = await send(client, "accounts/MyIdentityPapers", headers=person.headers)
    found: Answer = data["me"]
    return found


def refusal(result: Answer) -> str:
    """Return the code of an AccountError."""
    assert result["__typename"] == "AccountError", result
    code: str = result["code"]
    return code
