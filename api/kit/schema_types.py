"""GraphQL types that more than one slice speaks: texts in a language, and positions."""

from collections.abc import Mapping
from typing import NewType

import strawberry
from strawberry.exceptions import StrawberryInputCoercionError
from strawberry.types.scalar import ScalarDefinition

from api.kit.formats import money_text
from api.kit.geo import Position as ExactPosition
from api.kit.localized import best_language

Dong = NewType("Dong", int)
"""Whole đồng. GraphQL's Int ends at 2,147,483,647, which the balance of a merchant may exceed."""

_DONG_AT_MOST = 2**53 - 1


def _dong(value: object) -> int:
    """Return whole đồng. Raises StrawberryInputCoercionError: nothing is rounded, and no text is read."""
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not is_whole or not isinstance(value, int | float):
        raise StrawberryInputCoercionError(
            "Value cannot represent a Dong: expected a whole number."
        )
    if abs(value) > _DONG_AT_MOST:
        raise StrawberryInputCoercionError("Value cannot represent a Dong: it is too large.")
    return int(value)


SCALARS: dict[object, ScalarDefinition] = {
    Dong: strawberry.scalar(
        name="Dong",
        description="Whole Vietnamese đồng: a JSON number without a fraction, at most 2^53 - 1. Read it"
        " into 64 bits.",
        serialize=int,
        parse_value=_dong,
    )
}
"""For the configuration of a schema."""


@strawberry.type(description="An amount of money.")
class Money:
    amount: Dong
    text: str = strawberry.field(description="As the reader's language writes it.")

    @classmethod
    def of(cls, dong: int, language: str) -> "Money":
        return cls(amount=Dong(dong), text=money_text(dong, language))


@strawberry.type(
    description="A text in the best language we have for the reader: asked, then en, then vi."
)
class LocalizedText:
    text: str = strawberry.field(description="Plain text.")
    language: str = strawberry.field(description="BCP 47 tag of the language the text is in.")

    @classmethod
    def of(cls, texts: Mapping[str, str], asked: str) -> "LocalizedText | None":
        """Return the best of `texts` (by BCP 47 tag), None when there is none."""
        language = best_language(texts, asked)
        return None if language is None else cls(text=texts[language], language=language)

    @classmethod
    def needed(cls, texts: Mapping[str, str], asked: str) -> "LocalizedText":
        """Return the best of `texts`, of which there is one: without it they are refused where they come in."""
        text = cls.of(texts, asked)
        assert text is not None, "texts of no language were let in"  # noqa: S101
        return text


@strawberry.type(description="A point on the earth.")
class Position:
    latitude: float = strawberry.field(description="Degrees, WGS 84.")
    longitude: float = strawberry.field(description="Degrees, WGS 84.")

    @classmethod
    def of(cls, position: ExactPosition) -> "Position":
        return cls(latitude=position.latitude, longitude=position.longitude)


@strawberry.input(description="A point on the earth.")
class PositionInput:
    latitude: float = strawberry.field(description="Degrees, WGS 84, -90 to 90.")
    longitude: float = strawberry.field(description="Degrees, WGS 84, -180 to 180.")

    def position(self) -> ExactPosition:
        """Return the point. Raises InvalidPosition when it is not on the earth."""
        return ExactPosition(self.latitude, self.longitude)
