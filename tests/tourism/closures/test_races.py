"""Two editors at once: one is first, and the other learns of it."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from api.kit.store import Store
from api.tourism.closures.closure import Closure
from api.tourism.closures.repository import CLOSURES, ClosureRepository
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.tourism.closures.ways_to_close import a_closure, closed, edit


async def change_at_once(
    client: httpx.AsyncClient, editor: SignedInPerson, closure: Answer
) -> list[Answer]:
    """Let eight editors change a closure of which they saw the same version."""
    seen = {"id": closure["id"], "expectedVersion": closure["version"]}
    changes = [
        {**seen, "source": f"Nguồn {number}", "idempotencyKey": new_key()} for number in range(8)
    ]
    return await asyncio.gather(*(edit(client, "ChangeClosure", it, editor) for it in changes))


async def test_of_those_who_change_at_once_one_is_heard(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    closure = await closed(client, editor)

    results = await change_at_once(client, editor, closure)

    heard = [it for it in results if it["__typename"] == "ChangeClosureSuccess"]
    assert len(heard) == 1
    assert {it.get("code") for it in results} == {None, "CHANGED_MEANWHILE"}
    (kept,) = await store[CLOSURES].find({})
    assert (kept["source"], kept["version"]) == (heard[0]["closure"]["source"], 2)


async def test_without_the_guard_they_overwrite_each_other(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: who reads, decides and writes without a condition loses what others wrote."""
    closure = await closed(client, editor)

    async def forgetful(self: object, closure_id: str) -> Closure | None:
        kept = await get(repository, closure_id)
        return kept and replace(kept, version=1)

    async def overwriting(self: object, changed: Closure) -> Closure:
        await store[CLOSURES].update_one(
            {"_id": changed.id}, {"$set": {"source": changed.source}, "$inc": {"version": 1}}
        )
        return changed

    get, repository = ClosureRepository.get, ClosureRepository(store)
    monkeypatch.setattr(ClosureRepository, "get", forgetful)
    monkeypatch.setattr(ClosureRepository, "replace", overwriting)

    results = await change_at_once(client, editor, closure)

    assert [it["__typename"] for it in results] == ["ChangeClosureSuccess"] * 8


async def test_one_request_sent_eight_times_at_once_closes_once(
    client: httpx.AsyncClient, store: Store, editor: SignedInPerson
) -> None:
    values = a_closure()

    results = await asyncio.gather(*(edit(client, "CloseWay", values, editor) for _ in range(8)))

    assert len({it["closure"]["id"] for it in results}) == 1
    assert await store[CLOSURES].count({}) == 1
