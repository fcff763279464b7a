"""What is counted of requests, and what never becomes a label."""

import asyncio

from api.edge.request_meters import OTHER
from tests.conftest import document
from tests.seeing.conftest import Seen


async def send(seen: Seen, query: str, variables: dict[str, object] | None = None) -> int:
    body = {"query": query, "variables": variables}
    return (await seen.client.post("/graphql", json=body)).status_code


async def test_a_published_operation_is_counted_under_its_name(seen: Seen) -> None:
    assert await send(seen, document("alerts/ActiveAlerts")) == 200
    assert await send(seen, document("alerts/ActiveAlerts")) == 200

    assert seen.figures.of("laocai_graphql_seconds_count", operation="ActiveAlerts") == 2
    assert seen.figures.of("laocai_graphql_seconds_sum", operation="ActiveAlerts") > 0


async def test_a_name_that_its_sender_chose_is_no_label(seen: Seen) -> None:
    for number in range(5):
        assert await send(seen, f"query Mine{number} {{ __typename }}") == 200

    assert seen.figures.of("laocai_graphql_seconds_count", operation=OTHER) == 5
    assert seen.figures.values("laocai_graphql_seconds_count", "operation") == {OTHER}
    assert "Mine" not in seen.figures.text()


async def test_errors_are_counted_by_their_stable_code(seen: Seen) -> None:
    await send(seen, document("operations/Operations"))
    await send(seen, "{ nothing }")

    errors = "laocai_graphql_errors_total"
    assert seen.figures.of(errors, operation="Operations", code="NOT_SIGNED_IN") == 1
    assert seen.figures.of(errors, operation=OTHER, code="GRAPHQL_VALIDATION_FAILED") == 1


async def test_a_problem_that_a_mutation_answers_is_counted_too(seen: Seen) -> None:
    variables: dict[str, object] = {
        "input": {"address": "nobody", "idempotencyKey": "0123456789abcdef"}
    }
    query = """mutation RequestCode($input: RequestCodeInput!) {
      requestCode(input: $input) { __typename ... on AccountError { code } } }"""

    assert await send(seen, query, variables) == 200

    codes = seen.figures.values("laocai_graphql_errors_total", "code")
    assert codes == {"INVALID_ADDRESS"}


async def test_a_text_behind_the_alias_code_is_no_label(seen: Seen) -> None:
    variables: dict[str, object] = {
        "input": {"address": "nobody", "idempotencyKey": "0123456789abcdef"}
    }
    query = """mutation RequestCode($input: RequestCodeInput!) {
      requestCode(input: $input) { ... on AccountError { code: message } } }"""

    assert await send(seen, query, variables) == 200

    assert seen.figures.values("laocai_graphql_errors_total", "code") == frozenset()


async def test_a_request_that_is_one_too_many_is_counted_by_what_was_limited(seen: Seen) -> None:
    statuses = [await send(seen, "{ __typename }") for _ in range(51)]

    assert statuses == [200] * 50 + [429]
    assert seen.figures.of("laocai_limits_refused_total", kind="graphql.address") == 1
    assert seen.figures.of("laocai_graphql_refused_total", code="TOO_MANY_REQUESTS") == 1


async def test_the_store_is_timed_by_command(seen: Seen) -> None:
    before = seen.figures.of("laocai_store_seconds_count", command="find")

    await send(seen, document("alerts/ActiveAlerts"))

    assert seen.figures.of("laocai_store_seconds_count", command="find") > before


async def test_a_message_to_a_bot_that_is_away_is_counted_as_our_own_answer(seen: Seen) -> None:
    variables: dict[str, object] = {
        "input": {"text": "xin chào", "idempotencyKey": "0123456789abcdef"}
    }

    answers = await asyncio.gather(
        *(send(seen, document("bot/SendChatMessage"), variables) for _ in range(2))
    )

    assert answers == [200, 200]
    assert seen.figures.of("laocai_chat_answers_total", by="FALLBACK") == 1
    assert seen.figures.of("laocai_chat_seconds_count", by="FALLBACK") == 1
    assert seen.figures.of("laocai_chat_answers_total", by="BOT") == 0
