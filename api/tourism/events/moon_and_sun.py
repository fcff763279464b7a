"""When the moon is new and where the sun stands, for the lunar calendar.

The formulas are those of Jean Meeus, Astronomical Algorithms, 2nd edition: chapter 49 (phases of the
moon; good to some seconds) and chapter 25 (the sun, low accuracy; good to 0.01 degrees, which the
sun takes 15 minutes to cross).
"""

from math import floor, radians, sin

_NEW_MOON_2000 = 2451550.09766
_MONTH_DAYS = 29.530588861
_LUNATIONS_A_CENTURY = 1236.85
_J2000 = 2451545.0
_DAYS_A_CENTURY = 36525.0
_SECONDS_A_DAY = 86_400

# Amplitude in days; power of the eccentricity; multiples of M, M' and F.
_PERIODIC_TERMS = (
    (-0.40720, 0, 0, 1, 0),
    (0.17241, 1, 1, 0, 0),
    (0.01608, 0, 0, 2, 0),
    (0.01039, 0, 0, 0, 2),
    (0.00739, 1, -1, 1, 0),
    (-0.00514, 1, 1, 1, 0),
    (0.00208, 2, 2, 0, 0),
    (-0.00111, 0, 0, 1, -2),
    (-0.00057, 0, 0, 1, 2),
    (0.00056, 1, 1, 2, 0),
    (-0.00042, 0, 0, 3, 0),
    (0.00042, 1, 1, 0, 2),
    (0.00038, 1, 1, 0, -2),
    (-0.00024, 1, -1, 2, 0),
    (-0.00007, 0, 2, 1, 0),
    (0.00004, 0, 0, 2, -2),
    (0.00004, 0, 3, 0, 0),
    (0.00003, 0, 1, 1, -2),
    (0.00003, 0, 0, 2, 2),
    (-0.00003, 0, 1, 1, 2),
    (0.00003, 0, -1, 1, 2),
    (-0.00002, 0, -1, 1, -2),
    (-0.00002, 0, 1, 3, 0),
    (0.00002, 0, 0, 4, 0),
)
# Amplitude in days; phase and degrees a lunation, of what the planets do.
_PLANETARY_TERMS = (
    (0.000325, 299.77, 0.107408),
    (0.000165, 251.88, 0.016321),
    (0.000164, 251.83, 26.651886),
    (0.000126, 349.42, 36.412478),
    (0.000110, 84.66, 18.206239),
    (0.000062, 141.74, 53.303771),
    (0.000060, 207.14, 2.453732),
    (0.000056, 154.84, 7.306860),
    (0.000047, 34.52, 27.261239),
    (0.000042, 207.19, 0.121824),
    (0.000040, 291.34, 1.844379),
    (0.000037, 161.72, 24.198154),
    (0.000035, 239.56, 25.513099),
    (0.000023, 331.55, 3.592518),
)


def lunation_about(julian_day: float) -> int:
    """Return the number of the new moon at or shortly before a day, 0 being that of 6 January 2000."""
    return floor((julian_day - _NEW_MOON_2000) / _MONTH_DAYS)


def new_moon(lunation: int) -> float:
    """Return the Julian day, in universal time, of a new moon."""
    k = float(lunation)
    t = k / _LUNATIONS_A_CENTURY
    mean = _NEW_MOON_2000 + _MONTH_DAYS * k + 0.00015437 * t**2 - 0.000000150 * t**3
    eccentricity = 1 - 0.002516 * t - 0.0000074 * t**2
    sun = 2.5534 + 29.10535670 * k - 0.0000014 * t**2
    moon = 201.5643 + 385.81693528 * k + 0.0107582 * t**2 + 0.00001238 * t**3
    latitude = 160.7108 + 390.67050284 * k - 0.0016118 * t**2 - 0.00000227 * t**3
    node = 124.7746 - 1.56375588 * k + 0.0020672 * t**2
    periodic = sum(
        amplitude * eccentricity**power * sin(radians(m * sun + n * moon + f * latitude))
        for amplitude, power, m, n, f in _PERIODIC_TERMS
    )
    planetary = sum(
        amplitude * sin(radians(phase + speed * k)) for amplitude, phase, speed in _PLANETARY_TERMS
    )
    found = mean + periodic - 0.00017 * sin(radians(node)) + planetary
    return found - _dynamical_lead(found) / _SECONDS_A_DAY


def sun_longitude(julian_day: float) -> float:
    """Return the apparent longitude of the sun in degrees, 0 to 360, at a Julian day in universal time."""
    dynamical = julian_day + _dynamical_lead(julian_day) / _SECONDS_A_DAY
    t = (dynamical - _J2000) / _DAYS_A_CENTURY
    mean = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    anomaly = radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (
        (1.914602 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
        + (0.019993 - 0.000101 * t) * sin(2 * anomaly)
        + 0.000289 * sin(3 * anomaly)
    )
    nutation = 0.00569 + 0.00478 * sin(radians(125.04 - 1934.136 * t))
    return (mean + centre - nutation) % 360


def _dynamical_lead(julian_day: float) -> float:
    """Return the seconds by which dynamical time is ahead: 38 in 1968, 69 in 2025, a guess in 2100.

    A straight line through what was measured, off by less than 10 s until 2050.
    """
    return 69.0 + 0.5 * (julian_day - 2460676.5) / 365.25
