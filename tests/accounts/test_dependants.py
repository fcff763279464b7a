"""Those for whom people act: added, changed and removed by their own person only, twelve at most."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from api.accounts.people.dependant_repository import DEPENDANTS
from api.accounts.people.repository import ACCOUNTS, AccountRepository
from api.accounts.privacy.purposes import ConsentPurpose
from api.context import Services
from api.kit.store import Store
from tests.accounts.families import (
    a_dependant,
    add_dependant,
    consent,
    dependants,
    own_papers,
    put_paper,
    refusal,
    withdraw,
)
from tests.accounts.people import MAI, MINJUN, Answer, SignedInPerson, call, new_key, signed_in
from tests.conftest import MovableClock, send, send_raw

NEEDS = ConsentPurpose.ACCESSIBILITY_NEEDS


async def dependant(
    client: httpx.AsyncClient, person: SignedInPerson, dependant_id: str
) -> Answer | None:
    data = await send(client, "accounts/Dependant", {"id": dependant_id}, headers=person.headers)
    found: Answer | None = data["dependant"]
    return found


async def test_a_dependant_is_added(client: httpx.AsyncClient, services: Services) -> None:
    person = await signed_in(client, services)

    result = await add_dependant(client, person, name=" Nguyễn  Thị Lan ")

    added = result["dependant"]
    assert result["__typename"] == "AddDependantSuccess"
    assert added == {
        "id": added["id"],
        "name": "Nguyễn Thị Lan",
        "bornOn": "2018-03-05",
        "relation": "CHILD",
        "needs": [],
        "createdAt": "2026-05-01T09:30:00+00:00",
        "identityPapers": [],
    }
    assert await dependant(client, person, added["id"]) == added
    assert await dependants(client, person) == [added]


async def test_they_are_listed_as_they_were_added(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)

    for name in ("C", "A", "B"):
        await a_dependant(client, person, name=name)
        clock.advance(seconds=1)

    assert [each["name"] for each in await dependants(client, person)] == ["C", "A", "B"]


async def test_the_same_key_adds_once(client: httpx.AsyncClient, services: Services) -> None:
    person = await signed_in(client, services)
    key = new_key()

    first = await add_dependant(client, person, key=key)
    again = await add_dependant(client, person, key=key)
    another = await add_dependant(client, person, key=key, name="Hoa")

    assert again == first
    assert refusal(another) == "IDEMPOTENCY_KEY_REUSED"
    assert len(await dependants(client, person)) == 1


async def test_a_key_of_another_person_is_another_key(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services, MAI)
    minjun = await signed_in(client, services, MINJUN)

    hers = await add_dependant(client, mai, key="the-very-same-key")
    his = await add_dependant(client, minjun, key="the-very-same-key")

    assert hers["dependant"]["id"] != his["dependant"]["id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "Lan\u202e"},
        {"name": "\U0001f476"},
        {"name": "L" * 5_000},
        {"bornOn": "2026-05-02"},
        {"bornOn": "1905-04-30", "relation": "PARENT"},
        {"bornOn": "2008-05-01"},
    ],
)
async def test_what_cannot_be_is_refused_and_nobody_is_added(
    client: httpx.AsyncClient, services: Services, changes: dict[str, Any]
) -> None:
    person = await signed_in(client, services)

    result = await add_dependant(client, person, **changes)

    assert refusal(result) == "INVALID_PROFILE"
    assert await dependants(client, person) == []


@pytest.mark.parametrize(
    ("relation", "born_on"),
    [
        ("CHILD", "2008-05-02"),
        ("CHILD", "2026-05-01"),
        ("PARENT", "1950-01-01"),
        ("SPOUSE", "1990-06-30"),
        ("OTHER", "2008-05-01"),
    ],
)
async def test_a_child_is_under_18_and_others_have_any_age(
    client: httpx.AsyncClient, services: Services, relation: str, born_on: str
) -> None:
    person = await signed_in(client, services)

    result = await add_dependant(client, person, relation=relation, bornOn=born_on)

    assert result["dependant"]["relation"] == relation


async def test_nobody_in_particular_has_no_dependants(client: httpx.AsyncClient) -> None:
    unknown = {"id": "a" * 26}

    assert refusal(await add_dependant(client, None)) == "NOT_SIGNED_IN"
    assert refusal(await call(client, "UpdateDependant", unknown)) == "NOT_SIGNED_IN"
    assert refusal(await call(client, "RemoveDependant", unknown)) == "NOT_SIGNED_IN"
    reply = (await send_raw(client, "accounts/Dependant", unknown)).json()
    assert reply["data"] == {"dependant": None}
    assert [error["extensions"]["code"] for error in reply["errors"]] == ["NOT_SIGNED_IN"]


async def test_the_thirteenth_is_refused(client: httpx.AsyncClient, services: Services) -> None:
    person = await signed_in(client, services)
    for _ in range(12):
        await a_dependant(client, person)

    result = await add_dependant(client, person)

    assert refusal(result) == "TOO_MANY_DEPENDANTS"
    assert result["message"] == "You can act for at most 12 people."
    assert len(await dependants(client, person)) == 12


async def test_thirty_at_once_leave_twelve(client: httpx.AsyncClient, services: Services) -> None:
    person = await signed_in(client, services)

    results = await asyncio.gather(*(add_dependant(client, person) for _ in range(30)))

    kinds = [result["__typename"] for result in results]
    assert kinds.count("AddDependantSuccess") == 12
    assert {refusal(each) for each in results if each["__typename"] == "AccountError"} == {
        "TOO_MANY_DEPENDANTS"
    }
    assert len(await dependants(client, person)) == 12


async def test_thirty_at_once_are_too_many_without_the_guard(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above."""
    person = await signed_in(client, services)

    async def count_whatever_there_is(*_: object) -> bool:
        return True

    monkeypatch.setattr(AccountRepository, "count_dependant", count_whatever_there_is)
    await asyncio.gather(*(add_dependant(client, person) for _ in range(30)))

    assert len(await dependants(client, person)) == 30


async def test_a_removed_one_leaves_a_place(client: httpx.AsyncClient, services: Services) -> None:
    person = await signed_in(client, services)
    added = [await a_dependant(client, person) for _ in range(12)]

    removed = await call(client, "RemoveDependant", {"id": added[3]["id"]}, person)
    again = await call(client, "RemoveDependant", {"id": added[3]["id"]}, person)

    assert removed == {"__typename": "RemoveDependantSuccess", "id": added[3]["id"]}
    assert refusal(again) == "NOT_FOUND"
    assert (await add_dependant(client, person))["__typename"] == "AddDependantSuccess"
    assert refusal(await add_dependant(client, person)) == "TOO_MANY_DEPENDANTS"


async def test_removing_at_once_leaves_one_place(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)
    await a_dependant(client, person)

    results = await asyncio.gather(
        *(call(client, "RemoveDependant", {"id": lan["id"]}, person) for _ in range(10))
    )

    (account,) = await store[ACCOUNTS].find({})
    assert [result["__typename"] for result in results].count("RemoveDependantSuccess") == 1
    assert account["dependants"] == 1


async def test_with_a_dependant_the_papers_go(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)
    await consent(services, person, subject_id=lan["id"])
    await consent(services, person)
    await put_paper(client, person, "BHYT", "TE1 1020304050 99", lan["id"])
    await put_paper(client, person, "BHYT", "1020304051")

    await call(client, "RemoveDependant", {"id": lan["id"]}, person)

    assert [paper["number"] for paper in (await own_papers(client, person))["identityPapers"]] == [
        "1020304051"
    ]
    assert await services.store[DEPENDANTS].count({}) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "Trần Thị Lan"},
        {"bornOn": "2017-01-31"},
        {"relation": "OTHER"},
        {"name": "Bà Hoa", "bornOn": "1950-01-01", "relation": "PARENT"},
    ],
)
async def test_what_is_named_changes_and_the_rest_stays(
    client: httpx.AsyncClient, services: Services, changes: dict[str, Any]
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)

    result = await call(client, "UpdateDependant", {"id": lan["id"], **changes}, person)

    assert result["__typename"] == "UpdateDependantSuccess"
    assert result["dependant"] == {**lan, **changes}
    assert await dependant(client, person, lan["id"]) == {**lan, **changes}


async def test_null_changes_nothing_but_needs(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)
    await consent(services, person, NEEDS, lan["id"])
    needing = {"id": lan["id"], "needs": ["EASY_LANGUAGE"]}
    before = await call(client, "UpdateDependant", needing, person)

    nulls = {"id": lan["id"], "name": None, "bornOn": None, "relation": None, "needs": None}
    after = await call(client, "UpdateDependant", nulls, person)

    assert before["dependant"] == {**lan, "needs": ["EASY_LANGUAGE"]}
    assert after["dependant"] == lan


async def test_needs_of_a_dependant_rest_on_the_consent_for_that_one(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)
    hoa = await a_dependant(client, person, name="Hoa")
    await consent(services, person, NEEDS, lan["id"])
    await consent(services, person, NEEDS)

    for_lan = await call(client, "UpdateDependant", {"id": lan["id"], "needs": ["DEAF"]}, person)
    for_hoa = await call(client, "UpdateDependant", {"id": hoa["id"], "needs": ["DEAF"]}, person)
    await withdraw(services, person, NEEDS, lan["id"])

    assert for_lan["dependant"]["needs"] == ["DEAF"]
    assert refusal(for_hoa) == "CONSENT_MISSING"
    assert [each["needs"] for each in await dependants(client, person)] == [[], []]


@pytest.mark.parametrize(
    "changes", [{"bornOn": "2000-01-01"}, {"name": " "}, {"bornOn": "2030-01-01"}]
)
async def test_a_change_that_cannot_be_is_refused(
    client: httpx.AsyncClient, services: Services, changes: dict[str, Any]
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)

    result = await call(client, "UpdateDependant", {"id": lan["id"], **changes}, person)

    assert refusal(result) == "INVALID_PROFILE"
    assert await dependant(client, person, lan["id"]) == lan


async def test_who_has_come_of_age_can_be_renamed_but_not_made_a_child(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> None:
    person = await signed_in(client, services)
    teen = await a_dependant(client, person, bornOn="2008-05-02")
    clock.advance(days=1)
    again = await signed_in(client, services)

    renamed = await call(client, "UpdateDependant", {"id": teen["id"], "name": "Nam"}, again)
    other = await call(client, "UpdateDependant", {"id": teen["id"], "relation": "OTHER"}, again)
    child = await call(client, "UpdateDependant", {"id": teen["id"], "relation": "CHILD"}, again)

    assert renamed["dependant"]["name"] == "Nam"
    assert other["dependant"]["relation"] == "OTHER"
    assert refusal(child) == "INVALID_PROFILE"


async def test_changes_at_the_same_moment_all_arrive(
    client: httpx.AsyncClient, services: Services
) -> None:
    person = await signed_in(client, services)
    lan = await a_dependant(client, person)
    changes: list[dict[str, Any]] = [
        {"name": "Hoa"},
        {"bornOn": "2019-01-01"},
        {"relation": "OTHER"},
    ]

    await asyncio.gather(
        *(
            call(client, "UpdateDependant", {"id": lan["id"], **each}, person)
            for each in changes * 8
        )
    )

    expected = {**lan, "name": "Hoa", "bornOn": "2019-01-01", "relation": "OTHER"}
    assert await dependant(client, person, lan["id"]) == expected


async def test_another_persons_dependant_is_not_there(
    client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services, MAI)
    minjun = await signed_in(client, services, MINJUN)
    lan = await a_dependant(client, mai)

    ids = [lan["id"], "a" * 26, "", "\u202e", "x" * 5_000]
    found = [await dependant(client, minjun, each) for each in ids]
    renamed = [
        await call(client, "UpdateDependant", {"id": each, "name": "X"}, minjun) for each in ids
    ]
    removed = [await call(client, "RemoveDependant", {"id": each}, minjun) for each in ids]

    assert found == [None] * 5
    assert [refusal(result) for result in renamed + removed] == ["NOT_FOUND"] * 10
    assert await dependants(client, mai) == [lan]
    assert await dependants(client, minjun) == []


async def test_a_dependant_is_sealed(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    person = await signed_in(client, services)

    await a_dependant(client, person)

    (document,) = await store[DEPENDANTS].find({})
    kept = json.dumps(document, default=str, ensure_ascii=False)
    assert "Nguyễn" not in kept
    assert "2018-03-05" not in kept
    assert "child" not in kept
