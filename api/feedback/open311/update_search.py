"""What happened to service requests, in the order in which it did, for systems that follow them."""

from collections.abc import Sequence

from api.feedback.life.moves import Mover
from api.feedback.life.steps import Step, StepRepository, shown_to_all
from api.feedback.open311.api_keys import ApiKey
from api.feedback.open311.parameters import Parameters, Span
from api.feedback.open311.request_search import may_see
from api.feedback.reports.code import code_of
from api.feedback.reports.records import Report
from api.feedback.reports.repository import ReportRepository
from api.kit.clock import Clock

_BATCH = 500
Update = tuple[Report, Step]


class UpdateSearch:
    def __init__(self, reports: ReportRepository, steps: StepRepository, clock: Clock) -> None:
        self._reports = reports
        self._steps = steps
        self._clock = clock

    async def found(self, asked: Parameters, holder: ApiKey | None) -> list[Update]:
        """Return the page that is asked for, the first step first; to an app also how its own were refused.

        Raises InvalidParameter, TimesTooFarApart and PageTooFar.
        """
        named = asked.listed("service_request_id")
        span, window = asked.span(self._clock()), asked.window()
        last = window.skipped + window.size
        if named:
            return (await self._of_named(named, span, holder))[window.skipped : last]
        found: list[Update] = []
        start = None
        while len(found) < last:
            steps = await self._steps.between(span.first, span.last, start, _BATCH)
            found += await self._shown(steps, holder)
            if len(steps) < _BATCH:
                break
            start = (steps[-1].at, steps[-1].number, steps[-1].id)
        return found[window.skipped : last]

    async def _of_named(
        self, named: Sequence[str], span: Span, holder: ApiKey | None
    ) -> list[Update]:
        codes = sorted({code for one in named if (code := code_of(one))})
        reports = await self._reports.coded_many(codes)
        histories = await self._steps.of_reports([one.id for one in reports])
        steps = [it for own in histories.values() for it in own if span.first <= it.at <= span.last]
        ordered = sorted(steps, key=lambda it: (it.at, it.number, it.id))
        return await self._shown(ordered, holder)

    async def _shown(self, steps: Sequence[Step], holder: ApiKey | None) -> list[Update]:
        """Leave out what happened to reports that the holder may not see, and what no clerk has read."""
        reports = await self._reports.get_many([one.report_id for one in steps])
        return [
            (report, one)
            for one in await self._as_shown(steps)
            if (report := reports.get(one.report_id)) is not None and may_see(report, holder)
        ]

    async def _as_shown(self, steps: Sequence[Step]) -> list[Step]:
        """Return the steps as everybody sees them, which the whole history decides."""
        said = {one.report_id for one in steps if one.words and one.mover is Mover.REPORTER}
        histories = await self._steps.of_reports(sorted(said))
        shown = {one.id: one for own in histories.values() for one in shown_to_all(own)}
        return [shown.get(one.id, one) for one in steps]
