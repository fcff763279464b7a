"""The mock answers every published document as the server might, the same in each run."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
import uvicorn
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    NonNullTypeNode,
    OperationDefinitionNode,
    parse,
    type_from_ast,
)
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.contract.mock.leaves import TOWN_DEGREES, TOWNS
from api.contract.mock.server import PROTOCOL, mock_app
from api.contract.mock.settings import MockSettings
from api.contract.published import contract_in
from api.kit.graphql_request import document_id
from api.kit.store import Store
from api.tourism.seeding import seed
from tests.conftest import NOW, ROOT, SERVER_SECONDS, document, send, send_raw

CONTRACT = contract_in(ROOT / "graphql")
SAMPLES = {
    "Date": "2026-05-03",
    "DateTime": "2026-05-03T09:00:00+07:00",
    "Time": "09:00:00",
    "Dong": 20_000,
    "Int": 5,
    "Float": 22.5,
    "Boolean": True,
    "ID": "P055",
    "String": "mock-0123456789abcdef",
}


def a_client(seed: str = "test", **more: Any) -> httpx.AsyncClient:  # noqa: ANN401
    app = mock_app(ROOT / "graphql", MockSettings(seed, NOW), only_published=False)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://mock", **more)


@pytest.fixture(scope="module")
def mock() -> httpx.AsyncClient:
    return a_client()


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return CONTRACT.schema()


@pytest.fixture
async def port() -> AsyncIterator[int]:
    settings = MockSettings("test", NOW, tick_seconds=0.01)
    app = mock_app(ROOT / "graphql", settings, only_published=True)
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(SERVER_SECONDS):
        while not server.started:  # noqa: ASYNC110 - uvicorn tells by a flag
            await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    async with asyncio.timeout(SERVER_SECONDS):
        await running


def a_value(kind: Any) -> Any:  # noqa: ANN401
    """Return a value that an input of this type takes; optional members are left out."""
    if isinstance(kind, GraphQLNonNull):
        return a_value(kind.of_type)
    if isinstance(kind, GraphQLList):
        return [a_value(kind.of_type)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        members = {name: it.type for name, it in kind.fields.items()}
        needed = [name for name, it in members.items() if isinstance(it, GraphQLNonNull)]
        return {name: a_value(members[name]) for name in needed or list(members)[:1]}
    return SAMPLES[kind.name]


def variables_for(text: str, schema: GraphQLSchema) -> dict[str, Any]:
    (operation,) = [it for it in parse(text).definitions if isinstance(it, OperationDefinitionNode)]
    return {
        it.variable.name.value: a_value(type_from_ast(schema, it.type))
        for it in operation.variable_definitions or ()
        if isinstance(it.type, NonNullTypeNode) and it.default_value is None
    }


async def of_sa_pa(client: httpx.AsyncClient, **more: Any) -> Mapping[str, Any]:  # noqa: ANN401
    places: Mapping[str, Any] = (await send(client, "tourism/Places", {"first": 2}, **more))[
        "places"
    ]
    return places


async def test_every_published_query_and_mutation_is_answered(
    mock: httpx.AsyncClient, schema: GraphQLSchema
) -> None:
    answered = {}
    for name, text in CONTRACT.documents.items():
        if text.lstrip().startswith("subscription"):
            continue
        reply = await send_raw(mock, name, variables_for(text, schema))
        answered[name] = (reply.status_code, reply.json().get("errors"))

    assert len(answered) > 380
    assert {name: it for name, it in answered.items() if it != (200, None)} == {}


async def test_the_same_seed_makes_the_same_answer() -> None:
    async with a_client() as one, a_client() as again, a_client("other") as other:
        answers = [await of_sa_pa(it) for it in (one, again, other)]

    assert answers[0] == answers[1]
    assert answers[0] != answers[2]


async def test_what_is_found_in_a_list_is_the_same_by_its_id(mock: httpx.AsyncClient) -> None:
    found = (await of_sa_pa(mock))["edges"][1]["node"]

    asked = (await send(mock, "tourism/Place", {"id": found["id"]}))["place"]

    both = {"id", "name", "description", "category", "position", "altitude"}
    assert {name: asked[name] for name in both} == {name: found[name] for name in both}


async def test_pages_follow_each_other_to_the_end(mock: httpx.AsyncClient) -> None:
    pages: list[Mapping[str, Any]] = []
    after = None
    while not pages or after is not None:
        asked = {"first": 3, "after": after}
        page = (await send(mock, "tourism/Places", asked))["places"]
        pages.append(page)
        after = page["pageInfo"]["endCursor"] if page["pageInfo"]["hasNextPage"] else None

    ids = [edge["node"]["id"] for page in pages for edge in page["edges"]]
    assert [len(page["edges"]) for page in pages] == [3, 3, 1]
    assert len(set(ids)) == 7


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "INVALID_PAGE_SIZE"),
        ({"first": 101}, "INVALID_PAGE_SIZE"),
        ({"first": 1, "after": "é"}, "INVALID_CURSOR"),
        ({"first": 1, "after": "bW9jazo5OTk5OQ=="}, "INVALID_CURSOR"),
    ],
)
async def test_pages_are_refused_as_by_the_server(
    mock: httpx.AsyncClient, client: httpx.AsyncClient, variables: dict[str, Any], code: str
) -> None:
    codes = [
        (await send_raw(asked, "tourism/Places", variables)).json()["errors"][0]["extensions"][
            "code"
        ]
        for asked in (mock, client)
    ]

    assert codes == [code, code]


async def test_there_may_be_nothing(mock: httpx.AsyncClient) -> None:
    page = await of_sa_pa(mock, headers={"mock-items": "0"})

    assert page["edges"] == []
    assert page["pageInfo"] == {"hasNextPage": False, "endCursor": None}


@pytest.mark.parametrize(
    ("language", "name"), [("vi", "Chợ Bắc Hà"), ("ko", "박하 시장"), ("ja", "バックハー市場")]
)
async def test_texts_are_in_the_language_asked_for(
    mock: httpx.AsyncClient, language: str, name: str
) -> None:
    page = (await send(mock, "tourism/Places", {"first": 7}, language=language))["places"]

    names = [edge["node"]["name"] for edge in page["edges"]]
    assert {it["language"] for it in names} == {language}
    assert name in [it["text"] for it in names]


async def test_positions_lie_in_the_province(
    mock: httpx.AsyncClient, client: httpx.AsyncClient, store: Store
) -> None:
    await seed(store, lambda _done, _total: None)
    page = (await send(mock, "tourism/Places", {"first": 7}))["places"]
    query = "query At($at: PositionInput!) { commune(at: $at) { code } }"
    found = [edge["node"]["position"] for edge in page["edges"]]
    ends = [
        {"latitude": latitude + north, "longitude": longitude + east}
        for latitude, longitude in TOWNS
        for north in (-TOWN_DEGREES, TOWN_DEGREES)
        for east in (-TOWN_DEGREES, TOWN_DEGREES)
    ]

    told = [
        (await client.post("/graphql", json={"query": query, "variables": {"at": it}})).json()
        for it in found + ends
    ]

    assert [
        at for at, it in zip(found + ends, told, strict=True) if not it["data"]["commune"]
    ] == []


async def test_scalars_have_their_form(mock: httpx.AsyncClient) -> None:
    asked = "query { cardProducts(first: 7) { edges { node { price name { text } } } } }"
    told = (await mock.post("/graphql", json={"query": asked})).json()["data"]
    market = (await send(mock, "tourism/MarketsOn", {"date": "2026-05-03"}))["marketsOn"]

    prices = [edge["node"]["price"] for edge in told["cardProducts"]["edges"]]
    assert all(isinstance(it, int) and it % 1000 == 0 for it in prices)
    assert all(edge["node"]["distance"] >= 50 for edge in market["edges"])


@pytest.mark.parametrize(
    ("kind", "value"),
    [("Date", "3 May"), ("Date", 5), ("DateTime", "2026-13-01T00:00:00Z")],
)
async def test_what_is_no_date_is_refused(
    mock: httpx.AsyncClient, kind: str, value: object
) -> None:
    field = "marketsOn(date: $it)" if kind == "Date" else "places(openAt: $it)"
    query = f"query It($it: {kind}!) {{ {field} {{ pageInfo {{ hasNextPage }} }} }}"

    told = await mock.post("/graphql", json={"query": query, "variables": {"it": value}})

    assert told.status_code == 400
    assert f"Value cannot represent a {kind}." in told.json()["errors"][0]["message"]


async def test_a_mutation_is_refused_by_its_problem(
    mock: httpx.AsyncClient, schema: GraphQLSchema
) -> None:
    asked = {"input": a_value(schema.get_type("SignInInput"))}
    headers = {"mock-problem": "CODE_WRONG"}

    answer = (await send(mock, "accounts/SignIn", asked, headers=headers))["signIn"]

    assert (answer["__typename"], answer["code"]) == ("AccountError", "CODE_WRONG")


async def test_a_code_that_a_mutation_does_not_have_is_said(
    mock: httpx.AsyncClient, schema: GraphQLSchema
) -> None:
    asked = {"input": a_value(schema.get_type("SignInInput"))}

    reply = await send_raw(mock, "accounts/SignIn", asked, headers={"mock-problem": "NO_SUCH"})

    assert reply.json()["errors"][0]["extensions"] == {"code": "MOCK_PROBLEM_UNKNOWN"}


async def test_a_query_is_refused_in_errors(mock: httpx.AsyncClient) -> None:
    headers = {"mock-problem": "STORE_UNAVAILABLE"}

    reply = await send_raw(mock, "tourism/Place", {"id": "P055"}, headers=headers)

    assert reply.json()["errors"][0]["extensions"] == {"code": "STORE_UNAVAILABLE"}
    assert reply.json()["data"] == {"place": None}


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"query": "{ places { nothing } }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "{ places"}, "DOCUMENT_UNREADABLE"),
        ({"documentId": "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"query": "subscription { alerts { id } }"}, "SUBSCRIPTION_OVER_HTTP"),
        ([], "BATCH_REFUSED"),
    ],
)
async def test_what_the_server_refuses_is_refused_with_its_code(
    mock: httpx.AsyncClient, client: httpx.AsyncClient, members: object, code: str
) -> None:
    replies = [await asked.post("/graphql", json=members) for asked in (mock, client)]

    told = [(it.status_code, it.json()["errors"][0]["extensions"]["code"]) for it in replies]
    assert told == [(400, code), (400, code)]


async def test_over_http_by_identifier(port: int) -> None:
    identifier = document_id(document("tourism/Place"))
    asked = {"documentId": identifier, "variables": {"id": "P055"}}

    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        known = await client.post("/graphql", json=asked)
        unknown = await client.post("/graphql", json={"query": "{ places { edges { cursor } } }"})

    assert known.json()["data"]["place"]["id"] == "P055"
    assert unknown.status_code == 403
    assert unknown.json()["errors"][0]["extensions"]["code"] == "DOCUMENT_NOT_PUBLISHED"


async def heard(socket: ClientConnection) -> Any:  # noqa: ANN401
    async with asyncio.timeout(SERVER_SECONDS):
        return json.loads(await socket.recv())


async def test_a_subscription_ticks_until_it_is_left(port: int) -> None:
    request = {"query": document("alerts/Alerts"), "variables": {}}
    async with connect(
        f"ws://127.0.0.1:{port}/graphql", subprotocols=[Subprotocol(PROTOCOL)]
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": {"language": "ko"}}))
        ready = await heard(socket)
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": request}))
        events = [await heard(socket) for _ in range(3)]
        await socket.send(json.dumps({"type": "complete", "id": "1"}))
        await socket.send(json.dumps({"type": "ping"}))
        rest = await heard(socket)
        while rest["type"] == "next":
            rest = await heard(socket)

    assert ready == {"type": "connection_ack"}
    assert [it["type"] for it in events] == ["next"] * 3
    assert len({it["payload"]["data"]["alerts"]["id"] for it in events}) == 3
    assert rest == {"type": "pong"}


async def test_a_subscription_that_is_not_valid_is_refused(port: int) -> None:
    async with connect(
        f"ws://127.0.0.1:{port}/graphql", subprotocols=[Subprotocol(PROTOCOL)]
    ) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        await heard(socket)
        payload = {"query": "subscription { alerts { id } }"}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        told = await heard(socket)

    assert (told["type"], told["payload"][0]["extensions"]["code"]) == (
        "error",
        "DOCUMENT_NOT_PUBLISHED",
    )
