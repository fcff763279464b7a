"""Clerks look people up by the number of a paper: who may, what they see, and what stands in the audit log."""

import asyncio
from typing import Any

import httpx
import pytest

from api.accounts.identity_papers.repository import IDENTITY_PAPERS
from api.context import Services
from api.kit.audit_log import AUDIT_ROWS, AuditLog
from api.kit.store import Store
from tests.accounts.families import (
    a_dependant,
    consent,
    grant,
    person_id_of,
    put_paper,
    withdraw,
)
from tests.accounts.people import MAI, MINJUN, Answer, SignedInPerson, call, signed_in
from tests.conftest import MovableClock, send_raw

CLERK = "clerk@example.com"
CITIZEN_NUMBER = "010190123456"


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    person = await signed_in(client, services, CLERK)
    await grant(services, person, "clerk facility:sa-pa")
    return person


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    """Somebody whose card is registered."""
    person = await signed_in(client, services, MAI)
    await call(client, "UpdateProfile", {"name": "Mai", "bornOn": "1990-02-28"}, person)
    await consent(services, person)
    await put_paper(client, person, "CCCD", CITIZEN_NUMBER)
    return person


async def look_up(
    client: httpx.AsyncClient,
    person: SignedInPerson | None,
    number: str = CITIZEN_NUMBER,
    kind: str = "CCCD",
    reason: str = "ADMISSION",
) -> Answer:
    """Return the whole reply."""
    variables = {"kind": kind, "number": number, "reason": reason}
    headers = person.headers if person else None
    reply = await send_raw(client, "accounts/PersonByIdentityPaper", variables, headers=headers)
    body: Answer = reply.json()
    return body


async def holders(
    client: httpx.AsyncClient,
    person: SignedInPerson,
    number: str = CITIZEN_NUMBER,
    kind: str = "CCCD",
) -> list[Answer]:
    found: list[Answer] = (await look_up(client, person, number, kind))["data"][
        "personByIdentityPaper"
    ]["holders"]
    return found


async def rows(store: Store) -> list[dict[str, Any]]:
    """Return what the rows of the audit log say."""
    found = await store[AUDIT_ROWS].find({}, sort=[("number", 1)])
    said = ("actor", "action", "subject", "scope", "details")
    return [{name: row[name] for name in said} for row in found]


async def index_of(store: Store, person_id: str) -> str:
    (document,) = await store[IDENTITY_PAPERS].find({"person_id": person_id})
    index: str = document["number_index"]
    return index


async def test_a_clerk_sees_who_it_is_and_the_look_is_written_down(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clerk: SignedInPerson,
    mai: SignedInPerson,
) -> None:
    found = await holders(client, clerk, "010 190 123 456")

    mai_id = await person_id_of(services, mai)
    assert found == [{"id": mai_id, "name": "Mai", "bornOn": "1990-02-28", "maskedNumber": "…456"}]
    assert await rows(store) == [
        {
            "actor": await person_id_of(services, clerk),
            "action": "identity_paper.looked_up",
            "subject": mai_id,
            "scope": "facility:sa-pa",
            "details": {
                "kind": "cccd",
                "number_index": (await index_of(store, mai_id))[:12],
                "reason": "admission",
                "found": 1,
            },
        }
    ]
    assert (await services.audit.verify()).faults == ()


async def test_a_look_that_finds_nobody_is_written_down_too(
    client: httpx.AsyncClient, store: Store, clerk: SignedInPerson, mai: SignedInPerson
) -> None:
    found = await holders(client, clerk, "010190654321")

    (row,) = await rows(store)
    assert found == []
    assert row["subject"] == f"identity_number:{row['details']['number_index']}"
    assert row["details"] == {
        "kind": "cccd",
        "number_index": row["details"]["number_index"],
        "reason": "admission",
        "found": 0,
    }
    assert len(row["details"]["number_index"]) == 12
    assert "010190654321" not in str(await store[AUDIT_ROWS].find({}))


async def test_both_parents_may_register_a_child(
    client: httpx.AsyncClient, services: Services, store: Store, clerk: SignedInPerson
) -> None:
    children: list[str] = []
    for address in (MAI, MINJUN):
        parent = await signed_in(client, services, address)
        child = await a_dependant(client, parent)
        await consent(services, parent, subject_id=child["id"])
        await put_paper(client, parent, "BHYT", "1020304050", child["id"])
        children.append(child["id"])

    found = await holders(client, clerk, "TE1 10 1020304050", "BHYT")

    assert {holder["id"] for holder in found} == set(children)
    assert {holder["name"] for holder in found} == {"Nguyễn Thị Lan"}
    assert [row["subject"] for row in await rows(store)] == [holder["id"] for holder in found]


async def test_a_card_and_its_number_find_each_other(
    client: httpx.AsyncClient, clerk: SignedInPerson, mai: SignedInPerson
) -> None:
    await put_paper(client, mai, "BHYT", "HN2101020304050")

    assert [each["name"] for each in await holders(client, clerk, "1020304050", "BHYT")] == ["Mai"]
    assert await holders(client, clerk, "1020304051", "BHYT") == []


async def test_a_number_of_one_kind_is_none_of_another(
    client: httpx.AsyncClient, clerk: SignedInPerson, mai: SignedInPerson
) -> None:
    await put_paper(client, mai, "PASSPORT", "123456789")

    assert await holders(client, clerk, "0123456789", "BHYT") == []
    assert [each["name"] for each in await holders(client, clerk, "123456789", "PASSPORT")] == [
        "Mai"
    ]


async def test_who_withdrew_the_consent_is_not_found(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, mai: SignedInPerson
) -> None:
    await withdraw(services, mai)

    assert await holders(client, clerk) == []


async def test_a_paper_that_outlived_its_consent_is_not_shown(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clerk: SignedInPerson,
    clock: MovableClock,
) -> None:
    parent = await signed_in(client, services, MAI)
    child = await a_dependant(client, parent, bornOn="2019-05-02")
    await consent(services, parent, subject_id=child["id"], dependant_agrees=False)
    await put_paper(client, parent, "BHYT", "1020304050", child["id"])
    before = await holders(client, clerk, "1020304050", "BHYT")

    clock.advance(days=1)  # the child is seven, and has agreed to nothing
    clerk_again = await signed_in(client, services, CLERK)
    after = await holders(client, clerk_again, "1020304050", "BHYT")

    assert [holder["id"] for holder in before] == [child["id"]]
    assert after == []


@pytest.mark.parametrize(
    ("grants", "code"),
    [
        (None, "NOT_SIGNED_IN"),
        ((), "NOT_ALLOWED"),
        (("auditor province",), "NOT_ALLOWED"),
        (("administrator province",), "NOT_ALLOWED"),
        (("merchant merchant:market",), "NOT_ALLOWED"),
        (("clerk agency:commune-03006",), "NOT_ALLOWED"),
        (
            ("alert_author agency:civil-defence", "alert_approver agency:civil-defence"),
            "NOT_ALLOWED",
        ),
    ],
)
async def test_whoever_is_no_clerk_sees_nothing_and_leaves_no_row(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    mai: SignedInPerson,
    grants: tuple[str, ...] | None,
    code: str,
) -> None:
    person = None
    if grants is not None:
        person = await signed_in(client, services, CLERK)
        await grant(services, person, *grants)

    reply = await look_up(client, person)

    assert reply["data"] is None
    assert [error["extensions"]["code"] for error in reply["errors"]] == [code]
    assert await rows(store) == []


async def test_all_facilities_and_schools_of_a_clerk_stand_in_the_row(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clerk: SignedInPerson,
    mai: SignedInPerson,
) -> None:
    await grant(
        services, clerk, "clerk school:bac-ha", "clerk facility:sa-pa", "clerk agency:tourism"
    )

    await holders(client, clerk)

    assert [row["scope"] for row in await rows(store)] == ["facility:sa-pa school:bac-ha"]


async def test_what_is_no_number_is_refused_without_a_row(
    client: httpx.AsyncClient, store: Store, clerk: SignedInPerson
) -> None:
    reply = await look_up(client, clerk, "010190")

    assert [error["extensions"]["code"] for error in reply["errors"]] == ["INVALID_IDENTITY_NUMBER"]
    assert await rows(store) == []


async def test_what_cannot_be_written_down_is_not_answered(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    mai: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def fail(*_: object) -> int:
        raise RuntimeError

    monkeypatch.setattr(AuditLog, "append", fail)

    reply = await look_up(client, clerk)

    assert reply["data"] is None
    assert [error["extensions"]["code"] for error in reply["errors"]] == ["INTERNAL"]


async def test_looks_at_once_are_all_written_down(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    clerk: SignedInPerson,
    mai: SignedInPerson,
) -> None:
    found = await asyncio.gather(*(holders(client, clerk) for _ in range(15)))

    assert all(len(each) == 1 for each in found)
    assert len(await rows(store)) == 15
    assert (await services.audit.verify()).faults == ()


async def test_neither_number_nor_name_is_logged(
    client: httpx.AsyncClient,
    clerk: SignedInPerson,
    mai: SignedInPerson,
    capfd: pytest.CaptureFixture[str],
) -> None:
    await holders(client, clerk)
    await look_up(client, clerk, "010190 12345")

    captured = capfd.readouterr()
    logged = captured.out + captured.err
    assert "operation=PersonByIdentityPaper" in logged
    for secret in (CITIZEN_NUMBER, "010190 12345", "Mai", "1990-02-28"):
        assert secret not in logged
