"""A desk sees what the assistant answered with the consent CHAT_HANDOFF, and as long as that lasts."""

from typing import Any

import httpx
import pytest

from api.accounts.privacy.consent_ledger import CONSENTS
from api.accounts.privacy.purposes import ConsentPurpose, current_texts
from api.bot.handoff.repository import HANDOFFS
from api.context import Services
from api.kit.store import Store
from tests.accounts.families import consent, withdraw
from tests.accounts.people import MINJUN, SignedInPerson, signed_in
from tests.bot.desks import a_clerk, asked, begun, do

PURPOSE = ConsentPurpose.CHAT_HANDOFF
VERSION = current_texts(PURPOSE)["en"].version
SEEN = ["You said hello"]


@pytest.fixture
async def mai(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await signed_in(client, services)


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_clerk(client, services, "an")


async def taken(
    client: httpx.AsyncClient, asking: dict[str, Any], clerk: SignedInPerson
) -> list[str]:
    """Return which answers the clerk sees who takes what was asked for."""
    shown = await do(client, "TakeHandoff", {"id": asking["handoff"]["id"]}, clerk)
    return list(shown["assistantAnswers"])


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({"shareConversation": True, "consentVersion": VERSION}, SEEN),
        ({"shareConversation": False, "consentVersion": VERSION}, []),
    ],
)
async def test_who_is_not_signed_in_agrees_with_the_asking(
    client: httpx.AsyncClient,
    store: Store,
    clerk: SignedInPerson,
    fields: dict[str, Any],
    seen: list[str],
) -> None:
    asking = await asked(client, await begun(client), **fields)

    assert await taken(client, asking, clerk) == seen
    (kept,) = await store[HANDOFFS].find({})
    assert kept["consent_version"] == (VERSION if seen else None)


@pytest.mark.parametrize("version", [None, 0, 1, VERSION + 1])
@pytest.mark.parametrize("is_signed_in", [True, False])
async def test_without_the_text_of_today_nothing_is_shared_and_nobody_queued(
    client: httpx.AsyncClient,
    store: Store,
    mai: SignedInPerson,
    version: int | None,
    is_signed_in: bool,
) -> None:
    person = mai if is_signed_in else None
    conversation = await begun(client, person=person)

    refused = await asked(
        client, conversation, person, shareConversation=True, consentVersion=version
    )

    assert refused["code"] == "CONSENT_MISSING"
    assert await store[HANDOFFS].count({}) == 0
    assert await store[CONSENTS].count({}) == 0


async def test_of_the_signed_in_it_is_written_down_once(
    client: httpx.AsyncClient, store: Store, mai: SignedInPerson, clerk: SignedInPerson
) -> None:
    conversation = await begun(client, person=mai)

    asking = [
        await asked(client, conversation, mai, shareConversation=True, consentVersion=VERSION)
        for _ in range(2)
    ]

    assert await taken(client, asking[0], clerk) == SEEN
    (row,) = await store[CONSENTS].find({})
    assert (row["purpose"], row["version"], row["state"]) == (PURPOSE.value, VERSION, "given")


async def test_who_agreed_before_needs_not_say_so_again(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clerk: SignedInPerson
) -> None:
    await consent(services, mai, PURPOSE)

    asking = await asked(client, await begun(client, person=mai), mai, shareConversation=True)

    assert await taken(client, asking, clerk) == SEEN


async def test_after_the_withdrawal_the_desk_sees_no_more(
    client: httpx.AsyncClient, services: Services, mai: SignedInPerson, clerk: SignedInPerson
) -> None:
    await consent(services, mai, PURPOSE)
    asking = await asked(client, await begun(client, person=mai), mai, shareConversation=True)
    before = await taken(client, asking, clerk)

    await withdraw(services, mai, PURPOSE)

    assert (before, await taken(client, asking, clerk)) == (SEEN, [])


async def test_another_s_conversation_is_not_shared(
    client: httpx.AsyncClient, services: Services, store: Store, mai: SignedInPerson
) -> None:
    minjun = await signed_in(client, services, MINJUN)
    conversation = await begun(client, person=mai)

    codes = [
        (await asked(client, conversation, who, shareConversation=True, consentVersion=VERSION))[
            "code"
        ]
        for who in (minjun, None)
    ]

    assert codes == ["CONSENT_MISSING"] * 2
    assert await store[CONSENTS].count({}) == 0


async def test_who_waits_may_share_later(
    client: httpx.AsyncClient, mai: SignedInPerson, clerk: SignedInPerson
) -> None:
    conversation = await begun(client, person=mai)
    first = await asked(client, conversation, mai)

    second = await asked(client, conversation, mai, shareConversation=True, consentVersion=VERSION)

    assert second == first
    assert await taken(client, second, clerk) == SEEN
