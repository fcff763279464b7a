"""From an episode to a draft, and to a warning where two people approved that."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from api.accounts.caller import Caller
from api.accounts.people.repository import AccountRepository
from api.accounts.staff.grants import Grants
from api.alerts.composing.draft import Draft, DraftKind, DraftState
from api.alerts.composing.errors import SelfApproval
from api.alerts.composing.repository import ALERT_DRAFTS, DraftRepository
from api.alerts.composing.same_people import SamePeople
from api.alerts.repository import ALERTS
from api.conditions.stations.measures import Measure
from api.conditions.thresholds.errors import SecondPersonNeeded
from api.conditions.thresholds.repository import EPISODES, RULES
from api.conditions.thresholds.rule import Rule, RuleAction
from api.context import Services
from api.kit.jobs import JOBS
from api.kit.store import Store
from notifications.fan_outs import FAN_OUTS
from tests.accounts.people import new_key
from tests.alerts.composing.officers import (
    CONFIRMATION,
    AlertDesk,
    a_desk,
    add_communes,
    both_in_one,
    seen,
)
from tests.alerts.messages import SA_PA_CODE
from tests.conditions.conftest import StationDoor
from tests.conditions.stations import RIVER, WEATHER, a_new_rule
from tests.conftest import NOW


@pytest.fixture
async def desk(services: Services) -> AlertDesk:
    await add_communes(services)
    return await a_desk(services)


async def a_rule(desk: AlertDesk, **changes: object) -> Rule:
    """Propose: 82 m or more, at once, flood alarm 2 for Sa Pa."""
    said = {"communes": (SA_PA_CODE,), "holds_for_minutes": 0, **changes}
    new = a_new_rule(**said)
    return await desk.services.conditions.rules.propose(desk.author, new, new_key())


async def an_automatic_rule(desk: AlertDesk, **changes: object) -> Rule:
    rule = await a_rule(desk, action=RuleAction.AUTOMATIC, **changes)
    rules = desk.services.conditions.rules
    return await rules.approve(desk.approver, rule.id, rule.version, new_key())


async def run_jobs(services: Services) -> None:
    """Run each job of the rules once more, whatever ran before."""
    for kind in ("conditions.draft", "conditions.all_clear"):
        jobs = await services.store[JOBS].find({"kind": kind}, sort=[("_id", 1)])
        for job in jobs:
            await services.conditions.handlers()[kind](job["payload"])


async def drafts(services: Services) -> list[Draft]:
    found = await services.store[ALERT_DRAFTS].find({}, sort=[("created_at", 1)])
    kept = [await DraftRepository(services.store).get(it["_id"]) for it in found]
    return [it for it in kept if it is not None]


async def titles(store: Store) -> list[str]:
    found = await store[FAN_OUTS].find({}, sort=[("_id", 1)])
    return sorted(text["title"] for it in found for text in it["texts"] if text["language"] == "en")


async def test_an_episode_becomes_one_draft_with_what_was_seen(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    rule = await a_rule(desk)
    await door.sees([83.456])

    await run_jobs(services)
    await run_jobs(services)

    (draft,) = await drafts(services)
    station = await services.conditions.stations.station(RIVER)
    assert station is not None
    assert (draft.kind, draft.state) == (DraftKind.ALERT, DraftState.EDITING)
    assert (draft.content.hazard, draft.content.level) == ("river-flood", "BD2")
    assert draft.content.communes == (SA_PA_CODE,)
    assert draft.content.slots == {"station": station.names["vi"], "water": "83.46"}
    assert draft.content.expires == NOW + timedelta(hours=6)
    assert draft.editors == (desk.author.person_id,)
    assert draft.grounds is not None
    assert (draft.grounds.rule, draft.grounds.value, draft.grounds.unit) == (
        rule.name,
        83.456,
        "MTR",
    )
    assert (draft.grounds.source, draft.grounds.observed_at) == (station.source, NOW)
    (episode,) = await services.store[EPISODES].find({})
    assert episode["draft_id"] == draft.id


async def test_its_authors_are_told_once(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await a_rule(desk)
    await door.sees([83.0])

    await run_jobs(services)
    await run_jobs(services)

    assert await titles(services.store) == ["Measured values call for a warning"]


async def test_a_draft_of_a_rule_needs_the_usual_approval(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await a_rule(desk)
    await door.sees([83.0])
    await run_jobs(services)
    (draft,) = await drafts(services)
    waiting = await desk.submit(draft)

    issued = await desk.approve(waiting)

    assert issued.state is DraftState.ISSUED
    assert await services.store[ALERTS].count({}) == 1


async def test_who_sends_it_on_is_not_its_second_person(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await a_rule(desk)
    await door.sees([83.0])
    await run_jobs(services)
    (draft,) = await drafts(services)
    both = await both_in_one(services)
    waiting = await services.composing.issuing.submit(both, seen(draft))

    with pytest.raises(SelfApproval):
        await services.composing.issuing.approve(both, seen(waiting), CONFIRMATION)

    assert (await desk.kept(draft)).state is DraftState.WAITING


async def test_an_automatic_rule_issues_a_severe_warning(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await an_automatic_rule(desk)
    await door.sees([83.0])

    await run_jobs(services)
    await run_jobs(services)

    (draft,) = await drafts(services)
    (alert,) = await services.store[ALERTS].find({})
    assert (draft.state, draft.alert_id) == (DraftState.ISSUED, alert["_id"])
    assert draft.issued_by == desk.approver.person_id
    assert "A warning was issued by a rule" in await titles(services.store)


async def leave(services: Services, person: Caller) -> None:
    account = await AccountRepository(services.store, services.sealer).get(person.person())
    assert account is not None
    for grant in account.grants:
        await Grants(services.store).take_back(person.person(), grant)


@pytest.mark.parametrize("who", ["author", "approver"])
async def test_when_one_of_the_two_left_a_draft_waits(
    desk: AlertDesk, door: StationDoor, services: Services, who: str
) -> None:
    await an_automatic_rule(desk)
    await leave(services, getattr(desk, who))
    await door.sees([83.0])

    await run_jobs(services)

    (draft,) = await drafts(services)
    assert draft.state is DraftState.EDITING
    assert await services.store[ALERTS].count({}) == 0


async def test_when_one_of_the_two_is_erased_a_draft_waits(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    rule = await an_automatic_rule(desk)
    (data,) = (it for it in services.conditions.data if it.name == "threshold-rules")

    await data.erase(desk.approver.person())

    await door.sees([83.0])
    await run_jobs(services)
    kept = await services.store[RULES].get(rule.id) or {}
    (draft,) = await drafts(services)
    assert (kept["approved_by"], kept["version"]) == (None, rule.version + 1)
    assert draft.state is DraftState.EDITING


async def test_the_same_person_under_two_accounts_is_no_second(
    desk: AlertDesk, services: Services
) -> None:
    rule = await a_rule(desk, action=RuleAction.AUTOMATIC)

    async def same(*_: object) -> bool:
        return True

    with patch.object(SamePeople, "is_one_of", same), pytest.raises(SecondPersonNeeded):
        await services.conditions.rules.approve(desk.approver, rule.id, 1, new_key())

    assert (await services.store[RULES].get(rule.id) or {})["approved_by"] is None


async def test_a_job_that_comes_late_issues_nothing_by_itself(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await an_automatic_rule(desk)
    await door.sees([83.0])
    door.clock.advance(hours=2)

    await run_jobs(services)

    (draft,) = await drafts(services)
    assert draft.state is DraftState.EDITING


async def test_what_an_officer_took_over_is_not_issued_over_their_head(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await an_automatic_rule(desk)
    await door.sees([83.0])
    with patch.object(type(services.composing.issuing), "issue_by_rule", side_effect=SelfApproval):
        await run_jobs(services)
    (draft,) = await drafts(services)
    longer = replace(draft.content, expires=draft.content.expires + timedelta(hours=1))
    drafting = services.composing.drafting
    await drafting.edit(desk.author, desk.agency_id, draft.id, draft.digest, longer)

    await run_jobs(services)

    assert (await desk.kept(draft)).state is DraftState.EDITING


async def test_while_a_warning_of_the_rule_holds_an_officer_decides_on_the_next(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await an_automatic_rule(desk)
    await door.sees([83.0])
    await run_jobs(services)
    await door.sees([80.0, 83.0])

    await run_jobs(services)

    alerts = [it for it in await drafts(services) if it.kind is DraftKind.ALERT]
    assert [it.state for it in alerts] == [DraftState.ISSUED, DraftState.EDITING]
    assert await services.store[ALERTS].count({}) == 1


async def test_an_end_proposes_an_all_clear_and_issues_nothing(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await an_automatic_rule(desk)
    await door.sees([83.0])
    await run_jobs(services)
    await door.sees([80.0])

    await run_jobs(services)
    await run_jobs(services)

    warned, ended = await drafts(services)
    assert (ended.kind, ended.state) == (DraftKind.ALL_CLEAR, DraftState.EDITING)
    assert ended.follows == warned.alert_id
    assert ended.grounds is not None
    assert ended.grounds.value == 80.0
    assert await services.store[ALERTS].count({}) == 1
    assert "Measured values are back to normal" in await titles(services.store)


async def test_the_proposed_all_clear_can_be_issued(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await an_automatic_rule(desk)
    await door.sees([83.0])
    await run_jobs(services)
    await door.sees([80.0])
    await run_jobs(services)
    _, ended = await drafts(services)

    issued = await desk.issue(ended)

    assert issued.state is DraftState.ISSUED
    assert await services.store[ALERTS].count({}) == 2


async def test_an_end_of_what_was_never_issued_makes_no_draft(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await a_rule(desk)
    await door.sees([83.0])
    await run_jobs(services)
    await door.sees([80.0])

    await run_jobs(services)

    assert [it.kind for it in await drafts(services)] == [DraftKind.ALERT]


async def test_an_end_that_comes_before_the_draft_was_made_is_not_lost(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await an_automatic_rule(desk)
    await door.sees([83.0, 80.0])
    handlers = services.conditions.handlers()
    (end,) = await services.store[JOBS].find({"kind": "conditions.all_clear"})
    await handlers["conditions.all_clear"](end["payload"])
    (begin,) = await services.store[JOBS].find({"kind": "conditions.draft"})

    await handlers["conditions.draft"](begin["payload"])

    (draft,) = await drafts(services)
    assert draft.state is DraftState.EDITING
    assert len(await titles(services.store)) == 2


async def test_what_the_observation_cannot_say_an_officer_writes(
    desk: AlertDesk, door: StationDoor, services: Services
) -> None:
    await a_rule(
        desk,
        measure=Measure.RAINFALL,
        level=50.0,
        clear_level=20.0,
        station_ids=(WEATHER,),
        hazard="heavy-rain",
        hazard_level="3",
    )
    await door.sees([60.0], station=WEATHER, measure="rainfall")

    await run_jobs(services)

    (draft,) = await drafts(services)
    assert draft.content.slots == {}
