"""Bands of air quality (Vietnam's VN_AQI) and flood alarms (báo động 1 to 3), in words."""

from collections.abc import Mapping
from enum import StrEnum, auto

from api.kit.errors import N_


class AirBand(StrEnum):
    """QĐ 1459/QĐ-TCMT of 2019, best first."""

    GOOD = auto()
    MODERATE = auto()
    UNHEALTHY_FOR_SENSITIVE_GROUPS = auto()
    UNHEALTHY = auto()
    VERY_UNHEALTHY = auto()
    HAZARDOUS = auto()

    @classmethod
    def of(cls, index: float) -> "AirBand":
        """Return the band of a VN_AQI, which is a whole number: halves count up."""
        whole = int(index + 0.5)
        return next(
            (band for band, most in _AIR_BANDS_UP_TO.items() if whole <= most), cls.HAZARDOUS
        )


class FloodAlarm(StrEnum):
    """How high a river stands. At a level counts as above it."""

    BELOW_1 = auto()
    ABOVE_1 = auto()
    ABOVE_2 = auto()
    ABOVE_3 = auto()

    @classmethod
    def of(cls, level: float, alarm_levels: tuple[float, ...]) -> "FloodAlarm | None":
        """Return it by the levels that there are, in metres; None for a river without any."""
        if not alarm_levels:
            return None
        return list(cls)[sum(level >= it for it in alarm_levels)]


_AIR_BANDS_UP_TO: Mapping[AirBand, int] = {
    AirBand.GOOD: 50,
    AirBand.MODERATE: 100,
    AirBand.UNHEALTHY_FOR_SENSITIVE_GROUPS: 150,
    AirBand.UNHEALTHY: 200,
    AirBand.VERY_UNHEALTHY: 300,
}
AIR_WORDS: Mapping[AirBand, str] = {
    AirBand.GOOD: N_("Good air"),
    AirBand.MODERATE: N_("Moderate air"),
    AirBand.UNHEALTHY_FOR_SENSITIVE_GROUPS: N_("Air unhealthy for sensitive groups"),
    AirBand.UNHEALTHY: N_("Unhealthy air"),
    AirBand.VERY_UNHEALTHY: N_("Very unhealthy air"),
    AirBand.HAZARDOUS: N_("Hazardous air"),
}
FLOOD_WORDS: Mapping[FloodAlarm, str] = {
    FloodAlarm.BELOW_1: N_("Below flood alarm 1"),
    FloodAlarm.ABOVE_1: N_("At or above flood alarm 1: low ground by the river may be flooded"),
    FloodAlarm.ABOVE_2: N_("At or above flood alarm 2: a dangerous flood"),
    FloodAlarm.ABOVE_3: N_("At or above flood alarm 3: a very dangerous flood"),
}
UNKNOWN_WORDS = N_("Not known right now")
