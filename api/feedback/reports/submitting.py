"""Taking a report in: checked, routed, its clocks begun, once however often it is sent."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.feedback.categories.category import Category, CategoryLibrary
from api.feedback.clocks.escalating import ReportClocks
from api.feedback.following.followers import FollowerRepository
from api.feedback.life.closing import photo_holder
from api.feedback.life.moves import Move, Mover
from api.feedback.life.steps import Step, StepRepository
from api.feedback.reports.code import new_code
from api.feedback.reports.content import NewReport, content_of
from api.feedback.reports.errors import InvalidPhotos, OutsideProvince, TooManyReports
from api.feedback.reports.photos_consent import ReportPhotosConsent
from api.feedback.reports.records import (
    Report,
    ReportContent,
    Reporter,
    ReporterKind,
    ReportState,
    Visibility,
)
from api.feedback.reports.reporters import Reporters, ShownDevice
from api.feedback.reports.repository import ReportRepository
from api.feedback.routing.route import Routing
from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.idempotency import Idempotency, IdempotencyKeyReused, check_key
from api.kit.ids import derived_id
from api.kit.limits import Allowance, Limits
from api.kit.request_refusals import TooManyRequests
from api.kit.store import DuplicateKey
from api.media.errors import MediaProblem
from api.media.library import MediaKind, MediaLibrary

PHOTOS_AT_MOST = 6
_DAY = 24 * 3600
BY_ONE_PERSON = Allowance(20, _DAY)
BY_ONE_DEVICE = Allowance(10, _DAY)
BY_ONE_APP = Allowance(5_000, _DAY)
"""All people of an app together; of each of its devices BY_ONE_DEVICE."""
FROM_ONE_ADDRESS = Allowance(200, _DAY)
"""Generous: behind one address of a mobile network there are thousands of people."""
_CODES_TRIED_AT_MOST = 8


class Communes(Protocol):
    """Which commune a position is in: CommuneIndex, in the product."""

    def at(self, position: Position) -> str | None: ...

    @property
    def codes(self) -> Container[str]: ...


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a report, from which address, and in which of our languages they are told of it."""

    caller: Caller
    device: ShownDevice | None
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Who reports, from which address (empty: an app's, behind which stand many), told in which language.

    `device`: what an app calls the device, to count by; it is kept nowhere.
    """

    reporter: Reporter
    address: str
    language: str
    device: str | None = None


_OF_THEIR_OWN = {
    ReporterKind.PERSON: BY_ONE_PERSON,
    ReporterKind.DEVICE: BY_ONE_DEVICE,
    ReporterKind.APP: BY_ONE_APP,
}


class Submitting:
    def __init__(
        self,
        reports: ReportRepository,
        steps: StepRepository,
        followers: FollowerRepository,
        reporters: Reporters,
        categories: CategoryLibrary,
        routing: Routing,
        clocks: ReportClocks,
        communes: Communes,
        library: MediaLibrary,
        consent: ReportPhotosConsent,
        limits: Limits,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._reports = reports
        self._steps = steps
        self._followers = followers
        self._reporters = reporters
        self._categories = categories
        self._routing = routing
        self._clocks = clocks
        self._communes = communes
        self._library = library
        self._consent = consent
        self._limits = limits
        self._idempotency = idempotency
        self._clock = clock

    async def submit(self, sender: Sender, new: NewReport, key: str) -> Report:
        """Take a report in; the same key again answers the same report, however late.

        Raises NotSignedIn, DeviceNotFound, CategoryNotFound, OutsideProvince, TooManyReports,
        PhotosConsentMissing, InvalidPhotos, what `content_of` raises, and IdempotencyProblem.
        """
        check_key(key)
        reporter = await self._reporters.of(sender.caller, sender.device)
        return await self.submit_from(Origin(reporter, sender.address, sender.language), new, key)

    async def submit_from(self, origin: Origin, new: NewReport, key: str) -> Report:
        """Take a report in of whoever is known already; joins the open transaction.

        Raises as `submit` does, but NotSignedIn and DeviceNotFound.
        """
        check_key(key)
        reporter = origin.reporter
        category = self._categories.category(new.category)
        commune_code = self._commune(new.position)
        report_id = derived_id("feedback report", reporter.key, key)

        async def work() -> dict[str, Any]:
            # What depends on the time is checked here: a draft that is sent again was taken already.
            if await self._was_taken(report_id, reporter, new):
                return {"report": report_id}
            now = self._clock()
            content = content_of(new, category, now)
            await self._check_photos(reporter, new.photos)
            await self._count(origin)
            report = await self._added(
                report_id, reporter, new, content, category, commune_code, now
            )
            await self._hold_photos(report)
            await self._begin(report, category, origin.language, now)
            return {"report": report.id}

        result = await self._idempotency.once(
            reporter.idempotency_scope, "submitReport", key, new.asked(), work
        )
        report = await self._reports.get(result["report"])
        assert report is not None, "a report is never removed"  # noqa: S101
        return report

    def _commune(self, position: Position) -> str:
        code = self._communes.at(position)
        if code is None:
            raise OutsideProvince
        return code

    async def _was_taken(self, report_id: str, reporter: Reporter, new: NewReport) -> bool:
        """Tell whether it is there: drafts are sent again when keys are long forgotten. Raises IdempotencyKeyReused."""
        known = await self._reports.get(report_id)
        if known is None:
            return False
        content = known.content
        is_same = content is not None and (content.position, known.category) == (
            new.position,
            new.category,
        )
        if known.reporter != reporter or not is_same:
            raise IdempotencyKeyReused
        return True

    async def _added(
        self,
        report_id: str,
        reporter: Reporter,
        new: NewReport,
        content: ReportContent,
        category: Category,
        commune_code: str,
        now: datetime,
    ) -> Report:
        report = Report(
            id=report_id,
            code=await self._free_code(),
            category=category.code,
            visibility=new.visibility,
            commune_code=commune_code,
            reporter=reporter,
            content=content,
            photos=new.photos,
            spot=None if new.visibility is Visibility.PRIVATE else content.position,
            route=self._routing.route(category, commune_code, content.answers),
            state=ReportState.RECEIVED,
            received_at=now,
            state_since=now,
            due=self._clocks.deadlines(category, now),
        )
        await self._reports.add(report)
        return report

    async def _free_code(self) -> str:
        """Return a code that no report has. A race for one is lost by DuplicateKey, and tried anew by the app."""
        for _ in range(_CODES_TRIED_AT_MOST):
            code = new_code()
            if await self._reports.coded(code) is None:
                return code
        raise DuplicateKey("feedback_reports", ("code",))

    async def _begin(
        self, report: Report, category: Category, language: str, now: datetime
    ) -> None:
        reporter = report.reporter
        assert reporter is not None, "it was just reported"  # noqa: S101
        step = Step(
            report_id=report.id,
            number=report.steps,
            move=Move.RECEIVE,
            state=report.state,
            mover=Mover.REPORTER,
            agency_id=report.route.agency_id,
            at=now,
        )
        await self._steps.add(step)
        await self._followers.add(report.id, reporter, language, now, is_reporter=True)
        await self._clocks.begin(report, now)
        if category.is_urgent:
            await self._clocks.urgent(report)

    async def _count(self, origin: Origin) -> None:
        reporter = origin.reporter
        try:
            # Their own first: whoever is refused must not use up what others behind the address have.
            own = _OF_THEIR_OWN[reporter.kind]
            await self._limits.check("feedback.report", reporter.key, own)
            if origin.device:
                device = f"{reporter.key} {origin.device}"
                await self._limits.check("feedback.app_device", device, BY_ONE_DEVICE)
            if origin.address:
                await self._limits.check("feedback.address", origin.address, FROM_ONE_ADDRESS)
        except TooManyRequests as refused:
            raise TooManyReports(refused.retry_after_seconds) from refused

    async def _check_photos(self, reporter: Reporter, photos: tuple[str, ...]) -> None:
        if not photos:
            return
        is_sound = len(photos) <= PHOTOS_AT_MOST and len({*photos}) == len(photos)
        if not is_sound or reporter.person_id is None:
            raise InvalidPhotos(most=PHOTOS_AT_MOST)
        await self._consent.hold(reporter.person_id)
        try:
            await self._library.ready(reporter.person_id, photos, MediaKind.PHOTO)
        except MediaProblem as error:
            raise InvalidPhotos(most=PHOTOS_AT_MOST) from error

    async def _hold_photos(self, report: Report) -> None:
        try:
            for photo in report.photos:
                await self._library.hold(photo, photo_holder(report.id))
        except MediaProblem as error:
            raise InvalidPhotos(most=PHOTOS_AT_MOST) from error
