"""What happened to service requests, in the order in which it did, for systems that follow them."""

from api.feedback.life.steps import Step, StepRepository
from api.feedback.open311.parameters import Parameters
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
        codes = {code_of(one) for one in asked.listed("service_request_id")}
        span, window = asked.span(self._clock()), asked.window()
        found: list[Update] = []
        start = None
        while len(found) < window.skipped + window.size:
            steps = await self._steps.between(span.first, span.last, start, _BATCH)
            found += [it for it in await self._shown(steps) if not codes or it[0].code in codes]
            if len(steps) < _BATCH:
                break
            start = (steps[-1].at, steps[-1].number, steps[-1].id)
        return found[window.skipped : window.skipped + window.size]

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
