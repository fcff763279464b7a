"""The guard: linear in what it is sent, exact about what it refuses, silent about what apps send."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from types import FrameType
from typing import Any

import httpx
import pytest
from graphql import GraphQLError, get_introspection_query, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.kit import document_bounds, document_lexer, document_survey
from api.kit.document_bounds import DEFAULT_BOUNDS, DocumentBounds, check_document
from api.kit.document_refusals import DocumentRefused
from api.kit.document_survey import TextBounds
from tests.conftest import OPERATIONS
from tests.edge.conftest import codes

PUBLISHED = sorted(OPERATIONS.rglob("*.graphql"))
UNBOUNDED = DocumentBounds(
    bytes=10**9,
    text=TextBounds(*([10**9] * 6)),
    selections=10**9,
    root_fields=10**9,
    levels=10**9,
    repetitions=10**18,
)


def doubling(fragments: int, spread: str = "...F{next} ...F{next}") -> str:
    """Return a document whose selections double with every fragment."""
    chain = (
        f"fragment F{n} on Query {{ {spread.replace('{next}', str(n + 1))} }}"
        for n in range(fragments)
    )
    return f"{{ ...F0 }} {' '.join(chain)} fragment F{fragments} on Query {{ language }}"


def code_of(document: str, bounds: DocumentBounds = DEFAULT_BOUNDS) -> str | None:
    try:
        check_document(document, bounds)
    except DocumentRefused as refusal:
        return refusal.code.name
    return None


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_operation_stays_far_under_every_bound(path: Any) -> None:  # noqa: ANN401
    document = path.read_text(encoding="utf-8")
    text = DEFAULT_BOUNDS.text
    half = replace(
        DEFAULT_BOUNDS,
        bytes=DEFAULT_BOUNDS.bytes // 3,
        text=TextBounds(*(getattr(text, name) // 2 for name in TextBounds.__slots__)),
        selections=DEFAULT_BOUNDS.selections // 3,
        levels=DEFAULT_BOUNDS.levels // 2,
        repetitions=DEFAULT_BOUNDS.repetitions // 3,
    )

    assert code_of(document, half) is None


def test_tools_may_ask_for_the_schema() -> None:
    assert code_of(get_introspection_query(input_value_deprecation=True)) is None


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("# " + "x" * 16_384 + "\n{ a }", "DOCUMENT_TOO_LARGE"),
        ("# " + "ă" * 8_192 + "\n{ a }", "DOCUMENT_TOO_LARGE"),
        ("{ a(b: [" + "1 " * 2_500 + "]) }", "TOO_MANY_TOKENS"),
        ("{ a" * 26, "NESTING_TOO_DEEP"),
        ("{ a(b: " + "[" * 24, "NESTING_TOO_DEEP"),
        ("{ a(b: " + "{c: " * 24, "NESTING_TOO_DEEP"),
        ("query(" + "(" * 25, "NESTING_TOO_DEEP"),
        ("{ " + "... { " * 25 + "a" + " }" * 26, "NESTING_TOO_DEEP"),
        (doubling(26, spread="a { ...F{next} }"), "NESTING_TOO_DEEP"),
        (doubling(26, spread="...F{next}"), "NESTING_TOO_DEEP"),
        ("{ a { " + " ".join(f"x{n}: b" for n in range(31)) + " } }", "TOO_MANY_ALIASES"),
        (
            "{ a { ...F } b { ...F } c { ...F } d { ...F } } fragment F on Query { "
            + " ".join(f"x{n}: e" for n in range(8))
            + " }",
            "TOO_MANY_ALIASES",
        ),
        ("{ a " + "@include(if: true) " * 51 + "}", "TOO_MANY_DIRECTIVES"),
        ("query A { a } " * 6, "TOO_MANY_OPERATIONS"),
        ("{ a } " * 6, "TOO_MANY_OPERATIONS"),
        (
            "{ a } " + " ".join(f"fragment F{n} on Query {{ a }}" for n in range(41)),
            "TOO_MANY_FRAGMENTS",
        ),
        (doubling(10), "TOO_MANY_SELECTIONS"),
        (doubling(10, spread="... { ...F{next} } b { ...F{next} }"), "TOO_MANY_SELECTIONS"),
        ("fragment U on Query { ...F0 } " + doubling(10)[10:], "TOO_MANY_SELECTIONS"),
        ("{ " + " ".join(f"f{n}" for n in range(11)) + " }", "TOO_MANY_ROOT_FIELDS"),
        ("{ " + "a " * 11 + "}", "TOO_MANY_ROOT_FIELDS"),
        ("{ ... { a b c d e f } ...F } fragment F on Query { g h i j k }", "TOO_MANY_ROOT_FIELDS"),
        ("{ a { " + "b " * 51 + "} }", "TOO_MANY_REPETITIONS"),
        (doubling(6, spread="a { ...F{next} } a { ...F{next} }"), "TOO_MANY_REPETITIONS"),
        ("{ ...A } fragment A on Query { ...A }", "FRAGMENT_CYCLE"),
        (
            "{ ...A } fragment A on Query { ...B } fragment B on Query { b { ...A } }",
            "FRAGMENT_CYCLE",
        ),
        ("{ a } fragment A on Query { ...A }", "FRAGMENT_CYCLE"),
        (
            "{ ...A } fragment A on Query { a } fragment A on Query { b { ...A } }",
            "FRAGMENT_CYCLE",
        ),
        ("{ a", "DOCUMENT_UNREADABLE"),
        ("{ a ] }", "DOCUMENT_UNREADABLE"),
        ("{ a } }", "DOCUMENT_UNREADABLE"),
        ("type A { b: C }", "DOCUMENT_UNREADABLE"),
        ("scalar A fragment A on B { c }", "DOCUMENT_UNREADABLE"),
        ('{ a(b: "unfinished) }', "DOCUMENT_UNREADABLE"),
        ('{ a(b: """unfinished) }', "DOCUMENT_UNREADABLE"),
        ("{ a(b: 01) }", "DOCUMENT_UNREADABLE"),
        ("{ a .. b }", "DOCUMENT_UNREADABLE"),
        ("{ a(b: '1') }", "DOCUMENT_UNREADABLE"),
        ('{ a(b: "\0") }', "DOCUMENT_UNREADABLE"),
        ('{ a(b: "\\u0000") }', "DOCUMENT_UNREADABLE"),
        ('{ a(b: "\\\\\\u{000}") }', "DOCUMENT_UNREADABLE"),
        ("{ a(b: \ud800) }", "DOCUMENT_UNREADABLE"),
    ],
)
def test_each_bound_has_its_refusal(document: str, code: str) -> None:
    assert code_of(document) == code


@pytest.mark.parametrize(
    "document",
    [
        "{ a { " + "b " * 50 + "} }",
        "{ " + "a " * 5 + "}",
        "{ a { " + " ".join(f"x{n}: b" for n in range(30)) + " } }",
        "query A { a } " * 5,
        doubling(2),
        '{ a(b: "\\\\u0000", c: "{ { {", d: """ \\""" { """) { e } } # { { {',
        "{ query fragment on mutation { on ... on on { on } } }",
        'query on($a: [[Int!]!] = [[1]] @b(c: {d: "e"})) @f { g @h(i: {j: [$a]}) { k } }',
        "\ufeff{ a, b,,, c }",
        '"What it is for." query A { a } """And this.""" fragment B on C { d }',
        "",
    ],
)
def test_what_keeps_the_bounds_passes(document: str) -> None:
    assert code_of(document) is None


def test_a_refusal_names_the_place() -> None:
    with pytest.raises(DocumentRefused, match="line 3, column 2"):
        check_document("{ a\r\n\r ? }")


async def test_a_document_that_hangs_other_servers_is_refused_at_once(
    probe: httpx.AsyncClient,
) -> None:
    document = doubling(25)
    assert len(document) < 1_200

    began = time.thread_time()
    reply = await probe.post("/graphql", json={"query": document})
    took = time.thread_time() - began

    assert (reply.status_code, codes(reply)) == (400, ["TOO_MANY_SELECTIONS"])
    assert took < 0.05


SHAPES: dict[str, Callable[[int], str]] = {
    "fields": lambda n: "{ " + " ".join(f"f{i}" for i in range(n)) + " }",
    "nesting": lambda n: "{ a " * n + "}" * n,
    "values": lambda n: "{ a(b: " + "[" * n + "]" * n + ") }",
    "aliases": lambda n: "{ " + " ".join(f"x{i}: a" for i in range(n)) + " }",
    "directives": lambda n: "{ a " + "@b(c: 1) " * n + "}",
    "fragments": lambda n: (
        "{ a } " + " ".join(f"fragment F{i} on A {{ b ...F{i + 1} }}" for i in range(n))
    ),
    "spreads": lambda n: "{ " + "...F " * n + "} fragment F on A { b }",
    "operations": lambda n: "query A { a } " * n,
    "comments": lambda n: "# comment\n" * n,
    "strings": lambda n: '{ a(b: "' + "\\\\" * n + '") }',
    "block strings": lambda n: '{ a(b: """' + '\\""" "" ' * n + '""") }',
    "unfinished string": lambda n: '{ a(b: "' + "\\\\" * n,
    "unfinished block string": lambda n: '{ a(b: """' + '\\"""' * n,
    "digits": lambda n: "{ a(b: " + "1" * n + "x) }",
    "doubling, with the bound on": lambda n: doubling(n),
}


def steps_of(work: Callable[[], object]) -> int:
    """Return how many lines of the guard `work` runs."""
    files = {module.__file__ for module in (document_bounds, document_lexer, document_survey)}
    steps = 0

    def count(frame: FrameType, event: str, _: object) -> Any:  # noqa: ANN401
        nonlocal steps
        if frame.f_code.co_filename not in files:
            return None
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        work()
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_document_takes_twice_the_steps(shape: str) -> None:
    bounds = (
        replace(UNBOUNDED, selections=1_000, text=UNBOUNDED.text)
        if shape.startswith("doubling")
        else UNBOUNDED
    )
    small, large = (
        steps_of(lambda size=size: code_of(SHAPES[shape](size), bounds))  # type: ignore[misc]
        for size in (150, 300)
    )

    assert large <= small * 2.2 + 50


PIECES = st.sampled_from(
    [
        *'{}()[]:@$!=|&"#,\\\n\r\t ',
        *[
            "...",
            "on",
            "query",
            "fragment",
            "subscription",
            "a",
            "b",
            "F",
            "__schema",
            "1",
            "-0.5e3",
        ],
        *['"""', '"text"', '"\\u0000"', "# c\n", "\ufeff", "\0", "ă", "\ud800", "😀", "..", "01"],
    ]
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(st.lists(PIECES, max_size=80).map("".join), st.lists(PIECES).map(" ".join), st.text())
)
def test_whatever_comes_the_guard_answers_or_refuses(document: str) -> None:
    code_of(document)


NAMES = st.sampled_from(["a", "b", "on", "query", "fragment", "type", "true", "null"])
VALUES = st.recursive(
    st.sampled_from(["1", "-1.5e3", '"x"', '""', '"""y"""', "true", "null", "E", "$v"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda values: f"[{' '.join(values)}]"),
        st.lists(inner, max_size=3).map(
            lambda values: "{" + ",".join(f"k: {value}" for value in values) + "}"
        ),
    ),
    max_leaves=6,
)
ARGUMENTS = st.one_of(st.just(""), VALUES.map(lambda value: f"(x: {value})"))
DIRECTIVES = st.one_of(st.just(""), ARGUMENTS.map(lambda arguments: f"@d{arguments}"))
LEAVES = st.builds("{0}{1} {2}".format, NAMES, ARGUMENTS, DIRECTIVES)
SELECTIONS = st.recursive(
    st.one_of(LEAVES, st.builds("{0}: {1}".format, NAMES, LEAVES), st.just("...F")),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        .map(" ".join)
        .flatmap(
            lambda inside: st.sampled_from(
                [
                    f"a {{ {inside} }}",
                    f"b: a {{ {inside} }}",
                    f"... {{ {inside} }}",
                    f"... on T @d {{ {inside} }}",
                ]
            )
        )
    ),
    max_leaves=12,
)
DOCUMENTS = st.lists(SELECTIONS, min_size=1, max_size=4).map(
    lambda selections: f"query Q {{ {' '.join(selections)} }} fragment F on on {{ on }}"
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(DOCUMENTS)
def test_the_guard_reads_every_document_that_the_parser_reads(document: str) -> None:
    parse(document)

    assert code_of(document, UNBOUNDED) is None


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_what_the_guard_cannot_read_the_parser_cannot_either(document: str) -> None:
    if code_of(document, UNBOUNDED) != "DOCUMENT_UNREADABLE":
        return
    try:
        parsed = parse(document)
    except GraphQLError:
        return

    # What the parser reads all the same is no document of ours: definitions of types, or U+0000.
    executable = {"operation_definition", "fragment_definition"}
    assert (
        {node.kind for node in parsed.definitions} - executable
        or "\0" in document
        or ("\\u0000" in document)
    )
