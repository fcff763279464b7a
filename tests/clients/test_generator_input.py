"""What generators of clients are given: every document, each fragment once, nothing else meant."""

import json
from pathlib import Path

import pytest
from graphql import build_schema, concat_ast, parse, validate

from api.contract.generator_input import documents_with_fragments_apart, write_generator_input
from api.contract.published import contract_in
from api.kit.graphql_request import document_id
from tests.conftest import ROOT, document

ONE = "query One { a { ...Part } } fragment Part on A { x }"
SAME = "query Same { b { ...Part } } fragment Part on A { x }"
OTHER = "query Other { b { ...Part } } fragment Part on A { y }"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("input")
    write_generator_input(contract_in(ROOT / "graphql"), folder)
    return folder


def test_a_fragment_that_reads_the_same_is_there_once() -> None:
    apart = documents_with_fragments_apart({"s/One": ONE, "s/Same": SAME})

    assert apart == {
        "One": "query One {\n  a {\n    ...Part\n  }\n}",
        "Same": "query Same {\n  b {\n    ...Part\n  }\n}",
        "fragments": "fragment Part on A {\n  x\n}",
    }


def test_one_that_reads_otherwise_is_named_after_its_operation() -> None:
    apart = documents_with_fragments_apart({"s/One": ONE, "s/Other": OTHER})

    assert apart == {
        "One": "query One {\n  a {\n    ...PartOfOne\n  }\n}",
        "Other": "query Other {\n  b {\n    ...PartOfOther\n  }\n}",
        "fragments": "fragment PartOfOne on A {\n  x\n}\n\nfragment PartOfOther on A {\n  y\n}",
    }


def test_one_whose_own_fragment_reads_otherwise_is_another_one() -> None:
    outer = " fragment Outer on A { ...Part }"
    apart = documents_with_fragments_apart(
        {
            "s/One": ONE.replace("...Part }", "...Outer }", 1) + outer,
            "s/Other": OTHER.replace("...Part }", "...Outer }", 1) + outer,
        }
    )

    assert "fragment OuterOfOne on A {\n  ...PartOfOne\n}" in apart["fragments"]
    assert "fragment OuterOfOther on A {\n  ...PartOfOther\n}" in apart["fragments"]


def test_all_of_it_is_one_valid_project(written: Path) -> None:
    files = sorted((written / "documents").glob("*.graphql"))
    names = {path.stem for path in (ROOT / "graphql" / "operations").rglob("*.graphql")}

    whole = concat_ast([parse(path.read_text(encoding="utf-8")) for path in files])

    assert {path.stem for path in files} == names | {"fragments"}
    assert validate(build_schema((written / "schema.graphql").read_text("utf-8")), whole) == []


def test_identifiers_are_those_of_the_published_files(written: Path) -> None:
    identifiers = json.loads((written / "identifiers.json").read_text("utf-8"))

    assert len(identifiers) == len(list((written / "documents").iterdir())) - 1
    assert identifiers["MarketsOn"] == document_id(document("tourism/MarketsOn"))
