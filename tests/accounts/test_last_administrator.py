"""The last administrator stays, whoever wants them to go; others may leave, and take all of theirs along."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from api.accounts.people.repository import ACCOUNTS
from api.accounts.staff.errors import LastAdministrator
from api.accounts.staff.grants import ADMINISTRATION, GRANT_TURNS, Grants
from api.accounts.staff.invitations import INVITATIONS
from api.context import Services
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact
from tests.accounts.people import MAI, MINJUN, SignedInPerson, call, signed_in
from tests.accounts.snapshot_store import SnapshotStore
from tests.accounts.staff import (
    CLERK,
    EVERY_ROLE,
    an_administrator,
    id_of,
    invite,
    my_work,
    named,
    noted,
    revoke,
    roles_of,
    take_up,
)


@pytest.fixture
async def administrator(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await an_administrator(client, services)


async def administrators(services: Services) -> int:
    return await services.store[ACCOUNTS].count({"grants": str(ADMINISTRATION)})


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
        (other_id, other_id, "own", {"grant": "clerk facility:bvdk-khu-vuc-sa-pa"}),
        (other_id, other_id, "own", {"grant": "administrator province", "withdrawn": 1}),
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
