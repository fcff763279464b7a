"""The audit log is for administrators and auditors, and that they read it is in it."""

import httpx
import pytest

from api.accounts.caller import Grant, Role
from api.context import Services
from api.kit.audit_log import AUDIT_ROWS
from api.kit.store import Store
from tests.accounts.people import MAI, SignedInPerson, signed_in
from tests.accounts.staff import (
    CLERK,
    EVERY_ROLE,
    SA_PA_HOSPITAL,
    a_staff_member,
    an_administrator,
    id_of,
    invite,
    nodes,
    noted,
    read,
    refusal,
    take_up,
)

OTHERS = [grant for grant in EVERY_ROLE if grant.role not in {Role.ADMINISTRATOR, Role.AUDITOR}]


@pytest.fixture
async def administrator(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await an_administrator(client, services)


async def test_an_entry_says_who_did_what_by_which_right(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    auditor = await a_staff_member(client, services, Role.AUDITOR)
    invited = (await invite(client, administrator, MAI))["invitation"]

    page = await read(client, "AuditEntries", {"first": 1}, auditor)

    (entry,) = nodes(page)
    assert entry == {
        "id": entry["id"],
        "at": "2026-05-01T09:30:00+00:00",
        "actor": await id_of(client, administrator),
        "action": "invitation.add",
        "subject": invited["id"],
        "right": "administrator province",
        "details": [{"name": "grant", "value": "clerk facility:bvdk-khu-vuc-sa-pa"}],
    }


async def test_the_newest_come_first_page_by_page(
    client: httpx.AsyncClient, administrator: SignedInPerson
) -> None:
    sent = [
        (await invite(client, administrator, f"clerk-{number}@example.com"))["invitation"]["id"]
        for number in range(3)
    ]

    first = await read(client, "AuditEntries", {"first": 2}, administrator)
    after = first["pageInfo"]["endCursor"]
    rest = await read(client, "AuditEntries", {"first": 2, "after": after}, administrator)

    assert [entry["subject"] for entry in nodes(first)] == [sent[2], sent[1]]
    assert [entry["action"] for entry in nodes(rest)] == ["invitation.add", "administrator.appoint"]
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)


async def test_reading_is_noted_with_what_was_asked(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    clerk = await a_staff_member(client, services, CLERK.role, CLERK.scope)
    clerk_id, administrator_id = await id_of(client, clerk), await id_of(client, administrator)

    found = await read(client, "AuditEntries", {"subject": clerk_id}, administrator)
    await read(client, "AuditEntries", {"actor": clerk_id}, administrator)

    assert [entry["action"] for entry in nodes(found)] == ["role.accept"]
    entries = await noted(services, "audit.read")
    assert [(entry.actor, entry.subject, entry.scope) for entry in entries] == [
        (administrator_id, "audit", "administrator province"),
        (administrator_id, clerk_id, "administrator province"),
    ]
    assert [entry.details for entry in entries] == [
        {"actor": clerk_id, "found": 1},
        {"actor": None, "found": 1},
    ]


async def test_a_place_can_be_asked_about(
    client: httpx.AsyncClient, administrator: SignedInPerson
) -> None:
    here = {"scopeKind": "FACILITY", "scopeId": SA_PA_HOSPITAL.id}
    await read(client, "Staff", here, administrator)

    found = await read(client, "AuditEntries", {"subject": str(SA_PA_HOSPITAL)}, administrator)

    assert [entry["action"] for entry in nodes(found)] == ["staff.read"]


@pytest.mark.parametrize("text", ["Lý Thị Mai", MAI, "mai@example.com", "a" * 101, ""])
async def test_what_is_no_id_finds_nothing_and_is_not_noted_down(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson, text: str
) -> None:
    page = await read(client, "AuditEntries", {"subject": text, "actor": text}, administrator)

    (entry,) = await noted(services, "audit.read")
    assert nodes(page) == []
    assert (entry.subject, entry.details) == ("audit", {"actor": "", "found": 0})


async def test_a_row_that_was_changed_shows_nothing(
    client: httpx.AsyncClient, store: Store, administrator: SignedInPerson
) -> None:
    await store[AUDIT_ROWS].update_one({}, {"$set": {"actor": "somebody-else"}})

    (entry,) = nodes(await read(client, "AuditEntries", {}, administrator))

    assert {**entry, "id": ""} == {
        "id": "",
        "at": None,
        "actor": None,
        "action": None,
        "subject": None,
        "right": None,
        "details": [],
    }


@pytest.mark.parametrize("grant", [*OTHERS, None], ids=str)
async def test_it_is_not_for_others(
    client: httpx.AsyncClient, services: Services, grant: Grant | None
) -> None:
    member = await signed_in(client, services, MAI)
    if grant is not None:
        await take_up(client, services, member, grant)

    assert await refusal(client, "AuditEntries", {}, member) == "NOT_ALLOWED"
    assert await noted(services, "audit.read") == []


async def test_it_is_not_for_nobody_in_particular(client: httpx.AsyncClient) -> None:
    assert await refusal(client, "AuditEntries", {}) == "NOT_SIGNED_IN"
