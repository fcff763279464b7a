"""What the app reads: the warnings that hold at a place, the worst first, in the reader's language."""

from typing import Any

import httpx
import pytest

from api.alerts.open_alerts import Alert, OpenAlerts
from api.alerts.repository import AlertRecord
from api.context import Services
from api.kit.geo import Position
from tests.alerts.conftest import Door, active_identifiers
from tests.alerts.messages import (
    AROUND_BAC_HA,
    BAC_HA,
    NAMESPACE,
    SA_PA,
    SA_PA_CODE,
    YEN_BAI,
    alert,
    area,
    circle,
    geocode,
    info,
    polygon,
)
from tests.conftest import send, send_raw


async def node(client: httpx.AsyncClient, language: str = "en") -> dict[str, Any]:
    """Return the one warning that holds in Sa Pa."""
    at = {"latitude": SA_PA.latitude, "longitude": SA_PA.longitude}
    data = await send(client, "alerts/ActiveAlerts", {"at": at}, language=language)
    (edge,) = data["activeAlerts"]["edges"]
    found: dict[str, Any] = edge["node"]
    return found


async def test_a_warning_holds_inside_its_area_only(door: Door, client: httpx.AsyncClient) -> None:
    await door.accepts(alert())

    assert await active_identifiers(client, SA_PA) == ["flood-1"]
    assert await active_identifiers(client, YEN_BAI) == []
    assert await active_identifiers(client, None) == ["flood-1"]


async def test_the_boundary_belongs_to_the_area(door: Door, client: httpx.AsyncClient) -> None:
    await door.accepts(alert())

    assert await active_identifiers(client, Position(22.30, 103.80)) == ["flood-1"]
    assert await active_identifiers(client, Position(22.34, 103.88)) == ["flood-1"]
    assert await active_identifiers(client, Position(22.34, 103.8801)) == []


async def test_a_hole_does_not_belong_to_the_area(door: Door, client: httpx.AsyncClient) -> None:
    with_hole = (
        "22.0,103.5 22.0,104.1 22.7,104.1 22.7,103.5 22.0,103.5"
        " 22.3,103.8 22.4,103.8 22.4,103.9 22.3,103.9 22.3,103.8 22.0,103.5"
    )

    await door.accepts(alert(info(areas=area(polygon(with_hole)))))

    assert await active_identifiers(client, SA_PA) == []
    assert await active_identifiers(client, Position(22.29, 103.85)) == ["flood-1"]


async def test_a_communes_code_holds_in_the_commune(door: Door, client: httpx.AsyncClient) -> None:
    await door.accepts(alert(info(areas=area(geocode("VN-COMMUNE", SA_PA_CODE)))))

    assert await active_identifiers(client, SA_PA) == ["flood-1"]
    assert await active_identifiers(client, BAC_HA) == []


async def test_the_worst_comes_first_then_the_latest(door: Door, client: httpx.AsyncClient) -> None:
    for identifier, severity, minute in (
        ("minor", "Minor", 0),
        ("severe-early", "Severe", 1),
        ("extreme", "Extreme", 2),
        ("severe-late", "Severe", 3),
        ("unknown", "Unknown", 4),
    ):
        sent = f"2026-05-01T16:0{minute}:00+07:00"
        await door.accepts(alert(info(severity=severity), identifier=identifier, sent=sent))

    assert await active_identifiers(client) == [
        "extreme",
        "severe-late",
        "severe-early",
        "minor",
        "unknown",
    ]


async def test_pages_follow_each_other_through_warnings_of_other_places(
    door: Door, client: httpx.AsyncClient
) -> None:
    for number in range(7):
        elsewhere = area(polygon(AROUND_BAC_HA))
        block = info() if number % 2 == 0 else info(areas=elsewhere)
        await door.accepts(
            alert(block, identifier=str(number), sent=f"2026-05-01T16:0{number}:00+07:00")
        )
    at = {"latitude": SA_PA.latitude, "longitude": SA_PA.longitude}

    first = await send(client, "alerts/ActiveAlerts", {"at": at, "first": 3})
    after = first["activeAlerts"]["pageInfo"]["endCursor"]
    second = await send(client, "alerts/ActiveAlerts", {"at": at, "first": 3, "after": after})

    pages = [page["activeAlerts"] for page in (first, second)]
    assert [[edge["node"]["identifier"] for edge in page["edges"]] for page in pages] == [
        ["6", "4", "2"],
        ["0"],
    ]
    assert [page["pageInfo"]["hasNextPage"] for page in pages] == [True, False]


async def test_no_more_is_opened_than_is_asked_for(
    door: Door, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    open_one = OpenAlerts.open

    async def noting(self: OpenAlerts, record: AlertRecord) -> Alert:
        opened.append(record.identifier)
        return await open_one(self, record)

    for number in range(5):
        await door.accepts(alert(identifier=f"flood-{number}"))
    monkeypatch.setattr(OpenAlerts, "open", noting)

    page = await services.alerts.active(SA_PA, 1, None)

    assert page.has_next
    assert len(opened) == 2


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"first": 0}, "INVALID_PAGE_SIZE"),
        ({"first": 101}, "INVALID_PAGE_SIZE"),
        ({"after": "nonsense"}, "INVALID_CURSOR"),
        ({"at": {"latitude": 91.0, "longitude": 0.0}}, "INVALID_POSITION"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name(
    client: httpx.AsyncClient, variables: dict[str, Any], code: str
) -> None:
    reply = await send_raw(client, "alerts/ActiveAlerts", variables)

    assert [error["extensions"]["code"] for error in reply.json()["errors"]] == [code]


@pytest.mark.parametrize(
    ("language", "event", "told_in", "severity"),
    [
        ("ko", "돌발 홍수", "ko", "매우 위험"),
        ("vi", "Lũ quét", "vi", "Rất nguy hiểm"),
        ("fr", "Flash flood", "en", "Danger grave"),
    ],
)
async def test_a_reader_gets_the_own_language_else_english(
    door: Door, client: httpx.AsyncClient, language: str, event: str, told_in: str, severity: str
) -> None:
    await door.accepts(
        alert(info("vi"), info("en", event="Flash flood"), info("ko", event="돌발 홍수"))
    )

    found = await node(client, language)

    assert found["event"] == {"text": event, "language": told_in}
    assert (found["severity"], found["severityLabel"]) == ("SEVERE", severity)


async def test_at_a_place_where_two_events_hold_the_worse_is_shown(
    door: Door, client: httpx.AsyncClient
) -> None:
    await door.accepts(
        alert(
            info("vi", event="Mưa", severity="Minor"),
            info(
                "vi", event="Lũ quét", severity="Extreme", areas=area(circle("22.3364,103.8438 5"))
            ),
        )
    )
    edge = {"latitude": 22.30, "longitude": 103.80}

    at_the_edge = await send(client, "alerts/ActiveAlerts", {"at": edge})

    assert (await node(client))["event"]["text"] == "Lũ quét"
    (only,) = at_the_edge["activeAlerts"]["edges"]
    assert only["node"]["event"]["text"] == "Mưa"


async def test_an_alert_is_told_whole(door: Door, client: httpx.AsyncClient) -> None:
    shapes = (polygon(), circle("22.4,103.9 2.5"), geocode("VN-COMMUNE", SA_PA_CODE))
    kept = await door.accepts(
        alert(
            info(
                headline="Lũ quét ở Sa Pa",
                description="Mưa lớn.",
                instruction="Lên cao.",
                effective="2026-05-01T16:05:00+07:00",
                more="<web>https://laocai.example/1</web><contact>112</contact>",
                areas=area(*shapes, description="Phường Sa Pa"),
            )
        )
    )

    data = await send(client, "alerts/Alert", {"id": kept["id"]}, language="vi")

    corners = [(22.30, 103.80), (22.30, 103.88), (22.38, 103.88), (22.38, 103.80), (22.30, 103.80)]
    assert data["alert"] == {
        "id": kept["id"],
        "identifier": "flood-1",
        "sender": "warnings@laocai.example",
        "sent": "2026-05-01T09:00:00+00:00",
        "status": "ACTUAL",
        "msgType": "ALERT",
        "msgTypeLabel": "Cảnh báo",
        "scope": "PUBLIC",
        "state": "ACTIVE",
        "event": {"text": "Lũ quét", "language": "vi"},
        "headline": {"text": "Lũ quét ở Sa Pa", "language": "vi"},
        "description": {"text": "Mưa lớn.", "language": "vi"},
        "instruction": {"text": "Lên cao.", "language": "vi"},
        "urgency": "IMMEDIATE",
        "urgencyLabel": "Hành động ngay",
        "severity": "SEVERE",
        "severityLabel": "Rất nguy hiểm",
        "certainty": "LIKELY",
        "certaintyLabel": "Nhiều khả năng xảy ra",
        "effective": "2026-05-01T09:05:00+00:00",
        "onset": None,
        "expires": "2026-05-01T15:00:00+00:00",
        "areas": [
            {
                "description": "Phường Sa Pa",
                "polygons": [[{"latitude": y, "longitude": x} for y, x in corners]],
                "circles": [{"centre": {"latitude": 22.4, "longitude": 103.9}, "radius": 2500.0}],
                "geocodes": [{"name": "VN-COMMUNE", "value": SA_PA_CODE}],
            }
        ],
        "senderName": None,
        "web": "https://laocai.example/1",
        "contact": "112",
    }


async def test_a_link_that_is_not_http_is_not_passed_on(
    door: Door, client: httpx.AsyncClient
) -> None:
    await door.accepts(alert(info(more="<web>javascript:alert(1)</web>")))

    assert (await node(client))["web"] is None


@pytest.mark.parametrize(
    "hidden",
    [
        {"status": "Test"},
        {"status": "Exercise"},
        {"status": "System"},
        {"status": "Draft"},
        {"scope": "Private", "addresses": "police"},
        {"scope": "Restricted", "restriction": "police"},
    ],
)
async def test_what_is_not_actual_and_public_is_shown_to_nobody(
    door: Door, client: httpx.AsyncClient, hidden: dict[str, str]
) -> None:
    kept = await door.accepts(alert(**hidden))

    assert await active_identifiers(client, None) == []
    assert await active_identifiers(client, SA_PA) == []
    assert await send(client, "alerts/Alert", {"id": kept["id"]}) == {"alert": None}


async def test_an_unknown_id_is_no_alert(client: httpx.AsyncClient) -> None:
    assert await send(client, "alerts/Alert", {"id": NAMESPACE}) == {"alert": None}
