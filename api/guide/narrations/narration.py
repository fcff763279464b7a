"""A recording of a text, and all of them as readers need them: found by what is said."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from typing_extensions import override

from api.guide.tours.records import Stop, StopText, Texts


@dataclass(frozen=True, slots=True)
class Spot:
    """Which text of which stop is told, and in which language (BCP 47)."""

    tour_id: str
    stop_id: str
    text: StopText
    language: str

    @override
    def __str__(self) -> str:
        return f"{self.tour_id}/{self.stop_id}/{self.text}/{self.language}"


@dataclass(frozen=True, slots=True)
class Narration:
    """`text_hash`: of what was written when it was attached; it is told as long as that stands there."""

    spot: Spot
    text_hash: str
    media_id: str
    content_type: str
    byte_count: int
    sha256: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class NarrationBook:
    """All narrations. `version` changes with any of them."""

    version: str
    by_text: Mapping[tuple[str, str], Narration] = field(
        default_factory=dict[tuple[str, str], Narration]
    )

    @classmethod
    def of(cls, narrations: Iterable[Narration]) -> "NarrationBook":
        """Take them in the order of their spots."""
        digest, by_text = hashlib.sha256(), dict[tuple[str, str], Narration]()
        for narration in narrations:
            digest.update(f"{narration.spot} {narration.text_hash} {narration.media_id}\n".encode())
            by_text[narration.spot.language, narration.text_hash] = narration
        return cls(digest.hexdigest() if by_text else "", by_text)

    def of_text(self, text: str, language: str) -> Narration | None:
        """Return how somebody tells this very text; None when nobody does."""
        return self.by_text.get((language, text_hash_of(text)))


def text_hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def texts_of(stop: Stop, text: StopText) -> Texts:
    return stop.short if text is StopText.SHORT else stop.long
