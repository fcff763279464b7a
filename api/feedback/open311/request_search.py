"""Which service requests are asked for. Nobody is given more than what everybody sees, but for an app its own."""

from dataclasses import dataclass
from typing import Any

from api.feedback.open311.api_keys import ApiKey
from api.feedback.open311.errors import CircleTooFull, InvalidParameter, UnknownServiceRequest
from api.feedback.open311.parameters import Circle, Parameters, Span, Window
from api.feedback.open311.statuses import states_of
from api.feedback.reports.code import code_of
from api.feedback.reports.map_cells import Box, lying_in
from api.feedback.reports.records import Report, Reporter, ReporterKind, ReportState
from api.feedback.reports.repository import ReportRepository, newest_first
from api.kit.clock import Clock
from api.kit.geo import distance_metres
from api.kit.store import Filter

_STATUSES = frozenset({"open", "closed"})
LOOKED_AT_MOST = 20_000
"""Reports that are read for one page: in the corners of the box around a circle there may be many."""
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

    async def found(self, asked: Parameters, holder: ApiKey | None) -> list[Report]:
        """Return the page that is asked for, the newest first; by their ids when such are named, as `one` does.

        Raises InvalidParameter, TimesTooFarApart, PageTooFar and CircleTooFull.
        """
        named = asked.listed("service_request_id")
        if named:
            codes = sorted({code for one in named if (code := code_of(one))})
            return [one for one in await self._reports.coded_many(codes) if may_see(one, holder)]
        return await self._page(self._query(asked))

    async def one(self, typed: str, holder: ApiKey | None) -> Report:
        """Return one; to the app that sent it also when it was refused. Raises UnknownServiceRequest."""
        code = code_of(typed)
        report = await self._reports.coded(code) if code else None
        if report is None or not may_see(report, holder):
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
        start, looked = None, 0
        while wanted is not None and len(found) < window.skipped + window.size:
            if looked >= LOOKED_AT_MOST:
                raise CircleTooFull
            some = await self._reports.page(wanted, start, _BATCH)
            found += [one for one in some if _is_within(one, query.circle)]
            if len(some) < _BATCH:
                break
            start, looked = newest_first(some[-1]), looked + len(some)
        return found[window.skipped : window.skipped + window.size]


def _filter(query: RequestQuery) -> Filter | None:
    """Return what is asked of a report; None for a circle in which none can be."""
    wanted: dict[str, Any] = {
        "state": {"$in": sorted(one.value for one in query.states)},
        "received_at": {"$gte": query.span.first, "$lte": query.span.last},
    }
    if query.services:
        wanted["category"] = {"$in": list(query.services)}
    circle = query.circle
    if circle is None:
        return {"is_shown": True, **wanted}
    place = lying_in(Box.around(circle.centre, float(circle.metres)))
    # What lies in a cell is shown: a private report has none.
    return None if place is None else {**wanted, **place}


def _is_within(report: Report, circle: Circle | None) -> bool:
    if circle is None or report.spot is None:
        return True
    return distance_metres(circle.centre, report.spot) <= circle.metres


def may_see(report: Report, holder: ApiKey | None) -> bool:
    """Tell whether everybody may see it, or it is the app's own."""
    own = holder and Reporter(ReporterKind.APP, holder.id)
    return report.is_seen_by_all or (own is not None and report.reporter == own)
