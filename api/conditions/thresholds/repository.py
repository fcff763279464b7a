"""Rules, where stations stand under them, and episodes, as documents."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.conditions.readings.observation import Observation
from api.conditions.stations.measures import Measure
from api.conditions.thresholds.rule import Comparison, PlannedWarning, Rule, RuleAction, Standing
from api.kit.ids import derived_id
from api.kit.store import CollectionSpec, Document, DuplicateKey, Index, Store, WriteConflict

RULES = CollectionSpec(
    "threshold_rules",
    (
        Index(("agency",)),
        Index(("stations",), many=True),
        Index(("proposed_by",)),
        Index(("approved_by",)),
    ),
)
STANDINGS = CollectionSpec("threshold_standings", (Index(("rule", "is_raised")),))
RULE_STATES = CollectionSpec("threshold_states")
EPISODES = CollectionSpec(
    "threshold_episodes", (Index(("agency", "began_at")), Index(("rule", "began_at")))
)
EARLIER_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class Episode:
    """One time that a rule was met. `station_ids`: those that met it when it began.

    `seen`: the observation with which it began; `seen_last`: with which it ended, None also when its stations
    fell silent and another one began. `draft_id`: of the draft
    that was made of it.
    """

    id: str
    rule_id: str
    agency_id: str
    station_ids: tuple[str, ...]
    is_automatic: bool
    seen: Observation
    began_at: datetime
    ended_at: datetime | None = None
    seen_last: Observation | None = None
    draft_id: str | None = None


class RuleRepository:
    def __init__(self, store: Store) -> None:
        self._rules = store[RULES]

    async def get(self, rule_id: str) -> Rule | None:
        document = await self._rules.get(rule_id)
        return _rule(document) if document else None

    async def add(self, rule: Rule) -> None:
        await self._rules.insert(_document(rule))

    async def replace(self, rule: Rule) -> Rule | None:
        """Put `rule` in place of its version; None when somebody was faster."""
        stored = await self._rules.replace_if_version(_document(rule), rule.version)
        return _rule(stored) if stored else None

    async def watching(self, station_ids: Collection[str]) -> list[Rule]:
        """Return the rules in use that concern any of these stations."""
        wanted = {"stations": {"$in": sorted(station_ids)}, "retired_at": None}
        return [_rule(it) for it in await self._rules.find(wanted)]

    async def of_person(self, person_id: str) -> list[Rule]:
        """Return the rules that a person proposed or approved."""
        either = {"$or": [{"proposed_by": person_id}, {"approved_by": person_id}]}
        return [_rule(it) for it in await self._rules.find(either)]

    async def forget(self, person_id: str) -> None:
        """Take a person out of every rule: what two people approved then makes drafts only."""
        for name in ("proposed_by", "approved_by"):
            await self._rules.update_many(
                {name: person_id}, {"$set": {name: None}, "$inc": {"version": 1}}
            )

    async def of_agency(self, agency_id: str, after: str, limit: int) -> list[Rule]:
        """Return the rules of an agency, those that are retired too, by id behind `after`."""
        wanted = {"agency": agency_id, "_id": {"$gt": after}}
        return [_rule(it) for it in await self._rules.find(wanted, limit=limit)]


class StandingRepository:
    def __init__(self, store: Store) -> None:
        self._standings = store[STANDINGS]

    async def get(self, rule_id: str, station_id: str) -> Standing | None:
        document = await self._standings.get(_standing_id(rule_id, station_id))
        return _standing(document) if document else None

    async def put(self, rule_id: str, before: Standing | None, after: Standing) -> None:
        """Write where a station stands, if it stands yet where it stood. Raises WriteConflict."""
        standing_id = _standing_id(rule_id, after.station_id)
        said = {
            "last_at": after.last_at,
            "since": after.since,
            "is_raised": after.is_raised,
        }
        if before is None:
            document = {"_id": standing_id, "rule": rule_id, "station": after.station_id, **said}
            try:
                await self._standings.insert(document)
            except DuplicateKey as error:
                raise WriteConflict(standing_id) from error
            return
        same = {"_id": standing_id, "last_at": before.last_at}
        if await self._standings.update_one(same, {"$set": said}) is None:
            raise WriteConflict(standing_id)

    async def raised(self, rule_id: str) -> list[Standing]:
        found = await self._standings.find({"rule": rule_id, "is_raised": True})
        return list(map(_standing, found))


class EpisodeRepository:
    """Episodes, and for each rule the one that is open."""

    def __init__(self, store: Store) -> None:
        self._states = store[RULE_STATES]
        self._episodes = store[EPISODES]

    async def touch(self, rule_id: str) -> str | None:
        """Return the id of the open episode, and meet every other transaction that asks for it.

        Without a write two stations that reach a level at once would each count without the other.
        """
        state = await self._states.update_one({"_id": rule_id}, {"$inc": {"turn": 1}})
        if state is None:
            try:
                await self._states.insert({"_id": rule_id, "turn": 1, "episode": None})
            except DuplicateKey as error:
                raise WriteConflict(rule_id) from error
        episode: str | None = state["episode"] if state else None
        return episode

    async def begin(self, episode: Episode) -> bool:
        """Open an episode, unless one of its rule is open; joins the open transaction."""
        none_open = {"_id": episode.rule_id, "episode": None}
        if await self._states.update_one(none_open, {"$set": {"episode": episode.id}}) is None:
            return False
        await self._episodes.insert(_episode_document(episode))
        return True

    async def end(
        self, rule_id: str, episode_id: str, seen: Observation | None, now: datetime
    ) -> bool:
        """Close an episode, unless it is closed already; joins the open transaction.

        `seen`: None when nobody saw it end.
        """
        it_is_open = {"_id": rule_id, "episode": episode_id}
        if await self._states.update_one(it_is_open, {"$set": {"episode": None}}) is None:
            return False
        said = {"ended_at": now, "seen_last": _seen_document(seen) if seen else None}
        await self._episodes.update_one({"_id": episode_id}, {"$set": said})
        return True

    async def note_draft(self, episode_id: str, draft_id: str) -> None:
        await self._episodes.update_one({"_id": episode_id}, {"$set": {"draft_id": draft_id}})

    async def drafts_before(self, episode: Episode, since: datetime) -> list[str]:
        """Return the ids of the drafts of earlier episodes of the same rule, begun since then."""
        found = await self._episodes.find(
            {"rule": episode.rule_id, "began_at": {"$gte": since, "$lte": episode.began_at}},
            sort=[("began_at", -1)],
            limit=EARLIER_AT_MOST,
        )
        others = (it for it in found if it["_id"] != episode.id)
        return [it["draft_id"] for it in others if it["draft_id"] is not None]

    async def get(self, episode_id: str) -> Episode | None:
        document = await self._episodes.get(episode_id)
        return _episode(document) if document else None

    async def page(
        self, agency_id: str, after: Sequence[datetime | str] | None, limit: int
    ) -> list[Episode]:
        """Return episodes of an agency, the latest first, behind `after` (began_at, id)."""
        found = await self._episodes.find(
            {"agency": agency_id}, sort=[("began_at", -1)], after=after, limit=limit
        )
        return list(map(_episode, found))


def _standing_id(rule_id: str, station_id: str) -> str:
    return derived_id("threshold standing", rule_id, station_id)


def _standing(document: Document) -> Standing:
    return Standing(
        document["station"], document["last_at"], document["since"], document["is_raised"]
    )


def _episode_document(episode: Episode) -> Document:
    return {
        "_id": episode.id,
        "rule": episode.rule_id,
        "agency": episode.agency_id,
        "stations": list(episode.station_ids),
        "is_automatic": episode.is_automatic,
        "seen": _seen_document(episode.seen),
        "began_at": episode.began_at,
        "ended_at": episode.ended_at,
        "seen_last": _seen_document(episode.seen_last) if episode.seen_last else None,
        "draft_id": episode.draft_id,
    }


def _seen_document(seen: Observation) -> Document:
    return {
        "station": seen.station_id,
        "measure": seen.measure.value,
        "value": seen.value,
        "observed_at": seen.observed_at,
    }


def _seen(document: Document) -> Observation:
    return Observation(
        document["station"],
        Measure(document["measure"]),
        document["value"],
        document["observed_at"],
    )


def _episode(document: Document) -> Episode:
    return Episode(
        id=document["_id"],
        rule_id=document["rule"],
        agency_id=document["agency"],
        station_ids=tuple(document["stations"]),
        is_automatic=document["is_automatic"],
        seen=_seen(document["seen"]),
        began_at=document["began_at"],
        ended_at=document["ended_at"],
        seen_last=_seen(document["seen_last"]) if document["seen_last"] else None,
        draft_id=document["draft_id"],
    )


def _document(rule: Rule) -> Document:
    return {
        "_id": rule.id,
        "agency": rule.agency_id,
        "name": rule.name,
        "measure": rule.measure.value,
        "comparison": rule.comparison.value,
        "level": rule.level,
        "clear_level": rule.clear_level,
        "holds_for_seconds": int(rule.holds_for.total_seconds()),
        "stations": list(rule.station_ids),
        "stations_at_least": rule.stations_at_least,
        "communes": list(rule.communes),
        "action": rule.action.value,
        "hazard": rule.warning.hazard,
        "hazard_level": rule.warning.level,
        "warns_for_seconds": int(rule.warning.holds_for.total_seconds()),
        "proposed_by": rule.proposed_by,
        "approved_by": rule.approved_by,
        "retired_at": rule.retired_at,
        "version": rule.version,
    }


def _rule(document: Document) -> Rule:
    return Rule(
        id=document["_id"],
        agency_id=document["agency"],
        name=document["name"],
        measure=Measure(document["measure"]),
        comparison=Comparison(document["comparison"]),
        level=document["level"],
        clear_level=document["clear_level"],
        holds_for=timedelta(seconds=document["holds_for_seconds"]),
        station_ids=tuple(document["stations"]),
        stations_at_least=document["stations_at_least"],
        communes=tuple(document["communes"]),
        action=RuleAction(document["action"]),
        warning=PlannedWarning(
            document["hazard"],
            document["hazard_level"],
            timedelta(seconds=document["warns_for_seconds"]),
        ),
        proposed_by=document["proposed_by"],
        approved_by=document["approved_by"],
        retired_at=document["retired_at"],
        version=document["version"],
    )
