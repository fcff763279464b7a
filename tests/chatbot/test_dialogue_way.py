"""The way to a place, from whatever task its question is taken for."""

import pytest
from dialogue.saying import Shown
from dialogue.tasks.conditions import CONDITIONS
from dialogue.tasks.places import PLACES
from dialogue.tasks.places.way_words import asks_way, names_elsewhere
from dialogue.turn import Found

from tests.chatbot.dialogues import SA_PA, Dialogue, found
from tests.chatbot.fake_province import connection, place
from tests.chatbot.province_answers import commune, named, place_named
from tests.chatbot.sent_documents import CheckedProvince

CHURCH = named("place", "P010", "the stone church")
BY_MAP = "I have no bus times and cannot lead you there: the link below opens your map, which can."


@pytest.fixture
def talk() -> Dialogue:
    talk = Dialogue((*PLACES, *CONDITIONS), CheckedProvince())
    talk.province.answers["tourism/Place"] = {"place": place_named(id="P010")}
    return talk


@pytest.mark.parametrize(
    "text",
    [
        "how do I get to Bac Ha market?",
        "how to get there",
        "is there a bus to Ta Van?",
        "directions to the stone church",
        "Is it far?",
        "how far is Ta Van",
        "chỉ đường đến nhà thờ đá",
        "chi duong den nha tho da",
        "đi chợ Bắc Hà bằng gì",
        "di cho bac ha bang gi",
        "có xe buýt đi Tả Van không",
        "từ đây đến Tả Van bao xa",
        "xa không",
        "lên Bắc Hà như thế nào",
        "comment aller au marché de Bac Ha ?",
        "y a-t-il un bus pour Ta Van ?",
        "c'est loin ?",
        "怎么去北河集市",
        "去石头教堂怎么走",
        "离这里多远",
        "有去塔万的班车吗",
        "박하 시장에 어떻게 가나요?",
        "타반 가는 버스 있어요?",
        "여기서 멀어요?",
        "バックハー市場への行き方",
        "石の教会へはどうやって行きますか",
        "タヴァン行きのバスはありますか",
        "遠いですか",
    ],
)
def test_the_way_is_asked_for_in_six_languages(text: str) -> None:
    assert asks_way(text)


@pytest.mark.parametrize(
    "text",
    [
        "is the road to Sa Pa open?",
        "any landslides on the way to Bac Ha?",
        "how is traffic to Sa Pa",
        "plan a trip to Bac Ha",
        "đường lên Sa Pa thế nào",
        "duong len sa pa the nao",
        "đường đến Bắc Hà có sạt lở không",
        "đi chơi Sa Pa 2 ngày như thế nào",
        "la route de Bac Ha est-elle fermée ?",
        "去沙坝的路况怎么样",
        "沙坝三天怎么玩",
        "사파 가는 길 통제됐나요",
        "사파 2박 3일 일정",
        "サパへの道は通行止めですか",
        "サパ2日間の旅程",
    ],
)
def test_how_roads_are_and_a_trip_are_other_questions(text: str) -> None:
    assert not asks_way(text)


@pytest.mark.parametrize(
    ("text", "is_elsewhere"),
    [
        ("is there a bus to Hanoi?", True),
        ("có xe đến Hà Nội không", True),
        ("co xe den ha noi khong", True),
        ("y a-t-il un bus pour Hanoï ?", True),
        ("怎么去河内", True),
        ("하노이까지 버스 있어요?", True),
        ("ハノイへはどうやって行きますか", True),
        ("is there a bus to it?", False),
        ("đi đến đó bằng gì", False),
        ("di den do bang gi", False),
        ("comment y aller ?", False),
        ("怎么去？", False),
        ("怎么去那里", False),
        ("거기까지 어떻게 가요?", False),
        ("そこへはどうやって行きますか", False),
        ("Is it far?", False),
    ],
)
def test_a_name_that_nobody_knows_is_not_the_place_told_of(text: str, is_elsewhere: bool) -> None:
    assert names_elsewhere(text) is is_elsewhere


@pytest.mark.parametrize("intent", ["place_info", "plan_trip", "road_traffic"])
async def test_the_way_to_a_place_is_told_whatever_the_question_is_taken_for(
    talk: Dialogue, intent: str
) -> None:
    talk.position = SA_PA

    await talk.hear(intent, CHURCH, text="how do I get to the stone church?")

    assert talk.words == (
        "The way to Fansipan summit:\n"
        "From where you are: 7.5 km as the crow flies\n"
        "Where: Ngu Chi Son Commune\n"
        f"{BY_MAP}"
    )
    assert talk.said[0].links[0]["url"] == "geo:22.362,103.777"
    assert talk.state.form is None
    assert talk.state.shown == (Shown("place", "P010"),)
    assert talk.state.about == Shown("place", "P010")


async def test_without_a_position_no_distance_is_told(talk: Dialogue) -> None:
    await talk.hear("place_info", CHURCH, text="chỉ đường đến nhà thờ đá")

    assert talk.words == f"The way to Fansipan summit:\nWhere: Ngu Chi Son Commune\n{BY_MAP}"


async def test_the_way_from_a_commune_is_told_from_there(talk: Dialogue) -> None:
    talk.position = SA_PA
    talk.province.answers["tourism/Communes"] = commune("02839", "Bac Ha Commune")
    start = Found("commune", "02839", 18, 24, "Bắc Hà")
    goal = Found("place", "P010", 32, 38, "the stone church")

    await talk.hear("plan_trip", start, goal, text="how do I get from Bac Ha to the church?")

    assert "\nFrom Bac Ha Commune: 7.4 km as the crow flies\n" in talk.words


async def test_the_way_to_a_commune_has_its_map(talk: Dialogue) -> None:
    talk.province.answers["tourism/Communes"] = commune("02839", "Bac Ha Commune")
    goal = Found("commune", "02839", 18, 24, "Bắc Hà")

    await talk.hear("road_traffic", goal, text="is there a bus to Bac Ha?")

    assert talk.words == f"The way to Bac Ha Commune:\n{BY_MAP}"
    assert talk.said[0].links[0]["url"] == "geo:22.3355,103.8425"
    assert talk.state.about == Shown("commune", "02839")


async def test_the_one_of_a_list_is_meant_by_its_number(talk: Dialogue) -> None:
    listed = connection(place("P024"), place("P010", "Church"))
    talk.province.answers["tourism/Places"] = {"places": listed}
    await talk.hear("find_nearby")

    await talk.hear("plan_trip", found("ordinal", "2"), text="how do I get to the second one?")

    assert talk.phrases == ["utter_way"]
    assert talk.province.asked[-1] == ("tourism/Place", {"id": "P010"})


async def test_is_it_far_is_about_the_place_just_told(talk: Dialogue) -> None:
    await talk.hear("place_info", CHURCH)

    await talk.hear("place_info", text="Is it far?")

    assert talk.phrases == ["utter_way"]


async def test_of_two_goals_a_trip_is_made(talk: Dialogue) -> None:
    both = (named("place", "P001", "Fansipan"), named("place", "P010", "the church"))

    await talk.hear("plan_trip", *both, text="how do I get to Fansipan and the church?")

    assert talk.phrases == ["utter_trip_which_day"]


async def test_to_where_nobody_knows_is_not_to_the_place_just_told(talk: Dialogue) -> None:
    await talk.hear("place_info", CHURCH)

    await talk.hear("plan_trip", text="how do I get to Atlantis?")

    assert talk.phrases == ["utter_trip_which_day"]


async def test_from_another_country_a_straight_line_tells_nothing(talk: Dialogue) -> None:
    talk.position = {"latitude": 48.85, "longitude": 2.35}

    await talk.hear("place_info", CHURCH, text="how far is the stone church?")

    assert "as the crow flies" not in talk.words


async def test_a_question_for_the_way_that_is_hardly_understood_is_answered(
    talk: Dialogue,
) -> None:
    await talk.hear("road_traffic", CHURCH, text="chỉ đường đến nhà thờ đá", confidence=0.3)

    assert talk.phrases == ["utter_way"]
