"""Builds the services of the channels over those of feedback."""

from collections.abc import Callable
from dataclasses import dataclass

from api.feedback.agencies.staff import AgencyStaff
from api.feedback.categories.category import CategoryLibrary
from api.feedback.channels.intake.batches import Batches
from api.feedback.channels.intake.polling import Polling
from api.feedback.channels.intake.taking_in import TakingIn
from api.feedback.channels.issues.acting import ActingOnIssues
from api.feedback.channels.issues.grouping import Grouping
from api.feedback.channels.issues.reading import ReadingIssues
from api.feedback.channels.issues.repository import (
    CHANNEL_ISSUES,
    CHANNEL_ITEMS,
    IssueRepository,
)
from api.feedback.channels.records import Source
from api.feedback.channels.sources.managing import ManagingSources
from api.feedback.channels.sources.repository import (
    CHANNEL_SOURCES,
    CHANNEL_TURNS,
    SourceRepository,
)
from api.feedback.channels.understanding.places import Places
from api.feedback.channels.understanding.sentiment import shipped_sentiments
from api.feedback.channels.understanding.topic import shipped_topics
from api.feedback.channels.understanding.understanding import Understanding
from api.feedback.channels.watch.digest_repository import CHANNEL_DIGESTS, DigestRepository
from api.feedback.channels.watch.digesting import Digesting
from api.feedback.channels.watch.office_notices import OfficeNotices
from api.feedback.channels.watch.reading import ReadingWatch
from api.feedback.channels.watch.spike_repository import CHANNEL_SPIKES, SpikeRepository
from api.feedback.channels.watch.spikes import Spikes
from api.feedback.reports.reading import Reading
from api.feedback.reports.repository import ReportRepository
from api.feedback.reports.submitting import Submitting
from api.foundations import Foundations
from api.kit.endpoints import Endpoints
from api.kit.jobs import Handler
from api.kit.resealing import Resealed
from api.tourism.repository import TourismRepository

CHANNEL_COLLECTIONS = (
    CHANNEL_SOURCES,
    CHANNEL_TURNS,
    CHANNEL_ITEMS,
    CHANNEL_ISSUES,
    CHANNEL_SPIKES,
    CHANNEL_DIGESTS,
)


@dataclass(frozen=True, slots=True)
class OfFeedback:
    """What the channels stand on of the rest of the slice."""

    reports: ReportRepository
    reading: Reading
    submitting: Submitting
    categories: CategoryLibrary
    staff: AgencyStaff


@dataclass(frozen=True, slots=True)
class ChannelServices:
    """`resealed`: who holds sealed values."""

    sources: ManagingSources
    source_names: SourceRepository
    batches: Batches
    taking_in: TakingIn
    polling: Polling
    issues: ReadingIssues
    acting: ActingOnIssues
    places: Places
    watch: ReadingWatch
    spikes: Spikes
    digesting: Digesting
    resealed: tuple[Resealed, ...]

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of jobs that call nobody; those of polls may wait for others."""
        return {**self.spikes.handlers(), **self.digesting.handlers()}


class _Chains:
    """Everything that runs as long as there are sources."""

    def __init__(self, polling: Polling, spikes: Spikes, digesting: Digesting) -> None:
        self._polling = polling
        self._spikes = spikes
        self._digesting = digesting

    async def begin(self, source: Source) -> None:
        await self._polling.begin(source)
        await self._spikes.begin()
        await self._digesting.begin()


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, of: OfFeedback, endpoints: Endpoints) -> None:
        store, clock = on.store, on.clock
        self.sources = SourceRepository(store, on.sealer)
        self.issues = IssueRepository(store, on.sealer)
        self.spikes = SpikeRepository(store)
        self.digests = DigestRepository(store)
        self.notices = OfficeNotices(of.staff, on.notifications)
        self.places = Places(TourismRepository(store), clock)
        understanding = Understanding(shipped_topics(), shipped_sentiments(), self.places)
        grouping = Grouping(store, self.issues)
        self.taking_in = TakingIn(store, understanding, grouping, self.issues, clock)
        self.polling = Polling(store, self.sources, self.taking_in, endpoints, on.jobs, clock)
        self.looking = Spikes(store, self.issues, self.spikes, self.notices, on.jobs, clock)
        self.digesting = Digesting(
            store, self.issues, self.sources, self.digests, self.notices, on.jobs, clock
        )


def channels_on(on: Foundations, of: OfFeedback) -> ChannelServices:
    """Build the services."""
    endpoints = Endpoints(loopback=not on.public_url.startswith("https://"))
    parts = _Parts(on, of, endpoints)
    return ChannelServices(
        sources=_managing(on, of, parts, endpoints.may_be_called),
        source_names=parts.sources,
        batches=Batches(parts.sources, parts.taking_in, on.clock),
        taking_in=parts.taking_in,
        polling=parts.polling,
        issues=ReadingIssues(parts.issues, of.reports, of.categories, of.staff),
        acting=ActingOnIssues(
            on.store, parts.issues, of.staff, of.reading, of.submitting, on.audit, on.clock
        ),
        places=parts.places,
        watch=ReadingWatch(parts.digests, parts.spikes, of.staff),
        spikes=parts.looking,
        digesting=parts.digesting,
        resealed=(parts.sources, parts.issues),
    )


def _managing(
    on: Foundations, of: OfFeedback, parts: _Parts, may_be_called: Callable[[str], bool]
) -> ManagingSources:
    return ManagingSources(
        on.store,
        parts.sources,
        of.staff,
        _Chains(parts.polling, parts.looking, parts.digesting),
        may_be_called,
        on.audit,
        on.idempotency,
        on.clock,
    )
