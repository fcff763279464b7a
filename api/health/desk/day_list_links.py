"""Links to a day's list, to print: they hold for minutes, for one clerk, and tell nothing by themselves."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.kit.clock import Clock
from api.kit.sealing import SealBroken, Sealer

HOLDS_FOR = timedelta(minutes=5)
TOKEN_CHARACTERS_AT_MOST = 1_024
_PLACE = "day list link"


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """What a link leads to. `person_id`: of the clerk who asked, and is noted as the reader."""

    person_id: str
    facility_id: str
    service_id: str | None
    day: date
    language: str


@dataclass(frozen=True, slots=True, repr=False)
class DayListLink:
    url: str
    expires_at: datetime


class DayListLinks:
    """`public_url`: the address under which browsers reach the API."""

    def __init__(self, sealer: Sealer, public_url: str, clock: Clock) -> None:
        self._sealer = sealer
        self._public_url = public_url.rstrip("/")
        self._clock = clock

    def issue(self, printed: PrintedDay) -> DayListLink:
        expires_at = self._clock() + HOLDS_FOR
        fields = [
            printed.person_id,
            printed.facility_id,
            printed.service_id,
            printed.day.isoformat(),
            printed.language,
            expires_at.isoformat(),
        ]
        token = self._sealer.seal(fields, _PLACE)
        return DayListLink(f"{self._public_url}/health/v1/day-lists?ticket={token}", expires_at)

    def opened(self, token: str) -> PrintedDay | None:
        """Return what a link leads to, None when it is not ours or has ended."""
        if len(token) > TOKEN_CHARACTERS_AT_MOST or not token.isascii():
            return None
        try:
            person_id, facility_id, service_id, day, language, expires_at = self._sealer.open(
                token, _PLACE
            )
        except SealBroken:
            return None
        if self._clock() >= datetime.fromisoformat(expires_at):
            return None
        return PrintedDay(person_id, facility_id, service_id, date.fromisoformat(day), language)
