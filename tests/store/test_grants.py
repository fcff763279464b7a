"""Grants and invitations on every engine: roles given and taken back, the last administrator kept."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.accounts.caller import Grant
from api.accounts.people.repository import ACCOUNTS
from api.accounts.sign_in.addresses import address_of
from api.accounts.staff.errors import LastAdministrator
from api.accounts.staff.grants import ADMINISTRATION, GRANT_TURNS, Grants
from api.accounts.staff.invitations import INVITATIONS, Invitation, InvitationRepository
from api.kit.clock import system_clock
from api.kit.ids import derived_id
from api.kit.sealing import KeyFile, Sealer
from api.kit.store import Store
from api.kit.transactions import transact
from tests.store.conftest import Opener

CLERK = Grant.of("clerk facility:sa-pa-hospital")
AUTHOR = Grant.of("alert_author agency:civil-defence")
MAI, MINJUN = derived_id("mai"), derived_id("minjun")


async def people(open_store: Opener, **grants: list[Grant]) -> Store:
    """Return a store with accounts of these grants."""
    store = await open_store(ACCOUNTS, GRANT_TURNS)
    for name, held in grants.items():
        await store[ACCOUNTS].insert(
            {
                "_id": derived_id(name),
                "grants": [str(grant) for grant in held],
                "is_leaving": False,
                "version": 1,
            }
        )
    return store


async def test_a_role_is_given_once_and_taken_back_once(open_store: Opener) -> None:
    grants = Grants(await people(open_store, mai=[AUTHOR]))

    given = [await grants.add(MAI, CLERK) for _ in range(2)]
    held = [await grants.is_held(MAI, grant) for grant in (CLERK, AUTHOR)]
    taken = [await grants.take_back(MAI, CLERK) for _ in range(2)]

    assert (given, held, taken) == ([True, False], [True, True], [True, False])
    assert [await grants.is_held(MAI, grant) for grant in (CLERK, AUTHOR)] == [False, True]


async def test_holders_are_found_by_any_role_page_by_page(open_store: Opener) -> None:
    grants = Grants(await people(open_store, mai=[CLERK, AUTHOR], minjun=[AUTHOR], lan=[]))
    both = sorted([MAI, MINJUN])

    assert await grants.holders([CLERK]) == [MAI]
    assert await grants.holders([CLERK, AUTHOR]) == both
    assert await grants.holders([CLERK, AUTHOR], limit=1) == both[:1]
    assert await grants.holders([CLERK, AUTHOR], after=both[0]) == both[1:]


async def test_the_last_administrator_is_kept(open_store: Opener) -> None:
    store = await people(open_store, mai=[ADMINISTRATION], minjun=[ADMINISTRATION])
    grants = Grants(store)

    assert await transact(store, lambda: grants.take_back(MAI, ADMINISTRATION))
    with pytest.raises(LastAdministrator):
        await transact(store, lambda: grants.take_back(MINJUN, ADMINISTRATION))

    assert await grants.holders([ADMINISTRATION]) == [MINJUN]


async def test_an_invitation_is_replaced_and_used_once(open_store: Opener, tmp_path: Path) -> None:
    store = await open_store(INVITATIONS)
    now = system_clock()  # what has ended, an engine removes when it likes
    invitations = InvitationRepository(store, Sealer(KeyFile(tmp_path / "keys.json")))
    first, second = (
        Invitation(
            derived_id(name),
            address_of("mai@example.com"),
            "way",
            CLERK,
            MINJUN,
            now,
            now + timedelta(days=14),
        )
        for name in ("first", "second")
    )

    for each in (first, second):
        await transact(store, lambda each=each: invitations.put(each))  # type: ignore[misc]

    assert await invitations.to(["way", "other"], [MINJUN], now) == [second]
    assert await invitations.at([CLERK], now, limit=2, after="") == [second]
    assert await invitations.use(second.id, ["other"], [MINJUN], now) is None
    assert await invitations.use(second.id, ["way"], [MAI], now) is None
    assert await invitations.use(second.id, ["way"], [MINJUN], second.expires_at) is None
    used = [await invitations.use(second.id, ["way"], [MINJUN], now) for _ in range(2)]
    assert used == [second, None]
