"""Whatever people and clocks do in whatever order: no repair without proof, no end in silence."""

from collections.abc import Awaitable, Callable, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.feedback.errors import FeedbackProblem
from api.feedback.following.telling import TELL, Telling
from api.feedback.life.closing import CLOSE
from api.feedback.life.moves import RULES, Move
from api.feedback.life.moving import Change
from api.feedback.life.steps import STEPS, Step
from api.feedback.reports.records import ENDED, Report, ReportState
from api.kit.ids import derived_id
from api.kit.jobs import JOBS
from api.kit.transactions import transact
from tests.accounts.people import new_key
from tests.feedback.desk_play import SAID, DeskPlay

Action = Callable[[DeskPlay, Report], Awaitable[object]]


async def assign(play: DeskPlay, report: Report) -> object:
    turn = play.services.feedback.agency_turn
    return await turn.assign(play.clerk, play.seen(report), SAID, new_key())


async def fix_from_inside(play: DeskPlay, report: Report) -> object:
    """Go past the check of the desk, as a mistake in another door would."""
    change = Change(Move.FIX, {report.state}, play.clock())
    feedback = play.services.feedback
    return await transact(play.services.store, lambda: feedback.moving.make(report, change))


async def fix_again(play: DeskPlay, report: Report) -> object:
    turn = play.services.feedback.agency_turn
    return await turn.fix(play.clerk, play.seen(report), SAID, tuple(play.photos), new_key())


async def merge_another(play: DeskPlay, report: Report) -> object:
    other = await play.reported(play.neighbour)
    return await play.merged(report, other)


async def unmerge(play: DeskPlay, report: Report) -> object:
    merged = await play.services.feedback.reports.merged_into(report.id)
    return await play.unmerged(merged[0]) if merged else None


async def two_weeks(play: DeskPlay, report: Report) -> object:
    """Let time go by, and run what closes in silence."""
    play.wait(days=14)
    jobs = await play.services.store[JOBS].find({"kind": CLOSE})
    close = play.services.feedback.closing.handlers()[CLOSE]
    for job in jobs:
        if job["payload"]["report"] == report.id and job["due_at"] <= play.clock():
            await close(job["payload"])
    return None


ACTIONS: Mapping[str, Action] = {
    "accept": DeskPlay.accepted,
    "assign": assign,
    "start": DeskPlay.started,
    "answer": DeskPlay.answered,
    "refuse": DeskPlay.refused,
    "fix": DeskPlay.fixed,
    "fix again": fix_again,
    "fix from inside": fix_from_inside,
    "confirm": DeskPlay.confirmed,
    "reopen": DeskPlay.reopened,
    "join": DeskPlay.joined,
    "merge": merge_another,
    "unmerge": unmerge,
    "two weeks": two_weeks,
}


async def check(play: DeskPlay, before: Report, after: Report) -> None:
    """Hold what must be true after every action."""
    if before.state is after.state:
        return
    found = await play.services.store[STEPS].find({"report_id": after.id}, sort=[("number", 1)])
    moves = [Move(one["move"]) for one in found]
    last = found[-1]
    assert [one["number"] for one in found] == list(range(1, after.steps + 1))
    assert before.state in RULES[moves[-1]].sources
    assert after.state is RULES[moves[-1]].target
    assert after.state is not ReportState.FIXED or last["photos"], "fixed without proof"
    job = await play.services.store[JOBS].get(derived_id(TELL, last["_id"]))
    assert job is not None, "nobody is told"
    merged = await play.services.feedback.reports.merged_into(after.id)
    assert set(job["payload"]["reports"]) == {after.id, *(one.id for one in merged)}
    assert {one.state for one in merged} <= {after.state}
    assert (after.ended_at is not None) == (after.state in ENDED)


async def played(play: DeskPlay, names: list[str]) -> Report:
    """Do one after the other with a new report, whatever is refused, and check each time."""
    play.wait(days=2)  # for the limit of a day
    report = await play.reported()
    for name in names:
        try:
            await ACTIONS[name](play, report)
        except FeedbackProblem:
            assert await play.now(report) == report, "a refusal changed something"
        after = await play.now(report)
        await check(play, report, after)
        report = after
    return report


@given(names=st.lists(st.sampled_from(sorted(ACTIONS)), min_size=3, max_size=9))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_order(play: DeskPlay, names: list[str]) -> None:
    await played(play, names)


@pytest.mark.parametrize(
    ("names", "state"),
    [
        (["accept", "start", "fix", "confirm"], ReportState.CONFIRMED),
        (["accept", "merge", "answer", "two weeks"], ReportState.CLOSED),
        (
            ["accept", "start", "fix", "reopen", "assign", "fix again", "two weeks"],
            ReportState.CLOSED,
        ),
        (["merge", "refuse", "join", "unmerge"], ReportState.REFUSED),
        (["accept", "start", "fix from inside"], ReportState.IN_PROGRESS),
    ],
)
async def test_these_orders_reach_their_end(
    play: DeskPlay, names: list[str], state: ReportState
) -> None:
    assert (await played(play, names)).state is state


async def test_a_repair_without_proof_would_be_seen(
    play: DeskPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = RULES[Move.FIX]
    careless = type(rule)(rule.sources, rule.target, rule.mover)
    monkeypatch.setattr("api.feedback.life.moving.RULES", {**RULES, Move.FIX: careless})

    with pytest.raises(AssertionError, match="without proof"):
        await played(play, ["accept", "start", "fix from inside"])


async def test_an_end_in_silence_would_be_seen(
    play: DeskPlay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forgets_ends(self: Telling, report: Report, step: Step) -> None:
        if step.move is not Move.CLOSE:
            await queue(self, report, step)

    queue = Telling.queue
    monkeypatch.setattr(Telling, "queue", forgets_ends)

    with pytest.raises(AssertionError, match="nobody is told"):
        await played(play, ["accept", "answer", "two weeks"])
