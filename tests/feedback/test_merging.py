"""The same thing reported more than once: suggested, joined, merged, parted again."""

from typing import Any

import httpx
import pytest

from api.context import Services
from api.feedback.duplicates.errors import InvalidMerge, NotMerged
from api.feedback.following.errors import ReportHasEnded
from api.feedback.life.errors import ReportIsMerged
from api.feedback.life.moves import Move
from api.feedback.life.steps import Words, shown_to_all, shown_to_reporter
from api.feedback.reports.reading import HistoryKey
from api.feedback.reports.records import Deadlines, Report, ReportState, Visibility
from api.feedback.reports.submitting import Sender
from api.kit.geo import Position
from tests.accounts.exporting import run_jobs
from tests.accounts.families import caller_of
from tests.accounts.people import new_key, signed_in
from tests.feedback.desk_play import SAID, DeskPlay
from tests.feedback.reporting import SA_PA, a_clerk, ask, submitted, written_to


def north_of_sa_pa(metres: float) -> Position:
    return Position(SA_PA["latitude"] + metres / 111_195, SA_PA["longitude"])


async def test_what_is_near_open_and_of_the_category_is_suggested(
    play: DeskPlay, client: httpx.AsyncClient
) -> None:
    here = await play.reported()
    near = await play.reported(position=north_of_sa_pa(45))
    await play.reported(position=north_of_sa_pa(55))
    await play.reported(category="street-light")
    await play.refused(await play.reported())
    await play.joined(near)

    found = await ask(client, "SimilarReports", {"position": SA_PA, "categoryCode": "waste"})

    assert [(one["report"]["code"], one["report"]["people"]) for one in found["reports"]] == [
        (here.code, 1),
        (near.code, 2),
    ]


async def test_joining_twice_counts_once_and_leaving_takes_it_back(play: DeskPlay) -> None:
    report = await play.reported()

    counts = [(await play.joined(report)).people for _ in range(2)]
    sender = Sender(play.neighbour, None, "", "vi")
    left = await play.services.feedback.joining.leave(sender, report.code, new_key())

    assert counts == [2, 2]
    assert left.people == 1


async def test_what_has_ended_is_joined_by_nobody(play: DeskPlay) -> None:
    report = await play.confirmed(await play.fixed(await play.at_work()))

    with pytest.raises(ReportHasEnded):
        await play.joined(report)

    assert await play.now(report) == report


async def test_merged_reports_end_together_and_everybody_is_told(play: DeskPlay) -> None:
    lead = await play.accepted(await play.reported())
    other = await play.reported(play.neighbour)

    led = await play.merged(lead, other)
    fixed = await play.fixed(await play.started(led))
    await play.confirmed(fixed)
    await run_jobs(play.services, play.clock)

    assert led.people == 2
    assert (await play.now(other)).state is ReportState.CONFIRMED
    told = await written_to(play.services, "neighbour@example.com")
    assert [one for one in told if "xác nhận" in one]


async def test_a_merged_report_is_moved_by_its_lead_alone(play: DeskPlay) -> None:
    lead, other = await play.reported(), await play.reported(play.neighbour)
    await play.merged(lead, other)

    with pytest.raises(ReportIsMerged):
        await play.accepted(other)


async def test_parted_it_goes_on_where_it_was(play: DeskPlay) -> None:
    lead = await play.accepted(await play.reported())
    other = await play.reported(play.neighbour)
    await play.merged(lead, other)

    parted = await play.unmerged(other)

    assert (parted.state, parted.lead_id) == (ReportState.RECEIVED, None)
    assert (await play.now(lead)).people == 1
    assert (await play.accepted(parted)).state is ReportState.ACCEPTED


async def test_after_the_end_nothing_is_parted(play: DeskPlay) -> None:
    lead, other = await play.reported(), await play.reported(play.neighbour)
    await play.merged(lead, other)
    await play.refused(await play.now(lead))

    with pytest.raises(NotMerged):
        await play.unmerged(other)


async def test_no_rings_and_no_public_report_under_a_private_one(play: DeskPlay) -> None:
    first, second, third = [await play.reported() for _ in range(3)]
    private = await play.reported(visibility=Visibility.PRIVATE)
    await play.merged(first, second)

    for lead, other in ((third, first), (first, first), (second, third), (private, third)):
        with pytest.raises(InvalidMerge):
            await play.merged(lead, other)

    assert await play.now(third) == third


async def reopened_through(play: DeskPlay, lead: Report, other: Report) -> None:
    """Let the neighbour, who reported `other`, say that the lead is not settled; the agency goes on."""
    await play.merged(await play.accepted(lead), other)
    await play.answered(await play.now(lead))
    turn = play.services.feedback.reporter_turn
    words = Words("Nhà tôi số 12, gọi 0912345678.", "vi")
    await turn.reopen(play.neighbour, None, other.code, words, new_key())
    await play.started(await play.now(lead))


async def words_of(play: DeskPlay, report: Report, shown: Any = list) -> list[str | None]:  # noqa: ANN401
    """Return what was said in each step of reopening; `shown`: to whom."""
    (history,) = await play.services.feedback.reading.histories([HistoryKey.of(report)])
    steps = [one for one in shown(history) if one.move is Move.REOPEN]
    return [one.words.text if one.words else None for one in steps]


@pytest.mark.parametrize("visibility", Visibility)
async def test_what_a_merged_reporter_writes_is_read_by_the_desk_and_not_with_the_lead(
    play: DeskPlay, visibility: Visibility
) -> None:
    lead = await play.reported()
    other = await play.reported(play.neighbour, visibility=visibility)

    await reopened_through(play, lead, other)

    said = ["Nhà tôi số 12, gọi 0912345678."]
    own = await play.now(other)
    assert await words_of(play, lead) == said
    assert await words_of(play, lead, shown_to_reporter) == [None]
    assert await words_of(play, lead, shown_to_all) == [None]
    assert await words_of(play, own, shown_to_reporter) == said


async def test_the_leads_reporter_does_not_read_what_another_wrote(
    play: DeskPlay, client: httpx.AsyncClient, services: Services
) -> None:
    mai = await signed_in(client, services, "mai@example.com")
    lead = await submitted(client, mai)
    led = await services.feedback.reading.shown(lead["code"])
    assert led is not None
    other = await play.reported(play.neighbour, visibility=Visibility.PRIVATE)

    await reopened_through(play, led, other)

    mine = await ask(client, "MyReport", {"code": led.code}, mai)
    assert [one["words"] for one in mine["steps"] if one["move"] == "REOPEN"] == [None]


async def test_parted_from_one_that_was_not_accepted_it_is_accepted_still(play: DeskPlay) -> None:
    lead, other = await play.reported(), await play.accepted(await play.reported(play.neighbour))
    await play.merged(lead, other)

    parted = await play.unmerged(other)

    assert (parted.state, parted.accepted_at) == (ReportState.ACCEPTED, other.accepted_at)


async def test_parted_after_the_lead_was_sent_on_nobody_has_accepted_it(
    play: DeskPlay, client: httpx.AsyncClient, services: Services
) -> None:
    lead, other = await play.accepted(await play.reported()), await play.reported(play.neighbour)
    await play.merged(lead, await play.accepted(other))
    turn, elsewhere = services.feedback.agency_turn, "construction"
    await turn.reroute(play.clerk, play.seen(lead), elsewhere, SAID, new_key())
    clerk = await caller_of(services, await a_clerk(client, services, elsewhere))

    parted = await services.feedback.merging.unmerge(clerk, elsewhere, other.code, new_key())

    assert (parted.state, parted.accepted_at) == (ReportState.RECEIVED, None)


async def test_whoever_reported_or_joined_what_was_merged_is_not_counted_again(
    play: DeskPlay,
) -> None:
    lead, other = await play.reported(), await play.reported(play.neighbour)
    await play.joined(other, play.colleague)
    await play.merged(lead, other)

    counts = [(await play.joined(other, who)).people for who in (play.neighbour, play.colleague)]

    assert counts == [3, 3]
    assert (await play.joined(other, play.clerk)).people == 4


async def test_whoever_follows_several_that_were_merged_is_told_once(play: DeskPlay) -> None:
    lead, other = await play.reported(), await play.reported(play.neighbour)
    await play.joined(lead)
    await play.merged(lead, other)
    await play.accepted(await play.now(lead))

    await run_jobs(play.services, play.clock)

    told = await written_to(play.services, "neighbour@example.com")
    assert len([one for one in told if "접수" in one or "thụ lý" in one]) == 1


async def test_merged_under_a_newer_report_no_time_is_won(
    play: DeskPlay, services: Services
) -> None:
    old = await play.reported()
    play.wait(days=6)
    new = await play.reported(play.neighbour)

    led = await play.merged(new, old)
    play.clock.now = old.due.fix
    await run_jobs(services, play.clock)

    assert (led.due, new.due == old.due) == (old.due, False)
    assert (await play.now(new)).level == 3


async def test_of_what_was_done_already_the_lead_keeps_its_own_time(play: DeskPlay) -> None:
    old = await play.accepted(await play.reported())
    play.wait(days=6)
    new = await play.reported(play.neighbour)

    led = await play.merged(new, old)

    assert led.due == Deadlines(new.due.accept, old.due.answer, old.due.fix)
