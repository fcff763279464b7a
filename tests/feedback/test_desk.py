"""The desk of an agency: its own reports only, filtered and paged."""

import httpx
import pytest

from api.context import Services
from api.feedback.errors import ReportNotFound
from api.feedback.life.agency_turn import Seen
from api.feedback.reports.reading import DeskQuery
from api.feedback.reports.records import Visibility
from tests.accounts.families import caller_of
from tests.accounts.people import SignedInPerson, new_key, signed_in
from tests.conftest import MovableClock
from tests.feedback.desk_play import DeskPlay
from tests.feedback.reporting import SA_PA_WARD, a_clerk, ask, step, submitted


@pytest.fixture
async def clerk(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    return await a_clerk(client, services)


async def codes(client: httpx.AsyncClient, clerk: SignedInPerson, **filters: object) -> list[str]:
    page = await ask(client, "DeskReports", {"agencyId": SA_PA_WARD, **filters}, clerk)
    return [edge["node"]["code"] for edge in page["edges"]]


async def test_a_desk_is_filtered_by_state_category_and_time(
    client: httpx.AsyncClient, services: Services, clock: MovableClock, clerk: SignedInPerson
) -> None:
    person = await signed_in(client, services)
    waste = await submitted(client, person)
    clock.advance(seconds=1)
    light = await submitted(client, person, categoryCode="street-light")
    await submitted(client, person, categoryCode="water-supply")
    await step(client, clerk, "AcceptReport", light["code"], "RECEIVED")

    assert await codes(client, clerk) == [light["code"], waste["code"]]
    assert await codes(client, clerk, states=["RECEIVED"]) == [waste["code"]]
    assert await codes(client, clerk, category="street-light") == [light["code"]]
    assert await codes(client, clerk, overdue=True) == []


async def test_what_missed_a_time_that_is_not_met_is_overdue(
    play: DeskPlay, services: Services
) -> None:
    late = await play.reported()
    await play.accepted(await play.reported())
    play.clock.now = late.due.accept
    query = DeskQuery(SA_PA_WARD, is_overdue=True)

    page = await services.feedback.reading.desk(play.clerk, query, 10, None)

    assert [one.id for one in page.items] == [late.id]


async def test_another_agency_s_private_report_is_not_there(
    play: DeskPlay, client: httpx.AsyncClient, services: Services
) -> None:
    report = await play.reported(visibility=Visibility.PRIVATE)
    other = await caller_of(services, await a_clerk(client, services, "environment"))
    seen = Seen("environment", report.code, report.state)
    feedback = services.feedback

    with pytest.raises(ReportNotFound):
        await feedback.agency_turn.accept(other, seen, new_key())
    with pytest.raises(ReportNotFound):
        await feedback.merging.unmerge(other, "environment", report.code, new_key())
    with pytest.raises(ReportNotFound):
        await feedback.reading.contact(other, "environment", report.code)

    assert await feedback.reading.at_desk(other, "environment", report.code) is None
    assert await play.now(report) == report
