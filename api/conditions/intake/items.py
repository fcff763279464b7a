"""One observation as it was sent, and the check of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.conditions.intake.errors import (
    InTheFuture,
    InvalidTime,
    InvalidUnit,
    InvalidValue,
    TooOld,
    UnknownMeasure,
)
from api.conditions.readings.observation import Observation
from api.conditions.readings.repository import VALUES_KEPT_FOR
from api.conditions.stations.measures import SCALES, Measure
from api.kit.json_values import is_number

AHEAD_AT_MOST = timedelta(minutes=5)
"""Clocks of stations differ from ours."""
_TIME_CHARACTERS_AT_MOST = 40
_MEASURES: Mapping[str, Measure] = {it.value: it for it in Measure}


@dataclass(frozen=True, slots=True)
class SentItem:
    """Anything may stand in it: it comes from outside, not checked at all."""

    station_id: Any
    measure: Any
    value: Any
    unit: Any
    observed_at: Any

    def observation(self, station_id: str, now: datetime) -> Observation:
        """Return it checked, in our unit.

        Raises UnknownMeasure, InvalidValue, InvalidUnit, InvalidTime, InTheFuture and TooOld.
        """
        name = self.measure.strip().lower() if isinstance(self.measure, str) else ""
        measure = _MEASURES.get(name)
        if measure is None:
            raise UnknownMeasure
        value = _value(measure, self.value, self.unit)
        observed_at = _moment(self.observed_at)
        if observed_at - now > AHEAD_AT_MOST:
            raise InTheFuture
        if now - observed_at > VALUES_KEPT_FOR:
            raise TooOld
        return Observation(station_id, measure, value, observed_at)


def _value(measure: Measure, sent: Any, unit: Any) -> float:  # noqa: ANN401 - from outside
    if unit is not None and not isinstance(unit, str):
        raise InvalidUnit
    if not is_number(sent):
        raise InvalidValue
    try:
        number = float(sent)
    except OverflowError as error:
        raise InvalidValue from error
    scale = SCALES[measure]
    value = scale.value_in(number, (unit or "").strip() or None)
    if value is None:
        raise InvalidUnit
    if not math.isfinite(value) or not scale.least <= value <= scale.most:
        raise InvalidValue
    return value


def _moment(sent: Any) -> datetime:  # noqa: ANN401 - from outside
    """Return it in UTC, to the millisecond, as the store keeps it."""
    if not isinstance(sent, str) or len(sent) > _TIME_CHARACTERS_AT_MOST:
        raise InvalidTime
    try:
        moment = datetime.fromisoformat(sent.strip())
        if moment.tzinfo is None:
            raise InvalidTime
        in_utc = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidTime from error
    return in_utc.replace(microsecond=in_utc.microsecond // 1000 * 1000)
