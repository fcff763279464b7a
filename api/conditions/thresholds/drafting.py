"""The jobs that hand an episode on, when it begins and when it ends."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from api.conditions.readings.observation import Observation
from api.conditions.stations.service import StationService
from api.conditions.thresholds.drafts import DraftRequest, Drafts, MadeDraft
from api.conditions.thresholds.repository import Episode, EpisodeRepository, RuleRepository
from api.conditions.thresholds.rule import Rule
from api.conditions.thresholds.telling import AuthorTelling, News
from api.kit.clock import Clock
from api.kit.jobs import Handler

DRAFT, ALL_CLEAR = "conditions.draft", "conditions.all_clear"
WARNS_FOR_AT_MOST = timedelta(hours=72)


class Drafting:
    def __init__(
        self,
        rules: RuleRepository,
        episodes: EpisodeRepository,
        stations: StationService,
        drafts: Drafts,
        telling: AuthorTelling,
        clock: Clock,
    ) -> None:
        self._rules = rules
        self._episodes = episodes
        self._stations = stations
        self._drafts = drafts
        self._telling = telling
        self._clock = clock

    def handlers(self) -> dict[str, Handler]:
        return {DRAFT: self._begun, ALL_CLEAR: self._ended}

    async def _begun(self, payload: Mapping[str, Any]) -> None:
        found = await self._found(payload["episode"])
        if found is None:
            return
        episode, rule = found
        request = await self._request(episode, rule, episode.seen)
        if request is None:
            return
        made = await self._made(episode, request)
        await self._episodes.note_draft(episode.id, made.id)
        news = News.ISSUED if made.is_issued else News.DRAFT_WAITS
        await self._telling.tell(news, episode, rule, made.id)
        # Its end may have come while there was no draft yet to be ended.
        await self._ended(payload)

    async def _made(self, episode: Episode, request: DraftRequest) -> MadeDraft:
        """Let it issue by itself only what still is so: not late, not over, and approved by two people."""
        is_now = episode.ended_at is None and not episode.seen.is_stale(self._clock())
        if is_now and episode.is_automatic and request.rule.is_automatic:
            return await self._drafts.issue(request)
        return await self._drafts.draft(request)

    async def _ended(self, payload: Mapping[str, Any]) -> None:
        found = await self._found(payload["episode"])
        if found is None:
            return
        episode, rule = found
        if episode.seen_last is None or episode.draft_id is None:
            return
        request = await self._request(episode, rule, episode.seen_last)
        if request is None:
            return
        draft_id = await self._drafts.propose_all_clear(request, episode.draft_id)
        news = News.OVER if draft_id is None else News.ALL_CLEAR_WAITS
        await self._telling.tell(news, episode, rule, draft_id or episode.draft_id)

    async def _found(self, episode_id: str) -> tuple[Episode, Rule] | None:
        episode = await self._episodes.get(episode_id)
        rule = await self._rules.get(episode.rule_id) if episode else None
        return (episode, rule) if episode and rule else None

    async def _request(
        self, episode: Episode, rule: Rule, seen: Observation
    ) -> DraftRequest | None:
        station = await self._stations.station(seen.station_id)
        if station is None:
            return None
        since = episode.began_at - WARNS_FOR_AT_MOST
        earlier = await self._episodes.drafts_before(episode, since)
        return DraftRequest(episode.id, rule, seen, station, episode.began_at, tuple(earlier))
