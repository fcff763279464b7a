"""Reading issues at the desk, with what was reported nearby of the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.accounts.caller import Caller
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.agencies.staff import AgencyStaff
from api.feedback.categories.category import CategoryLibrary
from api.feedback.channels.issues.repository import IssueRepository, newest_first
from api.feedback.channels.records import Issue, IssueState, Item, Topic
from api.feedback.reports.records import AWAITING, OPEN, Report
from api.feedback.reports.repository import ReportRepository
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Filter

NEARBY_AT_MOST = 20
_ISSUES = Listing("channels.issues", (datetime, str))
_ITEMS = Listing("channels.items", (datetime, str))
_GOING_ON = sorted(one.value for one in OPEN | AWAITING)


@dataclass(frozen=True, slots=True)
class IssueQuery:
    """`place_key`: a commune's code, or of a former district what `Place.key` says."""

    states: tuple[IssueState, ...] = ()
    topic: Topic | None = None
    place_key: str | None = None
    since: datetime | None = None


class ReadingIssues:
    def __init__(
        self,
        issues: IssueRepository,
        reports: ReportRepository,
        categories: CategoryLibrary,
        staff: AgencyStaff,
    ) -> None:
        self._issues = issues
        self._reports = reports
        self._categories = categories
        self._staff = staff

    async def page(
        self, caller: Caller, query: IssueQuery, first: int, after: str | None
    ) -> Page[Issue]:
        """Return a page of issues, that with the newest item first.

        Raises NotSignedIn, NotAllowed, InvalidPageSize and InvalidCursor.
        """
        self._staff.clerk(caller, PROVINCE_OFFICE)
        found = await self._issues.page(
            _filter(query), _ISSUES.values(after), checked_first(first) + 1
        )
        return _ISSUES.page(found, first=first, after=after, values=newest_first)

    async def one(self, caller: Caller, issue_id: str) -> Issue | None:
        """Return an issue. Raises NotSignedIn, NotAllowed."""
        self._staff.clerk(caller, PROVINCE_OFFICE)
        return await self._issues.get(issue_id)

    async def items(self, issue: Issue, first: int, after: str | None) -> Page[Item]:
        """Return a page of an issue's items, the newest first. Raises InvalidPageSize, InvalidCursor."""
        found = await self._issues.items_of(
            issue.id, _ITEMS.values(after), checked_first(first) + 1
        )
        return _ITEMS.page(
            found, first=first, after=after, values=lambda it: (it.published_at, it.id)
        )

    async def loaded(self, issue_ids: list[str]) -> list[Issue | None]:
        """Return the issue of each id; None for one whose time is over."""
        found = await self._issues.get_many(issue_ids)
        return [found.get(one) for one in issue_ids]

    async def lead_items(self, item_ids: list[str]) -> list[Item | None]:
        """Return the item of each id; None for one whose time is over."""
        found = await self._issues.items(item_ids)
        return [found.get(one) for one in item_ids]

    async def linked(self, issue: Issue) -> list[Report]:
        """Return the reports that clerks linked and everybody may see, in the order of their links."""
        found = await self._reports.get_many(issue.reports)
        return [found[one] for one in issue.reports if one in found and found[one].is_seen_by_all]

    async def nearby(self, issue: Issue) -> list[Report]:
        """Return what is open of the category in the communes of the issue, the newest first."""
        category = self._categories.categories.get(issue.topic.value)
        if category is None or issue.place is None:
            return []
        wanted: Filter = {
            "commune_code": {"$in": list(issue.place.commune_codes)},
            "category": category.code,
            "is_shown": True,
            "lead_id": None,
            "state": {"$in": _GOING_ON},
        }
        found = await self._reports.page(wanted, None, NEARBY_AT_MOST)
        return [one for one in found if one.id not in issue.reports]


def _filter(query: IssueQuery) -> Filter:
    wanted: dict[str, Any] = {}
    if query.states:
        wanted["state"] = {"$in": _values(query.states)}
    if query.topic is not None:
        wanted["topic"] = query.topic.value
    if query.place_key is not None:
        wanted["place_key"] = query.place_key
    if query.since is not None:
        wanted["last_at"] = {"$gte": query.since}
    return wanted


def _values(states: Sequence[IssueState]) -> list[str]:
    return [one.value for one in states]
