"""Which service requests are asked for. Nobody is given more than what everybody sees, but for an app its own."""

from dataclasses import dataclass
from typing import Any

from api.feedback.duplicates.similar import cells_within
from api.feedback.open311.api_keys import ApiKey
from api.feedback.open311.errors import InvalidParameter, UnknownServiceRequest
from api.feedback.open311.parameters import Circle, Parameters, Span, Window
from api.feedback.open311.statuses import states_of
from api.feedback.reports.code import code_of
from api.feedback.reports.records import Report, Reporter, ReporterKind, ReportState
from api.feedback.reports.repository import ReportRepository, newest_first
from api.kit.clock import Clock
from api.kit.geo import distance_metres
from api.kit.store import Filter

_STATUSES = frozenset({"open", "closed"})
_BATCH = 500


@dataclass(frozen=True, slots=True)
class RequestQuery:
    """`services` empty: all."""

    services: tuple[str, ...]
    states: frozenset[ReportState]
    span: Span
    circle: Circle | None
    window: Window


class RequestSearch:
    def __init__(self, reports: ReportRepository, clock: Clock) -> None:
        self._reports = reports
        self._clock = clock

    async def found(self, asked: Parameters) -> list[Report]:
        """Return the page that is asked for, the newest first; by their ids when such are named.

        Raises InvalidParameter, TimesTooFarApart and PageTooFar.
        """
        named = asked.listed("service_request_id")
        if named:
            codes = sorted({code for one in named if (code := code_of(one))})
            return [one for one in await self._reports.coded_many(codes) if _is_shown(one)]
        return await self._page(self._query(asked))

    async def one(self, typed: str, holder: ApiKey | None) -> Report:
        """Return one; to the app that sent it also when it was refused. Raises UnknownServiceRequest."""
        code = code_of(typed)
        report = await self._reports.coded(code) if code else None
        if report is None or not (_is_shown(report) or _is_own(report, holder)):
            raise UnknownServiceRequest
        return report

    def _query(self, asked: Parameters) -> RequestQuery:
        statuses = frozenset(it.lower() for it in asked.listed("status"))
        if not statuses <= _STATUSES:
            raise InvalidParameter(name="status")
        return RequestQuery(
            services=asked.listed("service_code"),
            states=states_of(statuses),
            span=asked.span(self._clock()),
            circle=asked.circle(),
            window=asked.window(),
        )

    async def _page(self, query: RequestQuery) -> list[Report]:
        wanted, window = _filter(query), query.window
        found: list[Report] = []
        start = None
        while len(found) < window.skipped + window.size:
            some = await self._reports.page(wanted, start, _BATCH)
            found += [one for one in some if _is_within(one, query.circle)]
            if len(some) < _BATCH:
                break
            start = newest_first(some[-1])
        return found[window.skipped : window.skipped + window.size]


def _filter(query: RequestQuery) -> Filter:
    wanted: dict[str, Any] = {
        "is_shown": True,
        "state": {"$in": sorted(one.value for one in query.states)},
        "received_at": {"$gte": query.span.first, "$lte": query.span.last},
    }
    if query.services:
        wanted["category"] = {"$in": list(query.services)}
    circle = query.circle
    cells = cells_within(circle.centre, float(circle.metres)) if circle else None
    if cells is not None:
        wanted["cells"] = {"$in": cells}
    return wanted


def _is_within(report: Report, circle: Circle | None) -> bool:
    if circle is None or report.spot is None:
        return True
    return distance_metres(circle.centre, report.spot) <= circle.metres


def _is_shown(report: Report) -> bool:
    return report.spot is not None and report.state is not ReportState.REFUSED


def _is_own(report: Report, holder: ApiKey | None) -> bool:
    return holder is not None and report.reporter == Reporter(ReporterKind.APP, holder.id)
