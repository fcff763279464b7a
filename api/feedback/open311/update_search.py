"""What happened to service requests, in the order in which it did, for systems that follow them."""

from collections.abc import Sequence

from api.feedback.life.steps import Step, StepRepository
from api.feedback.open311.parameters import Parameters, Span
from api.feedback.reports.code import code_of
from api.feedback.reports.records import Report, ReportState
from api.feedback.reports.repository import ReportRepository
from api.kit.clock import Clock

_BATCH = 500
Update = tuple[Report, Step]


class UpdateSearch:
    def __init__(self, reports: ReportRepository, steps: StepRepository, clock: Clock) -> None:
        self._reports = reports
        self._steps = steps
        self._clock = clock

    async def found(self, asked: Parameters) -> list[Update]:
        """Return the page that is asked for, the first step first.

        Raises InvalidParameter, TimesTooFarApart and PageTooFar.
        """
        named = asked.listed("service_request_id")
        span, window = asked.span(self._clock()), asked.window()
        last = window.skipped + window.size
        if named:
            return (await self._of_named(named, span))[window.skipped : last]
        found: list[Update] = []
        start = None
        while len(found) < last:
            steps = await self._steps.between(span.first, span.last, start, _BATCH)
            found += await self._shown(steps)
            if len(steps) < _BATCH:
                break
            start = (steps[-1].at, steps[-1].number, steps[-1].id)
        return found[window.skipped : last]

    async def _of_named(self, named: Sequence[str], span: Span) -> list[Update]:
        codes = sorted({code for one in named if (code := code_of(one))})
        reports = await self._reports.coded_many(codes)
        histories = await self._steps.of_reports([one.id for one in reports])
        steps = [it for own in histories.values() for it in own if span.first <= it.at <= span.last]
        return await self._shown(sorted(steps, key=lambda it: (it.at, it.number, it.id)))

    async def _shown(self, steps: list[Step]) -> list[Update]:
        """Leave out what happened to reports that everybody may not see."""
        reports = await self._reports.get_many([one.report_id for one in steps])
        return [
            (report, one)
            for one in steps
            if (report := reports.get(one.report_id)) is not None
            and report.spot is not None
            and report.state is not ReportState.REFUSED
        ]
