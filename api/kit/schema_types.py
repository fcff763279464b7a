"""GraphQL types that more than one slice speaks: texts in a language, and positions."""

from collections.abc import Mapping

import strawberry

from api.kit.geo import Position as ExactPosition
from api.kit.localized import best_language


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
