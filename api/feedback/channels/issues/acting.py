"""What clerks of the province's office do with issues; each act is in the audit log."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.accounts.caller import Caller
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.agencies.staff import AgencyStaff, desk_entry
from api.feedback.channels.errors import IssueClosed, IssueNotFound
from api.feedback.channels.issues.repository import IssueRepository
from api.feedback.channels.records import Issue, IssueState
from api.feedback.errors import ReportNotFound
from api.feedback.reports.content import NewReport
from api.feedback.reports.reading import Reading
from api.feedback.reports.records import Report, Visibility
from api.feedback.reports.submitting import Sender, Submitting
from api.kit.audit_log import AuditLog, Details
from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.store import Store
from api.kit.transactions import transact

_OLDEST = timedelta(days=29)
"""A report is of what was seen within thirty days."""


@dataclass(frozen=True, slots=True, repr=False)
class ReportMade:
    """What a clerk makes of an issue. `accuracy_metres`: how well the place is known from the posts."""

    category: str
    position: Position
    accuracy_metres: float
    text: str
    language: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Linked:
    issue: Issue
    report: Report


class ActingOnIssues:
    def __init__(
        self,
        store: Store,
        issues: IssueRepository,
        staff: AgencyStaff,
        reading: Reading,
        submitting: Submitting,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._issues = issues
        self._staff = staff
        self._reading = reading
        self._submitting = submitting
        self._audit = audit
        self._clock = clock

    async def dismiss(self, caller: Caller, issue_id: str) -> Issue:
        """Put an issue aside; again: the same. Raises NotSignedIn, NotAllowed and IssueNotFound."""
        person_id = self._staff.clerk(caller, PROVINCE_OFFICE)

        async def work() -> Issue:
            update = {"$set": {"state": IssueState.DISMISSED.value}}
            dismissed = await self._issues.change(issue_id, IssueState.OPEN, update)
            if dismissed is None:
                return await self._found(issue_id)
            await self._note(person_id, "channel.dismiss_issue", dismissed, {})
            return dismissed

        return await transact(self._store, work)

    async def link(self, caller: Caller, issue_id: str, code: str) -> Linked:
        """Link an open issue to a report that everybody may see; again: the same.

        Raises NotSignedIn, NotAllowed, ReportNotFound, IssueNotFound and IssueClosed.
        """
        person_id = self._staff.clerk(caller, PROVINCE_OFFICE)

        async def work() -> Linked:
            report = await self._reading.shown(code)
            if report is None:
                raise ReportNotFound
            return await self._linked(person_id, issue_id, report, "channel.link_report")

        return await transact(self._store, work)

    async def make_report(
        self, caller: Caller, issue_id: str, made: ReportMade, language: str, key: str
    ) -> Linked:
        """File a report of an open issue, by the ordinary way, and link it; the same key again: the same.

        The clerk is the reporter, and is named nowhere. Raises what `Submitting.submit` raises, and
        IssueNotFound and IssueClosed.
        """
        person_id = self._staff.clerk(caller, PROVINCE_OFFICE)
        sender = Sender(caller, None, "", language)

        async def work() -> Linked:
            issue = await self._found(issue_id)
            report = await self._submitting.submit(sender, self._new_report(issue, made), key)
            return await self._linked(person_id, issue_id, report, "channel.make_report")

        return await transact(self._store, work)

    def _new_report(self, issue: Issue, made: ReportMade) -> NewReport:
        # The same for a day, for whoever sends it again with the same key asks for the same.
        oldest = (self._clock() - _OLDEST).replace(hour=0, minute=0, second=0, microsecond=0)
        return NewReport(
            category=made.category,
            position=made.position,
            accuracy_metres=made.accuracy_metres,
            captured_at=max(issue.began_at, oldest),
            text=made.text,
            photos=(),
            visibility=Visibility.ANONYMOUS,
            language=made.language,
            display_name=None,
            answers=made.answers,
        )

    async def _linked(self, person_id: str, issue_id: str, report: Report, action: str) -> Linked:
        issue = await self._found(issue_id)
        if report.id in issue.reports:
            return Linked(issue, report)
        update: dict[str, Any] = {"$addToSet": {"reports": report.id}}
        changed = await self._issues.change(issue_id, IssueState.OPEN, update)
        if changed is None:
            raise IssueClosed
        await self._note(person_id, action, changed, {"report": report.id})
        return Linked(changed, report)

    async def _found(self, issue_id: str) -> Issue:
        issue = await self._issues.get(issue_id)
        if issue is None:
            raise IssueNotFound
        return issue

    async def _note(self, person_id: str, action: str, issue: Issue, details: Details) -> None:
        await self._audit.append(desk_entry(person_id, action, issue.id, PROVINCE_OFFICE, details))
