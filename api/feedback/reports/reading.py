"""Reading reports: what everybody may see, what is one's own, and what an agency's desk sees."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from api.accounts.caller import Caller
from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.ways_in import WaysIn
from api.feedback.agencies.staff import AgencyStaff, desk_entry
from api.feedback.errors import ReportNotFound
from api.feedback.following.followers import Follower, FollowerRepository
from api.feedback.life.moves import Mover
from api.feedback.life.steps import Step, StepRepository
from api.feedback.reports.code import code_of
from api.feedback.reports.public_search import PublicQuery, PublicSearch
from api.feedback.reports.records import OPEN, Report, Reporter, ReportState, Visibility
from api.feedback.reports.reporters import Reporters, ShownDevice
from api.feedback.reports.repository import ReportRepository, newest_first
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Filter

_DESK = Listing("feedback.desk", (datetime, str))
_MINE = Listing("feedback.mine", (datetime, str))


@dataclass(frozen=True, slots=True)
class DeskQuery:
    """`overdue`: only what missed a deadline that is not met yet."""

    agency_id: str
    states: tuple[ReportState, ...] = ()
    category: str | None = None
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class FollowedReport:
    follower: Follower
    report: Report


@dataclass(frozen=True, slots=True, repr=False)
class ReporterContact:
    """`addresses`: of the reporter's account; empty for an anonymous report and for a device."""

    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class HistoryKey:
    """What decides of which steps the history of a report is made."""

    report_id: str
    lead_id: str | None
    merged_at: datetime | None

    @classmethod
    def of(cls, report: Report) -> "HistoryKey":
        return cls(report.id, report.lead_id, report.merged_at)


class Reading:
    def __init__(
        self,
        reports: ReportRepository,
        steps: StepRepository,
        followers: FollowerRepository,
        reporters: Reporters,
        staff: AgencyStaff,
        search: PublicSearch,
        ways: WaysIn,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._steps = steps
        self._followers = followers
        self._reporters = reporters
        self._staff = staff
        self._search = search
        self._ways = ways
        self._audit = audit
        self._clock = clock

    async def shown(self, typed_code: str) -> Report | None:
        """Return what everybody may see under a code; None for a private or refused one."""
        code = code_of(typed_code)
        report = await self._reports.coded(code) if code else None
        return report if report and report.is_seen_by_all else None

    async def public(self, query: PublicQuery, first: int, after: str | None) -> Page[Report]:
        """Return a page of what everybody may see, the newest first.

        Raises InvalidBounds, InvalidPageSize and InvalidCursor.
        """
        return await self._search.page(query, first, after)

    async def mine(
        self, caller: Caller, device: ShownDevice | None, first: int, after: str | None
    ) -> Page[FollowedReport]:
        """Return what the caller reported or joined, the newest first.

        Raises NotSignedIn, DeviceNotFound, InvalidPageSize and InvalidCursor.
        """
        reporter = await self._reporters.of(caller, device)
        found = await self._followers.page_of(
            reporter, _MINE.values(after), checked_first(first) + 1
        )
        reports = await self._reports.get_many([one.report_id for one in found])
        pairs = [FollowedReport(one, reports[one.report_id]) for one in found]
        return _MINE.page(
            pairs, first=first, after=after, values=lambda it: (it.follower.since, it.follower.id)
        )

    async def own(
        self, caller: Caller, device: ShownDevice | None, typed_code: str
    ) -> FollowedReport | None:
        """Return what the caller reported or joined under a code. Raises NotSignedIn, DeviceNotFound."""
        reporter = await self._reporters.of(caller, device)
        code = code_of(typed_code)
        report = await self._reports.coded(code) if code else None
        return await self.followed(report, reporter) if report else None

    async def followed(self, report: Report, reporter: Reporter) -> FollowedReport | None:
        """Return a report with what makes it somebody's own; None when it is not."""
        follower = await self._followers.get(report.id, reporter)
        return FollowedReport(follower, report) if follower else None

    async def desk(
        self, caller: Caller, query: DeskQuery, first: int, after: str | None
    ) -> Page[Report]:
        """Return a page of what an agency has, the newest first.

        Raises NotSignedIn, NotAllowed, InvalidPageSize and InvalidCursor.
        """
        self._staff.clerk(caller, query.agency_id)
        found = await self._reports.page(
            self._desk_filter(query), _DESK.values(after), checked_first(first) + 1
        )
        return _DESK.page(found, first=first, after=after, values=newest_first)

    async def at_desk(self, caller: Caller, agency_id: str, typed_code: str) -> Report | None:
        """Return a report that the agency has. Raises NotSignedIn, NotAllowed."""
        self._staff.clerk(caller, agency_id)
        code = code_of(typed_code)
        report = await self._reports.coded(code) if code else None
        return report if report and report.route.agency_id == agency_id else None

    async def contact(self, caller: Caller, agency_id: str, typed_code: str) -> ReporterContact:
        """Return how to reach the reporter; the reading is in the audit log.

        Raises NotSignedIn, NotAllowed and ReportNotFound.
        """
        report = await self.at_desk(caller, agency_id, typed_code)
        if report is None:
            raise ReportNotFound
        person_id = caller.person()
        await self._audit.append(
            desk_entry(person_id, "report.read_contact", report.id, agency_id, {})
        )
        is_told = report.visibility is not Visibility.ANONYMOUS and report.reporter is not None
        owner = report.reporter.person_id if is_told and report.reporter else None
        ways = await self._ways.of_person(owner) if owner else []
        return ReporterContact(tuple(way.address for _, way in ways if way.address))

    async def histories(self, keys: list[HistoryKey]) -> list[list[Step]]:
        """Return the history of each; that of a merged one goes on with the lead's from then on."""
        wanted = {one.report_id for one in keys} | {one.lead_id for one in keys if one.lead_id}
        found = await self._steps.of_reports(sorted(wanted))
        return [_history(one, found) for one in keys]

    async def codes(self, report_ids: list[str]) -> list[str | None]:
        """Return the code of each report."""
        found = await self._reports.get_many(report_ids)
        return [found[one].code if one in found else None for one in report_ids]

    def _desk_filter(self, query: DeskQuery) -> Filter:
        wanted: dict[str, Any] = {"agency_id": query.agency_id}
        if query.states:
            wanted["state"] = {"$in": [one.value for one in query.states]}
        if query.category is not None:
            wanted["category"] = query.category
        if query.is_overdue:
            now = {"$lte": self._clock()}
            wanted["$or"] = [
                {"due_accept": now, "accepted_at": None},
                {"due_answer": now, "answered_at": None},
                {"due_fix": now, "fixed_at": None},
            ]
            wanted["$and"] = [{"state": {"$in": sorted(one.value for one in OPEN)}}]
        return wanted


def _history(key: HistoryKey, found: Mapping[str, list[Step]]) -> list[Step]:
    own = found.get(key.report_id, [])
    merged_at = key.merged_at
    if key.lead_id is None or merged_at is None:
        return own
    later = [_told_under(key.report_id, one) for one in found[key.lead_id] if one.at >= merged_at]
    return sorted([*own, *later], key=lambda step: (step.at, step.report_id != key.report_id))


def _told_under(report_id: str, step: Step) -> Step:
    """Return a lead's step as a merged report has it: what other reporters wrote was not written to this one's."""
    if step.mover is not Mover.REPORTER:
        return step
    return replace(step, via=None) if step.via == report_id else replace(step, words=None)
