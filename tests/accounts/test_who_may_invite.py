"""Only administrators invite, never themselves, and only while they are administrators."""

import httpx
import pytest

from api.accounts.caller import Grant
from api.accounts.people.repository import ACCOUNTS
from api.accounts.staff.grants import ADMINISTRATION
from api.accounts.staff.invitations import INVITATIONS
from api.context import Services
from api.kit.store import Store
from tests.accounts.people import (
    MAI,
    MINJUN,
    SignedInPerson,
    call,
    new_key,
    signed_in,
)
from tests.accounts.staff import (
    CLERK,
    EVERY_ROLE,
    SA_PA_HOSPITAL,
    a_staff_member,
    accept,
    add_address,
    an_administrator,
    id_of,
    invite,
    my_work,
    named,
    noted,
    refusal,
    revoke,
    roles_of,
)

HERE = {"scopeKind": "FACILITY", "scopeId": SA_PA_HOSPITAL.id}


@pytest.fixture
async def administrator(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await an_administrator(client, services)


@pytest.mark.parametrize(
    "values",
    [
        {"role": "CLERK", "scopeKind": "PROVINCE"},
        {"role": "CLERK", "scopeKind": "FACILITY"},
        {"role": "CLERK", "scopeKind": "FACILITY", "scopeId": "Sa Pa"},
        {"role": "CLERK", "scopeKind": "FACILITY", "scopeId": "bvdk-sa-pa"},
        {"role": "CLERK", "scopeKind": "SCHOOL", "scopeId": "bvdk-khu-vuc-sa-pa"},
        {"role": "CLERK", "scopeKind": "FACILITY", "scopeId": "a" * 65},
        {"role": "CLERK", "scopeKind": "MERCHANT", "scopeId": "may-cafe"},
        {"role": "ALERT_APPROVER", "scopeKind": "SCHOOL", "scopeId": "school-1"},
        {"role": "ADMINISTRATOR", "scopeKind": "AGENCY", "scopeId": "civil-defence"},
        {"role": "ADMINISTRATOR", "scopeKind": "PROVINCE", "scopeId": "lao-cai"},
    ],
)
async def test_a_role_that_does_not_exist_there_is_refused(
    client: httpx.AsyncClient, store: Store, administrator: SignedInPerson, values: dict[str, str]
) -> None:
    request = {"address": MAI, "idempotencyKey": new_key(), **values}

    result = await call(client, "InviteStaff", request, administrator)

    assert result["code"] == "INVALID_GRANT"
    assert await store[INVITATIONS].count({}) == 0


async def test_what_is_no_address_is_refused(
    client: httpx.AsyncClient, store: Store, administrator: SignedInPerson
) -> None:
    result = await invite(client, administrator, "mai")

    assert result["code"] == "INVALID_ADDRESS"
    assert await store[INVITATIONS].count({}) == 0


async def test_who_holds_the_role_is_not_invited_to_it(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    await a_staff_member(client, services, CLERK.role, CLERK.scope, address=MAI)

    result = await invite(client, administrator, MAI)

    assert result["code"] == "INVALID_GRANT"
    assert result["message"] == "Whoever has this address holds this role already."
    assert await store[INVITATIONS].count({}) == 0


async def test_an_administrator_does_not_invite_themselves(
    client: httpx.AsyncClient, store: Store, administrator: SignedInPerson
) -> None:
    result = await invite(client, administrator, administrator.address)

    assert result["code"] == "INVALID_GRANT"
    assert await store[INVITATIONS].count({}) == 0
    assert await roles_of(client, administrator) == [named(ADMINISTRATION)]


async def test_nor_accepts_what_they_sent_to_an_address_added_later(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MINJUN))["invitation"]
    await add_address(client, services, administrator, MINJUN)

    result = await accept(client, administrator, invited["id"])

    assert result["code"] == "NOT_FOUND"
    mine = await my_work(client, administrator)
    assert (mine["roles"], mine["invitations"]) == ([named(ADMINISTRATION)], [])


@pytest.mark.parametrize("grant", [g for g in EVERY_ROLE if g != ADMINISTRATION], ids=str)
async def test_no_other_role_invites_or_withdraws(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    administrator: SignedInPerson,
    grant: Grant,
) -> None:
    open_one = (await invite(client, administrator, MINJUN))["invitation"]
    member = await a_staff_member(client, services, grant.role, grant.scope)

    invited = await invite(client, member, MAI)
    withdrawn = await call(client, "WithdrawInvitation", {"id": open_one["id"]}, member)

    assert (invited["code"], withdrawn["code"]) == ("NOT_ALLOWED", "NOT_ALLOWED")
    assert [kept["_id"] for kept in await store[INVITATIONS].find({})] == [open_one["id"]]


async def test_nobody_in_particular_invites_accepts_or_withdraws(
    client: httpx.AsyncClient, store: Store, administrator: SignedInPerson
) -> None:
    open_one = (await invite(client, administrator, MINJUN))["invitation"]

    results = [
        await invite(client, None, MAI),
        await accept(client, None, open_one["id"]),
        await call(client, "WithdrawInvitation", {"id": open_one["id"]}),
    ]

    assert [result["code"] for result in results] == ["NOT_SIGNED_IN"] * 3
    assert [kept["_id"] for kept in await store[INVITATIONS].find({})] == [open_one["id"]]


async def test_what_an_administrator_offers_ends_with_their_role(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    other = await an_administrator(client, services)
    invited = (await invite(client, other, MAI, ADMINISTRATION))["invitation"]

    await revoke(client, administrator, await id_of(client, other), ADMINISTRATION)

    mai = await signed_in(client, services, MAI)
    assert await store[INVITATIONS].count({}) == 0
    assert (await accept(client, mai, invited["id"]))["code"] == "NOT_FOUND"
    (entry,) = await noted(services, "role.revoke")
    assert entry.details == {"grant": "administrator province", "withdrawn": 1}


async def test_an_invitation_that_outlived_its_inviter_s_role_is_not_accepted(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]
    mai = await signed_in(client, services, MAI)
    await store[ACCOUNTS].update_many({}, {"$pull": {"grants": str(ADMINISTRATION)}})

    result = await accept(client, mai, invited["id"])

    assert result["code"] == "NOT_FOUND"
    mine = await my_work(client, mai)
    assert (mine["roles"], mine["invitations"]) == ([], [])
    assert await store[INVITATIONS].count({}) == 1


async def test_open_invitations_are_not_for_others(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    await invite(client, administrator, MAI)
    clerk = await a_staff_member(client, services, CLERK.role, CLERK.scope)

    codes = [await refusal(client, "StaffInvitations", HERE, caller) for caller in (clerk, None)]

    assert codes == ["NOT_ALLOWED", "NOT_SIGNED_IN"]
    assert await noted(services, "invitations.read") == []
