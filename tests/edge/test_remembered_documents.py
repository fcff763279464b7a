"""The memory of valid documents: bounded by characters, and never holding an invalid one."""

from graphql import parse

from api.kit.remembered_documents import DocumentMemory, RememberedDocuments
from api.schema import schema_of
from tests.edge.probe import Query

NODE = parse("{ a }")


def test_the_least_recently_used_document_goes_first() -> None:
    memory = DocumentMemory(characters=20)
    for text in ("a" * 8, "b" * 8):
        memory.add(text, NODE)
    memory.get("a" * 8)

    memory.add("c" * 8, NODE)

    assert memory.get("a" * 8) is NODE
    assert memory.get("b" * 8) is None
    assert memory.get("c" * 8) is NODE


def test_a_document_added_twice_counts_once() -> None:
    memory = DocumentMemory(characters=20)

    for _ in range(5):
        memory.add("a" * 8, NODE)
    memory.add("b" * 8, NODE)

    assert len(memory) == 2


def test_a_document_larger_than_the_memory_is_not_kept() -> None:
    memory = DocumentMemory(characters=20)

    memory.add("a" * 21, NODE)

    assert len(memory) == 0
    memory.add("b" * 20, NODE)
    assert len(memory) == 1


async def test_only_valid_documents_are_remembered() -> None:
    memory = DocumentMemory(characters=1_000)
    schema = schema_of(Query)
    schema.extensions = (lambda: RememberedDocuments(memory),)

    for query in ("{ language", "{ nonsense }", "{ leaf { name } }", "{ leaf { name } }"):
        await schema.execute(query)

    assert memory.get("{ leaf { name } }") is not None
    assert len(memory) == 1
