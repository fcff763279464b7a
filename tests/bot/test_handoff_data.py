"""What people and desks wrote: told to whom it is of, erased with the account, and sealed anew."""

import json
from collections import Counter

import httpx
import pytest

from api.bot.handoff.repository import HANDOFF_MESSAGES, HANDOFFS
from api.bot.personal_data import ChatData
from api.context import Services
from api.kit.idempotency import IDEMPOTENCY_KEYS
from api.kit.store import Store
from api.settings import Settings
from api.wiring import sealing_keys_of
from tests.accounts.families import person_id_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.bot.desks import a_clerk, asked, begun, do
from tests.conftest import MovableClock

MINE, THEIRS = "My passport is gone.", "Which hotel are you in?"


@pytest.fixture
def chat_data(services: Services) -> ChatData:
    holders = services.accounts.privacy.holders
    return next(holder for holder in holders if isinstance(holder, ChatData))


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_clerk(client, services, "an")


async def spoken(
    client: httpx.AsyncClient, clerk: SignedInPerson, person: SignedInPerson | None = None
) -> str:
    """Let somebody and a clerk write to each other once; return the hand-off."""
    conversation = await begun(client, person=person)
    handoff_id: str = (await asked(client, conversation, person))["handoff"]["id"]
    await do(client, "TakeHandoff", {"id": handoff_id}, clerk)
    said = {"conversationId": conversation, "text": MINE, "idempotencyKey": new_key()}
    await do(client, "SendChatMessage", said, person)
    words = {"id": handoff_id, "text": THEIRS, "idempotencyKey": new_key()}
    await do(client, "SendHandoffMessage", words, clerk)
    return handoff_id


async def test_both_sides_are_handed_over_and_the_clerk_is_not(
    client: httpx.AsyncClient,
    services: Services,
    chat_data: ChatData,
    mai: SignedInPerson,
    clerk: SignedInPerson,
) -> None:
    await spoken(client, clerk, mai)

    (held,) = await chat_data.held_of(await person_id_of(services, mai))

    assert [(one["kind"], one["text"]) for one in held["withPeople"]] == [
        ("QUEUED", None),
        ("ANSWERED", None),
        ("PERSON", MINE),
        ("AGENT", THEIRS),
    ]
    assert await person_id_of(services, clerk) not in json.dumps(held)


async def test_it_goes_with_the_account_and_nobody_else_s_does(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    chat_data: ChatData,
    mai: SignedInPerson,
    clerk: SignedInPerson,
) -> None:
    mine = await spoken(client, clerk, mai)
    await do(client, "EndHandoff", {"id": mine}, clerk)
    stays = await spoken(client, clerk)
    keys = await store[IDEMPOTENCY_KEYS].count({})

    await chat_data.erase(await person_id_of(services, mai))

    assert [one["_id"] for one in await store[HANDOFFS].find({})] == [stays]
    left = await store[HANDOFF_MESSAGES].find({})
    assert {one["handoff_id"] for one in left} == {stays}
    assert await store[IDEMPOTENCY_KEYS].count({}) == keys - 1


async def test_after_a_rotation_nothing_stays_under_the_old_key(
    client: httpx.AsyncClient,
    services: Services,
    store: Store,
    settings: Settings,
    clock: MovableClock,
    clerk: SignedInPerson,
) -> None:
    handoff_id = await spoken(client, clerk)
    keys = sealing_keys_of(services, settings, clock)
    ((old, _),) = keys.ids()
    before = (await keys.uses())[old][HANDOFF_MESSAGES.name]

    new = keys.add()
    await keys.seal_all_anew()

    uses = await keys.uses()
    assert before == 2
    assert HANDOFF_MESSAGES.name not in uses.get(old, Counter[str]())
    assert uses[new][HANDOFF_MESSAGES.name] == before
    shown = await do(client, "TakeHandoff", {"id": handoff_id}, clerk)
    assert [one["text"] for one in shown["messages"] if one["text"]] == [MINE, THEIRS]
