"""Holds each new observation against the rules: an episode begins once, and ends once.

All of it happens in the transaction that keeps the observation: a crash loses neither or both.
"""

from collections.abc import Sequence

from api.conditions.readings.observation import Observation
from api.conditions.stations.measures import SCALES
from api.conditions.thresholds.drafting import ALL_CLEAR, DRAFT
from api.conditions.thresholds.repository import (
    Episode,
    EpisodeRepository,
    RuleRepository,
    StandingRepository,
)
from api.conditions.thresholds.rule import Rule, Standing, standing_after
from api.kit.clock import Clock
from api.kit.ids import derived_id, new_id
from api.kit.jobs import Jobs


class Watching:
    def __init__(
        self,
        rules: RuleRepository,
        standings: StandingRepository,
        episodes: EpisodeRepository,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._rules = rules
        self._standings = standings
        self._episodes = episodes
        self._jobs = jobs
        self._clock = clock

    async def observed(self, observations: Sequence[Observation]) -> None:
        """Look at the rules that these concern, in this order; joins the open transaction.

        What is too old to say how things are is no reason to warn anybody now.
        """
        fresh = [it for it in observations if not it.is_stale(self._clock())]
        if not fresh:
            return
        rules = await self._rules.watching({it.station_id for it in fresh})
        for observation in fresh:
            for rule in rules:
                if rule.concerns(observation.station_id, observation.measure):
                    await self._hold_against(rule, observation)

    async def _hold_against(self, rule: Rule, observation: Observation) -> None:
        before = await self._standings.get(rule.id, observation.station_id)
        after = standing_after(rule, before, observation)
        if after is None:
            return
        await self._standings.put(rule.id, before, after)
        was_raised = before is not None and before.is_raised
        if after.is_raised or was_raised:
            is_news = after.is_raised and not was_raised
            await self._look_at(rule, observation, is_news=is_news)

    async def _look_at(self, rule: Rule, observation: Observation, *, is_news: bool) -> None:
        """`is_news`: the station has met the rule just now."""
        open_episode = await self._episodes.touch(rule.id)
        raised = await self._standings.raised(rule.id)
        if open_episode is not None and len(raised) < rule.stations_at_least:
            await self._end(rule, open_episode, observation)
            return
        oldest = observation.observed_at - SCALES[rule.measure].lasts
        fresh = [it for it in raised if it.last_at >= oldest]
        if len(fresh) < rule.stations_at_least:
            return
        if open_episode is not None:
            others = len(fresh) - 1
            if not is_news or others >= rule.stations_at_least:
                return
            # Silence alone kept it open, as a station that a flood took away would for ever: this is
            # another flood. Nobody saw the first one end, so nobody is told that it is over.
            await self._episodes.end(rule.id, open_episode, None, self._clock())
        await self._begin(rule, fresh, observation)

    async def _begin(self, rule: Rule, raised: list[Standing], seen: Observation) -> None:
        episode = Episode(
            id=new_id(),
            rule_id=rule.id,
            agency_id=rule.agency_id,
            station_ids=tuple(sorted(it.station_id for it in raised)),
            is_automatic=rule.is_automatic,
            seen=seen,
            began_at=self._clock(),
        )
        if await self._episodes.begin(episode):
            job_id = derived_id(DRAFT, episode.id)
            await self._jobs.enqueue(DRAFT, {"episode": episode.id}, id=job_id)

    async def _end(self, rule: Rule, episode_id: str, seen: Observation) -> None:
        if await self._episodes.end(rule.id, episode_id, seen, self._clock()):
            job_id = derived_id(ALL_CLEAR, episode_id)
            await self._jobs.enqueue(ALL_CLEAR, {"episode": episode_id}, id=job_id)
