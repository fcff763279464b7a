"""What POST /graphql takes, and how it refuses the rest."""

from typing import Any

import httpx
import orjson
import pytest

from api.setting_values import Environment
from tests.edge.conftest import Connected, codes

JSON = {"content-type": "application/json"}


async def post(
    client: httpx.AsyncClient, body: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await client.post("/graphql", content=body, headers={**JSON, **(headers or {})})


async def test_a_query_is_answered(probe: httpx.AsyncClient) -> None:
    reply = await probe.post("/graphql", json={"query": "{ leaf { name } }"})

    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json; charset=utf-8"
    assert reply.json() == {"data": {"leaf": {"name": "leaf"}}}


async def test_a_mutation_takes_variables_and_the_name_of_its_operation(
    probe: httpx.AsyncClient,
) -> None:
    reply = await probe.post(
        "/graphql",
        json={
            "query": "query A { language } mutation B($text: String!) { echo(text: $text) }",
            "variables": {"text": "Sa Pa"},
            "operationName": "B",
        },
    )

    assert reply.json() == {"data": {"echo": "Sa Pa"}}


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html", "application/json"),
        ("application/json", "application/json"),
        ("application/graphql-response+json", "application/graphql-response+json"),
        (
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json",
        ),
        ("application/json, application/graphql-response+json;q=0.5", "application/json"),
        ("application/graphql-response+json;q=nonsense", "application/json"),
        ("application/graphql-response+json;q=0, application/json", "application/json"),
    ],
)
async def test_the_answer_has_the_media_type_the_client_prefers(
    probe: httpx.AsyncClient, accept: str, content_type: str
) -> None:
    reply = await probe.post("/graphql", json={"query": "{ language }"}, headers={"accept": accept})

    assert reply.headers["content-type"] == f"{content_type}; charset=utf-8"
    assert reply.headers["vary"] == "accept, accept-language"


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused(probe: httpx.AsyncClient, method: str) -> None:
    reply = await probe.request(method, "/graphql", params={"query": "{ language }"})

    assert reply.status_code == 405
    assert reply.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": ""},
        {"content-type": "text/plain"},
        {"content-type": "application/graphql"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/jsonp"},
        {"content-encoding": "gzip"},
    ],
)
async def test_other_bodies_are_refused(probe: httpx.AsyncClient, headers: dict[str, str]) -> None:
    reply = await post(probe, b'{"query": "{ language }"}', headers)

    assert reply.status_code == 415
    assert codes(reply) == ["UNSUPPORTED_MEDIA_TYPE"]


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'],
)
async def test_json_in_utf8_is_taken(probe: httpx.AsyncClient, content_type: str) -> None:
    body = '{"query": "{ echo(text: \\"Bắc Hà\\") }"}'.encode()

    reply = await post(probe, body, {"content-type": content_type})

    assert reply.json() == {"data": {"echo": "Bắc Hà"}}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "INVALID_JSON"),
        (b"{", "INVALID_JSON"),
        (b"{}x", "INVALID_JSON"),
        (b"NaN", "INVALID_JSON"),
        (b'{"query": "\xff"}', "INVALID_JSON"),
        (b'{"query": "\\ud800"}', "INVALID_JSON"),
        (b'\xef\xbb\xbf{"query": "{ language }"}', "INVALID_JSON"),
        ('{"query": "{ language }"}'.encode("utf-16"), "INVALID_JSON"),
        (b"[" * 30_000, "INVALID_JSON"),
        (b'{"variables":' * 4_000, "INVALID_JSON"),
        (b"null", "INVALID_REQUEST"),
        (b"true", "INVALID_REQUEST"),
        (b"1", "INVALID_REQUEST"),
        (b'"{ language }"', "INVALID_REQUEST"),
        (b"[]", "BATCH_REFUSED"),
        (b'[{"query": "{ language }"}]', "BATCH_REFUSED"),
        (b"{}", "MISSING_QUERY"),
        (b'{"query": null}', "MISSING_QUERY"),
        (b'{"query": ""}', "MISSING_QUERY"),
        (b'{"query": 1}', "INVALID_REQUEST"),
        (b'{"query": ["{ language }"]}', "INVALID_REQUEST"),
        (b'{"query": "{ language }", "variables": []}', "INVALID_REQUEST"),
        (b'{"query": "{ language }", "variables": "{}"}', "INVALID_REQUEST"),
        (b'{"query": "{ language }", "operationName": 7}', "INVALID_REQUEST"),
        (b'{"query": "{ language }", "extensions": 7}', "INVALID_REQUEST"),
        (b'{"query": "{ language }", "documentId": {}}', "INVALID_REQUEST"),
        (b'{"extensions": {"persistedQuery": 1}}', "INVALID_REQUEST"),
        (b'{"extensions": {"persistedQuery": {"sha256Hash": 1}}}', "INVALID_REQUEST"),
        (b'{"query": "{ language }", "variables": {"a": "\\u0000"}}', "INVALID_REQUEST"),
        (b'{"query": "{ language }", "operationName": "B"}', "OPERATION_NOT_FOUND"),
        (b'{"query": "query A { language } query B { language }"}', "OPERATION_NOT_FOUND"),
        (b'{"query": "{ language } { language }"}', "OPERATION_NOT_FOUND"),
        (b'{"query": "fragment F on Query { language }"}', "OPERATION_NOT_FOUND"),
        (b'{"query": "subscription { count(to: 1) }"}', "SUBSCRIPTION_OVER_HTTP"),
        (b'{"query": "{ language"}', "DOCUMENT_UNREADABLE"),
        (b'{"query": "{ language ? }"}', "DOCUMENT_UNREADABLE"),
        (b'{"query": "type A { b: C }"}', "DOCUMENT_UNREADABLE"),
        (b'{"query": "{ echo(text: \\"\\\\u0000\\") }"}', "DOCUMENT_UNREADABLE"),
        (b'{"query": "{ language : }"}', "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "# nothing"}', "GRAPHQL_PARSE_FAILED"),
        (b'{"query": "{ nonsense }"}', "GRAPHQL_VALIDATION_FAILED"),
        (b'{"query": "query($t: String!) { echo(text: $t) }"}', "BAD_USER_INPUT"),
        (
            b'{"query": "query($t: String!) { echo(text: $t) }", "variables": {"t": {}}}',
            "BAD_USER_INPUT",
        ),
        (
            b'{"query": "query($n: [Int!]!) { total(numbers: $n) }", "variables": {"n": [1e99]}}',
            "BAD_USER_INPUT",
        ),
    ],
)
async def test_what_cannot_run_is_refused_with_a_reason(
    probe: httpx.AsyncClient, body: bytes, code: str
) -> None:
    reply = await post(probe, body)

    assert (reply.status_code, codes(reply)) == (400, [code])
    assert reply.json()["errors"][0]["message"]
    assert "data" not in reply.json()


async def test_refusals_speak_the_readers_language(probe: httpx.AsyncClient) -> None:
    reply = await post(probe, b"null", {"accept-language": "de, fr;q=0.5"})

    assert reply.json() == {
        "errors": [
            {
                "message": "La demande doit être un objet JSON.",
                "extensions": {"code": "INVALID_REQUEST"},
            }
        ]
    }


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"deep": [[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]}, "VARIABLES_TOO_DEEP"),
        ({"long": [0] * 5_001}, "VARIABLES_TOO_LARGE"),
        ({"wide": [[0] * 10] * 500}, "VARIABLES_TOO_LARGE"),
    ],
)
async def test_variables_are_bounded(
    probe: httpx.AsyncClient, variables: dict[str, Any], code: str
) -> None:
    body = orjson.dumps({"query": "{ language }", "variables": variables})

    reply = await post(probe, body)

    assert (reply.status_code, codes(reply)) == (400, [code])


async def test_null_members_count_as_absent(probe: httpx.AsyncClient) -> None:
    reply = await post(
        probe,
        b'{"query": "{ language }", "variables": null, "operationName": null, "extensions": null}',
    )

    assert reply.json() == {"data": {"language": "en"}}


async def test_graphiql_is_there_for_browsers_in_development_only(
    probe: httpx.AsyncClient, probe_client: Connected
) -> None:
    browser = {"accept": "text/html,*/*;q=0.8"}

    page = await probe.get("/graphql", headers=browser)
    query = await probe.get("/graphql", params={"query": "{ language }"}, headers=browser)
    async with probe_client(environment=Environment.PRODUCTION) as production:
        refused = await production.get("/graphql", headers=browser)

    assert page.status_code == 200
    assert "GraphiQL" in page.text
    assert query.status_code == 405
    assert refused.status_code == 405


async def test_introspection_is_off_in_production_unless_allowed(probe_client: Connected) -> None:
    query = {"query": "{ x: __schema { queryType { name } } }"}
    async with (
        probe_client() as development,
        probe_client(environment=Environment.PRODUCTION) as production,
        probe_client(
            environment=Environment.PRODUCTION, introspection_in_production=True
        ) as allowed,
    ):
        replies = [await http.post("/graphql", json=query) for http in (development, production)]
        replies.append(await allowed.post("/graphql", json=query))

    assert [reply.status_code for reply in replies] == [200, 403, 200]
    assert codes(replies[1]) == ["INTROSPECTION_DISABLED"]


async def test_typename_is_no_introspection(probe_client: Connected) -> None:
    async with probe_client(environment=Environment.PRODUCTION) as production:
        reply = await production.post("/graphql", json={"query": "{ __typename }"})

    assert reply.json() == {"data": {"__typename": "Query"}}
