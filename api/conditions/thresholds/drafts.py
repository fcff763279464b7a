"""What becomes of an episode: a draft of a warning for an officer, or a warning, through a port."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.conditions.stations.measures import Measure
from api.conditions.thresholds.repository import Episode, EpisodeRepository, RuleRepository
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.ids import derived_id
from api.kit.jobs import Handler
from api.kit.store import CollectionSpec, DuplicateKey, Index, Store
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

DRAFT = "conditions.draft"
DRAFTS = CollectionSpec("threshold_drafts", (Index(("agency",)),))
_WORTH_TELLING = timedelta(hours=6)
_AT_ONCE = 200
_TITLE = N_("Measured values call for a warning")
_BODY = N_("{rule}: please look at the draft.")


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """What a warning is to be made of. `id`: of the episode; the same again makes nothing new."""

    id: str
    agency_id: str
    rule_name: str
    measure: Measure
    level: float
    station_ids: tuple[str, ...]
    communes: tuple[str, ...]
    began_at: datetime


class Drafts(Protocol):
    """Where warnings are composed. Both are idempotent by the id of the request."""

    async def draft(self, request: DraftRequest) -> None:
        """Put a draft before the officers of the agency."""
        ...

    async def issue(self, request: DraftRequest) -> None:
        """Issue without an officer: two people approved the rule."""
        ...


class Holders(Protocol):
    """Who holds a role: Grants, in the product."""

    async def holders(
        self, grants: Sequence[Grant], *, limit: int | None = None, after: str = ""
    ) -> list[str]: ...


class RecordedDrafts:
    """Keeps requests, and tells the authors of the agency, until warnings are composed elsewhere."""

    def __init__(
        self, store: Store, holders: Holders, notifications: Notifications, clock: Clock
    ) -> None:
        self._drafts = store[DRAFTS]
        self._holders = holders
        self._notifications = notifications
        self._clock = clock

    async def draft(self, request: DraftRequest) -> None:
        await self._record(request, is_automatic=False)

    async def issue(self, request: DraftRequest) -> None:
        await self._record(request, is_automatic=True)

    async def _record(self, request: DraftRequest, *, is_automatic: bool) -> None:
        document = {
            "_id": request.id,
            "agency": request.agency_id,
            "rule": request.rule_name,
            "measure": request.measure.value,
            "level": request.level,
            "stations": list(request.station_ids),
            "communes": list(request.communes),
            "began_at": request.began_at,
            "is_automatic": is_automatic,
        }
        # A run before this one may have been cut off: whoever was not told yet is told now.
        with suppress(DuplicateKey):
            await self._drafts.insert(document)
        await self._tell_authors(request)

    async def _tell_authors(self, request: DraftRequest) -> None:
        scope = Scope(ScopeKind.AGENCY, request.agency_id)
        grants = (Grant(Role.ALERT_AUTHOR, scope),)
        after = ""
        while found := await self._holders.holders(grants, limit=_AT_ONCE, after=after):
            for person_id in found:
                await self._notifications.tell(self._notice(request, person_id), person_id)
            after = found[-1]

    def _notice(self, request: DraftRequest, person_id: str) -> Notice:
        return Notice(
            id=derived_id("threshold notice", request.id, person_id),
            thread=derived_id("threshold thread", request.id),
            texts={language: _text(request, language) for language in AVAILABLE},
            priority=Priority.SEVERE,
            overrides_quiet_hours=True,
            expires_at=request.began_at + _WORTH_TELLING,
            data={"type": "threshold", "episode": request.id},
        )


class Drafting:
    """The job that hands an episode on."""

    def __init__(self, rules: RuleRepository, episodes: EpisodeRepository, drafts: Drafts) -> None:
        self._rules = rules
        self._episodes = episodes
        self._drafts = drafts

    def handlers(self) -> dict[str, Handler]:
        return {DRAFT: self._run}

    async def _run(self, payload: Mapping[str, Any]) -> None:
        episode = await self._episodes.get(payload["episode"])
        request = None if episode is None else await self._request(episode)
        if episode is None or request is None:
            return
        if episode.is_automatic:
            await self._drafts.issue(request)
        else:
            await self._drafts.draft(request)

    async def _request(self, episode: Episode) -> DraftRequest | None:
        rule = await self._rules.get(episode.rule_id)
        if rule is None:
            return None
        return DraftRequest(
            id=episode.id,
            agency_id=episode.agency_id,
            rule_name=rule.name,
            measure=rule.measure,
            level=rule.level,
            station_ids=episode.station_ids,
            communes=rule.communes,
            began_at=episode.began_at,
        )


def _text(request: DraftRequest, language: str) -> Text:
    translate = translator(language)
    return Text(translate(_TITLE), translate(_BODY).format(rule=request.rule_name))
