"""A long warning is cut to what a push may hold: never what to do, as long as that fits at all."""

import pytest

from api.alerts.notices import BODY_CHARACTERS_AT_MOST
from notifications.devices import Platform
from notifications.payload import PAYLOAD_BYTES_AT_MOST, Payload
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import alert, info
from tests.conftest import NOW

KOREAN = "강가에서 즉시 벗어나 높은 곳으로 대피하십시오. " * 35
VIETNAMESE = "Rời ngay khỏi bờ suối, lên nơi cao và ở đó. " * 22


@pytest.mark.parametrize("platform", list(Platform))
@pytest.mark.parametrize(("language", "instruction"), [("ko", KOREAN), ("vi", VIETNAMESE)])
async def test_of_a_long_warning_the_description_is_cut_and_not_the_instruction(
    door: Door, phones: Phones, platform: Platform, language: str, instruction: str
) -> None:
    await phones.add("phone", language=language)
    told = instruction.strip()[:900]
    await door.accepts(
        alert(
            info(language, headline="홍수 " * 90, instruction=told, description="설명 " * 600),
        )
    )

    notice = (await phones.last("phone")).notice

    payload = Payload(notice, language, platform, NOW)
    assert payload.byte_count <= PAYLOAD_BYTES_AT_MOST
    assert payload.text.body.startswith(told.strip() + "\n")
    assert payload.text.body.endswith("…")
    assert len(notice.texts[language].body) <= BODY_CHARACTERS_AT_MOST


async def test_the_area_hash_stands_for_the_area_alone(door: Door, phones: Phones) -> None:
    await phones.add("phone")
    await door.accepts(alert(info(event="Lũ quét")))
    first = (await phones.last("phone")).notice.data["areaHash"]

    await door.accepts(alert(info(event="Sạt lở"), identifier="slide-1"))

    assert (await phones.last("phone")).notice.data["areaHash"] == first
    assert len(first) == 32
