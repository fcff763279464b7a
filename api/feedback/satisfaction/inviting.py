"""Asks whoever went through something how satisfied they were, once it has ended, and each of them once.

The rating is there, without a grade, from then on: that is what makes one of each interaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from api.accounts.caller import Scope, ScopeKind
from api.feedback.following.followers import Follower, FollowerRepository
from api.feedback.following.telling import Senders, with_sms_if_any_are_left
from api.feedback.life.closing import RATE
from api.feedback.reports.records import ENDED, Report, Reporter, ReporterKind
from api.feedback.reports.repository import ReportRepository
from api.feedback.satisfaction.offices import Offices
from api.feedback.satisfaction.records import RatedKind, Rating
from api.feedback.satisfaction.repository import RatingRepository, rating_id
from api.feedback.satisfaction.texts import invitation, link_line
from api.feedback.satisfaction.tickets import RatingTickets
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.store import Store
from api.kit.transactions import transact
from locales import SOURCE, language_of
from notifications.notice import Notice, Priority

ASK = "feedback.ask_to_rate"
_WORTH_ASKING = timedelta(days=3)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True, repr=False)
class EndedVisit:
    """A visit that is over, as another slice tells of it: where, and of whom; never what for.

    `person_id`: who booked it, `dependant_id`: for whom, None for the booker. `language`: BCP 47.
    """

    id: str
    office: Scope
    person_id: str
    dependant_id: str | None
    language: str
    ended_at: datetime


class Inviting:
    def __init__(
        self,
        store: Store,
        ratings: RatingRepository,
        reports: ReportRepository,
        followers: FollowerRepository,
        offices: Offices,
        tickets: RatingTickets,
        senders: Senders,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._ratings = ratings
        self._reports = reports
        self._followers = followers
        self._offices = offices
        self._tickets = tickets
        self._senders = senders
        self._jobs = jobs
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {RATE: self._report_ended, ASK: self._ask}

    async def visit_ended(self, visit: EndedVisit) -> None:
        """Let the visit be rated, and have it asked for; joins the open transaction."""
        rater = Reporter(ReporterKind.PERSON, visit.person_id)
        await self._open(
            Rating(
                id=rating_id(RatedKind.VISIT, visit.id, rater),
                kind=RatedKind.VISIT,
                subject=visit.id,
                office=visit.office,
                rater=rater,
                dependant_id=visit.dependant_id,
                language=language_of(visit.language) or SOURCE,
                asked_at=visit.ended_at,
            )
        )

    def shown_names(self, rating: Rating) -> Mapping[str, str] | None:
        """Return the office's names, None for one that is not named where anybody may read it."""
        is_named = self._offices.is_named_on_locked_screens(rating.office)
        return self._offices.names(rating.office) if is_named else None

    async def _report_ended(self, payload: Mapping[str, Any]) -> None:
        """Let everybody rate it who followed it, or a report that was merged into it."""
        report = await self._reports.get(payload["report"])
        if report is None or report.state not in ENDED:
            return
        merged = await self._reports.merged_into(report.id)
        for report_id in (report.id, *(one.id for one in merged)):
            after = ""
            while found := await self._followers.of_report(report_id, after, _AT_ONCE):
                for follower in filter(_may_rate, found):
                    rating = _of_report(report, follower)
                    await transact(self._store, partial(self._open, rating))
                after = found[-1].id

    async def _open(self, rating: Rating) -> None:
        if await self._ratings.add(rating):
            await self._jobs.enqueue(ASK, {"rating": rating.id}, id=derived_id(ASK, rating.id))

    async def _ask(self, payload: Mapping[str, Any]) -> None:
        async def work(*, by_sms: bool) -> None:
            rating = await self._ratings.get(payload["rating"])
            is_given = rating is None or rating.opinion is not None
            if rating is not None and not is_given and self._clock() < _worth_asking(rating):
                await self._say(rating, by_sms=by_sms)

        await with_sms_if_any_are_left(self._store, work)

    async def _say(self, rating: Rating, *, by_sms: bool) -> None:
        if rating.rater is None:
            return
        text = invitation(rating, self.shown_names(rating))
        notice = Notice(
            id=derived_id("feedback rating notice", rating.id),
            thread=derived_id("feedback rating thread", rating.id),
            texts={rating.language: text},
            priority=Priority.NORMAL,
            overrides_quiet_hours=False,
            expires_at=_worth_asking(rating),
            data={"type": "rating", "ratingId": rating.id},
        )
        footer = link_line(rating, self._tickets.link(rating))
        await self._senders.say(notice, rating.rater, rating.language, text, footer, by_sms=by_sms)


def _worth_asking(rating: Rating) -> datetime:
    """Return until when somebody is asked who has forgotten by then what it was about."""
    return rating.asked_at + _WORTH_ASKING


def _may_rate(follower: Follower) -> bool:
    """Tell whether somebody is asked: not a device that merely joined, for anybody makes as many as they like."""
    kind = follower.reporter.kind
    return kind is ReporterKind.PERSON or (kind is ReporterKind.DEVICE and follower.is_reporter)


def _of_report(report: Report, follower: Follower) -> Rating:
    """Return the rating of whoever followed; under the lead, so that of merged reports one counts."""
    return Rating(
        id=rating_id(RatedKind.REPORT, report.id, follower.reporter),
        kind=RatedKind.REPORT,
        subject=report.code,
        office=Scope(ScopeKind.AGENCY, report.route.agency_id),
        rater=follower.reporter,
        dependant_id=None,
        language=follower.language,
        asked_at=report.state_since,
    )
