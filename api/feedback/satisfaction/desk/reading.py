"""What was said to an office, for its clerks: a week at a time, without a name, a place or a moment."""

from dataclasses import replace
from datetime import datetime

from api.accounts.caller import Caller, Scope
from api.feedback.satisfaction.offices import Offices, office_entry
from api.feedback.satisfaction.records import Rating
from api.feedback.satisfaction.repository import RatingRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.pages import InvalidCursor, Listing, Page, checked_first
from api.kit.sealing import SealBroken, Sealer

_OFFICE = Listing("feedback.office_ratings", (datetime, str, str))
_CURSORS = "cursor of feedback.office_ratings"


class OfficeReading:
    """Cursors are sealed: they end in an id, which is made of the thing and the person."""

    def __init__(
        self,
        ratings: RatingRepository,
        offices: Offices,
        sealer: Sealer,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._ratings = ratings
        self._sealer = sealer
        self._offices = offices
        self._audit = audit
        self._clock = clock

    async def ratings(
        self, caller: Caller, office: Scope, first: int, after: str | None
    ) -> Page[Rating]:
        """Return a page of what is final, the latest week first; the reading is in the audit log.

        Raises NotSignedIn, NotAllowed, InvalidPageSize and InvalidCursor.
        """
        person_id = self._offices.clerk(caller, office)
        found = await self._ratings.page_for_clerks(
            office, self._clock(), _OFFICE.values(self._opened(after)), checked_first(first) + 1
        )
        page = _OFFICE.page(found, first=first, after=after, values=self._ratings.place_for_clerks)
        details = {"found": len(page.items)}
        await self._audit.append(
            office_entry(person_id, "ratings.read", office.id, office, details)
        )
        return replace(page, cursors=tuple(map(self._sealed, page.cursors)))

    def _sealed(self, cursor: str) -> str:
        return self._sealer.seal(cursor, _CURSORS)

    def _opened(self, cursor: str | None) -> str | None:
        try:
            return None if cursor is None else self._sealer.open(cursor, _CURSORS)
        except SealBroken as error:
            raise InvalidCursor from error
