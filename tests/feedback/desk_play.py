"""The services of the slice, called as their people would: for tests in which weeks go by."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx

from api.accounts.caller import Caller
from api.context import Services
from api.feedback.following.telling import TELL
from api.feedback.life.agency_turn import Seen
from api.feedback.life.steps import Words
from api.feedback.reports.content import NewReport
from api.feedback.reports.records import RefusalReason, Report, Visibility
from api.feedback.reports.submitting import Sender
from api.kit.geo import Position
from api.kit.jobs import JOBS
from api.kit.store import Document
from tests.accounts.families import caller_of
from tests.accounts.people import new_key, signed_in
from tests.conftest import MovableClock
from tests.feedback.reporting import SA_PA, SA_PA_WARD, a_clerk, a_photo

SAID = Words("Sáng mai đội vệ sinh dọn.", "vi")


@dataclass(slots=True)
class DeskPlay:
    """A reporter, somebody who joins, two clerks of Sa Pa, and photos that prove."""

    services: Services
    clock: MovableClock
    reporter: Caller
    neighbour: Caller
    clerk: Caller
    colleague: Caller
    photos: list[str]

    async def reported(self, who: Caller | None = None, **changes: Any) -> Report:  # noqa: ANN401
        new = NewReport(
            category="waste",
            position=Position(**SA_PA),
            accuracy_metres=8.0,
            captured_at=self.clock(),
            text="Rác chất đống.",
            photos=(),
            visibility=Visibility.PUBLIC,
            language="vi",
            display_name=None,
            answers=(),
        )
        new = replace(new, **changes)
        sender = Sender(who or self.reporter, None, "", "vi")
        return await self.services.feedback.submitting.submit(sender, new, new_key())

    async def joined(self, report: Report, who: Caller | None = None) -> Report:
        sender = Sender(who or self.neighbour, None, "", "ko")
        return await self.services.feedback.joining.join(sender, report.code, new_key())

    def seen(self, report: Report, agency: str = SA_PA_WARD) -> Seen:
        return Seen(agency, report.code, report.state)

    async def accepted(self, report: Report) -> Report:
        turn = self.services.feedback.agency_turn
        return await turn.accept(self.clerk, self.seen(report), new_key())

    async def started(self, report: Report) -> Report:
        turn = self.services.feedback.agency_turn
        return await turn.start(self.clerk, self.seen(report), new_key())

    async def answered(self, report: Report) -> Report:
        turn = self.services.feedback.agency_turn
        return await turn.answer(self.clerk, self.seen(report), SAID, new_key())

    async def refused(self, report: Report) -> Report:
        turn = self.services.feedback.agency_turn
        return await turn.refuse(
            self.clerk, self.seen(report), RefusalReason.ABUSE, SAID, new_key()
        )

    async def fixed(self, report: Report, *, with_proof: bool = True) -> Report:
        turn = self.services.feedback.agency_turn
        photos = tuple(self.photos[:1]) if with_proof else ()
        return await turn.fix(self.clerk, self.seen(report), None, photos, new_key())

    async def confirmed(self, report: Report) -> Report:
        turn = self.services.feedback.reporter_turn
        return await turn.confirm(self.reporter, None, report.code, new_key())

    async def reopened(self, report: Report) -> Report:
        turn = self.services.feedback.reporter_turn
        return await turn.reopen(self.reporter, None, report.code, SAID, new_key())

    async def merged(self, lead: Report, *others: Report) -> Report:
        merging = self.services.feedback.merging
        codes = [one.code for one in others]
        return await merging.merge(self.clerk, SA_PA_WARD, lead.code, codes, new_key())

    async def unmerged(self, report: Report) -> Report:
        merging = self.services.feedback.merging
        return await merging.unmerge(self.clerk, SA_PA_WARD, report.code, new_key())

    async def now(self, report: Report) -> Report:
        found = await self.services.feedback.reports.get(report.id)
        assert found is not None
        return found

    async def at_work(self, report: Report | None = None) -> Report:
        """Return a report that is being worked on."""
        return await self.started(await self.accepted(report or await self.reported()))

    async def told(self) -> list[Document]:
        """Return what is queued to be told, the oldest first."""
        jobs = await self.services.store[JOBS].find({"kind": TELL}, sort=[("due_at", 1)])
        return [job["payload"] for job in jobs]

    def wait(self, **duration: float) -> None:
        self.clock.now += timedelta(**duration)


async def a_desk_play(
    client: httpx.AsyncClient, services: Services, clock: MovableClock
) -> DeskPlay:
    reporter = await signed_in(client, services)
    neighbour = await signed_in(client, services, "neighbour@example.com")
    clerk = await a_clerk(client, services)
    colleague = await a_clerk(client, services, name="colleague")
    return DeskPlay(
        services=services,
        clock=clock,
        reporter=await caller_of(services, reporter),
        neighbour=await caller_of(services, neighbour),
        clerk=await caller_of(services, clerk),
        colleague=await caller_of(services, colleague),
        photos=[await a_photo(client, services, clerk, clock) for _ in range(2)],
    )
