"""What a trail is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto

from api.kit.geo import Position
from api.tourism.records import Confidence, Texts
from api.tourism.trails.line import metres_from_line
from api.tourism.trails.walking import Difficulty, Measures


class LineKind(StrEnum):
    """Whether a line was walked with a receiver or drawn from a map, or only joins places on the way."""

    SURVEYED = auto()
    SKETCH = auto()


class GuideNeed(StrEnum):
    """Whether to take a guide."""

    NONE = auto()
    ADVISED = auto()
    REQUIRED = auto()


class TrailOrigin(StrEnum):
    """SHIPPED: as the content files have it, and replaced by them. EDITED: by an editor, and kept."""

    SHIPPED = auto()
    EDITED = auto()


@dataclass(frozen=True, slots=True)
class Bounds:
    """Degrees, WGS 84."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Course:
    """Where a trail runs. `accuracy_metres`: the path is likely within this distance of the line.

    `outline`: the line simplified by `outline_metres`, of OUTLINE_POINTS_AT_MOST points at most. `cells`
    are those of api.kit.near_cells; `points` tells how many the line itself has.
    """

    kind: LineKind
    accuracy_metres: float
    outline: tuple[Position, ...]
    outline_metres: float
    bounds: Bounds
    points: int
    measures: Measures
    cells: tuple[str, ...]

    @property
    def is_sketch(self) -> bool:
        """Whether the way winds between the points, so that it is longer and steeper than the line."""
        return self.kind is LineKind.SKETCH


@dataclass(frozen=True, slots=True)
class TrailFacts:
    """What people say of a trail. `difficulty`: None where what the line proposes stands.

    `stated_length_metres`, `stated_minutes`: what signs or guides say of the way from end to end.
    `notes`: of the ground, water, and papers. `best_months`: 1 to 12. A place at an end is known by its id.
    """

    names: Texts
    names_unchecked: tuple[str, ...] = ()
    descriptions: Texts = field(default_factory=dict[str, str])
    notes: Texts = field(default_factory=dict[str, str])
    start_place_id: str | None = None
    end_place_id: str | None = None
    stated_length_metres: float | None = None
    stated_minutes: int | None = None
    difficulty: Difficulty | None = None
    guide: GuideNeed = GuideNeed.NONE
    needs_permit: bool = False
    best_months: tuple[int, ...] = ()
    confidence: Confidence = Confidence.MEDIUM


@dataclass(frozen=True, slots=True)
class Trail:
    id: str
    facts: TrailFacts
    course: Course
    origin: TrailOrigin
    changed_at: datetime
    is_withdrawn: bool = False
    version: int = 1

    @property
    def difficulty(self) -> Difficulty:
        return self.facts.difficulty or self.course.measures.proposed

    @property
    def length_metres(self) -> float | None:
        """How long the way is: along the line, of a sketch as stated, None where nobody says."""
        if self.course.is_sketch:
            return self.facts.stated_length_metres
        return self.course.measures.length_metres

    @property
    def minutes(self) -> int | None:
        """How long the walk takes: as stated, else by the line; None for a sketch."""
        by_line = None if self.course.is_sketch else self.course.measures.minutes
        return self.facts.stated_minutes or by_line

    @property
    def start(self) -> Position:
        return self.course.outline[0]

    def distance_from(self, position: Position) -> float:
        """Return metres to the nearest point of the outline."""
        return metres_from_line(position, self.course.outline)
