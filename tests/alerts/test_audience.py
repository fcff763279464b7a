"""Who is told: whoever stands in the area or is at home in it, nobody else, and in their language."""

import pytest

from api.kit.geo import Position
from notifications.notice import Priority, Text
from tests.alerts.conftest import Door, Phones
from tests.alerts.messages import (
    AROUND_BAC_HA,
    BAC_HA,
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

IN_BAC_HA = area(polygon(AROUND_BAC_HA), description="Bắc Hà")


async def test_the_phone_in_the_polygon_is_told_and_the_one_outside_is_not(
    door: Door, phones: Phones
) -> None:
    await phones.add("in Sa Pa", SA_PA)
    await phones.add("in Yên Bái", YEN_BAI)
    await phones.add("somewhere unknown", None)

    await door.accepts(alert())

    assert await phones.names() == {"in Sa Pa"}


async def test_whoever_is_at_home_in_a_commune_of_the_area_is_told_wherever_they_are(
    door: Door, phones: Phones
) -> None:
    await phones.add("at home in Sa Pa", None, homes=[SA_PA_CODE])
    await phones.add("at home in Yên Bái", None, homes=["04252"])
    await phones.add("from Sa Pa, in Yên Bái", YEN_BAI, homes=[SA_PA_CODE])

    await door.accepts(alert())

    assert await phones.names() == {"at home in Sa Pa", "from Sa Pa, in Yên Bái"}


async def test_a_hole_in_the_polygon_is_left_in_peace(door: Door, phones: Phones) -> None:
    # A ring of 0.6 degrees around Sa Pa, its hole of 0.3 degrees joined to it by a keyhole.
    with_hole = (
        "22.0,103.5 22.0,104.1 22.7,104.1 22.7,103.5 22.0,103.5"
        " 22.15,103.65 22.5,103.65 22.5,104.0 22.15,104.0 22.15,103.65 22.0,103.5"
    )
    await phones.add("in the hole", SA_PA)
    await phones.add("in the ring", Position(22.6, 103.8))

    await door.accepts(alert(info(areas=area(polygon(with_hole)))))

    assert await phones.names() == {"in the ring"}


async def test_a_circle_is_in_kilometres(door: Door, phones: Phones) -> None:
    await phones.add("in Sa Pa", SA_PA)
    await phones.add("in Bắc Hà, 51 km away", BAC_HA)

    await door.accepts(alert(info(areas=area(circle("22.3364,103.8438 40")))))

    assert await phones.names() == {"in Sa Pa"}


async def test_a_circle_of_radius_0_is_the_place_itself(door: Door, phones: Phones) -> None:
    await phones.add("in Sa Pa", SA_PA)
    await phones.add("in Bắc Hà", BAC_HA)

    await door.accepts(alert(info(areas=area(circle("22.3364,103.8438 0")))))

    assert await phones.names() == {"in Sa Pa"}


@pytest.mark.parametrize("name", ["VN-COMMUNE", "laocai:commune", "gso"])
async def test_a_communes_code_means_those_in_it_and_those_at_home_in_it(
    door: Door, phones: Phones, name: str
) -> None:
    await phones.add("in Sa Pa", SA_PA)
    await phones.add("at home in Sa Pa", None, homes=[SA_PA_CODE])
    await phones.add("in Bắc Hà", BAC_HA, homes=["02839"])

    await door.accepts(alert(info(areas=area(geocode(name, SA_PA_CODE)))))

    assert await phones.names() == {"in Sa Pa", "at home in Sa Pa"}


@pytest.mark.parametrize(
    ("name", "value"), [("VN-PROVINCE", "15"), ("ISO 3166-2", "VN-02"), ("ISO 3166-1", "VN")]
)
async def test_the_provinces_code_means_everybody_in_it(
    door: Door, phones: Phones, name: str, value: str
) -> None:
    await phones.add("in Sa Pa", SA_PA)
    await phones.add("in Yên Bái", YEN_BAI)
    await phones.add("at home in Sa Pa", None, homes=[SA_PA_CODE])
    await phones.add("in Hà Nội", Position(21.0285, 105.8542))

    await door.accepts(alert(info(areas=area(geocode(name, value)))))

    assert await phones.names() == {"in Sa Pa", "in Yên Bái", "at home in Sa Pa"}


@pytest.mark.parametrize(
    ("name", "value"), [("FIPS6", SA_PA_CODE), ("VN-COMMUNE", "99999"), ("VN-PROVINCE", "10")]
)
async def test_a_code_of_another_system_or_province_means_nobody_and_the_answer_says_so(
    door: Door, phones: Phones, name: str, value: str
) -> None:
    await phones.add("in Sa Pa", SA_PA, homes=[SA_PA_CODE])

    answer = await door.accepts(alert(info(areas=area(geocode(name, value)))))

    assert answer["delivery"] == "NO_AREA"
    assert await phones.names() == set()


async def test_a_message_without_an_area_is_accepted_and_the_answer_says_that_nobody_is_told(
    door: Door, phones: Phones
) -> None:
    await phones.add("in Sa Pa", SA_PA)

    answer = await door.accepts(alert(info(areas="")))

    assert answer["delivery"] == "NO_AREA"
    assert await phones.names() == set()


async def test_each_event_reaches_its_own_area_only(door: Door, phones: Phones) -> None:
    await phones.add("in Sa Pa", SA_PA)
    await phones.add("in Bắc Hà", BAC_HA)

    await door.accepts(
        alert(
            info("vi", event="Lũ quét"),
            info("en", event="Flash flood"),
            info("vi", event="Lốc xoáy", severity="Minor", areas=IN_BAC_HA),
            info("en", event="Tornado", severity="Minor", areas=IN_BAC_HA),
        )
    )

    told = await phones.told()
    assert {name: [text.title for text in texts] for name, texts in told.items()} == {
        "in Sa Pa": ["Lũ quét"],
        "in Bắc Hà": ["Lốc xoáy"],
    }


async def test_of_two_events_at_one_place_neither_replaces_the_other_on_the_phone(
    door: Door, phones: Phones
) -> None:
    await phones.add("in Sa Pa", SA_PA)

    await door.accepts(alert(info("vi", event="Lũ quét"), info("vi", event="Sạt lở đất")))

    await phones.deliver()
    assert len({message.notice.thread for message in phones.sender.sent}) == 2


async def test_translations_without_an_area_share_the_one_of_the_block_they_translate(
    door: Door, phones: Phones
) -> None:
    await phones.add("reads English", SA_PA, language="en")

    await door.accepts(
        alert(info("vi"), info("en", event="Flash flood", instruction="Go up.", areas=""))
    )

    assert await phones.told() == {"reads English": [Text("Flash flood", "Go up.")]}


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("vi", "Lũ quét"),
        ("en", "Flash flood"),
        ("ko", "돌발 홍수"),
        ("zh-Hans", "山洪"),
        ("fr", "Lũ quét"),
        ("hmn", "Lũ quét"),
    ],
)
async def test_each_phone_is_told_in_its_language_else_in_vietnamese(
    door: Door, phones: Phones, language: str, title: str
) -> None:
    await phones.add("phone", SA_PA, language=language)

    await door.accepts(
        alert(
            info("en-GB", event="Flash flood"),
            info("vi-VN", event="Lũ quét"),
            info("ko-KR", event="돌발 홍수"),
            info("zh-CN", event="山洪"),
        )
    )

    assert [text.title for text in (await phones.told())["phone"]] == [title]


@pytest.mark.parametrize(
    ("languages", "title"), [(("is-IS", "en"), "told in en"), (("is-IS", "sv"), "told in is-IS")]
)
async def test_without_vietnamese_it_is_english_and_without_english_the_first(
    door: Door, phones: Phones, languages: tuple[str, ...], title: str
) -> None:
    await phones.add("phone", SA_PA, language="fr")

    await door.accepts(alert(*(info(tag, event=f"told in {tag}") for tag in languages)))

    assert [text.title for text in (await phones.told())["phone"]] == [title]


@pytest.mark.parametrize(
    ("severity", "urgency", "response_type", "priority", "overrides"),
    [
        ("Extreme", "Future", "Evacuate", Priority.EXTREME, True),
        ("Severe", "Immediate", "Evacuate", Priority.SEVERE, True),
        ("Severe", "Expected", "Evacuate", Priority.SEVERE, False),
        ("Moderate", "Immediate", "Monitor", Priority.NORMAL, False),
        ("Unknown", "Unknown", "None", Priority.NORMAL, False),
        ("Extreme", "Past", "AllClear", Priority.NORMAL, False),
    ],
)
async def test_how_bad_it_is_decides_how_loud_it_is(
    door: Door,
    phones: Phones,
    severity: str,
    urgency: str,
    response_type: str,
    priority: Priority,
    overrides: bool,
) -> None:
    await phones.add("phone", SA_PA)

    await door.accepts(alert(info(severity=severity, urgency=urgency, response_type=response_type)))

    notice = (await phones.last("phone")).notice
    assert (notice.priority, notice.overrides_quiet_hours) == (priority, overrides)


async def test_the_title_is_the_headline_and_the_body_begins_with_what_to_do(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", SA_PA)

    await door.accepts(
        alert(
            info(
                headline="Lũ quét ở Sa Pa",
                description="Mưa 180 mm.\n      Suối lên nhanh.",
                instruction="Lên nơi cao ngay.",
            )
        )
    )

    assert (await phones.told())["phone"] == [
        Text("Lũ quét ở Sa Pa", "Lên nơi cao ngay.\nMưa 180 mm.\nSuối lên nhanh.")
    ]


async def test_a_long_text_is_cut_between_words_and_keeps_what_to_do(
    door: Door, phones: Phones
) -> None:
    await phones.add("phone", SA_PA)

    await door.accepts(
        alert(
            info(
                headline="nguy hiểm " * 100,
                description="mưa lớn " * 500,
                instruction="lên cao " * 50 + "NGAY",
            )
        )
    )

    text = (await phones.told())["phone"][0]
    assert len(text.title) <= 200
    assert text.title.endswith(("nguy…", "hiểm…"))
    assert len(text.body) <= 2_000
    assert "NGAY\nmưa lớn" in text.body
    assert text.body.endswith(("mưa…", "lớn…"))


async def test_the_app_is_given_the_alerts_id(door: Door, phones: Phones) -> None:
    await phones.add("phone", SA_PA)

    answer = await door.accepts(alert())

    data = dict((await phones.last("phone")).notice.data)
    assert len(data.pop("areaHash")) == 32
    assert data == {
        "type": "alert",
        "alertId": answer["id"],
        "msgType": "Alert",
        "severity": "Severe",
    }


@pytest.mark.parametrize("status", ["Test", "Exercise", "System", "Draft"])
async def test_what_is_not_actual_never_reaches_a_phone(
    door: Door, phones: Phones, status: str
) -> None:
    await phones.add("in Sa Pa", SA_PA, homes=[SA_PA_CODE])

    answer = await door.accepts(alert(status=status))

    assert answer["delivery"] == "NOT_ACTUAL"
    assert await phones.deliver() == 0
    assert phones.sender.sent == []


@pytest.mark.parametrize(
    ("scope", "extra"), [("Restricted", {"restriction": "police"}), ("Private", {"addresses": "a"})]
)
async def test_what_is_not_public_never_reaches_a_phone(
    door: Door, phones: Phones, scope: str, extra: dict[str, str]
) -> None:
    await phones.add("in Sa Pa", SA_PA, homes=[SA_PA_CODE])

    answer = await door.accepts(alert(scope=scope, **extra))

    assert answer["delivery"] == "NOT_PUBLIC"
    assert await phones.deliver() == 0
    assert phones.sender.sent == []
