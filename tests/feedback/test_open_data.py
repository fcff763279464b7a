"""What is published of reports: the map, the month's table, and the league that everybody can compute from it."""

import csv
import io
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from api.context import Services
from api.feedback.life.agency_turn import Seen
from api.feedback.open_data.csv_text import csv_text
from api.feedback.open_data.months import Month
from api.feedback.reports.records import Report, Visibility
from api.feedback.reports.repository import REPORTS
from api.kit.geo import Position
from api.kit.store import StoreUnavailable
from tests.accounts.people import new_key
from tests.feedback.desk_play import SAID, DeskPlay
from tests.feedback.reporting import SA_PA_WARD, ask

MAP = "/v1/feedback/reports.geojson"
TABLE = "/v1/feedback/reports-2026-05.csv"
Row = dict[str, str]


async def features(client: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    reply = await client.get(MAP, params=asked)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/geo+json")
    found = reply.json()
    assert found.keys() == {"type", "features"}
    assert found["type"] == "FeatureCollection"
    return list(found["features"])


async def table(client: httpx.AsyncClient, path: str = TABLE) -> list[Row]:
    reply = await client.get(path)
    assert reply.status_code == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.text, newline="")))


async def refused(client: httpx.AsyncClient, path: str) -> tuple[int, str]:
    reply = await client.get(path)
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.status_code, reply.json()["code"]


class TestMap:
    async def test_a_feature_tells_where_and_what_became_of_it(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        report = await play.at_work()

        (feature,) = await features(client)

        assert feature == {
            "type": "Feature",
            "id": report.code,
            "geometry": {"type": "Point", "coordinates": [103.8438, 22.3364]},
            "properties": {
                "category": "waste",
                "state": "IN_PROGRESS",
                "agency": SA_PA_WARD,
                "commune": "03006",
                "receivedAt": "2026-05-01T09:30:00+00:00",
                "stateSince": "2026-05-01T09:30:00+00:00",
                "people": 1,
            },
        }

    async def test_private_refused_and_merged_ones_are_not_on_it(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        lead, merged = await play.reported(), await play.reported()
        await play.merged(lead, merged)
        await play.refused(await play.reported())
        await play.reported(visibility=Visibility.PRIVATE)

        found = await features(client)

        assert [one["id"] for one in found] == [lead.code]

    async def test_filters(self, client: httpx.AsyncClient, play: DeskPlay) -> None:
        waste = await play.reported()
        tree = await play.at_work(
            await play.reported(category="fallen-tree", position=Position(22.35, 103.86))
        )

        async def codes(**asked: str) -> list[str]:
            return sorted(one["id"] for one in await features(client, **asked))

        assert await codes(category="waste") == [waste.code]
        assert await codes(category="waste,fallen-tree") == sorted([waste.code, tree.code])
        assert await codes(state="IN_PROGRESS") == [tree.code]
        assert await codes(bbox="103.84,22.33,103.85,22.34") == [waste.code]
        assert await codes(bbox="103,22,104,23") == sorted([waste.code, tree.code])
        assert await codes(bbox="104.8,21.6,104.9,21.8") == []

    async def test_pages_follow_each_other_by_their_links(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        reports = list[Report]()
        for _ in range(5):
            play.wait(minutes=1)
            reports.append(await play.reported())

        pages, path = list[list[str]](), f"{MAP}?limit=2&category=waste"
        while path:
            reply = await client.get(path)
            pages.append([one["id"] for one in reply.json()["features"]])
            path = reply.links.get("next", {}).get("url", "")

        codes = [one.code for one in reversed(reports)]
        assert pages == [codes[:2], codes[2:4], codes[4:]]

    async def test_half_a_minute_it_is_told_from_memory(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        assert await features(client) == []
        await play.reported()

        play.wait(seconds=29)
        at_once = await features(client)
        play.wait(seconds=1)
        later = await features(client)

        assert (len(at_once), len(later)) == (0, 1)

    async def test_what_is_known_already_is_not_sent_again(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        await play.reported()
        first = await client.get(MAP)

        again = await client.get(MAP, headers={"if-none-match": first.headers["etag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert first.headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize(
        "query",
        [
            "bbox=1,2,3",
            "bbox=1,2,3,4,5",
            "bbox=nan,nan,nan,nan",
            "bbox=inf,0,inf,1",
            "bbox=104,22,103,23",
            "bbox=103,23,104,22",
            "bbox=-181,0,1,1",
            "bbox=٣,0,4,1",
            "bbox=1e999,0,4,1",
            "bbox=%00",
            "state=nonsense",
            "state=REFUSED",
            "state=received",
            "limit=0",
            "limit=1001",
            "limit=-1",
            "limit=٣",
            "limit=99999999999999",
            "after=nonsense",
            "after=" + "x" * 501,
            "after=W10",
            "category=%00",
            "category=" + ",".join(map(str, range(51))),
        ],
    )
    async def test_what_is_not_understood_is_refused(
        self, client: httpx.AsyncClient, query: str
    ) -> None:
        assert await refused(client, f"{MAP}?{query}") == (422, "INVALID_FIELD")

    async def test_empty_parameters_are_none(self, client: httpx.AsyncClient) -> None:
        assert await features(client, bbox="", state="", category="", limit="", after="") == []


class TestMonthlyTable:
    async def test_a_row_is_a_report(self, client: httpx.AsyncClient, play: DeskPlay) -> None:
        report = await play.reported()
        play.wait(hours=2)
        accepted = await play.accepted(report)
        play.wait(hours=3)
        await play.answered(accepted)

        (row,) = await table(client)

        assert row == {
            "code": report.code,
            "category": "waste",
            "commune_code": "03006",
            "agency_id": SA_PA_WARD,
            "state": "ANSWERED",
            "received_at": "2026-05-01T09:30:00.000+00:00",
            "accepted_at": "2026-05-01T11:30:00.000+00:00",
            "answered_at": "2026-05-01T14:30:00.000+00:00",
            "fixed_at": "",
            "ended_at": "",
            "due_answer": row["due_answer"],
            "due_fix": row["due_fix"],
            "reopened": "0",
            "people": "1",
            "merged_into": "",
            "latitude": "22.3364",
            "longitude": "103.8438",
        }

    async def test_nothing_that_anybody_said_is_in_it(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        await play.answered(await play.accepted(await play.reported(display_name="Lan")))
        await play.reported(visibility=Visibility.PRIVATE)
        await play.refused(await play.reported())

        reply = await client.get(TABLE)

        assert reply.text.count("\r\n") == 2
        assert reply.text.isascii()
        assert "Lan" not in reply.text

    async def test_months_are_those_of_vietnam(
        self, client: httpx.AsyncClient, play: DeskPlay
    ) -> None:
        play.clock.now = datetime(2026, 5, 31, 16, 59, 59, tzinfo=UTC)
        may = await play.reported()
        play.clock.now = datetime(2026, 5, 31, 17, 0, tzinfo=UTC)
        june = await play.reported()

        codes = [
            [row["code"] for row in await table(client, f"/v1/feedback/reports-{month}.csv")]
            for month in ("2026-05", "2026-06")
        ]

        assert codes == [[may.code], [june.code]]

    async def test_more_rows_than_are_read_at_once(
        self, client: httpx.AsyncClient, play: DeskPlay, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.feedback.open_data.open_reports._BATCH", 2)
        reports = [await play.reported() for _ in range(5)]

        rows = await table(client)

        assert sorted(row["code"] for row in rows) == sorted(one.code for one in reports)

    async def test_an_empty_month_has_its_columns(self, client: httpx.AsyncClient) -> None:
        reply = await client.get(TABLE)

        assert reply.text.startswith("code,category,commune_code,")
        assert reply.headers["content-disposition"] == (
            'attachment; filename="reports-2026-05.csv"'
        )

    @pytest.mark.parametrize(
        "month",
        ["2026-06", "2026-13", "2026-00", "2026-5", "1999-01", "nonsense", "٢٠٢٦-٠٥", "%00"],
    )
    async def test_no_month_that_has_begun(self, client: httpx.AsyncClient, month: str) -> None:
        for path in (f"reports-{month}.csv", f"league-{month}.csv", f"league-{month}.json"):
            assert await refused(client, f"/v1/feedback/{path}") == (404, "INVALID_MOMENT")

    async def test_a_store_that_is_away_is_said(
        self, client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def away(*_: object, **__: object) -> list[object]:
            raise StoreUnavailable

        monkeypatch.setattr(type(services.store[REPORTS]), "find", away)

        assert await refused(client, TABLE) == (503, "STORE_UNAVAILABLE")
        assert await refused(client, MAP) == (503, "STORE_UNAVAILABLE")


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+84", "'+84"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("waste", "waste"),
        ("a,b", '"a,b"'),
        ('a"b', '"a""b"'),
        (-1, "-1"),
        (None, ""),
    ],
)
def test_no_cell_is_a_formula(cell: str | int | None, written: str) -> None:
    assert csv_text([("x", cell)]) == f"x,{written}\r\n"


def test_a_year_ends_with_december() -> None:
    month = Month.of("2025-12", datetime(2026, 5, 1, tzinfo=UTC))

    assert month.first == datetime(2025, 11, 30, 17, tzinfo=UTC)
    assert month.end == datetime(2025, 12, 31, 17, tzinfo=UTC)


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


async def test_tables_have_a_limit_for_each_address(client: httpx.AsyncClient) -> None:
    statuses = [(await client.get(TABLE)).status_code for _ in range(40)]

    assert (statuses[0], statuses[-1]) == (200, 429)
