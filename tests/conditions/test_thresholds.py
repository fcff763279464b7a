"""Rules: once an episode, whatever is sent twice, late or in a wrong order."""

import asyncio
from typing import Any
from unittest.mock import patch

import pytest

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.errors import NotAllowed
from api.conditions.readings.observation import Observation
from api.conditions.stations.measures import Measure
from api.conditions.thresholds.errors import (
    InvalidRule,
    InvalidWarning,
    RuleNotFound,
    SecondPersonNeeded,
)
from api.conditions.thresholds.repository import (
    RULE_STATES,
    RULES,
    Episode,
    EpisodeRepository,
)
from api.conditions.thresholds.rule import Comparison, Rule, RuleAction, standing_after
from api.context import Services
from api.kit.ids import new_id
from api.kit.jobs import JOBS
from api.kit.store import Store
from api.kit.transactions import transact
from tests.accounts.people import new_key
from tests.conditions.conftest import StationDoor
from tests.conditions.stations import (
    AGENCY,
    APPROVER,
    AUTHOR,
    BOTH,
    RIVER,
    SECOND_RIVER,
    a_new_rule,
    a_rule,
    episodes,
)
from tests.conftest import NOW, MovableClock


@pytest.mark.parametrize(
    ("values", "raised"),
    [
        ([82.0], [False]),
        ([82.0, 82.0, 82.0], [False, False, True]),
        ([82.0, 81.9, 82.0, 82.0, 82.0], [False, False, False, False, True]),
        ([83.0, 83.0, 83.0, 81.6, 81.5, 82.0], [False, False, True, True, True, True]),
        ([83.0, 83.0, 83.0, 81.4, 82.0], [False, False, True, False, False]),
    ],
    ids=["too short", "long enough", "broken off", "hysteresis", "cleared"],
)
def test_where_a_station_stands(values: list[float], raised: list[bool]) -> None:
    rule, clock, standing = a_new_rule().rule("somebody"), MovableClock(), None
    seen: list[bool] = []

    for value in values:
        clock.advance(minutes=10)
        now = Observation(RIVER, Measure.WATER_LEVEL, value, clock())
        standing = standing_after(rule, standing, now)
        assert standing is not None
        seen.append(standing.is_raised)

    assert seen == raised


def test_a_gap_begins_the_time_anew() -> None:
    rule, clock = a_new_rule().rule("somebody"), MovableClock()
    first = standing_after(rule, None, Observation(RIVER, Measure.WATER_LEVEL, 83.0, clock()))
    clock.advance(hours=2, seconds=1)

    after = standing_after(rule, first, Observation(RIVER, Measure.WATER_LEVEL, 83.0, clock()))

    assert after is not None
    assert (after.since, after.is_raised) == (clock(), False)


def test_a_rule_may_look_downwards() -> None:
    new = a_new_rule(
        comparison=Comparison.AT_MOST, level=10.0, clear_level=11.0, holds_for_minutes=0
    )
    rule = new.rule("somebody")

    low = standing_after(rule, None, Observation(RIVER, Measure.WATER_LEVEL, 10.0, NOW))

    assert low is not None
    assert low.is_raised


async def test_an_episode_begins_once_and_ends_once(door: StationDoor, services: Services) -> None:
    rule = await a_rule(services)

    await door.sees([82.0, 82.5, 83.0, 83.0, 81.6, 82.4, 81.0, 80.0])

    (episode,) = await episodes(services)
    assert (episode["rule"], episode["stations"]) == (rule.id, [RIVER])
    assert (episode["began_at"], episode["ended_at"]) == (
        door.clock.after(-60 * 60),
        door.clock.after(-20 * 60),
    )
    assert await services.store[JOBS].count({"kind": "conditions.draft"}) == 1


async def test_replays_and_late_values_change_nothing(
    door: StationDoor, services: Services
) -> None:
    await a_rule(services)
    await door.sees([83.0, 83.0, 83.0, 83.0])
    (before,) = await episodes(services)

    await door.take(door.item(83.0, minutes_ago=40), door.item(70.0, minutes_ago=15))
    await door.take(door.item(70.0, minutes_ago=25), door.item(83.0, minutes_ago=10))

    assert await episodes(services) == [before]


async def test_what_is_too_old_warns_of_nothing(door: StationDoor, services: Services) -> None:
    await a_rule(services, holds_for_minutes=0)

    await door.take(door.item(85.0, minutes_ago=121))

    assert await episodes(services) == []


async def test_as_many_stations_as_the_rule_says(door: StationDoor, services: Services) -> None:
    two = (RIVER, SECOND_RIVER)
    await a_rule(
        services, station_ids=two, stations_at_least=2, holds_for_minutes=0, level=60.0,
        clear_level=59.0,
    )  # fmt: skip
    await door.sees([83.0])
    alone = await episodes(services)

    await door.sees([61.0], station=SECOND_RIVER)

    (episode,) = await episodes(services)
    assert alone == []
    assert episode["stations"] == sorted(two)


async def test_a_station_that_fell_silent_does_not_count(
    door: StationDoor, services: Services
) -> None:
    two = (RIVER, SECOND_RIVER)
    await a_rule(
        services, station_ids=two, stations_at_least=2, holds_for_minutes=0, level=60.0,
        clear_level=59.0,
    )  # fmt: skip
    await door.sees([83.0])
    door.clock.advance(hours=3)

    await door.sees([61.0], station=SECOND_RIVER)

    assert await episodes(services) == []


async def test_what_a_silent_station_keeps_open_hides_no_other_episode(
    door: StationDoor, services: Services
) -> None:
    two = (RIVER, SECOND_RIVER)
    rule = await a_rule(
        services, station_ids=two, holds_for_minutes=0, level=60.0, clear_level=59.0
    )
    await door.sees([83.0])
    await door.sees([61.0, 58.0], station=SECOND_RIVER)
    door.clock.advance(hours=3)

    await door.sees([61.0, 62.0], station=SECOND_RIVER)
    await door.sees([83.0, 83.0])

    first, second = sorted(await episodes(services), key=lambda it: it["began_at"])
    assert (first["stations"], second["stations"]) == ([RIVER], [SECOND_RIVER])
    assert (first["ended_at"], first["seen_last"]) == (second["began_at"], None)
    assert second["ended_at"] is None
    assert await services.store[JOBS].count({"kind": "conditions.draft"}) == 2
    assert await services.store[JOBS].count({"kind": "conditions.all_clear"}) == 0
    assert second["rule"] == rule.id


def an_episode(rule_id: str) -> Episode:
    seen = Observation(RIVER, Measure.WATER_LEVEL, 83.0, NOW)
    return Episode(new_id(), rule_id, "civil-defence", (RIVER,), False, seen, NOW)


async def begun_at_once(store: Store) -> int:
    repository = EpisodeRepository(store)
    await repository.touch("a-rule")
    begun = await asyncio.gather(
        *(transact(store, lambda: repository.begin(an_episode("a-rule"))) for _ in range(8))
    )
    return sum(begun)


async def test_of_many_at_once_one_begins(store: Store) -> None:
    assert await begun_at_once(store) == 1


async def test_without_the_guard_all_would_begin(store: Store) -> None:
    states = store[RULE_STATES]
    unguarded = states.update_one

    async def careless(_: object, filter: Any, update: Any, **more: Any) -> Any:  # noqa: ANN401
        return await unguarded({"_id": filter["_id"]}, update, **more)

    with patch.object(type(states), "update_one", careless):
        begun = await begun_at_once(store)

    assert begun == 8


async def test_deliveries_at_once_make_one_episode(door: StationDoor, services: Services) -> None:
    two = (RIVER, SECOND_RIVER)
    await a_rule(
        services, station_ids=two, stations_at_least=2, holds_for_minutes=0, level=60.0,
        clear_level=59.0,
    )  # fmt: skip

    await asyncio.gather(
        *(door.take(door.item(83.0, station=it, minutes_ago=n)) for n in range(4) for it in two)
    )

    assert len(await episodes(services)) == 1


async def test_an_automatic_rule_needs_a_second_person(
    door: StationDoor, services: Services
) -> None:
    rules = services.conditions.rules
    proposer = Caller("both", grants=BOTH)
    rule = await rules.propose(
        proposer,
        a_new_rule(
            action=RuleAction.AUTOMATIC,
            holds_for_minutes=0,
            communes=tuple(sorted(services.communes.codes)[:1]),
        ),
        new_key(),
    )
    with pytest.raises(SecondPersonNeeded):
        await rules.approve(proposer, rule.id, rule.version, new_key())

    approved = await rules.approve(APPROVER, rule.id, rule.version, new_key())

    await door.sees([83.0])
    (episode,) = await episodes(services)
    assert (rule.is_automatic, approved.is_automatic) == (False, True)
    assert episode["is_automatic"]


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"level": 1e9},
        {"level": float("nan")},
        {"clear_level": 82.1},
        {"holds_for_minutes": -1},
        {"holds_for_minutes": 4_321},
        {"station_ids": ("nowhere",)},
        {"station_ids": ()},
        {"stations_at_least": 2},
        {"communes": ("99999",)},
        {"communes": ()},
    ],
    ids=str,
)
async def test_a_rule_that_cannot_be_is_refused(services: Services, change: dict[str, Any]) -> None:
    communes = tuple(sorted(services.communes.codes)[:1])
    new = a_new_rule(**{"communes": communes, **change})

    with pytest.raises(InvalidRule):
        await services.conditions.rules.propose(AUTHOR, new, new_key())

    assert await services.store[RULES].count({}) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"hazard": "meteor"},
        {"hazard_level": "BD4"},
        {"warns_for_hours": 0},
        {"warns_for_hours": 73},
        {"agency_id": "nobody"},
        {"hazard": "fog", "hazard_level": "2", "action": RuleAction.AUTOMATIC},
        {"hazard": "other", "hazard_level": "3", "action": RuleAction.AUTOMATIC},
    ],
    ids=str,
)
async def test_a_rule_of_which_no_warning_can_be_made_is_refused(
    services: Services, change: dict[str, Any]
) -> None:
    communes = tuple(sorted(services.communes.codes)[:1])
    agency = Scope(ScopeKind.AGENCY, change.get("agency_id", AGENCY.id))
    author = Caller("an-author", grants=frozenset({Grant(Role.ALERT_AUTHOR, agency)}))
    new = a_new_rule(**{"communes": communes, **change})

    with pytest.raises(InvalidWarning):
        await services.conditions.rules.propose(author, new, new_key())

    assert await services.store[RULES].count({}) == 0


async def test_whoever_is_not_of_the_agency_sees_no_rule(services: Services) -> None:
    rule: Rule = await a_rule(services)
    stranger = Caller("stranger")

    with pytest.raises(NotAllowed):
        await services.conditions.rules.page(stranger, "civil-defence", 20, None)
    with pytest.raises(RuleNotFound):
        await services.conditions.rules.retire(stranger, rule.id, 1, new_key())

    assert (await services.store[RULES].get(rule.id) or {})["retired_at"] is None


async def test_a_retired_rule_watches_no_more(door: StationDoor, services: Services) -> None:
    rule = await a_rule(services, holds_for_minutes=0)
    await services.conditions.rules.retire(AUTHOR, rule.id, rule.version, new_key())

    await door.sees([83.0])

    assert await episodes(services) == []
