"""Tells those who answer for a report before its time ends, when it ends, and when it is long over.

A chain of jobs for each deadline: the first is asked for in the transaction that begins the clock, each
next one by the one before. A job whose deadline was met, or whose round is over, ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from api.feedback.agencies.agency import PROVINCE_OFFICE, AgencyLibrary
from api.feedback.agencies.staff import AgencyStaff
from api.feedback.categories.category import Category, CategoryLibrary
from api.feedback.clocks.working_days import Term, TermUnit, WorkingCalendar
from api.feedback.following.texts import CLERK_AFTER, CLERK_BEFORE, CLERK_URGENT, clerk_text
from api.feedback.life.moves import Move, Mover
from api.feedback.life.moving import ReportMoving
from api.feedback.life.steps import Step
from api.feedback.reports.records import OPEN, Deadlines, Report
from api.feedback.reports.repository import ReportRepository
from api.kit.clock import Clock
from api.kit.formats import moment_text
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from locales import AVAILABLE
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

CLOCK = "feedback.clock"
_LATE = Term(2, TermUnit.WORKING_DAYS)
_BEFORE_SHARE = 0.75
"""So much of the time is over when the agency is reminded."""


class Deadline(StrEnum):
    ACCEPT = auto()
    ANSWER = auto()
    FIX = auto()


class Level(StrEnum):
    """Who is told: the agency's clerks, those and the agency above, all of them and the province's office."""

    BEFORE = auto()
    BREACH = auto()
    LATE = auto()


_NUMBERS = {Level.BEFORE: 1, Level.BREACH: 2, Level.LATE: 3}
_MET_BY = {
    Deadline.ACCEPT: "accepted_at",
    Deadline.ANSWER: "answered_at",
    Deadline.FIX: "fixed_at",
}


@dataclass(frozen=True, slots=True)
class _Ring:
    """One job of the chain."""

    report_id: str
    deadline: Deadline
    level: Level
    round: int
    began_at: datetime

    def payload(self) -> dict[str, Any]:
        return {
            "report": self.report_id,
            "deadline": self.deadline.value,
            "level": self.level.value,
            "round": self.round,
            "began_at": self.began_at,
        }

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> "_Ring":
        return cls(
            payload["report"],
            Deadline(payload["deadline"]),
            Level(payload["level"]),
            payload["round"],
            payload["began_at"],
        )


class ReportClocks:
    def __init__(
        self,
        store: Store,
        reports: ReportRepository,
        moving: ReportMoving,
        categories: CategoryLibrary,
        agencies: AgencyLibrary,
        staff: AgencyStaff,
        calendar: WorkingCalendar,
        jobs: Jobs,
        notifications: Notifications,
        clock: Clock,
    ) -> None:
        self._store = store
        self._reports = reports
        self._moving = moving
        self._categories = categories
        self._agencies = agencies
        self._staff = staff
        self._calendar = calendar
        self._jobs = jobs
        self._notifications = notifications
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {CLOCK: self._ring}

    def deadlines(self, category: Category, start: datetime) -> Deadlines:
        """Return until when a report of the category that comes at `start` has to be dealt with."""
        terms, end_of = category.terms, self._calendar.end_of
        return Deadlines(
            end_of(terms.accept, start), end_of(terms.answer, start), end_of(terms.fix, start)
        )

    async def begin(
        self, report: Report, start: datetime, deadlines: Iterable[Deadline] = Deadline
    ) -> None:
        """Ask for the first job of these deadlines of this round; joins the open transaction."""
        for deadline in deadlines:
            await self._ask(report, _Ring(report.id, deadline, Level.BEFORE, report.round, start))

    async def urgent(self, report: Report) -> None:
        """Tell the clerks at once of danger to life; joins the open transaction."""
        notice_id = derived_id("feedback urgent", report.id, report.route.agency_id)
        texts = self._texts(CLERK_URGENT, report, report.due.accept)
        agencies = self._told(report, Level.BREACH)
        await self._tell(notice_id, agencies, texts, Priority.SEVERE, report)

    async def _ask(self, report: Report, ring: _Ring) -> None:
        parts = (ring.report_id, ring.deadline, str(ring.round), ring.level)
        await self._jobs.enqueue(
            CLOCK,
            ring.payload(),
            id=derived_id(CLOCK, *parts),
            run_at=self._rings_at(report, ring),
        )

    def _rings_at(self, report: Report, ring: _Ring) -> datetime:
        due = _due(report, ring.deadline)
        if ring.level is Level.BEFORE:
            return ring.began_at + max(due - ring.began_at, timedelta()) * _BEFORE_SHARE
        if ring.level is Level.BREACH:
            return due
        terms = self._categories.category(report.category).terms
        term = {
            Deadline.ACCEPT: terms.accept,
            Deadline.ANSWER: terms.answer,
            Deadline.FIX: terms.fix,
        }[ring.deadline]
        return self._calendar.end_of(term if term.unit is TermUnit.HOURS else _LATE, due)

    async def _ring(self, payload: Mapping[str, Any]) -> None:
        ring = _Ring.of(payload)

        async def work() -> None:
            report = await self._still_unmet(ring)
            if report is None:
                return
            await self._note(report, ring)
            await self._tell_clerks(report, ring)
            following = {Level.BEFORE: Level.BREACH, Level.BREACH: Level.LATE}.get(ring.level)
            if following is not None:
                await self._ask(
                    report,
                    _Ring(ring.report_id, ring.deadline, following, ring.round, ring.began_at),
                )

        await transact(self._store, work)

    async def _still_unmet(self, ring: _Ring) -> Report | None:
        """Note the level in one write, while the deadline is not met.

        None when it was met, is another report's, or was noted as missed already.
        """
        seen = await self._reports.get(ring.report_id)
        if seen is None:
            return None
        guard: dict[str, Any] = {
            "lead_id": None,
            "round": ring.round,
            "level": seen.level,
            _MET_BY[ring.deadline]: None,
        }
        fields: dict[str, Any] = {"level": max(seen.level, _NUMBERS[ring.level])}
        is_breach = ring.level is Level.BREACH
        if is_breach:
            # A worker may die after this was committed and before its job was done: then it rings again.
            noted = f"breached.{ring.deadline}"
            guard[noted], fields[noted] = {"$ne": ring.round}, ring.round
        steps = {"steps": 1} if is_breach else {}
        return await self._reports.change(ring.report_id, OPEN, guard, fields, steps)

    async def _note(self, report: Report, ring: _Ring) -> None:
        """Say in the history, for all to see, that the time was missed."""
        if ring.level is not Level.BREACH:
            return
        step = Step(
            report_id=report.id,
            number=report.steps,
            move=Move.ESCALATE,
            state=report.state,
            mover=Mover.CLOCK,
            agency_id=report.route.agency_id,
            at=self._clock(),
            level=report.level,
        )
        await self._moving.note(report, step)

    async def _tell_clerks(self, report: Report, ring: _Ring) -> None:
        parts = (ring.report_id, ring.deadline, str(ring.round), ring.level)
        due = _due(report, ring.deadline)
        # Of what was sent on late, or of a worker that was away, the first ring may come after the end.
        sentence = CLERK_BEFORE if self._clock() < due else CLERK_AFTER
        texts = self._texts(sentence, report, due)
        priority = Priority.NORMAL if ring.level is Level.BEFORE else Priority.SEVERE
        agencies = self._told(report, ring.level)
        await self._tell(derived_id("feedback clock", *parts), agencies, texts, priority, report)

    def _told(self, report: Report, level: Level) -> tuple[str, ...]:
        agency_id = report.route.agency_id
        above = tuple(one.id for one in self._agencies.above(agency_id))
        if level is Level.BEFORE:
            return (agency_id,)
        if level is Level.BREACH:
            return (agency_id, *above[:1])
        return tuple(dict.fromkeys((agency_id, *above, PROVINCE_OFFICE)))

    def _texts(self, sentence: str, report: Report, at: datetime) -> dict[str, Text]:
        return {
            one: clerk_text(sentence, one, code=report.code, time=moment_text(at, one))
            for one in AVAILABLE
        }

    async def _tell(
        self,
        notice_id: str,
        agencies: tuple[str, ...],
        texts: Mapping[str, Text],
        priority: Priority,
        report: Report,
    ) -> None:
        for person_id in await self._staff.clerks_of(agencies):
            own_id = derived_id(notice_id, person_id)
            notice = Notice(
                id=own_id,
                thread=derived_id("feedback clerk thread", report.id),
                texts=texts,
                priority=priority,
                overrides_quiet_hours=False,
                expires_at=self._calendar.end_of(Term(48, TermUnit.HOURS), self._clock()),
                data={"type": "deskReport", "code": report.code},
            )
            await self._notifications.tell(notice, person_id)


def unmet(report: Report, deadline: Deadline) -> datetime | None:
    """Return until when a report waits for this; None when it was done."""
    done = {
        Deadline.ACCEPT: report.accepted_at,
        Deadline.ANSWER: report.answered_at,
        Deadline.FIX: report.fixed_at,
    }[deadline]
    return None if done else _due(report, deadline)


def _due(report: Report, deadline: Deadline) -> datetime:
    due = report.due
    return {
        Deadline.ACCEPT: due.accept,
        Deadline.ANSWER: due.answer,
        Deadline.FIX: due.fix,
    }[deadline]
