"""Moments as people give them, checked before anything is asked of them."""

from datetime import UTC, datetime

from api.kit.errors import N_
from api.tourism.errors import TourismErrorCode, TourismProblem

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class InvalidMoment(TourismProblem):
    code = TourismErrorCode.INVALID_MOMENT
    message = N_("Give a time of this century with its zone, such as 2026-05-01T07:00:00+07:00.")


def checked_moment(moment: datetime) -> datetime:
    """Return `moment` in UTC. Raises InvalidMoment without a time zone or out of this century."""
    if moment.tzinfo is None or not EARLIEST <= moment < LATEST:
        raise InvalidMoment
    return moment.astimezone(UTC)
