"""Whoever called sees what becomes of the call while they wait; a desk sees new calls and where they move; nobody else does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import httpx
import pytest

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.accounts.staff.grants import Grants
from api.kit.audit_log import AUDIT_ROWS
from api.kit.store import Store
from api.safety.errors import SosNotFound
from api.safety.sos.desk import changes_of
from api.safety.sos.records import Sos, SosState
from tests.accounts.families import caller_of
from tests.accounts.people import new_key
from tests.alerts.messages import BAC_HA
from tests.safety.rescue import DESK, FANSIPAN, Rescue, a_point, a_responder


def followed(rescue: Rescue, sos: Sos, who: Caller) -> AsyncGenerator[Sos]:
    return changes_of(rescue.services.safety.raising, rescue.services.events, who, None, sos.id)


async def test_the_caller_sees_the_acknowledgement(rescue: Rescue) -> None:
    sos = await rescue.raised()

    async with aclosing(followed(rescue, sos, rescue.caller)) as changes, asyncio.timeout(20):
        first = await anext(changes)
        await rescue.acknowledged(sos)
        second = await anext(changes)

    assert (first.state, second.state) == (SosState.RAISED, SosState.ACKNOWLEDGED)


async def test_a_stranger_follows_nothing(rescue: Rescue) -> None:
    sos = await rescue.raised()

    async with aclosing(followed(rescue, sos, rescue.stranger)) as changes:
        with pytest.raises(SosNotFound):
            await anext(changes)


def at_the_desk(rescue: Rescue, who: Caller, desk: str = DESK) -> AsyncGenerator[Sos]:
    return rescue.services.safety.desk.changes(who, desk)


async def moved(rescue: Rescue, sos: Sos) -> None:
    rescue.wait(minutes=1)
    point = a_point(position=FANSIPAN, captured_at=rescue.clock())
    await rescue.services.safety.raising.add_position(rescue.caller, None, sos.id, point, new_key())


async def test_a_desk_sees_open_calls_new_ones_and_where_they_move(rescue: Rescue) -> None:
    old = await rescue.raised(rescue.stranger)

    async with (
        aclosing(at_the_desk(rescue, rescue.responder)) as changes,
        asyncio.timeout(20),
    ):
        first = await anext(changes)
        new = await rescue.raised()
        second = await anext(changes)
        await moved(rescue, new)
        third = await anext(changes)

    assert [first.id, second.id, third.id] == [old.id, new.id, new.id]
    assert third.content is not None
    assert third.content.point == a_point(position=FANSIPAN, captured_at=rescue.clock())


async def test_showing_each_call_first_is_audited(rescue: Rescue, store: Store) -> None:
    await rescue.raised(rescue.stranger)

    async with (
        aclosing(at_the_desk(rescue, rescue.responder)) as changes,
        asyncio.timeout(20),
    ):
        await anext(changes)
        new = await rescue.raised()
        await anext(changes)
        await moved(rescue, new)
        await anext(changes)

    rows = await store[AUDIT_ROWS].find({"scope": "agency:rescue"}, sort=[("_id", 1)])
    assert [(row["action"], row["subject"]) for row in rows] == [
        ("sos.list", "rescue"),
        ("sos.follow", new.id),
    ]


async def test_a_desk_whose_right_is_taken_back_sees_no_more(rescue: Rescue, store: Store) -> None:
    await rescue.raised()
    right = Grant(Role.CLERK, Scope(ScopeKind.AGENCY, DESK))

    async with (
        aclosing(at_the_desk(rescue, rescue.responder)) as changes,
        asyncio.timeout(20),
    ):
        await anext(changes)
        await Grants(store).take_back(rescue.responder.person(), right)
        await rescue.raised(rescue.stranger)

        with pytest.raises(NotAllowed):
            await anext(changes)


async def test_a_commune_s_desk_follows_its_commune_alone(
    rescue: Rescue, client: httpx.AsyncClient
) -> None:
    desk = "rescue-03006"
    here = await caller_of(rescue.services, await a_responder(client, rescue.services, desk))
    elsewhere = await rescue.raised(rescue.stranger, point=a_point(position=BAC_HA))
    sos = await rescue.raised()

    async with aclosing(at_the_desk(rescue, here, desk)) as changes, asyncio.timeout(20):
        first = await anext(changes)
        await rescue.services.safety.raising.take_back(rescue.stranger, None, elsewhere.id)
        await rescue.acknowledged(sos)
        second = await anext(changes)

    assert [first.id, second.id] == [sos.id, sos.id]


async def test_a_stranger_follows_no_desk(rescue: Rescue) -> None:
    async with aclosing(at_the_desk(rescue, rescue.stranger)) as changes:
        with pytest.raises(NotAllowed):
            await anext(changes)
