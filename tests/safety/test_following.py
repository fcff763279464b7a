"""Whoever called sees what becomes of the call while they wait, and nobody else does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from api.accounts.caller import Caller
from api.safety.errors import SosNotFound
from api.safety.sos.desk import changes_of
from api.safety.sos.records import Sos, SosState
from tests.safety.rescue import Rescue


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
