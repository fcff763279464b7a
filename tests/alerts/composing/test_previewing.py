"""What an officer sees before anybody is warned."""

import json
from dataclasses import replace
from typing import Any

from api.alerts.cap_message import MsgType, Severity
from api.alerts.cap_reader import read_message
from api.alerts.composing.draft import DraftKind
from api.alerts.composing.errors import ExpiresBeforeEffective
from api.context import Services
from api.kit.geo import Position
from api.kit.store import Store
from notifications.devices import Platform
from notifications.fan_outs import FAN_OUTS
from notifications.outbox import OUTBOX
from notifications.payload import PAYLOAD_BYTES_AT_MOST
from notifications.service import Reckoning
from tests.alerts.composing.officers import CONTENT, AlertDesk
from tests.alerts.conftest import Phones
from tests.alerts.messages import BAC_HA, SA_PA, SA_PA_CODE
from tests.conftest import NOW

TINY = tuple(
    Position(*corner)
    for corner in (
        (22.336, 103.843),
        (22.336, 103.844),
        (22.337, 103.844),
        (22.337, 103.843),
        (22.336, 103.843),
    )
)


async def test_the_message_is_what_goes_out_then(desk: AlertDesk, services: Services) -> None:
    draft = await desk.compose()

    preview = await services.composing.previewing.of(draft)

    message = read_message(preview.cap.encode())
    info = message.infos[0]
    assert (message.msg_type, message.sender) == (MsgType.ALERT, "civil-defence@laocai.example")
    assert (info.language, info.event, info.severity) == ("vi", "Lũ quét", Severity.SEVERE)
    assert info.expires == CONTENT.expires
    assert [geocode.value for geocode in info.areas[0].geocodes] == [SA_PA_CODE]


async def test_recipients_are_counted_and_nothing_is_queued(
    desk: AlertDesk, services: Services, phones: Phones, store: Store
) -> None:
    await phones.add("inside")
    await phones.add("home", BAC_HA, homes=[SA_PA_CODE])
    await phones.add("elsewhere", BAC_HA)
    draft = await desk.compose()

    preview = await services.composing.previewing.of(draft)

    assert preview.reckoning == Reckoning(devices=2, at_the_edge=0)
    assert [await store[spec].count({}) for spec in (FAN_OUTS, OUTBOX)] == [0, 0]


async def test_devices_whose_cell_sticks_out_of_a_small_area_are_told_apart(
    desk: AlertDesk, services: Services, phones: Phones
) -> None:
    await phones.add("perhaps", SA_PA)
    draft = await desk.compose(replace(CONTENT, communes=(), polygons=(TINY,)))

    preview = await services.composing.previewing.of(draft)

    assert preview.reckoning.devices == 1
    assert preview.reckoning.edge_share == 1.0


async def test_each_platform_s_screen_is_shown_in_each_language(
    desk: AlertDesk, services: Services
) -> None:
    draft = await desk.compose()

    preview = await services.composing.previewing.of(draft)

    shown = {(screen.language, screen.platform) for screen in preview.screens}
    assert len(shown) == len(preview.screens) == 6 * len(Platform)
    assert all(0 < screen.byte_count <= PAYLOAD_BYTES_AT_MOST for screen in preview.screens)


async def test_the_map_is_geojson(desk: AlertDesk, services: Services) -> None:
    draft = await desk.compose(replace(CONTENT, communes=(), polygons=(TINY,)))

    preview = await services.composing.previewing.of(draft)

    assert preview.area is not None
    drawn: dict[str, Any] = json.loads(json.dumps(preview.area))
    corners: list[list[float]] = drawn["coordinates"][0]
    assert drawn["type"] == "Polygon"
    assert min(corners) == [103.843, 22.336]


async def test_what_stands_in_the_way_is_named(desk: AlertDesk, services: Services) -> None:
    draft = await desk.compose(replace(CONTENT, expires=NOW))

    preview = await services.composing.previewing.of(draft)

    assert isinstance(preview.problem, ExpiresBeforeEffective)
    assert preview.screens == ()


async def test_a_cancel_references_the_whole_chain_and_says_no_more(
    desk: AlertDesk, services: Services
) -> None:
    first = await desk.issue(await desk.compose())
    second = await desk.issue(await desk.update(first.alert_id, CONTENT))

    preview = await services.composing.previewing.of(
        await desk.end(second.alert_id, DraftKind.CANCEL)
    )

    message = read_message(preview.cap.encode())
    assert [one.identifier for one in message.references] == [
        f"laocai.civil-defence.{first.id}",
        f"laocai.civil-defence.{second.id}",
    ]
    assert (message.msg_type, message.infos) == (MsgType.CANCEL, ())
