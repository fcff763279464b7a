"""The same thing reported more than once: suggested, joined, merged, parted again."""

import httpx
import pytest

from api.feedback.duplicates.errors import InvalidMerge, NotMerged
from api.feedback.following.errors import ReportHasEnded
from api.feedback.life.errors import ReportIsMerged
from api.feedback.reports.records import ReportState, Visibility
from api.feedback.reports.submitting import Sender
from api.kit.geo import Position
from tests.accounts.exporting import run_jobs
from tests.accounts.people import new_key
from tests.feedback.desk_play import DeskPlay
from tests.feedback.reporting import SA_PA, ask, written_to


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
