"""The code at the entrance, for the desk to print or to show: of today, or of the next days."""

from datetime import date

from api.accounts.caller import Caller
from api.health.desk.access import DeskAccess
from api.health.desk.errors import DayOutOfReach
from api.health.queue.check_in_code import CheckInCode, CheckInCodes
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam

DAYS_AHEAD_AT_MOST = 7


class DeskCheckInCodes:
    def __init__(self, codes: CheckInCodes, access: DeskAccess, clock: Clock) -> None:
        self._codes = codes
        self._access = access
        self._clock = clock

    def of(self, caller: Caller, facility_id: str, day: date | None) -> CheckInCode:
        """Return the code of a day, None for today.

        Raises NotSignedIn, NotAllowed, FacilityNotFound, DayOutOfReach.
        """
        self._access.clerk(caller, facility_id)
        today = day_in_vietnam(self._clock())
        wanted = today if day is None else day
        if not 0 <= (wanted - today).days <= DAYS_AHEAD_AT_MOST:
            raise DayOutOfReach(most=DAYS_AHEAD_AT_MOST)
        return self._codes.of(facility_id, wanted)
