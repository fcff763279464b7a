"""Roles are taken back at once, the last administrator stays, and who reads about staff is noted."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from api.accounts.caller import PROVINCE, Grant, Role
from api.accounts.people.repository import ACCOUNTS, Account, AccountRepository, Profile
from api.accounts.staff.errors import LastAdministrator
from api.accounts.staff.grants import ADMINISTRATION, GRANT_TURNS, Grants
from api.accounts.staff.invitations import INVITATIONS
from api.context import Services
from api.kit.audit_log import AuditLog
from api.kit.ids import new_id
from api.kit.store import Store, StoreError
from api.kit.transactions import transact
from tests.accounts.people import MAI, MINJUN, SignedInPerson, call, signed_in
from tests.accounts.snapshot_store import SnapshotStore
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


async def administrators(services: Services) -> int:
    return await services.store[ACCOUNTS].count({"grants": str(ADMINISTRATION)})


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
    assert entry.details == {"grant": "clerk facility:sa-pa-hospital"}


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


async def test_the_last_administrator_stays(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    invited = (await invite(client, administrator, MAI))["invitation"]

    result = await revoke(client, administrator, await id_of(client, administrator), ADMINISTRATION)

    assert result["code"] == "LAST_ADMINISTRATOR"
    assert await roles_of(client, administrator) == [named(ADMINISTRATION)]
    assert await noted(services, "role.revoke") == []
    mai = await signed_in(client, services, MAI)
    assert (await my_work(client, mai))["invitations"] == [invited]


async def test_one_of_two_administrators_may_give_the_role_up(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    await an_administrator(client, services)

    result = await revoke(client, administrator, await id_of(client, administrator), ADMINISTRATION)

    assert result["__typename"] == "RevokeRoleSuccess"
    assert await roles_of(client, administrator) == []
    assert await administrators(services) == 1


async def test_two_administrators_who_revoke_each_other_leave_one(
    client: httpx.AsyncClient, services: Services
) -> None:
    one, two = await an_administrator(client, services), await an_administrator(client, services)
    one_id, two_id = await id_of(client, one), await id_of(client, two)

    results = await asyncio.gather(
        revoke(client, one, two_id, ADMINISTRATION), revoke(client, two, one_id, ADMINISTRATION)
    )

    refused = [result["code"] for result in results if result["__typename"] == "AccountError"]
    assert refused == ["NOT_ALLOWED"]
    assert await administrators(services) == 1


@pytest.fixture
async def snapshots() -> AsyncIterator[tuple[SnapshotStore, list[str]]]:
    """A store where transactions meet, with two administrators."""
    store = SnapshotStore(meeting=2)
    await store.open([ACCOUNTS, GRANT_TURNS])
    ids = [new_id(), new_id()]
    for each in ids:
        await store[ACCOUNTS].insert(
            {"_id": each, "grants": [str(ADMINISTRATION)], "is_leaving": False, "version": 1}
        )
    yield store, ids
    await store.close()


async def both_taken_back(store: SnapshotStore, ids: list[str]) -> set[str]:
    """Return what became of it."""
    grants = Grants(store)

    async def take_back(person_id: str) -> str:
        try:
            await transact(store, lambda: grants.take_back(person_id, ADMINISTRATION))
        except LastAdministrator:
            return f"{person_id} stays"
        return f"{person_id} goes"

    return set(await asyncio.gather(*map(take_back, ids)))


async def test_where_transactions_see_snapshots_one_administrator_is_left_too(
    snapshots: tuple[SnapshotStore, list[str]],
) -> None:
    store, ids = snapshots

    outcome = await both_taken_back(store, ids)

    one, other = ids
    assert outcome in ({f"{one} goes", f"{other} stays"}, {f"{one} stays", f"{other} goes"})
    assert await store[ACCOUNTS].count({"grants": str(ADMINISTRATION)}) == 1
    assert store.conflicts == 1


async def test_control_without_a_common_document_nobody_is_left(
    snapshots: tuple[SnapshotStore, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_turn(self: Grants) -> None:
        return

    monkeypatch.setattr(Grants, "_take_turn", no_turn)
    store, ids = snapshots

    outcome = await both_taken_back(store, ids)

    assert outcome == {f"{each} goes" for each in ids}
    assert await store[ACCOUNTS].count({"grants": str(ADMINISTRATION)}) == 0


async def test_an_administrator_who_is_being_erased_does_not_count(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    other = await an_administrator(client, services)
    await store[ACCOUNTS].update_one(
        {"_id": await id_of(client, other)}, {"$set": {"is_leaving": True}}
    )

    result = await revoke(client, administrator, await id_of(client, administrator), ADMINISTRATION)

    assert result["code"] == "LAST_ADMINISTRATOR"


async def test_who_leaves_gives_every_role_back_and_ends_every_offer(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    other = await an_administrator(client, services)
    await take_up(client, services, other, CLERK)
    by_other = (await invite(client, other, MAI))["invitation"]["id"]
    to_other = (await invite(client, administrator, other.address, EVERY_ROLE[1]))["invitation"][
        "id"
    ]
    kept = (await invite(client, administrator, MINJUN))["invitation"]["id"]
    other_id, roster = await id_of(client, other), services.accounts.staff.roster
    before = [one["_id"] for one in await store[INVITATIONS].find({})]

    await transact(store, lambda: roster.let_go(other_id))

    assert sorted(before) == sorted([by_other, to_other, kept])
    assert [one["_id"] for one in await store[INVITATIONS].find({})] == [kept]
    assert await roles_of(client, other) == []
    gone = [(e.actor, e.subject, e.scope, e.details) for e in await noted(services, "role.revoke")]
    assert gone == [
        (other_id, other_id, "own", {"grant": "clerk facility:sa-pa-hospital"}),
        (other_id, other_id, "own", {"grant": "administrator province"}),
    ]


async def test_the_last_administrator_does_not_leave(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    await invite(client, administrator, MAI)
    administrator_id, roster = await id_of(client, administrator), services.accounts.staff.roster

    with pytest.raises(LastAdministrator):
        await transact(store, lambda: roster.let_go(administrator_id))

    assert await roles_of(client, administrator) == [named(ADMINISTRATION)]
    assert await store[INVITATIONS].count({}) == 1


async def test_what_is_kept_of_roles_can_be_handed_over(
    client: httpx.AsyncClient, services: Services, administrator: SignedInPerson
) -> None:
    await invite(client, administrator, MAI)

    held = await services.accounts.staff.data.held_of(await id_of(client, administrator))

    assert held == {
        "roles": ["administrator province"],
        "offered": [
            {
                "role": "clerk facility:sa-pa-hospital",
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
        ("facility:sa-pa-hospital", "administrator province", {"found": 1}),
        ("facility:sa-pa-hospital", "auditor province", {"found": 2}),
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


async def test_the_last_administrator_cannot_delete_their_account(
    client: httpx.AsyncClient, administrator: SignedInPerson
) -> None:
    result = await call(client, "DeleteMyAccount", person=administrator)

    assert result["code"] == "LAST_ADMINISTRATOR"
    assert await roles_of(client, administrator) == [named(ADMINISTRATION)]


async def test_another_administrator_can_and_takes_what_they_offered_along(
    client: httpx.AsyncClient, services: Services, store: Store, administrator: SignedInPerson
) -> None:
    other = await an_administrator(client, services)
    await invite(client, other, MAI)
    other_id = await id_of(client, other)

    result = await call(client, "DeleteMyAccount", person=other)

    assert result["__typename"] == "DeleteMyAccountSuccess"
    assert await store[INVITATIONS].count({}) == 0
    (entry,) = await noted(services, "role.revoke")
    assert (entry.subject, entry.scope) == (other_id, "own")
    assert await roles_of(client, administrator) == [named(ADMINISTRATION)]
