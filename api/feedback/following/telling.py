"""Tells everybody who follows a report of each step: by push, else by SMS or e-mail, in their language.

What is to be told is queued in the transaction of the step, as one job for everybody; by the ids of
notices and texts nobody is told twice, and a worker that was killed goes on.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.errors import TooManyCodes
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn
from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.following.followers import Follower, FollowerRepository
from api.feedback.following.texts import follower_text
from api.feedback.life.moves import REPORTER_MAY_REOPEN_FOR
from api.feedback.life.steps import Step, StepRepository
from api.feedback.reports.records import Report, Reporter, ReporterKind
from api.feedback.reports.repository import ReportRepository
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Handler, Jobs
from api.kit.localized import best_language
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications
from notifications.text_message import Channel, TextMessage
from notifications.texts import Texts

TELL = "feedback.tell"
_WORTH_TELLING = timedelta(days=3)
_AT_ONCE = 200


class Telling:
    """Queues what is to be told; its job tells it."""

    def __init__(
        self,
        store: Store,
        reports: ReportRepository,
        steps: StepRepository,
        followers: FollowerRepository,
        agencies: AgencyLibrary,
        jobs: Jobs,
        senders: "Senders",
        clock: Clock,
    ) -> None:
        self._store = store
        self._reports = reports
        self._steps = steps
        self._followers = followers
        self._agencies = agencies
        self._jobs = jobs
        self._senders = senders
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {TELL: self._tell}

    async def queue(self, report: Report, step: Step) -> None:
        """Ask for everybody to be told who follows the report or one merged into it; joins the transaction."""
        merged = await self._reports.merged_into(report.id)
        payload = {"step": step.id, "reports": [report.id, *(one.id for one in merged)]}
        await self._jobs.enqueue(TELL, payload, id=derived_id(TELL, step.id))

    async def _tell(self, payload: Mapping[str, Any]) -> None:
        step = await self._steps.get(payload["step"])
        if step is None:
            return
        reports = await self._reports.get_many(payload["reports"])
        for report in [reports[one] for one in payload["reports"] if one in reports]:
            after = ""
            while found := await self._followers.of_report(report.id, after, _AT_ONCE):
                for follower in found:
                    await self._tell_one(report, step, follower)
                after = found[-1].id

    async def _tell_one(self, report: Report, step: Step, follower: Follower) -> None:
        # Of a person, not of what they follow: who follows several merged reports is told once.
        notice_id = derived_id("feedback notice", step.id, follower.reporter.key)
        text = self._text(report, step, follower.language)
        expires_at = step.at + _WORTH_TELLING
        if self._clock() >= expires_at:
            return

        async def work(*, by_sms: bool) -> None:
            await self._senders.send(notice_id, report, follower, text, expires_at, by_sms=by_sms)

        await with_sms_if_any_are_left(self._store, work)

    def _text(self, report: Report, step: Step, language: str) -> Text:
        other = step.other_code or (self._name(step.to_agency, language) if step.to_agency else "")
        return follower_text(
            step.move,
            language,
            code=report.code,
            agency=self._name(step.agency_id, language),
            other=other,
            days=REPORTER_MAY_REOPEN_FOR.days,
        )

    def _name(self, agency_id: str, language: str) -> str:
        names = self._agencies.agency(agency_id).names
        return names[best_language(names, language) or "vi"]


class Senders:
    """Push to the devices of a person, else a text to the first address; push alone to a device of nobody; nothing to an app."""

    def __init__(
        self,
        notifications: Notifications,
        texts: Texts,
        ways: WaysIn,
        caps: SendCaps,
        clock: Clock,
    ) -> None:
        self._notifications = notifications
        self._texts = texts
        self._ways = ways
        self._caps = caps
        self._clock = clock

    async def send(
        self,
        notice_id: str,
        report: Report,
        follower: Follower,
        text: Text,
        expires_at: datetime,
        *,
        by_sms: bool,
    ) -> None:
        """Queue it; joins the open transaction. Raises TooManyCodes: the day's SMS are used up."""
        notice = Notice(
            id=notice_id,
            thread=derived_id("feedback thread", report.id),
            texts={follower.language: text},
            priority=Priority.NORMAL,
            overrides_quiet_hours=False,
            expires_at=expires_at,
            data={"type": "report", "code": report.code},
        )
        await self.say(notice, follower.reporter, follower.language, text, by_sms=by_sms)

    async def say(
        self,
        notice: Notice,
        to: Reporter,
        language: str,
        text: Text,
        footer: str = "",
        *,
        by_sms: bool,
    ) -> None:
        """Queue it; joins the open transaction. Raises TooManyCodes: the day's SMS are used up.

        `footer`: what an SMS or e-mail has besides, for there no app shows it.
        """
        if to.kind is ReporterKind.APP:
            return  # it asks
        if to.kind is ReporterKind.DEVICE:
            await self._notifications.tell_device(notice, to.id)
        elif not await self._notifications.tell(notice, to.id):
            ways = await self._ways.of_person(to.id)
            address = _preferred([way.address for _, way in ways], by_sms=by_sms)
            if address is not None:
                body = "\n".join(filter(None, (text.body, footer)))
                await self._write(address, notice, to, language, Text(text.title, body))

    async def _write(
        self, address: Address, notice: Notice, to: Reporter, language: str, text: Text
    ) -> None:
        is_sms = address.channel is Channel.SMS
        if is_sms:
            await self._caps.count_notice(address, self._clock())
        await self._texts.queue(
            TextMessage(
                id=derived_id("feedback text", notice.id),
                channel=address.channel,
                to=address.value,
                subject=text.title,
                body="\n".join((text.title, text.body)) if is_sms else text.body,
                language=language,
                expires_at=notice.expires_at,
                person_id=to.person_id,
            )
        )


class _Work(Protocol):
    async def __call__(self, *, by_sms: bool) -> None: ...


async def with_sms_if_any_are_left(store: Store, work: _Work) -> None:
    """Do `work` in a transaction: with SMS, or without when the day's are used up."""
    try:
        await transact(store, partial(work, by_sms=True))
    except TooManyCodes:
        await transact(store, partial(work, by_sms=False))


def _preferred(addresses: list[Address | None], *, by_sms: bool) -> Address | None:
    """Return a telephone number where an SMS may be sent, else an e-mail address."""
    known = [one for one in addresses if one is not None]
    numbers = [one for one in known if one.channel is Channel.SMS] if by_sms else []
    letters = [one for one in known if one.channel is Channel.EMAIL]
    return next(iter(numbers or letters), None)
