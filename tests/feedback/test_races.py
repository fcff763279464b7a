"""Two at once: one comes first, and the other is told so. Each with a control that shows the race is one."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any

import pytest

from api.feedback.errors import FeedbackProblem
from api.feedback.life.closing import CLOSE
from api.feedback.reports.records import Report, ReportState
from api.feedback.reports.repository import ReportRepository
from api.kit.jobs import JOBS
from tests.accounts.exporting import run_jobs
from tests.accounts.people import new_key
from tests.feedback.desk_play import SAID, DeskPlay
from tests.feedback.reporting import written_to


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every write happen, in whatever state a report is."""
    change = ReportRepository.change

    async def careless(
        self: ReportRepository,
        report_id: str,
        states: object,
        guard: object,
        fields: Mapping[str, Any],
        added: Mapping[str, int],
    ) -> Report | None:
        return await change(self, report_id, ReportState, {}, fields, added)

    monkeypatch.setattr(ReportRepository, "change", careless)


async def done(*works: Awaitable[object]) -> list[bool]:
    """Do them at once and tell of each whether it was done."""
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    for one in outcomes:
        if isinstance(one, BaseException) and not isinstance(one, FeedbackProblem):
            raise one
    return [not isinstance(one, FeedbackProblem) for one in outcomes]


async def two_clerks(play: DeskPlay) -> list[bool]:
    report = await play.reported()
    turn = play.services.feedback.agency_turn
    return await done(
        turn.accept(play.clerk, play.seen(report), new_key()),
        turn.accept(play.colleague, play.seen(report), new_key()),
    )


async def test_of_two_clerks_one_accepts(play: DeskPlay) -> None:
    assert sum(await two_clerks(play)) == 1


@pytest.mark.usefixtures("unguarded")
async def test_without_the_guard_both_would(play: DeskPlay) -> None:
    assert sum(await two_clerks(play)) == 2


async def confirm_and_close(play: DeskPlay) -> tuple[Report, int]:
    """Confirm at the last moment while the clock closes; return the report, and how many ends it has."""
    report = await play.fixed(await play.at_work())
    jobs = await play.services.store[JOBS].find({"kind": CLOSE})
    (payload,) = [job["payload"] for job in jobs]
    close = play.services.feedback.closing.handlers()[CLOSE]
    told = len(await play.told())
    await done(play.confirmed(report), close(payload))
    return await play.now(report), len(await play.told()) - told


async def test_a_confirmation_and_silence_end_it_once(play: DeskPlay) -> None:
    ended, ends = await confirm_and_close(play)

    assert ended.state in (ReportState.CONFIRMED, ReportState.CLOSED)
    assert ends == 1


@pytest.mark.usefixtures("unguarded")
async def test_without_the_guard_silence_would_end_it_again(play: DeskPlay) -> None:
    report = await play.fixed(await play.at_work())
    (job,) = await play.services.store[JOBS].find({"kind": CLOSE})
    await play.confirmed(report)

    await play.services.feedback.closing.handlers()[CLOSE](job["payload"])

    assert (await play.now(report)).state is ReportState.CLOSED


@pytest.mark.parametrize("joins_first", [True, False])
async def test_whoever_joined_is_told_of_the_end_or_did_not_join(
    play: DeskPlay, *, joins_first: bool
) -> None:
    report = await play.reported()
    works = [play.joined(report), play.refused(report)]

    outcomes = await done(*(works if joins_first else reversed(works)))
    await run_jobs(play.services, play.clock)

    is_joined = outcomes[0 if joins_first else 1]
    told = await written_to(play.services, "neighbour@example.com")
    assert (await play.now(report)).state is ReportState.REFUSED
    assert len(told) == (1 if is_joined else 0)


@pytest.mark.usefixtures("unguarded")
async def test_without_the_guard_one_would_join_what_has_ended(play: DeskPlay) -> None:
    report = await play.answered(await play.accepted(await play.reported()))
    play.wait(days=14)
    await run_jobs(play.services, play.clock)

    joined = await play.joined(report)

    assert (joined.state, joined.people) == (ReportState.CLOSED, 2)


async def test_an_answer_and_a_merge_leave_nothing_open(play: DeskPlay) -> None:
    lead = await play.accepted(await play.reported())
    other = await play.accepted(await play.reported(play.neighbour))
    turn = play.services.feedback.agency_turn

    await done(
        turn.answer(play.colleague, play.seen(lead), SAID, new_key()), play.merged(lead, other)
    )

    one, two = await play.now(lead), await play.now(other)
    assert one.state is ReportState.ANSWERED
    assert two.state is one.state
    assert two.lead_id == one.id
