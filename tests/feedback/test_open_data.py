"""What is published of reports: the map, and the table of a month."""

from datetime import UTC, datetime

import httpx
import pytest

from api.context import Services
from api.feedback.open_data.csv_text import csv_text
from api.feedback.open_data.months import Month
from api.feedback.reports.records import Report, Visibility
from api.feedback.reports.repository import REPORTS
from api.kit.geo import Position
from api.kit.store import StoreUnavailable
from tests.feedback.desk_play import DeskPlay
from tests.feedback.open_data_files import MAP, TABLE, features, refused, table
from tests.feedback.reporting import SA_PA_WARD


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


async def test_tables_have_a_limit_for_each_address(client: httpx.AsyncClient) -> None:
    statuses = [(await client.get(TABLE)).status_code for _ in range(40)]

    assert (statuses[0], statuses[-1]) == (200, 429)
