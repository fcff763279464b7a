"""What clients see of refusals, outages and bugs."""

from typing import Any

import httpx
import pytest
import structlog

from tests.edge.probe import INTERNALS

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}


async def ask(client: httpx.AsyncClient, query: str, **headers: str) -> httpx.Response:
    return await client.post(
        "/graphql",
        json={"query": query},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


async def test_a_bug_is_masked_and_logged_under_the_trace_the_client_is_given(
    probe: httpx.AsyncClient,
) -> None:
    with structlog.testing.capture_logs() as events:
        reply = await ask(probe, "{ bug language }", accept_language="vi", **TRACEPARENT)

    assert reply.status_code == 200
    assert reply.json() == {
        "errors": [
            {
                "message": "Đã xảy ra lỗi ngoài dự kiến.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["bug"],
                "extensions": {"code": "INTERNAL", "traceId": TRACE},
            }
        ],
        "data": {"bug": None, "language": "vi"},
    }
    assert INTERNALS not in reply.text
    logged = next(event for event in events if event["event"] == "unexpected error")
    assert (logged["trace_id"], logged["log_level"]) == (TRACE, "error")
    assert isinstance(logged["exc_info"], RuntimeError)


async def test_a_value_we_cannot_serialize_is_a_bug_too(probe: httpx.AsyncClient) -> None:
    reply = await ask(probe, "{ overflow }")

    assert reply.json()["errors"][0]["message"] == "Unexpected error."
    assert reply.json()["data"] == {"overflow": None}
    assert str(2**40) not in reply.text


async def test_an_expected_refusal_of_a_query_keeps_its_code_and_is_translated(
    probe: httpx.AsyncClient,
) -> None:
    reply = await ask(probe, "{ refusal language }", accept_language="fr")

    assert reply.status_code == 200
    assert reply.json()["errors"] == [
        {
            "message": "Demandez de 1 à 7 éléments à la fois.",
            "locations": [{"line": 1, "column": 3}],
            "path": ["refusal"],
            "extensions": {"code": "CLOSED_TODAY"},
        }
    ]


async def test_an_unavailable_store_fails_its_field_and_may_be_retried(
    probe: httpx.AsyncClient,
) -> None:
    reply = await ask(probe, "{ unavailable language }")

    assert reply.status_code == 200
    assert reply.json()["data"] == {"unavailable": None, "language": "en"}
    assert reply.json()["errors"][0]["extensions"] == {
        "code": "STORE_UNAVAILABLE",
        "retryable": True,
    }
    assert INTERNALS not in reply.text


async def test_an_unavailable_store_that_leaves_no_data_is_a_503(probe: httpx.AsyncClient) -> None:
    reply = await ask(probe, "{ neededUnavailable }")

    assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
    assert reply.json()["data"] is None


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ nonsense }", "Cannot query field 'nonsense' on type 'Query'."),
        ("{ language ! }", "Syntax Error: Expected Name, found '!'."),
    ],
)
async def test_errors_of_the_document_keep_their_message_and_place(
    probe: httpx.AsyncClient, query: str, message: str
) -> None:
    error = (await ask(probe, query)).json()["errors"][0]

    assert error["message"] == message
    assert error["locations"][0]["line"] == 1


async def test_an_invalid_document_is_invalid_each_time(probe: httpx.AsyncClient) -> None:
    first = await ask(probe, "{ nonsense }")
    second = await ask(probe, "{ nonsense }")

    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.status_code == 400


async def test_a_remembered_document_still_runs_with_its_own_variables(
    probe: httpx.AsyncClient,
) -> None:
    query = "query($text: String!) { echo(text: $text) }"

    async def echoed(text: Any) -> Any:  # noqa: ANN401
        reply = await probe.post("/graphql", json={"query": query, "variables": {"text": text}})
        return reply.json().get("data")

    assert await echoed("one") == {"echo": "one"}
    assert await echoed("two") == {"echo": "two"}
    assert await echoed(3) is None


@pytest.mark.parametrize("first", [-1, 0, 101, 2_147_483_647])
async def test_a_page_has_a_bounded_size(probe: httpx.AsyncClient, first: int) -> None:
    reply = await ask(probe, f"{{ items(first: {first}) {{ edges {{ cursor }} }} }}")

    assert reply.json()["errors"][0]["message"] == "Ask for 1 to 100 items at a time."
    assert reply.json()["errors"][0]["extensions"] == {"code": "INVALID_PAGE_SIZE"}


async def test_pages_join_up(probe: httpx.AsyncClient) -> None:
    query = """query($after: String) { items(first: 2, after: $after) {
        edges { node { number } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
    seen: list[list[int]] = []
    after = None
    flags: list[tuple[bool, bool]] = []
    while True:
        reply = await probe.post("/graphql", json={"query": query, "variables": {"after": after}})
        items = reply.json()["data"]["items"]
        info = items["pageInfo"]
        seen.append([edge["node"]["number"] for edge in items["edges"]])
        flags.append((info["hasPreviousPage"], info["hasNextPage"]))
        after = info["endCursor"]
        if not info["hasNextPage"]:
            break

    assert seen == [[0, 1], [2, 3], [4]]
    assert flags == [(False, True), (True, True), (True, False)]


async def test_a_foreign_cursor_is_refused_in_the_readers_language(
    probe: httpx.AsyncClient,
) -> None:
    reply = await ask(
        probe, '{ items(after: "nonsense") { edges { cursor } } }', accept_language="ja"
    )

    assert reply.json()["errors"][0]["extensions"] == {"code": "INVALID_CURSOR"}
    assert reply.json()["errors"][0]["message"].startswith("このカーソル")


async def test_fields_of_one_request_load_together(probe: httpx.AsyncClient) -> None:
    from tests.edge import probe as probed

    probed.LOADS.clear()
    reply = await ask(
        probe, "{ a: doubled(number: 1) b: doubled(number: 2) c: doubled(number: 1) }"
    )

    assert reply.json()["data"] == {"a": 2, "b": 4, "c": 2}
    assert probed.LOADS == [[1, 2]]
