"""What editors send, as the contract has it."""

from typing import Any

import strawberry
from strawberry import UNSET

import api.tourism.schema  # noqa: F401 # pyright: ignore[reportUnusedImport] - it names the enumerations
from api.kit.schema_types import PositionInput
from api.tourism.editing.errors import InvalidPlace
from api.tourism.editing.picture_rules import ALT_CHARACTERS_AT_MOST, PICTURES_AT_MOST
from api.tourism.editing.place_fields import DESCRIPTIONS, OPENING_NOTE, PICTURES
from api.tourism.editing.place_rules import NAME_CHARACTERS_AT_MOST, TEXT_CHARACTERS_AT_MOST
from api.tourism.editing.records import PlaceChange
from api.tourism.flat_rows import NAMES
from api.tourism.records import Confidence, PictureLicence, PlaceCategory, Steps, WifiAccess

_TEXTS_AT_MOST = 20
_PLAIN = (
    "Plain text: NFC, trimmed; markup, control and invisible characters are refused. Null or empty"
    " takes the text away."
)


@strawberry.input(description="A text in one language.")
class TextInput:
    language: str = strawberry.field(description="BCP 47 tag: vi, en, zh-Hans, fr, ko or ja.")
    text: str | None = strawberry.field(default=None, description=_PLAIN)


@strawberry.input(description="A public network.")
class WifiInput:
    ssid: str = strawberry.field(description="The name of the network, at most 32 bytes.")
    access: WifiAccess
    password: str | None = strawberry.field(
        default=None, description="8 to 63 printable ASCII characters, if access is by PASSWORD."
    )

    def network(self) -> dict[str, str | None]:
        """Return it as a row has it."""
        return {"ssid": self.ssid, "access": self.access.value, "password": self.password}


@strawberry.input(description="A photo of the place, with its credit.")
class PictureInput:
    media_id: strawberry.ID = strawberry.field(
        description="A photo of yours that is READY, or one that a place has already. Once published it is"
        " the province's, and stays when your account goes."
    )
    alt: list[TextInput] = strawberry.field(
        description="What the picture shows, for those who cannot see it; in Vietnamese at least, at most"
        f" {ALT_CHARACTERS_AT_MOST} characters each."
    )
    author: str = strawberry.field(
        description=f"Whom to credit, at most {NAME_CHARACTERS_AT_MOST} characters."
    )
    licence: PictureLicence

    def row(self) -> dict[str, Any]:
        """Return it as a row has it. Raises InvalidPlace for a language twice."""
        alt = {text.language: text.text for text in self.alt}
        if len(alt) < len(self.alt):
            raise InvalidPlace(PICTURES)
        return {
            "media_id": self.media_id,
            "alt": alt,
            "author": self.author,
            "licence": self.licence.value,
        }


@strawberry.input(description="What somebody in a wheelchair asks.")
class AccessibilityInput:
    steps: Steps

    def row(self) -> dict[str, str] | None:
        """Return it as a row has it, None for what is not known."""
        return None if self.steps is Steps.UNKNOWN else {"steps": self.steps.value}


@strawberry.input(
    description="What is left out stays as it is. Null takes away a value that may be absent; of texts, only those named change."
)
class PlaceChangesInput:
    names: list[TextInput] | None = strawberry.field(
        default=UNSET,
        description=f"At most {NAME_CHARACTERS_AT_MOST} characters each. A new name is unchecked"
        " until it is confirmed.",
    )
    descriptions: list[TextInput] | None = strawberry.field(
        default=UNSET, description=f"At most {TEXT_CHARACTERS_AT_MOST} characters each."
    )
    opening_notes: list[TextInput] | None = strawberry.field(
        default=UNSET, description=f"At most {TEXT_CHARACTERS_AT_MOST} characters each."
    )
    other_names: list[str] | None = strawberry.field(
        default=UNSET, description="Other spellings, old and local names: all of them."
    )
    category: PlaceCategory | None = UNSET
    position: PositionInput | None = strawberry.field(
        default=UNSET,
        description="In the province, or at most 3 km beyond its border. The commune follows.",
    )
    position_accuracy: float | None = strawberry.field(
        default=UNSET, description="Metres, above 0 to 3,000; of a new position 100 if left out."
    )
    altitude: float | None = strawberry.field(
        default=UNSET, description="Metres above the sea, 0 to 3,500."
    )
    confidence: Confidence | None = UNSET
    opening_hours: str | None = strawberry.field(
        default=UNSET,
        description="In OpenStreetMap's opening_hours syntax; PH are the public holidays of Vietnam.",
    )
    visit_minutes: int | None = strawberry.field(
        default=UNSET, description="How long people stay, 5 to 4,320 minutes."
    )
    phone: str | None = strawberry.field(default=UNSET, description="E.164, or a short number.")
    website: str | None = strawberry.field(
        default=UNSET, description="An http: or https: address of at most 500 characters."
    )
    pictures: list[PictureInput] | None = strawberry.field(
        default=UNSET,
        description=f"All of them, at most {PICTURES_AT_MOST}, in the order in which they are shown.",
    )
    wifi: WifiInput | None = strawberry.field(
        default=UNSET, description="If it is a public network."
    )
    accessibility: AccessibilityInput | None = strawberry.field(
        default=UNSET, description="Null and UNKNOWN: not firmly known."
    )

    def change(self) -> PlaceChange:
        """Return it as the services take it. Raises InvalidPlace, InvalidPosition."""
        values: dict[str, Any] = {
            "other_names": self.other_names,
            "category": self.category,
            "altitude_metres": self.altitude,
            "confidence": self.confidence,
            "opening_hours": self.opening_hours,
            "visit_minutes": self.visit_minutes,
            "phone": self.phone,
            "website": self.website,
            PICTURES: [picture.row() for picture in self.pictures]
            if self.pictures
            else self.pictures,
            "wifi": self.wifi.network() if self.wifi else self.wifi,
            "accessibility": self.accessibility.row() if self.accessibility else self.accessibility,
        }
        return PlaceChange(
            texts={
                **_texts(NAMES, "names", self.names),
                **_texts(DESCRIPTIONS, "descriptions", self.descriptions),
                **_texts(OPENING_NOTE, "openingNotes", self.opening_notes),
            },
            values={name: _stored(value) for name, value in values.items() if value is not UNSET},
            position=self.position.position() if self.position else None,
            accuracy_metres=None if self.position_accuracy is UNSET else self.position_accuracy,
        )


def _texts(
    name: str, field: str, texts: list[TextInput] | None
) -> dict[tuple[str, str], str | None]:
    given = texts or []
    by_language = {(name, text.language): text.text for text in given}
    if len(given) > _TEXTS_AT_MOST or len(by_language) < len(given):
        raise InvalidPlace(field)
    return by_language


def _stored(value: Any) -> Any:  # noqa: ANN401 - any field of the input
    return value.value if isinstance(value, PlaceCategory | Confidence) else value
