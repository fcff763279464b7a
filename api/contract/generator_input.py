"""The published documents as generators of clients take them: all in one project, each fragment once.

Each published document is whole, so that it can be sent as it lies there; fragments of one name stand in
many of them. Generators want a name once.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from graphql import DocumentNode, FragmentDefinitionNode, parse, print_ast
from graphql.language import REMOVE, FragmentSpreadNode, NameNode, Visitor, visit
from graphql.language.visitor import VisitorAction

from api.contract.published import Contract
from api.kit.graphql_request import document_id


def write_generator_input(contract: Contract, folder: Path) -> None:
    """Write schema, documents and identifiers (by name of operation) for a generator into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "schema.graphql").write_text(contract.sdl, encoding="utf-8")
    documents = folder / "documents"
    documents.mkdir(exist_ok=True)
    for name, text in documents_with_fragments_apart(contract.documents).items():
        (documents / f"{name}.graphql").write_text(text + "\n", encoding="utf-8")
    identifiers = {_last(name): document_id(text) for name, text in contract.documents.items()}
    (folder / "identifiers.json").write_text(json.dumps(identifiers, indent=1), encoding="utf-8")


def documents_with_fragments_apart(documents: Mapping[str, str]) -> dict[str, str]:
    """Return operations by name, and all fragments under `fragments`.

    A fragment that reads otherwise in another document gets the name of its operation besides.
    """
    parsed = {_last(name): parse(text, no_location=True) for name, text in documents.items()}
    texts = _texts_by_fragment(parsed)
    fragments: dict[str, str] = {}
    operations: dict[str, str] = {}
    for operation, document in parsed.items():
        names = {
            one: f"{one}Of{operation}" if len(texts[one]) > 1 else one
            for one in _whole_fragments(document)
        }
        renamed: DocumentNode = visit(document, _Renamed(names))
        apart = {it.name.value: print_ast(it) for it in _fragments(renamed)}
        fragments |= apart
        operations[operation] = print_ast(visit(renamed, _WithoutFragments()))
    return {**operations, "fragments": "\n\n".join(fragments[name] for name in sorted(fragments))}


def _texts_by_fragment(parsed: Mapping[str, DocumentNode]) -> dict[str, set[str]]:
    texts: dict[str, set[str]] = defaultdict(set)
    for document in parsed.values():
        for name, text in _whole_fragments(document).items():
            texts[name].add(text)
    return texts


def _whole_fragments(document: DocumentNode) -> dict[str, str]:
    """Return each fragment's text with that of all it spreads: one of those may differ alone."""
    found = {it.name.value: it for it in _fragments(document)}
    return {name: "\n".join(sorted(_reached(name, found, {}).values())) for name in found}


def _reached(
    name: str, found: Mapping[str, FragmentDefinitionNode], seen: dict[str, str]
) -> dict[str, str]:
    if name not in seen:
        seen[name] = print_ast(found[name])
        spreads = _Spreads()
        visit(found[name], spreads)
        for spread in spreads.names:
            _reached(spread, found, seen)
    return seen


def _fragments(document: DocumentNode) -> list[FragmentDefinitionNode]:
    return [it for it in document.definitions if isinstance(it, FragmentDefinitionNode)]


def _last(name: str) -> str:
    return name.rpartition("/")[2]


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names.append(node.name.value)


class _Renamed(Visitor):
    """Fragments under other names, where they stand and where they are spread."""

    def __init__(self, names: Mapping[str, str]) -> None:
        super().__init__()
        self._names = names

    def enter_name(
        self, node: NameNode, _key: object, parent: object, *_: object
    ) -> NameNode | None:
        if isinstance(parent, FragmentDefinitionNode | FragmentSpreadNode):
            return NameNode(value=self._names[node.value])
        return None


class _WithoutFragments(Visitor):
    def enter_fragment_definition(self, *_: object) -> VisitorAction:
        return REMOVE
