"""Roles are taken back at once, and who reads about staff is noted."""

import asyncio

import httpx
import pytest

from api.accounts.caller import PROVINCE, Grant, Role
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.context import Services
from api.kit.audit_log import AuditLog
from api.kit.store import Store, StoreError
from tests.accounts.people import MAI, MINJUN, SignedInPerson, call, signed_in
from tests.accounts.staff import (
    BAC_HA_HOSPITAL,
    CLERK,
    EVERY_ROLE,
    SA_PA_HOSPITAL,
    a_staff_member,
    accept,
    an_administrator,
    id_of,
    invite,
    my_work,
    named,
    nodes,
    noted,
    read,
    refusal,
    revoke,
    roles_of,
    take_up,
)
from tests.conftest import NOW, send

HERE = {"scopeKind": "FACILITY", "scopeId": SA_PA_HOSPITAL.id}
AT_THE_PROVINCE = {"scopeKind": "PROVINCE"}
OTHERS = [grant for grant in EVERY_ROLE if grant.role not in {Role.ADMINISTRATOR, Role.AUDITOR}]


@pytest.fixture
async def administrator(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await an_administrator(client, services)


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_staff_member(client, services, CLERK.role, CLERK.scope)


async def test_a_role_is_taken_back_at_once(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    clerk: SignedInPerson,
) -> None:
    clerk_id = await id_of(client, clerk)

    result = await revoke(client, administrator, clerk_id)

    assert result == {
        "__typename": "RevokeRoleSuccess",
        "personId": clerk_id,
        "role": named(CLERK),
    }
    assert await roles_of(client, clerk) == []
    (entry,) = await noted(services, "role.revoke")
    assert (entry.actor, entry.subject) == (await id_of(client, administrator), clerk_id)
    assert entry.scope == "administrator province"
    assert entry.details == {"grant": "clerk facility:bvdk-khu-vuc-sa-pa"}


async def test_other_roles_stay(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    clerk: SignedInPerson,
) -> None:
    elsewhere = Grant(Role.CLERK, BAC_HA_HOSPITAL)
    await take_up(client, services, clerk, elsewhere)

    await revoke(client, administrator, await id_of(client, clerk))

    assert await roles_of(client, clerk) == [named(elsewhere)]


async def test_open_connections_end_with_the_role(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    clerk: SignedInPerson,
) -> None:
    sessions = services.accounts.sessions
    caller = await sessions.caller_of(clerk.tokens["accessToken"])
    connection = asyncio.create_task(sessions.until_access_changes(caller))
    async with asyncio.timeout(10):
        while services.events.listener_count == 0:  # noqa: ASYNC110 - until it listens
            await asyncio.sleep(0)

        await revoke(client, administrator, await id_of(client, clerk))

        await connection


async def test_whoever_holds_a_role_may_give_it_up(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson
) -> None:
    clerk_id = await id_of(client, clerk)

    result = await revoke(client, clerk, clerk_id)

    assert result["__typename"] == "RevokeRoleSuccess"
    assert await roles_of(client, clerk) == []
    (entry,) = await noted(services, "role.revoke")
    assert (entry.actor, entry.subject, entry.scope) == (clerk_id, clerk_id, "own")


@pytest.mark.parametrize("grant", [*OTHERS, Grant(Role.AUDITOR, PROVINCE), None], ids=str)
async def test_nobody_else_takes_a_role_back(
    client: httpx.AsyncClient, services: Services, clerk: SignedInPerson, grant: Grant | None
) -> None:
    member = await signed_in(client, services, MAI)
    if grant is not None:
        await take_up(client, services, member, grant)

    result = await revoke(client, member, await id_of(client, clerk))

    assert result["code"] == "NOT_ALLOWED"
    assert await roles_of(client, clerk) == [named(CLERK)]


async def test_nobody_in_particular_takes_a_role_back(
    client: httpx.AsyncClient, clerk: SignedInPerson
) -> None:
    result = await revoke(client, None, await id_of(client, clerk))

    assert result["code"] == "NOT_SIGNED_IN"
    assert await roles_of(client, clerk) == [named(CLERK)]


async def test_a_role_that_is_not_held_is_as_a_person_who_is_not_there(
    client: httpx.AsyncClient, administrator: SignedInPerson, clerk: SignedInPerson
) -> None:
    clerk_id = await id_of(client, clerk)

    not_held = await revoke(client, administrator, clerk_id, Grant(Role.CLERK, BAC_HA_HOSPITAL))
    unknown = await revoke(client, administrator, "a" * 26)
    shapeless = await revoke(client, administrator, "no id")

    assert not_held["code"] == "NOT_FOUND"
    assert not_held == unknown == shapeless
    assert await roles_of(client, clerk) == [named(CLERK)]


async def test_a_role_that_does_not_exist_there_is_refused(
    client: httpx.AsyncClient, administrator: SignedInPerson, clerk: SignedInPerson
) -> None:
    values = {"personId": await id_of(client, clerk), "role": "CLERK", "scopeKind": "PROVINCE"}

    result = await call(client, "RevokeRole", values, administrator)

    assert result["code"] == "INVALID_GRANT"
    assert await roles_of(client, clerk) == [named(CLERK)]


async def test_what_is_kept_of_roles_can_be_handed_over(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    await invite(client, administrator, MAI)

    held = await services.accounts.staff.data.held_of(await id_of(client, administrator))

    assert held == {
        "roles": ["administrator province"],
        "offered": [
            {
                "role": "clerk facility:bvdk-khu-vuc-sa-pa",
                "invitedAt": "2026-05-01T09:30:00+00:00",
                "expiresAt": "2026-05-15T09:30:00+00:00",
            }
        ],
    }


async def test_a_profile_that_is_saved_meanwhile_does_not_bring_a_role_back(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    clerk: SignedInPerson,
) -> None:
    accounts = AccountRepository(services.store, services.sealer)
    clerk_id = await id_of(client, clerk)
    seen = await accounts.get(clerk_id)
    assert seen is not None

    await revoke(client, administrator, clerk_id)
    saved = await accounts.replace(seen)

    assert saved is None
    assert await roles_of(client, clerk) == []


@pytest.mark.parametrize("step", ["invite", "withdraw", "accept", "revoke"])
async def test_what_cannot_be_noted_does_not_happen(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    clerk: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    open_one = (await invite(client, administrator, MAI))["invitation"]
    mai = await signed_in(client, services, MAI)
    clerk_id = await id_of(client, clerk)

    async def fails(self: AuditLog, entry: object) -> int:
        raise StoreError("no row can be written")

    with monkeypatch.context() as patched:
        patched.setattr(AuditLog, "append", fails)
        steps = {
            "invite": lambda: invite(client, administrator, MINJUN),
            "withdraw": lambda: call(
                client, "WithdrawInvitation", {"id": open_one["id"]}, administrator
            ),
            "accept": lambda: accept(client, mai, open_one["id"]),
            "revoke": lambda: revoke(client, administrator, clerk_id),
        }
        with pytest.raises(AssertionError, match="INTERNAL"):
            await steps[step]()

    assert await roles_of(client, clerk) == [named(CLERK)]
    mine = await my_work(client, mai)
    assert (mine["roles"], mine["invitations"]) == ([], [open_one])
    assert [
        one["id"] for one in nodes(await read(client, "StaffInvitations", HERE, administrator))
    ] == [open_one["id"]]


async def test_staff_of_a_place_are_listed_for_administrators_and_auditors(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    auditor = await a_staff_member(client, services, Role.AUDITOR)
    clerks = [await a_staff_member(client, services, CLERK.role, CLERK.scope) for _ in range(3)]
    await a_staff_member(client, services, Role.CLERK, BAC_HA_HOSPITAL)
    ids = sorted([await id_of(client, each) for each in clerks])

    first = await read(client, "Staff", {**HERE, "first": 2}, auditor)
    after = first["pageInfo"]["endCursor"]
    rest = await read(client, "Staff", {**HERE, "after": after}, administrator)

    assert [one["personId"] for one in nodes(first) + nodes(rest)] == ids
    assert (first["pageInfo"]["hasNextPage"], rest["pageInfo"]["hasNextPage"]) == (True, False)
    seen = [
        (entry.subject, entry.scope, entry.details) for entry in await noted(services, "staff.read")
    ]
    assert seen == [
        ("facility:bvdk-khu-vuc-sa-pa", "administrator province", {"found": 1}),
        ("facility:bvdk-khu-vuc-sa-pa", "auditor province", {"found": 2}),
    ]


async def test_a_member_has_a_name_hidden_addresses_and_the_roles_held_there(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    person = await signed_in(client, services, MAI)
    for grant in EVERY_ROLE[:3]:
        await take_up(client, services, person, grant)
    accounts = AccountRepository(store, services.sealer)
    await renamed(accounts, await id_of(client, person), "Lý Thị Mai")

    page = await read(
        client, "Staff", {"scopeKind": "AGENCY", "scopeId": "civil-defence"}, administrator
    )

    assert nodes(page) == [
        {
            "personId": await id_of(client, person),
            "name": "Lý Thị Mai",
            "addresses": ["+84…678"],
            "roles": [named(grant) for grant in EVERY_ROLE[1:3]],
        }
    ]


async def renamed(accounts: AccountRepository, person_id: str, name: str) -> None:
    seen = await accounts.get(person_id)
    assert seen is not None
    changed = Account(
        id=seen.id,
        language=seen.language,
        profile=Profile(name=name),
        grants=seen.grants,
        created_at=NOW,
        version=seen.version,
    )
    assert await accounts.replace(changed) is not None


@pytest.mark.parametrize("grant", [*OTHERS, None], ids=str)
async def test_staff_are_not_listed_for_others(
    client: httpx.AsyncClient, services: Services, grant: Grant | None
) -> None:
    member = await signed_in(client, services, MAI)
    if grant is not None:
        await take_up(client, services, member, grant)

    here = await refusal(client, "Staff", HERE, member)
    at_the_province = await refusal(client, "Staff", AT_THE_PROVINCE, member)

    assert (here, at_the_province) == ("NOT_ALLOWED", "NOT_ALLOWED")
    assert await noted(services, "staff.read") == []


async def test_staff_are_not_listed_for_nobody_in_particular(client: httpx.AsyncClient) -> None:
    assert await refusal(client, "Staff", HERE) == "NOT_SIGNED_IN"


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"scopeKind": "FACILITY"}, "INVALID_GRANT"),
        ({"scopeKind": "PROVINCE", "scopeId": "lao-cai"}, "INVALID_GRANT"),
        ({**HERE, "first": 101}, "INVALID_PAGE_SIZE"),
        ({**HERE, "after": "x"}, "INVALID_CURSOR"),
    ],
)
async def test_a_list_that_cannot_be_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    administrator: SignedInPerson,
    variables: dict[str, object],
    code: str,
) -> None:
    assert await refusal(client, "Staff", variables, administrator) == code
    assert await noted(services, "staff.read") == []


async def test_nobody_in_particular_has_roles_or_invitations(client: httpx.AsyncClient) -> None:
    assert await send(client, "accounts/MyRoles") == {"me": None}
