"""What editors send of trails."""

import strawberry

from api.kit.changes import Unchanged
from api.kit.schema_changes import collected, mapped, present, removable
from api.tourism.closures.schema import WrittenTextInput
from api.tourism.records import Confidence
from api.tourism.trails.editing import Seen
from api.tourism.trails.files import BYTES_AT_MOST, TrailFormat
from api.tourism.trails.trail import GuideNeed, LineKind
from api.tourism.trails.typed_points import GAP_METRES_AT_MOST, POINTS_AT_MOST
from api.tourism.trails.walking import Difficulty
from api.tourism.trails.writing import (
    ACCURACY_AT_LEAST,
    ACCURACY_AT_MOST,
    NAME_CHARACTERS_AT_MOST,
    TEXT_CHARACTERS_AT_MOST,
    WrittenFacts,
    WrittenLine,
)
from api.tourism.written_texts import WrittenText

_KEY = "16 to 128 visible ASCII characters, made anew for each change."
_VERSION = "The `version` that you saw: who was faster is not overwritten."
_TEXTS = (
    f"In languages of ours, Vietnamese always; at most {TEXT_CHARACTERS_AT_MOST:,} characters each."
)

strawberry.enum(
    Difficulty,
    name="TrailDifficulty",
    description="Dễ, vừa, khó, rất khó. Proposed by kilometres and one more for each 100 m of ascent: up to"
    " 8, 16, 26, and more; one harder where half a kilometre rises or falls by more than 30 %.",
)
strawberry.enum(
    LineKind,
    name="TrailLineKind",
    description="SURVEYED: walked with a receiver, or drawn from a map. SKETCH: straight lines between places"
    " on the way; never find your way by it.",
)
strawberry.enum(GuideNeed, name="TrailGuide", description="Whether to take a guide.")
strawberry.enum(TrailFormat, description="GPX 1.0 or 1.1, or GeoJSON (RFC 7946).")


@strawberry.input(description="What is left out stays as it is.")
class TrailFactsInput:
    names: list[WrittenTextInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description="In languages of ours, Vietnamese always, and for a new trail; at most"
        f" {NAME_CHARACTERS_AT_MOST} characters each.",
    )
    descriptions: list[WrittenTextInput] | None = strawberry.field(
        default=strawberry.UNSET, description=f"{_TEXTS} Empty: none."
    )
    notes: list[WrittenTextInput] | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"The ground, water, and papers. {_TEXTS} Empty: none.",
    )
    start_place_id: strawberry.ID | None = strawberry.UNSET
    end_place_id: strawberry.ID | None = strawberry.UNSET
    stated_length: float | None = strawberry.field(
        default=strawberry.UNSET,
        description="Metres from end to end as signs or guides have it; only shown of a SKETCH.",
    )
    stated_minutes: int | None = strawberry.field(
        default=strawberry.UNSET, description="From end to end as signs or guides have it."
    )
    difficulty: Difficulty | None = strawberry.field(
        default=strawberry.UNSET,
        description="Null: what the line proposes. A SKETCH proposes nothing.",
    )
    guide: GuideNeed | None = strawberry.UNSET
    needs_permit: bool | None = strawberry.UNSET
    best_months: list[int] | None = strawberry.field(
        default=strawberry.UNSET, description="1 is January; each once."
    )
    confidence: Confidence | None = strawberry.UNSET

    def written(self) -> WrittenFacts:
        return WrittenFacts(
            names=_texts(self.names),
            descriptions=_texts(self.descriptions),
            notes=_texts(self.notes),
            start_place_id=removable(self.start_place_id),
            end_place_id=removable(self.end_place_id),
            stated_length_metres=removable(self.stated_length),
            stated_minutes=removable(self.stated_minutes),
            difficulty=removable(self.difficulty),
            guide=present(self.guide),
            needs_permit=present(self.needs_permit),
            best_months=collected(self.best_months),
            confidence=present(self.confidence),
        )


@strawberry.input
class ImportTrailInput:
    id: strawberry.ID | None = strawberry.field(
        default=None, description="Of the trail whose line it replaces; absent: a new trail."
    )
    expected_version: int = strawberry.field(default=0, description=f"With `id`. {_VERSION}")
    document: str = strawberry.field(
        description=f"The file, {BYTES_AT_MOST >> 20} MB and {POINTS_AT_MOST:,} points 5 m apart at most (and"
        f" no more than a request may have). Parts are joined across {GAP_METRES_AT_MOST} m at most."
    )
    format: TrailFormat
    line_kind: LineKind = LineKind.SURVEYED
    line_accuracy: float = strawberry.field(
        default=20.0,
        description=f"Metres, {ACCURACY_AT_LEAST:.0f} to {ACCURACY_AT_MOST:,.0f}.",
    )
    facts: TrailFactsInput
    idempotency_key: str = strawberry.field(description=_KEY)

    def line(self) -> WrittenLine:
        """Return the file. Raises InvalidAccuracy."""
        # What is no text at all is refused with what is no file of the format.
        document = self.document.encode("utf-8", "surrogatepass")
        return WrittenLine(document, self.format, self.line_kind, self.line_accuracy)

    def seen(self) -> Seen | None:
        return None if self.id is None else Seen(self.id, self.expected_version)


@strawberry.input
class ChangeTrailInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    facts: TrailFactsInput
    idempotency_key: str = strawberry.field(description=_KEY)

    def seen(self) -> Seen:
        return Seen(self.id, self.expected_version)


@strawberry.input
class WithdrawTrailInput:
    id: strawberry.ID
    expected_version: int = strawberry.field(description=_VERSION)
    idempotency_key: str = strawberry.field(description=_KEY)

    def seen(self) -> Seen:
        return Seen(self.id, self.expected_version)


def _texts(given: list[WrittenTextInput] | None) -> tuple[WrittenText, ...] | Unchanged:
    return present(mapped(given, lambda texts: tuple(it.written() for it in texts)))
