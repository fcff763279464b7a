"""Each kind of change is told for what it does to apps in the field."""

from dataclasses import replace
from datetime import date

import pytest

from api.contract.changes import Change, Level, changes_between
from api.contract.deprecations import unfounded
from api.contract.published import Contract

TODAY = date(2026, 11, 29)
SDL = """
directive @marked(by: String) on FIELD

scalar Day

interface Named { name: String! }

enum Weather { SUN RAIN }

input Near { latitude: Float!, longitude: Float!, within: Int }

type Market implements Named { id: ID!, name: String!, day: Day, stalls: Int! }

type Refused { message: String! }

union Answer = Market | Refused

type Query {
  market(id: ID!, language: String): Market
  markets(near: Near, weather: Weather = SUN): [Market!]!
  old: Int @deprecated(reason: "Read `market`. Goes after 2026-11-28.")
  older: Int @deprecated(reason: "Read `market`. Goes after 2026-11-29.")
  answer: Answer
}
"""
RELEASED = Contract(
    SDL, {"tourism/Market": "query Market($id: ID!) { market(id: $id) { id name stalls } }"}
)


def after(old: str, new: str, contract: Contract = RELEASED) -> list[Change]:
    """Return what is told when `old` in the schema becomes `new`."""
    assert old in SDL

    return changes_between(contract, Contract(SDL.replace(old, new), {}), TODAY)


def test_the_same_contract_has_no_change() -> None:
    assert changes_between(RELEASED, RELEASED, TODAY) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "text"),
    [
        ("  answer: Answer\n", "", "FIELD_REMOVED", "Field Query.answer was removed"),
        ("day: Day,", "", "FIELD_REMOVED", "Field Market.day was removed"),
        ("  older: Int", "  olden: Int", "FIELD_REMOVED", "Field Query.older was removed"),
        (
            "day: Day,",
            "day: String,",
            "FIELD_CHANGED_KIND",
            "Field Market.day changed type from Day to String",
        ),
        (
            "stalls: Int!",
            "stalls: Int",
            "FIELD_CHANGED_KIND",
            "Field Market.stalls changed type from Int! to Int",
        ),
        (
            ", language: String)",
            ")",
            "ARG_REMOVED",
            "Argument Query.market(language:) was removed",
        ),
        (
            "language: String)",
            "language: Int)",
            "ARG_CHANGED_KIND",
            "Argument Query.market(language:) has changed type from String to Int",
        ),
        (
            "language: String)",
            "language: String, at: Day!)",
            "REQUIRED_ARG_ADDED",
            "A required argument Query.market(at:) was added",
        ),
        (
            "within: Int",
            "within: Int!",
            "FIELD_CHANGED_KIND",
            "Field Near.within changed type from Int to Int!",
        ),
        (
            "within: Int",
            "within: Int, unit: String!",
            "REQUIRED_INPUT_FIELD_ADDED",
            "A required field Near.unit was added",
        ),
        (", within: Int", "", "FIELD_REMOVED", "Field Near.within was removed"),
        (
            "SUN RAIN",
            "SUN",
            "VALUE_REMOVED_FROM_ENUM",
            "Enum value Weather.RAIN was removed",
        ),
        (
            "Market | Refused",
            "Market",
            "TYPE_REMOVED_FROM_UNION",
            "Refused was removed from union type Answer",
        ),
        (
            " implements Named",
            "",
            "IMPLEMENTED_INTERFACE_REMOVED",
            "Market no longer implements interface Named",
        ),
        (
            "enum Weather { SUN RAIN }",
            "scalar Weather",
            "TYPE_CHANGED_KIND",
            "Weather changed from an Enum type to a Scalar type",
        ),
        (
            "directive @marked(by: String) on FIELD",
            "",
            "DIRECTIVE_REMOVED",
            "Directive @marked was removed",
        ),
        (
            "(by: String) on FIELD",
            " on FIELD",
            "DIRECTIVE_ARG_REMOVED",
            "Argument @marked(by:) was removed",
        ),
        (
            ", stalls: Int!",
            "",
            "DOCUMENT_REFUSED",
            "tourism/Market is refused: Cannot query field 'stalls' on type 'Market'",
        ),
    ],
)
def test_what_breaks_apps_is_breaking(old: str, new: str, kind: str, text: str) -> None:
    assert Change(Level.BREAKING, kind, text) in after(old, new)


@pytest.mark.parametrize(
    ("old", "new", "kind", "text"),
    [
        ("SUN RAIN", "SUN RAIN FOG", "VALUE_ADDED_TO_ENUM", "Enum value Weather.FOG was added"),
        (
            "Refused\n\ntype Query",
            "Refused | Query\n\ntype Query",
            "TYPE_ADDED_TO_UNION",
            "Query was added to union type Answer",
        ),
        (
            "within: Int",
            "within: Int, unit: String",
            "OPTIONAL_INPUT_FIELD_ADDED",
            "An optional field Near.unit was added",
        ),
        (
            "= SUN",
            "= RAIN",
            "ARG_DEFAULT_VALUE_CHANGE",
            "Query.markets(weather:) has changed defaultValue from SUN to RAIN",
        ),
    ],
)
def test_what_may_surprise_apps_is_dangerous(old: str, new: str, kind: str, text: str) -> None:
    assert after(old, new) == [Change(Level.DANGEROUS, kind, text)]


@pytest.mark.parametrize(
    ("old", "new", "kind", "text"),
    [
        ("day: Day,", "day: Day, eve: Day,", "FIELD_ADDED", "Field Market.eve was added"),
        ("scalar Day", "scalar Day\nscalar Hour", "TYPE_ADDED", "Hour was added"),
        (
            "day: Day,",
            'day: Day @deprecated(reason: "Read `x`. Goes after 2027-01-01."),',
            "DEPRECATED",
            "Market.day was deprecated",
        ),
        (
            "day: Day,",
            "day: Day!,",
            "FIELD_CHANGED_KIND_SAFE",
            "Field Market.day changed type from Day to Day!",
        ),
    ],
)
def test_what_apps_need_not_notice_is_safe(old: str, new: str, kind: str, text: str) -> None:
    assert after(old, new) == [Change(Level.SAFE, kind, text)]


def test_other_words_are_no_change() -> None:
    assert after("scalar Day", '"As written in Vietnam."\nscalar Day') == []


def test_what_was_announced_may_go_once_its_day_is_past() -> None:
    gone = after('  old: Int @deprecated(reason: "Read `market`. Goes after 2026-11-28.")\n', "")

    assert gone == [Change(Level.DUE, "FIELD_REMOVED", "Field Query.old was removed")]


def test_what_was_announced_stays_while_a_released_document_asks_for_it() -> None:
    asked = replace(RELEASED, documents={"tourism/Old": "query Old { old }"})

    gone = after(
        '  old: Int @deprecated(reason: "Read `market`. Goes after 2026-11-28.")\n', "", asked
    )

    assert [(one.level, one.kind) for one in gone] == [
        (Level.BREAKING, "DOCUMENT_REFUSED"),
        (Level.DUE, "FIELD_REMOVED"),
    ]


@pytest.mark.parametrize(
    "directive",
    [
        "@deprecated",
        '@deprecated(reason: "Read `market`.")',
        '@deprecated(reason: "Goes after 2027-01-01.")',
        '@deprecated(reason: "Read `market`. Goes after 2027-02-30.")',
        '@deprecated(reason: "No longer supported. Goes after 2027-02-28.")',
    ],
)
@pytest.mark.parametrize(
    ("place", "coordinate"),
    [
        ("day: Day", "Market.day"),
        ("language: String", "Query.market(language:)"),
        ("within: Int", "Near.within"),
        ("RAIN", "Weather.RAIN"),
    ],
)
def test_a_deprecation_says_why_and_until_when(directive: str, place: str, coordinate: str) -> None:
    contract = Contract(SDL.replace(place, f"{place} {directive}", 1), {})

    assert [one.coordinate for one in unfounded(contract.schema())] == [coordinate]


def test_a_deprecation_that_says_both_is_one() -> None:
    assert unfounded(RELEASED.schema()) == []
