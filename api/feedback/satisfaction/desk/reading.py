"""What was said to an office, for its clerks: a week at a time, without a name, a place or a moment."""

from datetime import datetime

from api.accounts.caller import Caller, Scope
from api.feedback.satisfaction.offices import Offices, office_entry
from api.feedback.satisfaction.records import Rating, shown_from
from api.feedback.satisfaction.repository import RatingRepository
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.pages import Listing, Page, checked_first

_OFFICE = Listing("feedback.office_ratings", (datetime, str))


class OfficeReading:
    def __init__(
        self, ratings: RatingRepository, offices: Offices, audit: AuditLog, clock: Clock
    ) -> None:
        self._ratings = ratings
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
            office, self._clock(), _OFFICE.values(after), checked_first(first) + 1
        )
        page = _OFFICE.page(found, first=first, after=after, values=_latest_week_first)
        details = {"found": len(page.items)}
        await self._audit.append(
            office_entry(person_id, "ratings.read", office.id, office, details)
        )
        return page


def _latest_week_first(rating: Rating) -> tuple[datetime, str]:
    if rating.rated_at is None:
        raise ValueError(rating.id)
    return shown_from(rating.rated_at), rating.id
