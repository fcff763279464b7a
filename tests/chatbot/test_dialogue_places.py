"""Places, what is near, markets, beds and the guide, told from a province whose answers are known."""

from typing import Any

import pytest
from dialogue.province import ProvinceUnreachable
from dialogue.saying import Shown, Step
from dialogue.tasks.places import PLACES

from tests.chatbot.dialogues import NOW, SA_PA, Dialogue, found
from tests.chatbot.fake_province import connection, market, place, text
from tests.chatbot.province_answers import (
    BAC_HA_TOUR,
    PACK,
    guidance,
    named,
    place_named,
    tour,
    tour_stop,
)
from tests.chatbot.sent_documents import CheckedProvince, wrong_with

FANSIPAN = named("place", "P001", "Fansipan summit")
SA_PA_WARD = named("commune", "03006", "Sa Pa")
BAC_HA = named("commune", "02839", "Bắc Hà")


@pytest.fixture
def talk() -> Dialogue:
    return Dialogue(PLACES, CheckedProvince())


def listed(talk: Dialogue, *places: dict[str, Any]) -> None:
    talk.province.answers["tourism/Places"] = {"places": connection(*places)}


def known(talk: Dialogue, **changes: Any) -> None:  # noqa: ANN401 - any JSON
    talk.province.answers["tourism/Place"] = {"place": place_named(**changes)}


def test_the_check_of_what_is_sent_finds_what_is_wrong() -> None:
    assert wrong_with("tourism/Place", {"id": "P001"}) == []
    assert wrong_with("tourism/Place", {}) != []
    assert wrong_with("tourism/Place", {"id": "P001", "ids": []}) != []
    assert wrong_with("tourism/Places", {"first": 5, "categories": ["PALACE"]}) != []


async def test_a_place_is_told_with_what_is_known_of_it(talk: Dialogue) -> None:
    known(
        talk,
        description=text("The highest peak.\n\nOften in cloud."),
        altitude=3143.0,
        openingNote=text("Keeps cable-car hours."),
    )

    await talk.hear("place_info", FANSIPAN)

    assert talk.words == (
        "About Fansipan summit:\n"
        "The highest peak.\nOften in cloud.\n"
        "Where: Ngu Chi Son Commune\n"
        "Altitude: 3,143 m\n"
        "Opening: Keeps cable-car hours.\n"
        "Its position on the map may be 300 m off: enough for a visit, not for rescue."
    )
    assert talk.province.asked == [("tourism/Place", {"id": "P001"})]
    assert talk.said[0].links[0]["url"] == "geo:22.362,103.777"
    assert talk.state.shown == (Shown("place", "P001"),)


async def test_that_one_is_the_place_just_told(talk: Dialogue) -> None:
    known(talk)
    await talk.hear("place_info", FANSIPAN)

    await talk.hear("place_info", text="and how do I recognise it from far away?")

    assert talk.province.asked[-1] == ("tourism/Place", {"id": "P001"})


async def test_the_second_of_several_is_told(talk: Dialogue) -> None:
    listed(talk, place("P014", "Ta Van village"), place("P099", "Ta Van bridge"))
    known(talk, id="P099", name=text("Ta Van bridge"))
    await talk.hear("place_info", text="Tả Van")
    suggested = talk.words

    await talk.hear("inform", found("ordinal", "2"), text="the second")

    assert suggested == (
        "Do you mean one of these?\n"
        "• Ta Van village (Ngu Chi Son Commune)\n"
        "• Ta Van bridge (Ngu Chi Son Commune)"
    )
    assert talk.province.asked[-1] == ("tourism/Place", {"id": "P099"})
    assert talk.words.startswith("About Ta Van bridge:")


async def test_of_several_places_none_is_told_unasked(talk: Dialogue) -> None:
    listed(talk, place("P014", "Ta Van village"), place("P099", "Ta Van bridge"))
    await talk.hear("place_info", text="Tả Van")

    await talk.hear("place_info", text="Tả Phìn")

    assert talk.province.asked[-1] == ("tourism/Places", {"search": "Tả Phìn", "first": 4})


async def test_a_name_that_nobody_knows_is_owned_up_to(talk: Dialogue) -> None:
    listed(talk)

    await talk.hear("place_info", text="Atlantis")

    assert talk.phrases == ["utter_place_unknown"]
    assert talk.province.asked == [("tourism/Places", {"search": "Atlantis", "first": 4})]


async def test_a_place_that_has_gone_is_asked_for_again(talk: Dialogue) -> None:
    talk.province.answers["tourism/Place"] = {"place": None}

    await talk.hear("place_info", FANSIPAN, text="tell me everything about that high mountain")

    assert talk.phrases == ["utter_which_place"]


async def test_places_near_a_position_come_with_distances(talk: Dialogue) -> None:
    talk.position = SA_PA
    listed(talk, place(distance=1234.0))

    await talk.hear("find_nearby", found("category", "viewpoint+landscape"))

    assert talk.words == "Near you:\n• Silver Waterfall: 1.2 km"
    assert talk.province.asked == [
        (
            "tourism/Places",
            {
                "near": SA_PA,
                "within": 25_000,
                "categories": ["LANDSCAPE", "VIEWPOINT"],
                "first": 6,
            },
        )
    ]


async def test_places_near_a_named_place_leave_it_out(talk: Dialogue) -> None:
    known(talk)
    listed(talk, place("P001", distance=0.0), place("P024", distance=900.0))

    await talk.hear("find_nearby", FANSIPAN)

    assert talk.words == "Near Fansipan summit:\n• Silver Waterfall: 900 m"


async def test_what_is_near_the_one_just_told_needs_no_name(talk: Dialogue) -> None:
    known(talk)
    listed(talk, place(distance=900.0))
    await talk.hear("place_info", FANSIPAN)

    await talk.hear("find_nearby", text="and what is around there?")

    assert talk.words.startswith("Near Fansipan summit:")


async def test_without_a_position_something_of_the_province_is_told(talk: Dialogue) -> None:
    listed(talk, place())

    await talk.hear("find_nearby")

    assert talk.words == (
        "I do not know where you are: share your position or name a place. Somewhere in the province:\n"
        "• Silver Waterfall (Ngu Chi Son Commune)"
    )
    assert talk.said[0].steps == [Step.SHARE_POSITION]


async def test_what_the_data_does_not_hold_is_not_made_up(talk: Dialogue) -> None:
    await talk.hear("find_nearby", found("category", "unlisted"))

    assert talk.phrases == ["utter_unlisted"]
    assert talk.province.asked == []


async def test_nothing_near_is_told_with_how_far_was_looked(talk: Dialogue) -> None:
    talk.position = SA_PA
    listed(talk)

    await talk.hear("find_nearby", found("category", "lake"))

    assert talk.words == "I know nothing of that kind within 25 km of you."


async def test_a_named_market_is_told_with_its_next_day(talk: Dialogue) -> None:
    known(talk, id="P055", markets=[market("Bac Ha market")])

    await talk.hear("market_day", named("place", "P055", "Chợ Bắc Hà"))

    assert talk.words == (
        "Bac Ha market meets on Sunday; next on Sunday, December 6, 2026.\n"
        "Days can shift before holidays and in bad weather: ask before a long way."
    )


async def test_a_market_is_asked_about_on_a_day_when_it_does_not_meet(talk: Dialogue) -> None:
    known(talk, id="P055", markets=[market("Bac Ha market")])

    await talk.hear("market_day", named("place", "P055", "Chợ Bắc Hà"), found("date", "2026-12-01"))

    assert talk.words == (
        "No: Bac Ha market does not meet on Tuesday, December 1, 2026.\n"
        "Bac Ha market meets on Sunday; next on Sunday, December 6, 2026.\n"
        "Days can shift before holidays and in bad weather: ask before a long way."
    )


@pytest.mark.parametrize("days", ["2026-12-06", "2026-12-05/2026-12-06"])
async def test_a_market_is_asked_about_on_days_of_which_it_meets_on_one(
    talk: Dialogue, days: str
) -> None:
    known(talk, id="P055", markets=[market("Bac Ha market")])

    await talk.hear("market_day", named("place", "P055", "Chợ Bắc Hà"), found("date", days))

    assert talk.words == (
        "Yes: Bac Ha market meets on Sunday, December 6, 2026.\n"
        "Days can shift before holidays and in bad weather: ask before a long way."
    )


async def test_a_market_is_asked_about_in_days_without_it(talk: Dialogue) -> None:
    known(talk, id="P055", markets=[market("Bac Ha market")])
    days = found("date", "2026-12-01/2026-12-03")

    await talk.hear("market_day", named("place", "P055", "Chợ Bắc Hà"), days)

    assert talk.words.startswith(
        "No: Bac Ha market does not meet from Tuesday, December 1, 2026 to Thursday, December 3, 2026.\n"
    )


async def test_a_market_of_a_whole_year_is_told_by_its_weekday(talk: Dialogue) -> None:
    known(talk, id="P055", markets=[market("Bac Ha market")])
    year = found("date", "2026-01-01/2026-12-31")

    await talk.hear("market_day", named("place", "P055", "Chợ Bắc Hà"), year)

    assert talk.phrases == ["utter_market_days"]


async def test_days_before_today_are_left_out(talk: Dialogue) -> None:
    talk.province.answers["tourism/MarketsOn"] = {"marketsOn": connection()}

    await talk.hear("market_day", found("date", "2026-11-01/2026-11-30"))

    assert [sent["date"] for _, sent in talk.province.asked] == ["2026-11-30"]


async def test_a_day_that_is_over_is_said_to_be_over(talk: Dialogue) -> None:
    await talk.hear("market_day", found("date", "2026-11-23"))

    assert talk.words == "Monday, November 23, 2026 is over."
    assert talk.province.asked == []


async def test_a_market_asked_about_on_a_day_that_is_over_is_told_with_its_next_day(
    talk: Dialogue,
) -> None:
    known(talk, id="P055", markets=[market("Bac Ha market")])

    await talk.hear("market_day", named("place", "P055", "Chợ Bắc Hà"), found("date", "2026-11-23"))

    assert talk.phrases == ["utter_day_is_past", "utter_market_days"]


@pytest.mark.parametrize(
    "text",
    [
        "which markets are held then?",
        "any other market?",
        "có chợ nào họp không",
        "co cho nao hop khong",
        "quels marchés se tiennent ce jour-là ?",
        "有哪些集市",
        "어떤 시장이 열려요?",
        "どの市場が開かれますか",
    ],
)
async def test_who_asks_which_markets_does_not_mean_the_one_just_told(
    talk: Dialogue, text: str
) -> None:
    known(talk, id="P055", markets=[market("Bac Ha market")])
    talk.province.answers["tourism/MarketsOn"] = {"marketsOn": connection()}
    await talk.hear("market_day", named("place", "P055", "Chợ Bắc Hà"))

    await talk.hear("market_day", found("date", "2026-12-01"), text=text)

    assert talk.phrases == ["utter_no_market_on"]


async def test_a_market_that_meets_every_day_says_so(talk: Dialogue) -> None:
    days = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    known(talk, markets=[market("Sa Pa market", days)])

    await talk.hear("market_day", FANSIPAN)

    assert talk.words == "Sa Pa market meets every day."


async def test_markets_of_a_weekend_are_told_day_by_day(talk: Dialogue) -> None:
    empty = {"marketsOn": connection()}
    talk.province.answers["tourism/MarketsOn"] = [empty, {"marketsOn": connection(market())}]

    await talk.hear("market_day", found("date", "2026-12-05/2026-12-06"))

    assert talk.words == (
        "I know of no market on Saturday, December 5, 2026.\n"
        "Markets on Sunday, December 6, 2026:\n"
        "• Bac Ha market (Bac Ha Commune)\n"
        "Days can shift before holidays and in bad weather: ask before a long way."
    )
    assert [sent["date"] for _, sent in talk.province.asked] == ["2026-12-05", "2026-12-06"]


async def test_markets_of_a_whole_week_are_told_for_its_first_days(talk: Dialogue) -> None:
    talk.province.answers["tourism/MarketsOn"] = {"marketsOn": connection()}

    await talk.hear("market_day", found("date", "2026-11-30/2026-12-06"))

    assert talk.phrases == [*["utter_no_market_on"] * 3, "utter_first_days_only"]


async def test_and_tomorrow_asks_for_the_markets_of_that_day(talk: Dialogue) -> None:
    talk.province.answers["tourism/MarketsOn"] = {"marketsOn": connection()}
    await talk.hear("market_day")

    await talk.hear("inform", found("date", "2026-12-01"), text="and tomorrow?")

    assert [sent["date"] for _, sent in talk.province.asked] == [
        str(NOW.date()),
        "2026-12-01",
    ]


async def test_a_place_without_market_days_says_so_and_tells_the_others(talk: Dialogue) -> None:
    known(talk)
    talk.province.answers["tourism/MarketsOn"] = {"marketsOn": connection()}

    await talk.hear("market_day", FANSIPAN)

    assert talk.phrases == ["utter_market_unknown", "utter_no_market_on"]


async def test_a_bed_is_honestly_not_known(talk: Dialogue) -> None:
    listed(talk)

    await talk.hear("lodging")

    assert talk.words == (
        "I have no list of beds, so I do not know prices or free rooms, and I cannot book a room.\n"
        "Please ask the house itself or your booking service, and check the price before you pay.\n"
        "What I can do: find sights near the place where you stay, plan days that begin there, and tell you"
        " of roads and warnings on the way."
    )


async def test_houses_that_editors_entered_come_without_prices(talk: Dialogue) -> None:
    talk.position = SA_PA
    listed(talk, place("P300", "Homestay Ta Van", distance=700.0))

    await talk.hear("lodging", found("amount", "300000"))

    assert talk.phrases == ["utter_no_lodging", "utter_lodging_places"]
    assert talk.words.endswith("• Homestay Ta Van: 700 m")
    (_, sent) = talk.province.asked[0]
    assert (sent["categories"], sent["near"]) == (["LODGING"], SA_PA)


async def test_a_silent_api_does_not_hide_that_there_are_no_beds(talk: Dialogue) -> None:
    await talk.hear("lodging", SA_PA_WARD)

    assert talk.phrases == ["utter_no_lodging"]


async def test_tours_are_listed_with_the_pack(talk: Dialogue) -> None:
    talk.province.answers |= {
        "guide/Tours": {"tours": connection(tour(), BAC_HA_TOUR)},
        "guide/OfflinePack": {"offlinePack": PACK},
    }

    await talk.hear("guide")

    assert talk.words == (
        "Tours with stories to hear on foot:\n"
        "• Sa Pa town: 90 minutes on foot\n"
        "• Bac Ha on a Sunday: 120 minutes on foot\n"
        "Name one by its number to see its stops, or share your position on the way to hear the story of where"
        " you stand.\n"
        "For places without signal there is a pack of 31 kB to download in the app. It holds no warnings and no"
        " closures: those need a network."
    )
    assert talk.province.asked[-1] == (
        "guide/OfflinePack",
        {"tour": None, "commune": None, "language": "en", "since": None},
    )


async def test_a_tour_is_told_by_its_number(talk: Dialogue) -> None:
    talk.province.answers |= {
        "guide/Tours": {"tours": connection(tour(), BAC_HA_TOUR)},
        "guide/OfflinePack": {"offlinePack": PACK},
        "guide/Tour": {"tour": tour()},
    }
    await talk.hear("guide")

    await talk.hear("inform", found("ordinal", "1"), text="the first one")

    assert ("guide/Tour", {"id": "sa-pa-town"}) in talk.province.asked
    assert talk.words.startswith(
        "The tour Sa Pa town, 90 minutes on foot without pauses:\nA round of the town.\n• The square\n"
    )


async def test_where_somebody_stands_the_guide_tells_its_story_after_the_warnings(
    talk: Dialogue,
) -> None:
    talk.position = SA_PA
    talk.province.answers |= {
        "guide/Tours": {"tours": connection(tour(distance=40.0))},
        "guide/GuideAt": {"guideAt": guidance()},
    }

    await talk.hear("guide")

    assert talk.words == (
        "The story of The square:\n"
        "⚠ Dense fog in Sa Pa\n"
        "Here the market was held.\n"
        "A machine speaks the recording.\n"
        "Tour: Sa Pa town\n"
        "Next stop: The stone church, 120 m as the crow flies\n"
        "Cross the street."
    )
    assert talk.said[0].links == [
        {"phrase": "link_listen", "url": "https://example.org/speech/1.wav", "fields": {}}
    ]


async def test_what_was_told_on_the_way_is_not_told_again(talk: Dialogue) -> None:
    talk.position = SA_PA
    talk.province.answers |= {
        "guide/Tours": {"tours": connection(tour(distance=40.0))},
        "guide/GuideAt": {"guideAt": guidance()},
    }
    await talk.hear("guide")

    await talk.hear("guide")

    heard = [sent["heard"] for name, sent in talk.province.asked if name == "guide/GuideAt"]
    assert heard == [[], ["square"]]


@pytest.fixture
def on_the_way(talk: Dialogue) -> Dialogue:
    """Somebody who stands between the stops of a tour, where no story is to be told."""
    talk.position = SA_PA
    talk.province.answers |= {
        "guide/Tours": {"tours": connection(tour(distance=40.0), BAC_HA_TOUR)},
        "guide/Tour": {"tour": tour()},
        "guide/OfflinePack": {"offlinePack": PACK},
        "guide/GuideAt": {"guideAt": guidance(tell=None)},
    }
    return talk


async def test_to_whom_nothing_was_told_the_tours_are_listed_after_the_warnings(
    on_the_way: Dialogue,
) -> None:
    await on_the_way.hear("guide")

    assert on_the_way.words.startswith(
        "Tours with stories to hear on foot:\n⚠ Dense fog in Sa Pa\n"
        "• Sa Pa town: 90 minutes on foot, 40 m away\n• Bac Ha on a Sunday: 120 minutes on foot\n"
    )


async def test_a_number_before_any_list_is_the_tour_that_a_list_would_have(
    on_the_way: Dialogue,
) -> None:
    await on_the_way.hear("guide", found("ordinal", "2"))

    assert ("guide/Tour", {"id": "bac-ha-sunday"}) in on_the_way.province.asked
    assert on_the_way.phrases == ["utter_tour"]


async def test_a_tour_that_was_chosen_is_begun_by_its_name_and_next_stop(
    on_the_way: Dialogue,
) -> None:
    await on_the_way.hear("guide", found("ordinal", "1"))

    await on_the_way.hear("guide", text="start the tour")

    assert on_the_way.words.startswith(
        "The guide says where you stand:\n⚠ Dense fog in Sa Pa\nTour: Sa Pa town\nThis is the square.\nNext stop:"
    )


async def test_between_stops_the_guide_says_where_to_go_once_a_story_was_told(
    on_the_way: Dialogue,
) -> None:
    on_the_way.province.answers["guide/GuideAt"] = [
        {"guideAt": guidance()},
        {"guideAt": guidance(tell=None, warnings=[])},
    ]
    await on_the_way.hear("guide")

    await on_the_way.hear("guide")

    assert on_the_way.words.startswith(
        "The guide says where you stand:\nTour: Sa Pa town\nThis is the square.\nNext stop:"
    )


async def test_the_story_of_a_named_place_comes_from_the_tour_that_stops_there(
    talk: Dialogue,
) -> None:
    known(talk)
    talk.province.answers |= {
        "guide/Tours": {"tours": connection(tour(distance=900.0))},
        "guide/Tour": {"tour": tour(stops=[tour_stop(placeId="P001")])},
    }

    await talk.hear("guide", FANSIPAN)

    assert talk.words == (
        "The story of The square:\nHere the market was held.\nA machine speaks the recording.\n"
        "This story belongs to the tour: Sa Pa town"
    )


async def test_a_place_without_a_story_is_told_as_far_as_it_is_known(talk: Dialogue) -> None:
    known(talk, description=text("The highest peak."))
    talk.province.answers["guide/Tours"] = {"tours": connection(tour(distance=90_000.0))}

    await talk.hear("guide", FANSIPAN)

    assert talk.words == (
        "No tour tells a story of Fansipan summit yet. What is known of it:\nThe highest peak."
    )


async def test_an_api_that_does_not_answer_is_owned_up_to(talk: Dialogue) -> None:
    talk.province.answers["tourism/Places"] = ProvinceUnreachable()

    for intent in ("place_info", "market_day", "guide"):
        await talk.hear(intent, BAC_HA)
        assert talk.phrases == ["utter_unreachable"]
