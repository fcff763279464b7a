"""A clerk of the province's office, a system that sends, and a province of three communes."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.context import Services
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.channels.issues.reading import IssueQuery
from api.feedback.channels.issues.repository import CHANNEL_ITEMS
from api.feedback.channels.records import Issue, NewItem
from api.feedback.channels.sources.managing import SourceWithSecret
from api.kit.ids import new_id
from api.kit.job_runner import JobRunner
from api.worker import handlers_of
from tests.accounts.people import new_key
from tests.conftest import MovableClock
from tests.tourism.content import a_commune, hold

SA_PA, BAC_HA, BAT_XAT = "03006", "02839", "02683"
COMMUNES = (
    a_commune(SA_PA, names={"vi": "Phường Sa Pa", "en": "Sa Pa Ward"}, former_names=()),
    a_commune(BAC_HA, names={"vi": "Xã Bắc Hà", "en": "Bac Ha Commune"}, former_names=()),
    a_commune(BAT_XAT, names={"vi": "Xã Bát Xát"}, former_names=()),
)
STORIES = (
    "Rác chất đống ở chợ Sa Pa ba ngày nay, du khách kêu hôi, chưa thấy xe thu gom nào tới.",
    "Ở Sa Pa bãi rác cạnh suối bốc mùi, dân đề nghị dọn sớm trước dịp nghỉ lễ sắp đến.",
)
"""Of one topic and place, in words of their own."""


@dataclass(slots=True)
class Office:
    services: Services
    clock: MovableClock
    clerk: Caller
    system: SourceWithSecret
    numbers: "count[int]" = field(default_factory=count)

    async def took(
        self,
        text: str,
        *,
        title: str = "",
        at: datetime | None = None,
        external_id: str | None = None,
        source_id: str | None = None,
    ) -> bool:
        """Let an item come in, published now unless told otherwise; tell whether it was new."""
        new = NewItem(
            external_id or f"item {next(self.numbers)}", None, title, text, at or self.clock()
        )
        taking_in = self.services.feedback.channels.taking_in
        return await taking_in.take(source_id or self.system.source.id, new)

    async def issues(self, **query: Any) -> list[Issue]:  # noqa: ANN401
        """Return all issues, the oldest first."""
        reading = self.services.feedback.channels.issues
        page = await reading.page(self.clerk, IssueQuery(**query), 100, None)
        return sorted(page.items, key=lambda one: (one.began_at, one.id))

    async def items(self) -> int:
        return await self.services.store[CHANNEL_ITEMS].count({})

    async def run_jobs(self) -> int:
        """Do what the worker would do now."""
        handlers = handlers_of(self.services)
        return await JobRunner(self.services.store, self.clock, handlers).run_due()

    def wait(self, **duration: float) -> None:
        self.clock.now += timedelta(**duration)


OFFICE = Grant(Role.CLERK, Scope(ScopeKind.AGENCY, PROVINCE_OFFICE))


async def an_office(services: Services, clock: MovableClock, clerk: Caller | None = None) -> Office:
    """Return it; without a clerk, with one of whom there is no account: quicker, where none is asked for."""
    await hold(services.store, communes=COMMUNES)
    clerk = clerk or Caller(new_id(), new_id(), frozenset({OFFICE}))
    sources = services.feedback.channels.sources
    system = await sources.add_webhook(clerk, "Tổng đài", new_key())
    return Office(services, clock, clerk, system)
