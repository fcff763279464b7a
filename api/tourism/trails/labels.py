"""The words people read for our enumerations; msgids, translated when shown."""

from collections.abc import Mapping

from api.kit.errors import N_
from api.tourism.trails.trail import GuideNeed, LineKind
from api.tourism.trails.walking import Difficulty

TRAIL_LABEL = N_("Trail")

DIFFICULTY_LABELS: Mapping[Difficulty, str] = {
    Difficulty.EASY: N_("Easy"),
    Difficulty.MODERATE: N_("Moderate"),
    Difficulty.HARD: N_("Hard"),
    Difficulty.VERY_HARD: N_("Very hard"),
}

GUIDE_LABELS: Mapping[GuideNeed, str] = {
    GuideNeed.NONE: N_("You may walk it without a guide."),
    GuideNeed.ADVISED: N_("Take a guide who knows the way."),
    GuideNeed.REQUIRED: N_("Only with a licensed guide."),
}

LINE_LABELS: Mapping[LineKind, str] = {
    LineKind.SURVEYED: N_("The line is good to {distance}."),
    LineKind.SKETCH: N_(
        "A sketch that only joins places on the way, good to {distance}: do not find your way by it."
    ),
}
