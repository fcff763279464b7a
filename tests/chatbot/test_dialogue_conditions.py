"""Warnings, roads, and what stations say, told with source and age; what is too old is not known."""

import pytest
from dialogue.saying import EMERGENCY_LINK, Step
from dialogue.tasks.conditions import CONDITIONS

from tests.chatbot.dialogues import SA_PA, Dialogue, found
from tests.chatbot.fake_province import alert, connection
from tests.chatbot.province_answers import (
    closure,
    commune,
    conditions,
    named,
    place_named,
    reading,
    road,
    road_event,
    station,
)
from tests.chatbot.sent_documents import CheckedProvince

SA_PA_WARD = named("commune", "03006", "Sa Pa")
QL4D = found("road", "QL4D")
ONLY_REPORTED = (
    "I know only what was reported: a road can be blocked before anybody says so. I have no figures on traffic"
    " jams."
)
ALERTS, EVENTS, CLOSURES = "alerts/ActiveAlerts", "conditions/RoadEvents", "tourism/Closures"
NEAR = "conditions/Conditions"


@pytest.fixture
def talk() -> Dialogue:
    talk = Dialogue(CONDITIONS, CheckedProvince())
    talk.province.answers |= {
        ALERTS: {"activeAlerts": connection()},
        EVENTS: {"roadEvents": {"events": []}},
        CLOSURES: {"closures": connection()},
        NEAR: conditions(),
        "tourism/Communes": commune("03006", "Sa Pa Ward"),
        "tourism/Place": {"place": place_named()},
        "tourism/Roads": {
            "roads": connection(
                road("QL4D", "National road 4D"),
                road("QL70", "National road 70"),
                road("Đèo Ô Quý Hồ", "O Quy Ho pass", "QL4D"),
            )
        },
    }
    return talk


def words(talk: Dialogue) -> str:
    return talk.words.replace("\u202f", " ")


async def test_warnings_where_the_reader_is_are_told_with_their_end(talk: Dialogue) -> None:
    talk.position = SA_PA
    talk.province.answers[ALERTS] = {"activeAlerts": connection(alert(), more=True)}

    await talk.hear("weather_warning")

    assert words(talk) == (
        "Warnings in force where you are:\n"
        "⚠ Flash floods in Sa Pa, until 5/24/26, 6:00 PM\n"
        "Leave the stream banks.\nGo to high ground.\n"
        "There are more than these."
    )
    assert talk.province.asked == [(ALERTS, {"at": SA_PA, "first": 4})]
    assert [link["url"] for link in talk.said[0].links] == [
        "https://example.org/warning",
        "tel:112",
    ]


async def test_a_warning_without_end_or_safe_page_is_told_without_them(talk: Dialogue) -> None:
    open_ended = alert(headline="Fog", expires=None, instruction=None, web="http://example.org")
    talk.province.answers[ALERTS] = {"activeAlerts": connection(open_ended)}

    await talk.hear("weather_warning", SA_PA_WARD)

    assert words(talk) == "Warnings in force for Sa Pa Ward:\n⚠ Fog"
    assert talk.said[0].links == [EMERGENCY_LINK]


async def test_no_warning_is_not_sold_as_good_weather(talk: Dialogue) -> None:
    await talk.hear("weather_warning", found("province", "15"))

    assert words(talk) == (
        "No warning is in force anywhere in the province (11/30/26, 8:00 AM).\n"
        "I know no forecast: without a warning the weather may still turn. In danger call 112."
    )


async def test_without_a_position_all_warnings_are_told(talk: Dialogue) -> None:
    talk.province.answers[ALERTS] = {"activeAlerts": connection(alert())}

    await talk.hear("weather_warning")

    assert talk.phrases == ["utter_warnings_position_unknown"]


async def test_warnings_that_cannot_be_reached_are_no_all_clear(talk: Dialogue) -> None:
    del talk.province.answers[ALERTS]

    await talk.hear("weather_warning")

    assert "This does not mean that all is clear" in words(talk)
    assert talk.said[0].links == [EMERGENCY_LINK]


async def test_a_road_is_told_with_source_and_age(talk: Dialogue) -> None:
    others = road_event(road="QL70", words="Fog")
    talk.province.answers |= {
        EVENTS: {"roadEvents": {"events": [road_event(), others]}},
        CLOSURES: {"closures": connection(closure(), closure(way="TRAIL", wayId="T01"))},
    }

    await talk.hear("road_traffic", QL4D)

    assert words(talk) == (
        "Reported on National road 4D (11/30/26, 8:00 AM):\n"
        "⚠ National road 4D: closed\n"
        "Works on the bridge.\n"
        "Source: Department of Construction. Since 11/29/26, 8:00 AM (1 day ago).\n"
        "Expected until 12/2/26, 5:00 PM.\n"
        "⚠ QL4D: Landslide\n"
        "One lane is free.\n"
        "Source: Road Maintenance 2. Since 11/30/26, 5:00 AM (3 hours ago).\n" + ONLY_REPORTED
    )


async def test_nothing_reported_is_not_sold_as_an_open_road(talk: Dialogue) -> None:
    await talk.hear("road_traffic", QL4D)

    assert words(talk) == (
        "Nothing is reported on National road 4D (11/30/26, 8:00 AM).\n" + ONLY_REPORTED
    )


async def test_a_pass_also_hears_of_the_road_over_it(talk: Dialogue) -> None:
    events = [road_event(road="QL.4D"), road_event(road="QL70"), road_event(road=None)]
    talk.province.answers[EVENTS] = {"roadEvents": {"events": events}}

    await talk.hear("road_traffic", found("road", "Đèo Ô Quý Hồ"))

    assert words(talk).startswith("Reported on O Quy Ho pass")
    assert words(talk).count("⚠") == 1


async def test_a_road_that_is_not_on_the_list_is_asked_about_in_the_whole_province(
    talk: Dialogue,
) -> None:
    await talk.hear("road_traffic", found("road", "QL1"))

    assert talk.phrases == ["utter_no_road_event_in_province"]


async def test_roads_around_a_place_are_those_of_its_map(talk: Dialogue) -> None:
    part = closure(area={"centre": SA_PA, "radius": 300.0}, wayName=None, ends=None)
    talk.province.answers[CLOSURES] = {"closures": connection(part)}

    await talk.hear("road_traffic", SA_PA_WARD)

    assert words(talk).startswith(
        "Reported on roads around Sa Pa Ward (11/30/26, 8:00 AM):\n⚠ QL4D: closed in part\n"
    )
    sent = dict(talk.province.asked)
    assert sent[EVENTS] == {
        "bounds": {"south": 22.2355, "west": 103.7425, "north": 22.4355, "east": 103.9425},
        "at": None,
    }
    assert sent[CLOSURES]["within"] == 15_000


async def test_two_ends_ask_for_all_roads_between_them(talk: Dialogue) -> None:
    talk.province.answers[EVENTS] = {"roadEvents": {"events": [road_event(road=None, note=None)]}}

    await talk.hear("road_traffic", SA_PA_WARD, named("place", "P001", "Fansipan"))

    assert words(talk).startswith(
        "Reported on any roads between Sa Pa Ward and Fansipan summit, also off your way"
        " (11/30/26, 8:00 AM):\n⚠ Road without a number: Landslide\n"
    )
    assert [one["name"] for one in talk.said[0].points] == ["Landslide"]


async def test_the_way_to_a_far_place_begins_at_the_phone(talk: Dialogue) -> None:
    talk.position = {"latitude": 22.5, "longitude": 103.97}

    await talk.hear("road_traffic", SA_PA_WARD)

    assert words(talk).startswith(
        "Nothing is reported on roads between your position and Sa Pa Ward (11/30/26, 8:00 AM)."
    )
    sent = dict(talk.province.asked)
    assert sent[EVENTS]["bounds"]["north"] == 22.6
    assert sent[CLOSURES]["within"] == pytest.approx(26_245, abs=10)


async def test_from_another_end_of_the_country_only_the_roads_around_the_place_are_told(
    talk: Dialogue,
) -> None:
    talk.position = {"latitude": 10.78, "longitude": 106.7}

    await talk.hear("road_traffic", SA_PA_WARD)

    assert talk.phrases == ["utter_no_road_event_near_place"]


async def test_and_tomorrow_asks_for_noon_of_that_day(talk: Dialogue) -> None:
    planned = closure(starts="2026-12-01T08:00:00+07:00")
    await talk.hear("road_traffic", QL4D)
    talk.province.answers[CLOSURES] = {"closures": connection(planned)}

    await talk.hear("inform", found("date", "2026-12-01"), text="and tomorrow?")

    assert talk.province.asked[-1][1]["at"] == "2026-12-01T12:00:00+07:00"
    assert words(talk).startswith(
        "Reported on National road 4D (for Tuesday, December 1, 2026; as known on 11/30/26, 8:00 AM):"
    )
    assert "Source: Department of Construction. Planned from 12/1/26, 8:00 AM." in words(talk)


@pytest.mark.parametrize(
    ("language", "known"),
    [
        ("vi", "(cho Thứ Ba, 1 tháng 12, 2026; theo thông tin đến 08:00 30/11/26)"),
        ("en", "(for Tuesday, December 1, 2026; as known on 11/30/26, 8:00 AM)"),
        ("zh-Hans", "（关于2026年12月1日星期二；截至2026/11/30 08:00的消息）"),
        ("fr", "(pour le mardi 1er décembre 2026 ; informations au 30/11/2026 08:00)"),
        ("ko", "(대상일: 2026년 12월 1일 화요일, 26. 11. 30. 오전 8:00 기준 정보)"),
        ("ja", "（2026年12月1日火曜日について、2026/11/30 8:00時点の情報）"),
    ],
)
async def test_of_a_coming_day_only_what_is_known_now_is_told(
    talk: Dialogue, language: str, known: str
) -> None:
    talk.language = language

    await talk.hear("road_traffic", QL4D, found("date", "2026-12-01"))

    assert known in words(talk).replace("\u202f", " ").replace("\u00a0", " ")


async def test_many_events_are_cut_and_that_is_said(talk: Dialogue) -> None:
    talk.province.answers[EVENTS] = {"roadEvents": {"events": [road_event()] * 8}}

    await talk.hear("road_traffic")

    assert words(talk).count("⚠") == 5
    assert "There are more than these." in words(talk)


async def test_reports_that_cannot_be_reached_do_not_open_a_road(talk: Dialogue) -> None:
    del talk.province.answers[EVENTS]

    await talk.hear("road_traffic", QL4D)

    assert "This does not mean that the roads are open" in words(talk)


async def test_stations_near_are_told_with_source_and_age(talk: Dialogue) -> None:
    talk.position = SA_PA
    level = reading("WATER_LEVEL", 81.25)
    talk.province.answers[NEAR] = conditions(
        weather=station("Sa Pa", reading("TEMPERATURE", 8.5), reading("RAINFALL", 0.2, 1800)),
        river={
            "near": station("Lao Cai", level, alarmLevels=[80.0, 82.0, 83.5]),
            "alarm": "ABOVE_1",
            "words": "At or above flood alarm 1",
        },
        air={
            "near": station("Town air", reading("AIR_QUALITY_INDEX", 42.0)),
            "band": "GOOD",
            "words": "Good air",
        },
        parking=[station("Square", reading("FREE_SPACES", 12.0, 120), spaces=80, distance=300.0)],
    )

    await talk.hear("air_river")

    assert words(talk) == (
        "What the stations near you say:\n"
        "Weather: Sa Pa, 1.5 km away. Source: Lao Cai met office.\n"
        "• Temperature: 8.5 °C (10 minutes ago)\n"
        "• Rain in an hour: 0.2 mm (30 minutes ago)\n"
        "River: Lao Cai, 1.5 km away. Source: Lao Cai met office.\n"
        "At or above flood alarm 1\n"
        "• Water level: 81.25 m (10 minutes ago)\n"
        "• Flood alarm 1 is at 80 m.\n"
        "• Flood alarm 2 is at 82 m.\n"
        "• Flood alarm 3 is at 83.5 m.\n"
        "Air: Town air, 1.5 km away. Source: Lao Cai met office.\n"
        "Good air\n"
        "• Air quality index (VN_AQI): 42 (10 minutes ago)\n"
        "Parking: Square, 300 m away: 12 of 80 spaces free (2 minutes ago). Source: Lao Cai met office."
    )
    assert talk.province.asked == [(NEAR, {"near": SA_PA})]


async def test_what_is_too_old_is_not_known_and_its_value_is_not_told(talk: Dialogue) -> None:
    old = reading("WATER_LEVEL", 79.0, 30_000, "UNKNOWN")
    talk.province.answers[NEAR] = conditions(
        river={
            "near": station("Lao Cai", old, alarmLevels=[80.0]),
            "alarm": None,
            "words": "Not known right now",
        },
        parking=[station("Square", reading("FREE_SPACES", 5.0, 9000, "UNKNOWN"))],
    )

    await talk.hear("air_river", SA_PA_WARD)

    assert words(talk) == (
        "What the stations near Sa Pa Ward say:\n"
        "Weather: no station is near.\n"
        "River: Lao Cai, 1.5 km away. Source: Lao Cai met office.\n"
        "• Not known right now: the last value is too old (8 hours ago).\n"
        "• Flood alarm 1 is at 80 m.\n"
        "Air: no station is near, so its quality is not known.\n"
        "Parking: Square, 1.5 km away: how many spaces are free is not known right now."
        " Source: Lao Cai met office."
    )


async def test_a_river_without_alarm_levels_and_a_silent_station_say_so(talk: Dialogue) -> None:
    talk.province.answers[NEAR] = conditions(
        weather=station("Sa Pa"),
        river={
            "near": station("Stream", reading("WATER_LEVEL", 1.2)),
            "alarm": None,
            "words": "Not known right now",
        },
        parking=[station("Square", reading("FREE_SPACES", 5.0))],
    )

    await talk.hear("air_river", SA_PA_WARD)

    assert "• Not known right now: the station has sent no value." in words(talk)
    assert "• Water level: 1.2 m (10 minutes ago)\n• I know no flood alarm levels" in words(talk)
    assert "Square, 1.5 km away: 5 spaces free (10 minutes ago)." in words(talk)


async def test_without_a_place_the_stations_are_not_guessed(talk: Dialogue) -> None:
    await talk.hear("air_river")

    assert words(talk) == ("For which place? Name a place or a commune, or share your position.")
    assert talk.said[0].steps == [Step.SHARE_POSITION]


async def test_the_place_that_was_asked_for_answers_the_question(talk: Dialogue) -> None:
    await talk.hear("air_river")

    await talk.hear("inform", SA_PA_WARD)

    assert words(talk).startswith("What the stations near Sa Pa Ward say:")


async def test_stations_that_cannot_be_reached_say_nothing_of_the_river(talk: Dialogue) -> None:
    del talk.province.answers[NEAR]

    await talk.hear("air_river", SA_PA_WARD)

    assert talk.phrases == ["utter_conditions_unreachable"]
