"""A report from received to its end, each step from a stated state and told to those who follow."""

from collections.abc import Awaitable

import httpx
import pytest

from api.accounts.errors import NotAllowed
from api.context import Services
from api.feedback.errors import FeedbackProblem
from api.feedback.life.agency_turn import Seen
from api.feedback.life.errors import NotInThisState, NotYours, ProofMissing, ReportChanged, TooLate
from api.feedback.reports.records import ReportState
from tests.accounts.exporting import run_jobs
from tests.accounts.people import new_key
from tests.feedback.desk_play import SAID, DeskPlay
from tests.feedback.reporting import ask, written_to


async def refusal(work: Awaitable[object]) -> type[Exception]:
    try:
        await work
    except FeedbackProblem as refused:
        return type(refused)
    raise AssertionError("nothing was refused")


async def test_the_whole_way_to_a_confirmed_repair(
    play: DeskPlay, client: httpx.AsyncClient
) -> None:
    report = await play.fixed(await play.at_work())

    ended = await play.confirmed(report)

    shown = await ask(client, "Report", {"code": report.code})
    assert ended.state is ReportState.CONFIRMED
    assert [(step["move"], step["by"]) for step in shown["steps"]] == [
        ("RECEIVE", "REPORTER"),
        ("ACCEPT", "AGENCY"),
        ("START", "AGENCY"),
        ("FIX", "AGENCY"),
        ("CONFIRM", "REPORTER"),
    ]
    assert [one["id"] for one in shown["steps"][3]["photos"]] == play.photos[:1]


async def test_nothing_is_fixed_without_a_photo(play: DeskPlay) -> None:
    report = await play.at_work()

    assert await refusal(play.fixed(report, with_proof=False)) is ProofMissing

    assert (await play.now(report)).state is ReportState.IN_PROGRESS


async def test_a_photo_of_somebody_else_proves_nothing(play: DeskPlay) -> None:
    report = await play.at_work()
    turn = play.services.feedback.agency_turn

    refused = await refusal(
        turn.fix(play.colleague, play.seen(report), None, tuple(play.photos[:1]), new_key())
    )

    assert refused is ProofMissing
    assert await play.now(report) == report


async def test_a_step_from_another_state_than_was_seen_is_refused(play: DeskPlay) -> None:
    report = await play.reported()
    accepted = await play.accepted(report)

    assert await refusal(play.refused(report)) is ReportChanged

    assert await play.now(report) == accepted


async def test_a_step_that_its_state_does_not_allow_is_refused(play: DeskPlay) -> None:
    report = await play.reported()

    assert await refusal(play.answered(report)) is NotInThisState


async def test_silence_closes_after_14_days_with_a_notice(play: DeskPlay) -> None:
    report = await play.answered(await play.accepted(await play.reported()))
    told = len(await play.told())

    play.wait(days=14, seconds=-1)
    await run_jobs(play.services, play.clock)
    before = (await play.now(report)).state
    play.wait(seconds=1)
    await run_jobs(play.services, play.clock)

    closed = await play.now(report)
    assert (before, closed.state) == (ReportState.ANSWERED, ReportState.CLOSED)
    assert closed.ended_at == play.clock()
    assert len(await play.told()) == told + 1


async def test_the_reporter_reopens_within_14_days_and_the_time_to_fix_begins_anew(
    play: DeskPlay,
) -> None:
    report = await play.fixed(await play.at_work())
    play.wait(days=14, seconds=-1)

    again = await play.reopened(report)
    play.wait(seconds=1)
    await run_jobs(play.services, play.clock)

    assert again.state is ReportState.REOPENED
    assert again.due.fix > report.due.fix
    assert (await play.now(report)).state is ReportState.REOPENED


async def test_after_14_days_it_is_too_late(play: DeskPlay) -> None:
    report = await play.fixed(await play.at_work())
    play.wait(days=14)

    assert await refusal(play.reopened(report)) is TooLate
    assert await refusal(play.confirmed(report)) is TooLate


async def test_whoever_joined_neither_confirms_nor_reopens(play: DeskPlay) -> None:
    report = await play.reported()
    await play.joined(report)
    fixed = await play.fixed(await play.at_work(report))
    turn = play.services.feedback.reporter_turn

    for said in (
        turn.confirm(play.neighbour, None, report.code, new_key()),
        turn.reopen(play.neighbour, None, report.code, SAID, new_key()),
    ):
        assert await refusal(said) is NotYours

    assert await play.now(fixed) == fixed


async def test_each_is_told_in_their_language_by_push_or_else_in_writing(
    play: DeskPlay, services: Services
) -> None:
    report = await play.reported()
    await play.joined(report)

    await play.accepted(report)
    await run_jobs(services, play.clock)
    await run_jobs(services, play.clock)

    assert await written_to(services, "+84912345678") == [
        f"Phản ánh {report.code}\nỦy ban nhân dân phường Sa Pa đã thụ lý."
    ]
    (korean,) = await written_to(services, "neighbour@example.com")
    assert korean.endswith("에서 접수를 확정했습니다.")


async def test_a_clerk_sends_it_on_with_words_and_its_time_goes_on(
    play: DeskPlay, client: httpx.AsyncClient
) -> None:
    report = await play.accepted(await play.reported())
    turn = play.services.feedback.agency_turn

    sent_on = await turn.reroute(play.clerk, play.seen(report), "environment", SAID, new_key())

    shown = await ask(client, "Report", {"code": report.code})
    assert (sent_on.state, sent_on.route.agency_id) == (ReportState.RECEIVED, "environment")
    assert sent_on.due == report.due
    assert shown["agencyReason"] == "It was sent on by People’s Committee of Sa Pa Ward."
    assert shown["steps"][-1]["toAgency"]["id"] == "environment"
    assert await refusal(play.accepted(sent_on)) is ReportChanged


async def test_words_and_followers_are_forgotten_a_year_after_the_end(play: DeskPlay) -> None:
    report = await play.refused(await play.reported())
    play.wait(days=365)

    await run_jobs(play.services, play.clock)

    kept = await play.now(report)
    assert (kept.content, kept.reporter) == (None, None)
    assert kept.state is ReportState.REFUSED
    assert await play.services.feedback.followers.of_report(report.id, "", 10) == []


async def test_a_clerk_of_another_agency_may_do_nothing(play: DeskPlay) -> None:
    report = await play.reported()
    seen = Seen("environment", report.code, report.state)

    with pytest.raises(NotAllowed):
        await play.services.feedback.agency_turn.accept(play.clerk, seen, new_key())

    assert await play.now(report) == report
