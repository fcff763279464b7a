"""All questions that the slice asks of the store about reports. Every change of state is one conditional write."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from api.feedback.reports.documents import report_document, report_of, sealed_place
from api.feedback.reports.map_cells import CELL_FIELDS, cells_of
from api.feedback.reports.records import AWAITING, OPEN, Report, Reporter, ReportState
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Filter, Index, Store

REPORTS = CollectionSpec(
    "feedback_reports",
    (
        Index(("code",), unique=True),
        Index(("reporter", "received_at")),
        Index(("agency_id", "state", "received_at")),
        Index(("agency_id", "received_at")),
        Index(("is_shown", "received_at")),
        Index(("state", "received_at")),
        Index(("commune_code", "category", "received_at")),
        Index(("is_shown", "category", "received_at")),
        Index(("category", "state", "received_at")),
        Index(("cells",), many=True),
        *(Index((cell, "state", "received_at")) for cell in CELL_FIELDS),
        Index(("lead_id",)),
    ),
)


class ReportRepository:
    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._reports = store[REPORTS]
        self._sealer = sealer

    async def add(self, report: Report) -> None:
        """Insert it. Raises DuplicateKey when another report has its code."""
        await self._reports.insert(report_document(report, self._sealer))

    async def get(self, report_id: str) -> Report | None:
        return self._or_none(await self._reports.get(report_id) if is_id(report_id) else None)

    async def get_many(self, report_ids: Sequence[str]) -> dict[str, Report]:
        found = await self._reports.get_many(sorted(set(report_ids)))
        return {report_id: self._report(document) for report_id, document in found.items()}

    async def coded(self, code: str) -> Report | None:
        return self._or_none(await self._reports.find_one({"code": code}))

    async def coded_many(self, codes: Sequence[str]) -> list[Report]:
        found = await self._reports.find({"code": {"$in": list(codes)}}, sort=[("received_at", -1)])
        return list(map(self._report, found))

    async def by(self, reporter: Reporter) -> list[Report]:
        """Return everything that somebody reported, the newest first."""
        found = await self._reports.find({"reporter": reporter.key}, sort=[("received_at", -1)])
        return list(map(self._report, found))

    async def page(self, wanted: Filter, after: Sequence[Any] | None, limit: int) -> list[Report]:
        """Return what matches, the newest first."""
        found = await self._reports.find(
            wanted, sort=[("received_at", -1)], after=after, limit=limit
        )
        return list(map(self._report, found))

    async def open_in(self, place: Filter) -> list[Report]:
        """Return what is not at an end; `place`: conditions of where, and of which category."""
        going_on = sorted(one.value for one in OPEN | AWAITING)
        found = await self._reports.find({**place, "state": {"$in": going_on}})
        return list(map(self._report, found))

    async def count_overdue(self, now: datetime) -> tuple[int, int, int]:
        """Count what waits too long to be accepted, answered and fixed; of what was merged, the lead only."""
        going_on = {"state": {"$in": sorted(one.value for one in OPEN)}, "lead_id": None}
        late = {"$lte": now}
        return (
            await self._reports.count({**going_on, "due_accept": late, "accepted_at": None}),
            await self._reports.count({**going_on, "due_answer": late, "answered_at": None}),
            await self._reports.count({**going_on, "due_fix": late, "fixed_at": None}),
        )

    async def merged_into(self, lead_id: str) -> list[Report]:
        found = await self._reports.find({"lead_id": lead_id}, sort=[("received_at", 1)])
        return list(map(self._report, found))

    async def change(
        self,
        report_id: str,
        states: Iterable[ReportState],
        guard: Filter,
        fields: Mapping[str, Any],
        added: Mapping[str, int],
    ) -> Report | None:
        """Write `fields` and add to counts in one write, while the report is in one of the states.

        `guard` is what else must hold. None when it does not: then nothing was written.
        """
        wanted: Filter = {
            "_id": report_id,
            "state": {"$in": sorted(one.value for one in states)},
            **guard,
        }
        update: dict[str, Mapping[str, Any]] = {}
        if fields:
            update["$set"] = fields
        if added:
            update["$inc"] = added
        return self._or_none(await self._reports.update_one(wanted, update))

    async def mirror(self, lead_id: str, fields: Mapping[str, Any]) -> None:
        """Write the same into every report that was merged into this one."""
        await self._reports.update_many({"lead_id": lead_id}, {"$set": fields})

    async def forget(self, report_id: str) -> None:
        """Remove what the reporter said, and who that was; category, commune and states stay."""
        await self._reports.update_one(
            {"_id": report_id}, {"$set": {"content": None, "photos": [], "reporter": None}}
        )

    async def forget_spot(self, report_id: str) -> None:
        """Take it off the map."""
        await self._reports.update_one(
            {"_id": report_id},
            {
                "$set": {
                    "is_shown": False,
                    "latitude": None,
                    "longitude": None,
                    "cells": [],
                    **cells_of(None),
                }
            },
        )

    async def without_photos(self, report_id: str) -> None:
        await self._reports.update_one({"_id": report_id}, {"$set": {"photos": []}})

    async def seal_anew(self) -> int:
        """Seal some contents anew, as Resealed has it."""
        return await seal_anew(self._reports, self._sealer, "content", sealed_place)

    def _report(self, document: Document) -> Report:
        return report_of(document, self._sealer)

    def _or_none(self, document: Document | None) -> Report | None:
        return self._report(document) if document else None


def newest_first(report: Report) -> tuple[datetime, str]:
    """Return the sort values of a page."""
    return report.received_at, report.id
