"""Requests whose mistakes once cost everybody's time, or came out as bugs of ours."""

from typing import Any

import httpx
import pytest

MARKS = "a" + "\u0315" * 15_500 + "\u0327" * 15_500
CHAT = (
    "mutation($t: String!) { sendChatMessage(input: {text: $t, idempotencyKey: "
    '"kkkkkkkkkkkkkkkkkkkk"}) { __typename ... on ChatError { code } } }'
)


async def errors_of(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    reply = await client.post("/graphql", json={"query": query, "variables": variables})
    errors: list[dict[str, Any]] = reply.json()["errors"]
    return errors


async def test_a_hundred_mistakes_are_answered_with_a_few_short_ones(
    client: httpx.AsyncClient,
) -> None:
    unknown = " ".join(f"a{number}: 1" for number in range(820))

    errors = await errors_of(
        client, f"{{ places(near: {{{unknown}}}) {{ pageInfo {{ hasNextPage }} }} }}"
    )

    assert len(errors) <= 6
    assert max(len(error["message"]) for error in errors) <= 301


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ places(first: %s) { pageInfo { hasNextPage } } }" % ("9" * 4301), None),
        (
            "query($c: [PlaceCategory!]) { places(categories: $c) { pageInfo { hasNextPage } } }",
            {"c": ["İİ"]},
        ),
        (
            "query($n: PositionInput) { places(near: $n) { pageInfo { hasNextPage } } }",
            {"n": {"latitude": 1, "longitude": 1, "İİİ": 1}},
        ),
    ],
    ids=["a number of 4,301 digits", "an enum value that grows", "a field that grows"],
)
async def test_a_mistake_of_the_sender_is_not_taken_for_a_bug(
    client: httpx.AsyncClient, query: str, variables: dict[str, Any] | None
) -> None:
    errors = await errors_of(client, query, variables)

    codes = {error["extensions"]["code"] for error in errors}
    assert "INTERNAL" not in codes


async def test_a_text_of_combining_marks_is_refused_before_it_is_composed(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    composed: list[int] = []

    def normalize(_: str, text: str) -> str:
        composed.append(len(text))
        return text

    monkeypatch.setattr("api.bot.message_text.unicodedata.normalize", normalize)

    reply = await client.post("/graphql", json={"query": CHAT, "variables": {"t": MARKS[:14_000]}})

    assert reply.json()["data"]["sendChatMessage"] == {
        "__typename": "ChatError",
        "code": "MESSAGE_TOO_LONG",
    }
    assert composed == []
