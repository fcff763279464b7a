"""When the sun rises and sets, within about two minutes at the latitude of the province.

The formula of low accuracy in the Astronomical Almanac (U.S. Naval Observatory and HM Nautical Almanac Office):
the sun's mean longitude and anomaly give declination and equation of time; rising is at an altitude of
-0.833 degrees, for refraction and the sun's radius. Mountains around are not counted in.
"""

from datetime import UTC, date, datetime, timedelta
from math import acos, asin, atan2, cos, degrees, radians, sin

from api.kit.geo import Position

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_RISING = radians(-0.833)


def daylight(day: date, at: Position) -> tuple[datetime, datetime]:
    """Return sunrise and sunset of a day, aware. `at`: between the polar circles."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(
        hours=at.longitude / 15
    )
    declination, equation_minutes = _sun(noon)
    transit = noon - timedelta(minutes=equation_minutes)
    latitude = radians(at.latitude)
    cosine = (sin(_RISING) - sin(latitude) * sin(declination)) / (cos(latitude) * cos(declination))
    half = timedelta(hours=degrees(acos(max(-1.0, min(1.0, cosine)))) / 15)
    return transit - half, transit + half


def _sun(moment: datetime) -> tuple[float, float]:
    """Return the declination in radians, and how many minutes the true sun is ahead of the mean one."""
    days = (moment - _J2000) / timedelta(days=1)
    mean_longitude = (280.460 + 0.9856474 * days) % 360
    anomaly = radians((357.528 + 0.9856003 * days) % 360)
    ecliptic = radians(mean_longitude + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
    obliquity = radians(23.439 - 0.0000004 * days)
    ascension = degrees(atan2(cos(obliquity) * sin(ecliptic), cos(ecliptic)))
    difference = (mean_longitude - ascension + 180) % 360 - 180
    return asin(sin(obliquity) * sin(ecliptic)), 4 * difference
