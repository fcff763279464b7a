"""The league of agencies: everybody can compute it from the table of the month."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from api.feedback.life.agency_turn import Seen
from api.feedback.reports.records import Visibility
from tests.accounts.people import new_key
from tests.feedback.desk_play import SAID, DeskPlay
from tests.feedback.open_data_files import Row, refused, table
from tests.feedback.reporting import SA_PA_WARD, ask

# The figures again, from the published table alone: nothing of the product's is used below.


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def nearest_rank(values: Sequence[float], share: float) -> float | None:
    ordered = sorted(values)
    return round(ordered[math.ceil(share * len(ordered)) - 1], 1) if ordered else None


def computed(rows: Sequence[Row], now: datetime) -> dict[str, Any]:
    counted = [row for row in rows if not row["merged_into"]]
    answered = [row for row in counted if row["answered_at"]]
    hours = [
        (at(row["answered_at"]) - at(row["received_at"])).total_seconds() / 3600 for row in answered
    ]
    due = [
        row for row in counted if row["fixed_at"] or row["ended_at"] or at(row["due_fix"]) <= now
    ]
    in_time = [row for row in due if row["fixed_at"] and at(row["fixed_at"]) <= at(row["due_fix"])]
    reopened = [row for row in answered if int(row["reopened"])]
    to_act = {"RECEIVED", "ACCEPTED", "ASSIGNED", "IN_PROGRESS", "REOPENED"}
    late = [row for row in counted if row["state"] in to_act and at(row["due_fix"]) <= now]
    return {
        "received": len(counted),
        "answered": len(answered),
        "median_hours_to_answer": nearest_rank(hours, 0.5),
        "p90_hours_to_answer": nearest_rank(hours, 0.9),
        "due": len(due),
        "fixed_in_time": len(in_time),
        "share_fixed_in_time": round(len(in_time) / len(due), 4) if due else None,
        "reopened": len(reopened),
        "share_reopened": round(len(reopened) / len(answered), 4) if answered else None,
        "open_overdue": len(late),
    }


async def a_busy_month(play: DeskPlay) -> None:
    """Let Sa Pa do well and badly, and another agency have one report that nobody answers."""
    for number in range(12):
        report = await play.reported()
        play.wait(hours=number + 1)
        if number % 3 == 0:
            mended = await play.fixed(await play.at_work(report))
            if number == 3:
                await play.reopened(mended)
        elif number % 3 == 1:
            await play.answered(await play.accepted(report))
    lead, other = await play.reported(), await play.reported()
    await play.merged(lead, other)
    await play.reported(category="water-supply")
    await play.reported(visibility=Visibility.PRIVATE)
    await play.refused(await play.reported())
    late = await play.at_work()
    play.wait(days=20)
    await play.fixed(await play.now(late))


class TestLeague:
    async def test_its_figures_are_those_of_the_table(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        await a_busy_month(play)

        rows = await table(client)
        league = (await client.get("/v1/feedback/league-2026-05.json")).json()

        by_agency = {one["agency_id"]: one for one in league["agencies"]}
        assert league["province"] == computed(rows, play.clock())
        assert by_agency.keys() == {SA_PA_WARD, "water"}
        for agency_id, told in by_agency.items():
            own = computed([row for row in rows if row["agency_id"] == agency_id], play.clock())
            assert {name: told[name] for name in own} == own
        assert league["province"]["received"] == 15
        assert league["province"]["reopened"] == 1
        assert league["province"]["open_overdue"] > 0
        assert 0 < league["province"]["share_fixed_in_time"] < 1

    async def test_few_reports_are_not_ranked(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        await a_busy_month(play)

        league = (await client.get("/v1/feedback/league-2026-05.json")).json()

        ranks = [(one["agency_id"], one["rank"]) for one in league["agencies"]]
        assert (league["ranked_from"], ranks) == (10, [(SA_PA_WARD, 1), ("water", None)])

    async def test_csv_and_graphql_tell_the_same(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        await a_busy_month(play)

        json = (await client.get("/v1/feedback/league-2026-05.json")).json()
        rows = await table(client, "/v1/feedback/league-2026-05.csv")
        told = await ask(client, "AgencyLeague", {"month": "2026-05"})

        assert [row["agency_id"] for row in rows] == ["province", SA_PA_WARD, "water"]
        assert [int(row["received"]) for row in rows] == [15, 14, 1]
        assert (
            float(rows[0]["median_hours_to_answer"]) == json["province"]["median_hours_to_answer"]
        )
        assert rows[2]["rank"] == ""
        assert [one["agency"]["id"] for one in told["standings"]] == [SA_PA_WARD, "water"]
        figures = list(told["province"].values())
        assert figures == list(json["province"].values())

    async def test_a_report_counts_with_the_agency_that_has_it_now(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        report = await play.reported()
        turn = play.services.feedback.agency_turn
        seen = Seen(SA_PA_WARD, report.code, report.state)
        await turn.reroute(play.clerk, seen, "environment", SAID, new_key())

        league = (await client.get("/v1/feedback/league-2026-05.json")).json()

        assert [one["agency_id"] for one in league["agencies"]] == ["environment"]

    async def test_five_minutes_it_is_told_from_memory(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        async def received() -> int:
            found = (await client.get("/v1/feedback/league-2026-05.json")).json()
            return int(found["province"]["received"])

        before = await received()
        await play.reported()
        play.wait(minutes=4, seconds=59)
        at_once = await received()
        play.wait(seconds=1)

        assert (before, at_once, await received()) == (0, 0, 1)

    async def test_a_month_without_reports(self, client: httpx.AsyncClient) -> None:
        league = (await client.get("/v1/feedback/league-2026-04.json")).json()

        assert league["province"] == computed([], datetime(2026, 5, 1, tzinfo=UTC))
        assert league["agencies"] == []

    async def test_other_endings(self, client: httpx.AsyncClient) -> None:
        assert await refused(client, "/v1/feedback/league-2026-05.xml") == (404, "INVALID_MOMENT")
