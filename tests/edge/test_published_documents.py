"""Published operations: sent by identifier in every mode, and the only ones when so set."""

import hashlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.edge.conftest import Connected, codes

ECHO = """# The published text.
query Echo($text: String!) {
  echo(text: $text)
}
"""
ECHO_ID = hashlib.sha256(ECHO.encode()).hexdigest()
VARIABLES = {"text": "Bắc Hà"}
ANSWER = {"data": {"echo": "Bắc Hà"}}


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    folder = tmp_path / "contract"
    (folder / "operations" / "probe").mkdir(parents=True)
    (folder / "operations" / "probe" / "Echo.graphql").write_text(ECHO, encoding="utf-8")
    return folder


async def sent(client: httpx.AsyncClient, **members: Any) -> httpx.Response:  # noqa: ANN401
    return await client.post("/graphql", json={"variables": VARIABLES, **members})


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize(
    "members",
    [
        {"documentId": ECHO_ID},
        {"documentId": f"sha256:{ECHO_ID}"},
        {"documentId": ECHO_ID.upper()},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ECHO_ID}}},
        {"documentId": ECHO_ID, "query": ECHO},
        {"query": ECHO},
        {"query": "query Echo($text:String!){echo(text:$text)}"},
        {"query": "query Echo ($text: String!),, {\n\r\n echo (text: $text) # here\n}"},
    ],
)
async def test_a_published_operation_is_answered(
    probe_client: Connected, contract: Path, only: bool, members: dict[str, Any]
) -> None:
    async with probe_client(contract_folder=contract, trusted_documents_only=only) as client:
        reply = await sent(client, **members)

    assert (reply.status_code, reply.json()) == (200, ANSWER)


@pytest.mark.parametrize("only", [False, True])
@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"documentId": "0" * 64}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": "../Echo"}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": ECHO_ID, "query": "{ language }"}, "DOCUMENT_ID_MISMATCH"),
        ({"documentId": "0" * 64, "query": ECHO}, "DOCUMENT_ID_MISMATCH"),
    ],
)
async def test_an_unknown_or_foreign_identifier_is_refused(
    probe_client: Connected, contract: Path, only: bool, members: dict[str, Any], code: str
) -> None:
    async with probe_client(contract_folder=contract, trusted_documents_only=only) as client:
        reply = await sent(client, **members)

    assert (reply.status_code, codes(reply)) == (400, [code])


@pytest.mark.parametrize(
    "query",
    [
        "{ language }",
        "query Echo($text: String!) { echo(text: $text) language }",
        "query Echo($text: String!) { echo(text: $text) } query Other { language }",
        "{ __schema { queryType { name } } }",
        "{ a" * 10_000,
        '"unfinished',
    ],
)
async def test_nothing_else_is_answered_when_only_published_operations_are(
    probe_client: Connected, contract: Path, query: str
) -> None:
    async with probe_client(contract_folder=contract, trusted_documents_only=True) as client:
        reply = await sent(client, query=query)

    assert (reply.status_code, codes(reply)) == (403, ["DOCUMENT_NOT_PUBLISHED"])


async def test_an_unpublished_document_may_come_with_its_own_identifier(
    probe_client: Connected, contract: Path
) -> None:
    query = "{ language }"
    async with probe_client(contract_folder=contract) as client:
        reply = await sent(
            client, query=query, documentId=hashlib.sha256(query.encode()).hexdigest()
        )

    assert reply.json() == {"data": {"language": "en"}}


def test_a_server_that_could_answer_nothing_does_not_start(
    probe_client: Connected, tmp_path: Path
) -> None:
    from api.edge.published_documents import PublishedDocuments

    with pytest.raises(ValueError, match=r"no \*\.graphql file"):
        PublishedDocuments.in_folder(tmp_path / "nowhere", only_these=True)
