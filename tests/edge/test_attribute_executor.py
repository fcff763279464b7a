"""The short way through attributes answers exactly what Strawberry's own way answers."""

from enum import Enum
from typing import Any

import pytest
import strawberry
from hypothesis import given
from hypothesis import strategies as st
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext
from typing_extensions import override

from api.kit.attribute_executor import AttributeExecutor


@strawberry.enum
class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Awaited:
    """An attribute that has to be waited for."""

    def __await__(self) -> Any:  # noqa: ANN401
        yield from ()
        return "awaited"


@strawberry.interface
class Named:
    title: str


@strawberry.type
class Book(Named):
    pages: int


@strawberry.type
class Part:
    text: str
    number: int | None


@strawberry.type
class Thing:
    text: str
    maybe_text: str | None
    number: int
    maybe_number: int | None
    weight: float
    flag: bool
    colour: Colour
    maybe_colour: Colour | None
    words: list[str]
    maybe_words: list[str | None] | None
    part: Part
    maybe_part: Part | None
    parts: list[Part]
    book: Book | None

    @strawberry.field
    def shouted(self) -> str:
        return str(self.text).upper()

    @strawberry.field
    async def later(self) -> str | None:
        return "later"


SOUND: dict[str, Any] = {
    "text": "a",
    "maybe_text": None,
    "number": 1,
    "maybe_number": None,
    "weight": 1.5,
    "flag": True,
    "colour": Colour.RED,
    "maybe_colour": None,
    "words": ["a", "b"],
    "maybe_words": [None, "c"],
    "part": Part(text="p", number=1),
    "maybe_part": None,
    "parts": [Part(text="q", number=None), Part(text="r", number=2)],
    "book": Book(title="t", pages=3),
}


@strawberry.type
class Query:
    thing: Thing | None
    things: list[Thing | None] | None


SHORT, LONG = (
    strawberry.Schema(Query, execution_context_class=executor)
    for executor in (AttributeExecutor, StrawberryGraphQLCoreExecutionContext)
)
for schema in (SHORT, LONG):
    schema.process_errors = lambda *_: None  # type: ignore[method-assign]
DOCUMENT = """
query($no: Boolean = false) {
  thing { ...Everything shouted later }
  things { t: text ...Everything }
}
fragment Everything on Thing {
  __typename text again: text maybeText number maybeNumber weight flag colour maybeColour
  words maybeWords part { text } part { number } maybePart { __typename text }
  parts { n: number text @skip(if: $no) } book { title pages }
}
"""


def plain(errors: Any) -> list[Any]:  # noqa: ANN401
    return [(error.message, error.path, error.locations) for error in errors or ()]


async def both(values: dict[str, Any]) -> tuple[Any, Any]:
    """Run the document both ways over things with these values."""
    answers: list[Any] = []
    for schema in (SHORT, LONG):
        root = Query(
            thing=Thing(**{**SOUND, **values}),
            things=[Thing(**{**SOUND, **values}), None, Thing(**SOUND)],
        )
        result = await schema.execute(DOCUMENT, root_value=root)
        answers.append((result.data, plain(result.errors)))
    return answers[0], answers[1]


async def test_sound_values_are_the_same_in_the_same_order() -> None:
    short, long = await both({})

    assert short == long
    assert short[1] == []
    assert list(short[0]["thing"]) == list(long[0]["thing"])
    assert short[0]["thing"]["colour"] == "RED"
    assert short[0]["thing"]["part"] == {"text": "p", "number": 1}


async def test_the_short_way_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_more(*_: object) -> None:
        pytest.fail("the executor's own way was taken")

    document = "{ thing { text part { text number } words colour } }"
    monkeypatch.setattr(StrawberryGraphQLCoreExecutionContext, "execute_fields", no_more)
    result = await SHORT.execute(document, root_value=Query(thing=Thing(**SOUND), things=None))

    assert result.errors is None
    assert result.data == {
        "thing": {
            "text": "a",
            "part": {"text": "p", "number": 1},
            "words": ["a", "b"],
            "colour": "RED",
        }
    }


class Odd:
    @override
    def __repr__(self) -> str:
        return "odd"


ODD: list[Any] = [
    None,
    True,
    0,
    -(2**31),
    2**31,
    1.0,
    1.5,
    float("nan"),
    float("inf"),
    "",
    "red",
    "RED",
    b"bytes",
    Colour.GREEN,
    (),
    [],
    [None],
    ["a", 1],
    ("a", "b"),
    {"text": "a"},
    Part(text="x", number=None),
    Part(text=None, number="1"),  # type: ignore[arg-type]
    [Part(text="x", number=True)],
    [Part(text="x", number=1), None],
    Book(title="x", pages=2**40),
    RuntimeError("held, not raised"),
    Odd(),
]


@pytest.mark.parametrize("name", SOUND)
@pytest.mark.parametrize("value", ODD, ids=repr)
async def test_an_odd_value_is_taken_or_refused_alike(name: str, value: object) -> None:
    short, long = await both({name: value})

    # repr, because NaN is not equal to itself and an object's address is part of a message
    assert repr(short) == repr(long)


async def test_an_attribute_that_must_be_awaited_is_awaited() -> None:
    short, long = await both({"maybe_text": Awaited()})

    assert short == long
    assert short[0]["thing"]["maybeText"] == "awaited"


async def test_an_attribute_that_raises_is_reported_with_its_place() -> None:
    def broken(_: Thing) -> list[str]:
        raise KeyError("words")

    def kept_out(_: Thing, __: object) -> None:
        pass

    thing_of_broken_words = type("Broken", (Thing,), {"words": property(broken, kept_out)})
    for schema in (SHORT, LONG):
        result = await schema.execute(
            "{ thing { text words } }",
            root_value=Query(thing=thing_of_broken_words(**SOUND), things=None),
        )

        assert result.data == {"thing": None}
        assert [error.path for error in result.errors or ()] == [["thing", "words"]]


@given(st.data())
async def test_any_mixture_of_values_is_answered_alike(data: st.DataObject) -> None:
    values = {
        name: data.draw(st.sampled_from([sound, *ODD[:12]]), label=name)
        for name, sound in SOUND.items()
        if data.draw(st.booleans())
    }

    short, long = await both(values)

    assert repr(short) == repr(long)
