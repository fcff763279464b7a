"""Which warnings the owner of a device wants, and which come all the same."""

from dataclasses import dataclass
from enum import StrEnum, auto


class HazardKind(StrEnum):
    """What a warning may be of, by the code that our own messages carry; all else cannot be muted."""

    FLASH_FLOOD = "flash-flood"
    LANDSLIDE = "landslide"
    RIVER_FLOOD = "river-flood"
    HEAVY_RAIN = "heavy-rain"
    STORM = "storm"
    HAIL = "hail"
    SEVERE_COLD = "severe-cold"
    HEAT = "heat"
    FOG = "fog"
    FOREST_FIRE = "forest-fire"
    AIR_QUALITY = "air-quality"
    ROAD = "road"


class WarningLevel(StrEnum):
    """How bad it is, as CAP 1.2 grades it; the worst last."""

    MINOR = auto()
    MODERATE = auto()
    SEVERE = auto()
    EXTREME = auto()

    @property
    def rank(self) -> int:
        return _RANKS[self]


_RANKS = {level: rank for rank, level in enumerate(WarningLevel)}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a warning is of. None: not known, and then nobody's preference leaves it out."""

    hazard: HazardKind | None
    level: WarningLevel | None


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a device is spared: warnings of the `muted` kinds, and those below the `least` level."""

    muted: frozenset[HazardKind] = frozenset()
    least: WarningLevel = WarningLevel.MINOR

    def want(self, subject: Subject | None) -> bool:
        """Tell whether a warning of `subject` is wanted. One that is EXTREME always is."""
        if subject is None or subject.level is WarningLevel.EXTREME:
            return True
        is_loud_enough = subject.level is None or subject.level.rank >= self.least.rank
        return is_loud_enough and subject.hazard not in self.muted


EVERYTHING = Preferences()
