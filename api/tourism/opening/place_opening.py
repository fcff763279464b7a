"""Whether a place is open, and how a reader is told."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from api.kit.errors import N_
from api.kit.formats import moment_text
from api.tourism.opening.holidays import shipped_holidays
from api.tourism.opening.hours import TIME_ZONE, OpeningHours, OpenState
from api.tourism.records import Place, Texts

_OPENINGS_REMEMBERED = 4_096

_UNTIL: dict[OpenState, str] = {
    OpenState.OPEN: N_("Open until {moment}."),
    OpenState.CLOSED: N_("Closed until {moment}."),
}
_WITHOUT_CHANGE: dict[OpenState, str] = {
    OpenState.OPEN: N_("Open at any time."),
    OpenState.CLOSED: N_("Closed."),
}
_NOT_CERTAIN = N_("The opening hours are not certain. Please ask before you go.")


@dataclass(frozen=True, slots=True)
class Told:
    """A msgid and the moment it names, if any."""

    message: str
    moment: datetime | None

    def text(self, translated: str, language: str) -> str:
        if self.moment is None:
            return translated
        return translated.format(moment=moment_text(self.moment, language))


@dataclass(frozen=True, slots=True)
class PlaceOpening:
    """What holds at a time. `holiday`: its names by BCP 47 language, None on an ordinary day."""

    state: OpenState
    next_change: datetime | None
    holiday: Texts | None

    def told(self) -> Told:
        if self.state is OpenState.UNKNOWN:
            return Told(_NOT_CERTAIN, None)
        if self.next_change is None:
            return Told(_WITHOUT_CHANGE[self.state], None)
        return Told(_UNTIL[self.state], self.next_change)


def opening_of(place: Place, at: datetime) -> PlaceOpening | None:
    """Return whether `place` is open at an aware time, None when nothing is known of its hours.

    Hours change at whole minutes, so within one the answer is reckoned once.
    """
    if place.opening_hours is None:
        return None
    return _opening(place.opening_hours, at.replace(second=0, microsecond=0))


@lru_cache(_OPENINGS_REMEMBERED)
def _opening(text: str, at: datetime) -> PlaceOpening:
    """Answer once for all places with the same hours: a page of places asks for one moment."""
    hours = OpeningHours.of(text)
    holiday = shipped_holidays().name_of(at.astimezone(TIME_ZONE).date())
    return PlaceOpening(hours.state_at(at), hours.next_change(at), holiday)
