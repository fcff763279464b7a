"""Our JSON-LD against schema.org's own shapes, as far as they are kept: those that come with pyshacl (2021).

Three things of those shapes are not schema.org's practice, and adapted here: they are of
http://schema.org/, know no texts with a language, and forget that Monday is a DayOfWeek.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, SDO, SH, XSD
from rdflib.term import Node

from api.context import Services
from api.kit.geo import Position
from api.tourism.exchange import json_ld
from api.tourism.exchange.importing import Format
from api.tourism.exchange.vocabulary import CATEGORIES_OF_TYPES, TYPES_OF_CATEGORIES
from api.tourism.records import Accessibility, PlaceCategory, Steps, Wifi, WifiAccess
from tests.conftest import ROOT
from tests.tourism.content import a_place
from tests.tourism.exchange.documents import exported
from tests.tourism.exchange.test_round_trip import written

VALIDATE: Callable[..., tuple[bool, Any, str]] = vars(pyshacl)["validate"]
"""Its own annotation is not complete."""
SHIPPED_SHAPES = Path(pyshacl.__file__).parent / "assets" / "schema.ttl"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OLD, NEW = "http://schema.org/", "https://schema.org/"


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph().parse(SHIPPED_SHAPES)
    for shape in list(graph.subjects(SH.datatype, XSD.string)):
        allow_languages(graph, shape)
    return graph


def allow_languages(graph: Graph, shape: Node) -> None:
    """Let a shape that asks for a string take one with a language too."""
    graph.remove((shape, SH.datatype, XSD.string))
    choices: list[Node] = [BNode(), BNode()]
    for choice, datatype in zip(choices, (XSD.string, RDF.langString), strict=True):
        graph.add((choice, SH.datatype, datatype))
    alternatives = BNode()
    Collection(graph, alternatives, choices)
    graph.add((shape, SH["or"], alternatives))


def graph_of(document: bytes) -> Graph:
    """Return what a JSON-LD processor makes of a document, in the shapes' namespace."""
    read = Graph().parse(data=document, format="json-ld")
    moved = Graph()
    for subject, predicate, value in read:
        moved.add((in_old_namespace(subject), in_old_namespace(predicate), in_old_namespace(value)))
    for day in DAYS:
        moved.add((URIRef(f"{OLD}{day}"), RDF.type, URIRef(f"{OLD}DayOfWeek")))
    return moved


def in_old_namespace(term: Node) -> Node:
    text = str(term)
    is_ours = isinstance(term, URIRef) and text.startswith(NEW)
    return URIRef(OLD + text.removeprefix(NEW)) if is_ours else term


def every_kind() -> Iterator[bytes]:
    for category in PlaceCategory:
        place = a_place(
            f"of-kind-{category}",
            category=category,
            position=Position(22.3, 103.8),
            altitude_metres=3_143.0,
            other_names=("Fanxipan",),
            descriptions={"vi": "Nóc nhà.", "en": "The roof."},
            opening_note={"en": "Always."},
            commune_code="03037",
            opening_hours="Mo-Fr 08:00-17:00",
            visit_minutes=90,
            phone="+842143822222",
            website="https://example.org/",
            wifi=Wifi("Free", WifiAccess.OPEN, None),
            accessibility=Accessibility(Steps.STEP_FREE),
        )
        yield written(place, Format.JSON_LD)


def validated(shapes: Graph, data: Graph) -> tuple[bool, str]:
    conforms, _, text = VALIDATE(data, shacl_graph=shapes, ont_graph=shapes)
    return conforms, text


def test_every_kind_of_place_has_schema_org_s_shape(shapes: Graph) -> None:
    data = Graph()
    for document in every_kind():
        data += graph_of(document)

    conforms, complaints = validated(shapes, data)

    assert conforms, complaints[:3_000]


def test_control_what_is_not_schema_org_s_is_found(shapes: Graph) -> None:
    document = json.loads(next(every_kind()))
    document["@graph"][1]["containedInPlace"] = "03037"
    document["@graph"][1]["geo"]["latitude"] = {"@value": "2026-05-01", "@type": str(XSD.date)}

    conforms, complaints = validated(shapes, graph_of(json.dumps(document).encode()))

    assert not conforms
    assert "containedInPlace" in complaints
    assert "latitude" in complaints


async def test_all_words_are_schema_org_s(services: Services, province: None) -> None:
    data = Graph().parse(data=await exported(services, Format.JSON_LD), format="json-ld")

    predicates = {str(it) for it in data.predicates()} - {str(RDF.type)}
    types = {str(it) for it in data.objects(None, RDF.type)}

    known = {str(term) for term in map(SDO.__getitem__, SDO.__annotations__)}
    assert {it for it in predicates | types if it not in known} == set()
    assert len(list(data.subjects(SDO.geo, None))) == 145


async def test_texts_carry_their_language_and_numbers_their_type(
    services: Services, province: None
) -> None:
    data = Graph().parse(data=await exported(services, Format.JSON_LD), format="json-ld")

    fansipan = URIRef("urn:laocai:place:P001")
    (geo,) = data.objects(fansipan, SDO.geo)
    assert Literal("Đỉnh Fansipan", lang="vi") in set(data.objects(fansipan, SDO.name))
    assert (geo, SDO.latitude, Literal("22.303", datatype=XSD.float)) in data
    assert next(data.objects(URIRef("urn:laocai:places"), SDO.license)) == URIRef(
        "https://opendatacommons.org/licenses/odbl/1-0/"
    )


def test_the_tables_know_every_kind_and_only_words_of_schema_org() -> None:
    kinds = {category.value for category in PlaceCategory}
    words = {word for words in TYPES_OF_CATEGORIES.values() for word in words}

    assert set(TYPES_OF_CATEGORIES) == kinds
    assert set(CATEGORIES_OF_TYPES.values()) <= kinds
    assert [word for word in {*words, *CATEGORIES_OF_TYPES} if word not in SDO] == []
    assert {
        word for word in json_ld.CONTEXT if not word.startswith("@") and word not in SDO
    } == set()


def test_the_guide_has_both_tables() -> None:
    rows = [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in (ROOT / "docs" / "tourism.md").read_text().splitlines()
        if line.startswith("|")
    ]

    ours = [(kind.upper(), ", ".join(types)) for kind, types in TYPES_OF_CATEGORIES.items()]
    theirs = [(word, kind.upper()) for word, kind in CATEGORIES_OF_TYPES.items()]
    assert [row for row in (*ours, *theirs) if row not in rows] == []
