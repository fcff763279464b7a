"""Who comes into the audience of a notice after it was fanned out, while it holds: they get it then.

They move there, are registered there, call it home from now on, or say now that they will be there. What changed
since the last look is read once and met with every notice; whom one was meant for already is left alone.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from api.kit.audience_source import Among, AudienceSource, Period
from api.kit.clock import Clock
from api.kit.store import Store
from notifications.addressed import Addressed, Mark, not_reached, refused_at
from notifications.audience import PAGE_SIZE, Expected, Selection, nobody
from notifications.cell_verdicts import CellVerdicts
from notifications.device_repository import ChangedDevices, DeviceRepository
from notifications.fan_outs import FanOut, FanOuts
from notifications.meeting import Holding, Meeting, Met
from notifications.outbox import Outbox

BEGUN_ANYHOW_AFTER = timedelta(minutes=10)
"""Nobody said that a fan-out is over, but this long after it was done it is: whoever comes is met from its beginning."""


log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Known:
    """Of some devices, those who need not be told, and those for whom it was meant and whom it has not reached."""

    told: frozenset[str]
    not_reached: frozenset[str]


class Newcomers:
    """One in a process. To look often is cheap: whom a notice was meant for is remembered while it holds."""

    def __init__(self, store: Store, clock: Clock, sources: Sequence[AudienceSource]) -> None:
        self._devices = DeviceRepository(store)
        self._fan_outs = FanOuts(store)
        self._outbox = Outbox(store, clock)
        self._sources = sources
        self._clock = clock
        self._addressed: dict[str, Addressed] = {}
        self._verdicts: dict[str, CellVerdicts] = {}

    async def begin(self, notice_id: str) -> None:
        """Say that a fan-out, and what is told beside it, is over: from now on looks meet whoever comes."""
        fan_out = await self._fan_outs.get(notice_id)
        if fan_out is not None:
            await self._fan_outs.note_met(notice_id, fan_out.began_at)

    async def tell(self, holding: Sequence[Holding]) -> dict[str, int]:
        """Queue these notices for whoever has come since the last look; return for how many, by notice.

        Each device gets each once, however often this runs, and by however many at once. A look that
        breaks off is made up for by the next.
        """
        meetings = await self._meetings(holding)
        self._forget_all_but(holding)
        if not meetings:
            return {}
        async for page in self._changed(min(one.since for one in meetings), meetings[0].now):
            for one in meetings:
                await asyncio.to_thread(one.meet, page)
        await self._meet_again(meetings)
        # Whoever was met by position first: what the sources know must not keep them waiting.
        for one in meetings:
            await _guarded(one, self._tell(one))
        linked = await self._devices.people_linked_since(min(one.since for one in meetings))
        for one in meetings:
            for expected in self._expected(one, linked | one.people):
                await _guarded(one, self._tell_expected(one, expected))
            await _guarded(one, self._note(one))
        return {one.holding.notice_id: one.told for one in meetings}

    async def _meetings(self, holding: Sequence[Holding]) -> list[Meeting]:
        now = self._clock()
        fan_outs = await self._fan_outs.get_many([one.notice_id for one in holding])
        return [
            Meeting(one, await self._in_time(fan_out, now), now, self._selection(one, now))
            for one in holding
            if (fan_out := fan_outs.get(one.notice_id)) and _is_open(fan_out, now)
        ]

    async def _in_time(self, fan_out: FanOut, now: datetime) -> FanOut:
        """Return it, begun anew where a host noted that all were met until a moment that has not come.

        Whoever came meanwhile was not met, and nobody would be until then.
        """
        if fan_out.met_to is None or fan_out.met_to <= now:
            return fan_out
        log.error("a clock ran ahead", notice=fan_out.notice.id, met_to=fan_out.met_to, now=now)
        return await self._fan_outs.set_back(fan_out, now)

    def _selection(self, holding: Holding, now: datetime) -> Selection:
        """Return one of this moment, which goes by what is known of cells from looks before."""
        area = holding.audience.area
        verdicts = self._verdicts.get(holding.notice_id)
        if verdicts is None or verdicts.area is not area:
            verdicts = self._verdicts[holding.notice_id] = CellVerdicts(area)
        return Selection(self._devices, holding.audience, now, nobody, verdicts=verdicts)

    def _forget_all_but(self, holding: Sequence[Holding]) -> None:
        kept = {notice_id for one in holding for notice_id in one.notice_ids}
        self._addressed = {one: self._addressed[one] for one in self._addressed.keys() & kept}
        self._verdicts = {one: self._verdicts[one] for one in self._verdicts.keys() & kept}

    async def _changed(self, since: datetime, until: datetime) -> AsyncGenerator[ChangedDevices]:
        """Yield pages of who changed since; no further than `until`, for others go on changing."""
        page = await self._devices.changes_since(since, None, PAGE_SIZE)
        yield page
        while page.behind and page.behind[0] <= until:
            page = await self._devices.changes_since(since, page.behind, PAGE_SIZE)
            yield page

    async def _meet_again(self, meetings: Sequence[Meeting]) -> None:
        """Try those again that could not be read or judged before: a few, whom no look back has to find."""
        aside = sorted({device_id for one in meetings for device_id in one.fan_out.aside})
        for start in range(0, len(aside), PAGE_SIZE):
            found = await self._devices.find_many(aside[start : start + PAGE_SIZE])
            for one in meetings:
                await asyncio.to_thread(one.meet_again, found)

    def _expected(self, meeting: Meeting, again: frozenset[str]) -> list[Expected]:
        """Return what to ask the sources, one by one: who said since that they will be there.

        And `again` whoever had said so before: who signed in on another phone since, or has another registration,
        or a device that is whole again.
        """
        period = Period(meeting.now, meeting.fan_out.notice.expires_at)
        asked = [Expected((source,), period, meeting.since) for source in self._sources]
        if again:
            asked += [Expected((Among(source, again),), period) for source in self._sources]
        return asked

    async def _tell_expected(self, meeting: Meeting, expected: Expected) -> None:
        """Tell who will be there, wherever they are now."""
        selection = Selection(
            self._devices, meeting.holding.audience, meeting.now, nobody, expected=expected
        )
        async for page in selection.expected():
            meeting.unjudged |= selection.unread
            devices = await self._devices.get_many(page.device_ids)
            meeting.met = {one.id: Met(one.renewals) for one in devices.values()}
            await self._tell(meeting)

    async def _tell(self, meeting: Meeting) -> None:
        """Tell whoever was met and does not know."""
        met = await self._unknowing(meeting.holding, meeting.met)
        if not met:
            return
        own = replace(meeting.fan_out.notice, id=meeting.holding.newcomers_id)
        begun = await self._fan_outs.begin(own, self._clock())
        await self._fan_outs.finish(begun, self._clock())
        unknowing = list(met.items())
        for at in range(0, len(unknowing), PAGE_SIZE):
            meeting.told += await self._add(own.id, dict(unknowing[at : at + PAGE_SIZE]))

    async def _unknowing(self, holding: Holding, met: Mapping[str, Met]) -> dict[str, Met]:
        """Return those for whom no notice was meant, or none reached; where nobody came, nothing is read."""
        remaining, missed = dict(met), set[str]()
        for notice_id in holding.notice_ids:
            if remaining:
                known = await self._known(notice_id, remaining)
                missed |= known.not_reached
                remaining = _without(remaining, known.told)
        return {
            device_id: one
            for device_id, one in remaining.items()
            if one.is_somewhere or device_id in missed
        }

    async def _note(self, meeting: Meeting) -> None:
        """Note how far it came, and what of it is to be made up for."""
        aside, behind = meeting.aside(), meeting.behind()
        if aside or behind:
            log.warning(
                "newcomers to be met again",
                notice=meeting.holding.notice_id,
                aside=len(aside),
                since=behind and behind.since,
            )
        await self._fan_outs.note_look(meeting.fan_out, meeting.now, aside, behind)

    async def _add(self, notice_id: str, met: Mapping[str, Met]) -> int:
        """Add those who are not in yet; what others add meanwhile is seen, and tried again behind."""
        while True:
            fan_out, now = await self._fan_outs.get(notice_id), self._clock()
            remaining = _without(met, (await self._known(notice_id, met)).told)
            if fan_out is None or now >= fan_out.notice.expires_at or not remaining:
                return 0
            outside = sum(one.is_likely_outside for one in remaining.values())
            if await self._fan_outs.add_late(fan_out, list(remaining), now, outside):
                return len(remaining)

    async def _known(self, notice_id: str, met: Mapping[str, Met]) -> Known:
        """Return who of them is known in a notice; refused at a registration before this one is not told."""
        refused = {one: refused_at(one, it.renewals) for one, it in met.items()}
        missed = {one: not_reached(one) for one in met}
        marks: list[Mark] = [*met, *refused.values(), *missed.values()]
        memory = self._addressed.setdefault(notice_id, Addressed())
        found = await self._outbox.addressed(notice_id, marks, memory)
        return Known(
            frozenset(one for one in met if one in found or refused[one] in found),
            frozenset(one for one in met if missed[one] in found),
        )


def _without(met: Mapping[str, Met], device_ids: frozenset[str]) -> dict[str, Met]:
    return {device_id: one for device_id, one in met.items() if device_id not in device_ids}


def _is_open(fan_out: FanOut, now: datetime) -> bool:
    """Tell whether it holds, and all whom it was fanned out to are in it."""
    if fan_out.done_at is None or now >= fan_out.notice.expires_at:
        return False
    return fan_out.met_to is not None or now >= fan_out.done_at + BEGUN_ANYHOW_AFTER


async def _guarded(meeting: Meeting, work: Awaitable[None]) -> None:
    """Do a step for one notice. What breaks is made up for by the next look."""
    try:
        await work
    except Exception as error:
        # The one place that catches everything for one notice: the others must go on.
        meeting.has_failed = True
        log.error("newcomers not told", notice=meeting.holding.notice_id, exc_info=error)
