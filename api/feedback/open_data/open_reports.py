"""Reports without what anybody said: read from the store without opening what is sealed.

Private and refused ones are left out here, so that they are in nothing that is published.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.feedback.life.steps import StepRepository
from api.feedback.open_data.months import Month
from api.feedback.reports.records import SHOWN, ReportState
from api.feedback.reports.repository import REPORTS
from api.kit.store import Document, Filter, Store

_BATCH = 500
_SHOWN_STATES = sorted(one.value for one in SHOWN)


@dataclass(frozen=True, slots=True)
class OpenReport:
    """`merged_into`: the code of the report under which it goes on; `reopened`: how often its reporter objected.

    `reopened` and `merged_into` are filled in for months only.
    """

    id: str
    code: str
    category: str
    commune_code: str
    agency_id: str
    state: ReportState
    received_at: datetime
    state_since: datetime
    accepted_at: datetime | None
    answered_at: datetime | None
    fixed_at: datetime | None
    ended_at: datetime | None
    due_answer: datetime
    due_fix: datetime
    people: int
    latitude: float
    longitude: float
    reopened: int = 0
    merged_into: str | None = None


class OpenReports:
    def __init__(self, store: Store, steps: StepRepository) -> None:
        self._reports = store[REPORTS]
        self._steps = steps

    async def of_month(self, month: Month) -> AsyncGenerator[list[OpenReport]]:
        """Yield what was received in a month, some at a time, the first one first."""
        wanted: Filter = {
            "is_shown": True,
            "state": {"$in": _SHOWN_STATES},
            "received_at": {"$gte": month.first, "$lt": month.end},
        }
        after: Sequence[Any] | None = None
        while True:
            found = await self._reports.find(
                wanted, sort=[("received_at", 1)], after=after, limit=_BATCH
            )
            if found:
                yield await self._with_history(found)
                after = (found[-1]["received_at"], found[-1]["_id"])
            if len(found) < _BATCH:
                return

    async def on_map(
        self, wanted: Filter, after: Sequence[Any] | None, limit: int
    ) -> list[OpenReport]:
        """Return what matches and is led by no other, the newest first: `limit`, or all there are."""
        led_by_none: list[Document] = []
        while True:
            some = await self._reports.find(
                wanted, sort=[("received_at", -1)], after=after, limit=limit
            )
            # Not asked of the store, which might look by it: nearly all are led by none.
            led_by_none += [one for one in some if one["lead_id"] is None]
            if len(some) < limit or len(led_by_none) >= limit:
                return [_open_report(one, 0, None) for one in led_by_none[:limit]]
            after = (some[-1]["received_at"], some[-1]["_id"])

    async def _with_history(self, found: list[Document]) -> list[OpenReport]:
        reopened = await self._steps.reopenings([one["_id"] for one in found])
        leads = await self._reports.get_many(sorted({one["lead_id"] for one in found} - {None}))
        codes = {lead_id: lead["code"] for lead_id, lead in leads.items() if _is_shown(lead)}
        return [_open_report(one, reopened[one["_id"]], codes.get(one["lead_id"])) for one in found]


def _is_shown(document: Document) -> bool:
    return bool(document["is_shown"])


def _open_report(document: Document, reopened: int, merged_into: str | None) -> OpenReport:
    return OpenReport(
        id=document["_id"],
        code=document["code"],
        category=document["category"],
        commune_code=document["commune_code"],
        agency_id=document["agency_id"],
        state=ReportState(document["state"]),
        received_at=document["received_at"],
        state_since=document["state_since"],
        accepted_at=document["accepted_at"],
        answered_at=document["answered_at"],
        fixed_at=document["fixed_at"],
        ended_at=document["ended_at"],
        due_answer=document["due_answer"],
        due_fix=document["due_fix"],
        people=document["people"],
        latitude=document["latitude"],
        longitude=document["longitude"],
        reopened=reopened,
        merged_into=merged_into,
    )
