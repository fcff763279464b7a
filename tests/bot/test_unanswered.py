"""What the assistant did not understand: counted for editors, told when enough have asked, and of nobody."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.accounts.caller import PROVINCE, Grant, Role
from api.bot.unanswered.redaction import CHARACTERS_AT_MOST, redacted
from api.bot.unanswered.repository import (
    ENOUGH_CONVERSATIONS,
    UNANSWERED,
    UNANSWERED_ASKERS,
    UnansweredRepository,
)
from api.context import Services
from api.kit.store import Store
from tests.accounts.people import SignedInPerson, grant, new_key, signed_in
from tests.bot.desks import begun
from tests.conftest import MovableClock, send, send_raw

SNOW = "Is there snow on [place] on the 24th?"
WEEK = {"week": "2026-05-01"}


@pytest.fixture
async def editor(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    person = await signed_in(client, services, "editor@example.com")
    await grant(services, person, Grant(Role.CONTENT_EDITOR, PROVINCE))
    return person


async def reported(
    client: httpx.AsyncClient,
    services: Services,
    words: str,
    conversation_id: str | None = None,
    **fields: Any,  # noqa: ANN401
) -> None:
    """Report a question, as the bot does, out of a conversation of its own unless one is named."""
    subject = conversation_id or await begun(client)
    ticket = services.tickets.issue(subject, timedelta(minutes=1))
    headers = {"authorization": f"Bearer {ticket}"}
    question = {"words": words, "intent": "weather_warning", "idempotencyKey": new_key()}
    values = {"input": {**question, **fields}}
    data = await send(client, "bot/ReportUnanswered", values, headers=headers)
    assert data["reportUnanswered"] == {
        "__typename": "ReportUnansweredSuccess",
        "isCounted": True,
    }


async def told(client: httpx.AsyncClient, editor: SignedInPerson) -> list[dict[str, Any]]:
    data = await send(client, "bot/UnansweredQuestions", WEEK, headers=editor.headers)
    assert data["unansweredQuestions"]["starts"] == "2026-04-27"
    return list(data["unansweredQuestions"]["subjects"])


async def test_what_enough_conversations_asked_is_told(
    client: httpx.AsyncClient, services: Services, store: Store, editor: SignedInPerson
) -> None:
    for _ in range(ENOUGH_CONVERSATIONS - 1):
        await reported(client, services, SNOW)
    before, kept = await told(client, editor), str(await store[UNANSWERED].find({}))

    await reported(client, services, "is there SNOW on [place] on the 3rd")

    assert before == []
    assert "snow" not in kept
    assert await told(client, editor) == [
        {
            "language": "en",
            "intent": "weather_warning",
            "asked": ENOUGH_CONVERSATIONS,
            "questions": [
                {
                    "words": "is there snow on [place] on the [number]",
                    "asked": ENOUGH_CONVERSATIONS,
                }
            ],
        }
    ]


async def test_who_asks_again_and_again_counts_once(
    client: httpx.AsyncClient, services: Services, store: Store, editor: SignedInPerson
) -> None:
    conversation = await begun(client)

    for _ in range(ENOUGH_CONVERSATIONS + 1):
        await reported(client, services, SNOW, conversation)

    assert await told(client, editor) == []
    assert {one["asked"] for one in await store[UNANSWERED].find({})} == {1}


async def test_what_few_asked_is_written_nowhere_and_told_as_a_subject_only(
    client: httpx.AsyncClient, services: Services, store: Store, editor: SignedInPerson
) -> None:
    for name in ("an", "binh", "chi", "dung", "em"):
        await reported(client, services, f"where does {name} live")

    (subject,) = await told(client, editor)

    assert (subject["asked"], subject["questions"]) == (ENOUGH_CONVERSATIONS, [])
    assert "binh" not in str(await store[UNANSWERED].find({}))


async def test_conversations_are_digests_and_go_with_them_and_after_the_week(
    client: httpx.AsyncClient, services: Services, store: Store, clock: MovableClock
) -> None:
    mine, others = await begun(client), await begun(client)
    for conversation in (mine, others):
        await reported(client, services, SNOW, conversation)
    askers = await store[UNANSWERED_ASKERS].find({})

    await UnansweredRepository(store, services.sealer).forget(mine)

    assert mine not in str(askers)
    assert await store[UNANSWERED_ASKERS].count({}) == 2
    assert {str(one["kept_until"]) for one in askers} == {"2026-05-04 17:00:00+00:00"}
    assert {str(one["kept_until"]) for one in await store[UNANSWERED].find({})} == {
        "2026-07-26 17:00:00+00:00"
    }


@pytest.mark.parametrize("intent", [None, "Nguyễn Văn An", "a" * 41, "0912345678"])
async def test_only_what_may_be_an_intent_is_a_guess(
    client: httpx.AsyncClient, services: Services, store: Store, intent: str | None
) -> None:
    await reported(client, services, SNOW, intent=intent)

    assert {one["intent"] for one in await store[UNANSWERED].find({})} == {None}


async def test_only_the_bot_reports_and_only_editors_read(
    client: httpx.AsyncClient, services: Services, store: Store
) -> None:
    mai = await signed_in(client, services)
    values = {"input": {"words": SNOW, "idempotencyKey": new_key()}}

    refused = await send(client, "bot/ReportUnanswered", values, headers=mai.headers)
    read = await send_raw(client, "bot/UnansweredQuestions", WEEK, headers=mai.headers)

    assert refused["reportUnanswered"]["code"] == "NOT_IN_CONVERSATION"
    assert await store[UNANSWERED].count({}) == 0
    assert read.json()["errors"][0]["extensions"]["code"] == "NOT_ALLOWED"


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Call me: 0912 345 678!", "call me [number]"),
        ("+84 (912) 345-678", "[number]"),
        ("my report LC-2026-7K3F", "my report [number]"),
        ("mai.nguyen@example.com wrote", "[address] wrote"),
        ("see https://example.vn/a?b=1 please", "see [address] please"),
        ("明天14点有雪吗？", "明天[number]点有雪吗"),
        ("Đường  ĐẾN [place] ", "đường đến [place]"),
        ("???", None),
        ("a" * (CHARACTERS_AT_MOST + 1), None),
        ("x" * 1_000_000, None),
    ],
)
def test_figures_codes_and_addresses_become_kinds(words: str, kept: str | None) -> None:
    assert redacted(words) == kept
