"""What the bot can do, and where somebody is."""

import pytest
from dialogue.saying import Shown, Step
from dialogue.tasks import TASKS
from dialogue.tasks.places.where_am_i import asks_where_am_i

from tests.chatbot.dialogues import SA_PA, Dialogue, found
from tests.chatbot.reports_province import communes, page, place
from tests.chatbot.sent_documents import CheckedProvince


@pytest.fixture
def talk() -> Dialogue:
    (edge,) = communes()["communes"]["edges"]
    here = {**edge["node"], "namesUnchecked": []}
    near = {**place()["place"], "distance": 640.0}
    province = CheckedProvince(
        {"tourism/Commune": {"commune": here}, "tourism/Places": page("places", [near])}
    )
    return Dialogue(tuple(TASKS.values()), province)


async def test_help_names_what_can_be_done_and_offers_what_most_people_want(talk: Dialogue) -> None:
    await talk.hear("help", text="what can you do?")

    assert talk.words == (
        "I tell about places, what is near, markets and trips; warnings, roads, air and rivers; doctors and"
        " appointments; tourist cards; and your child's school days and pupil card. I pass on what is broken or"
        " dangerous, tell you what became of it, and call a person for you. Write what you need, or tap it. In an"
        " emergency call 112."
    )
    assert talk.choices == [
        "Find sights nearby",
        "Plan a trip",
        "Find a doctor or hospital",
        "Report a problem",
        "Buy a tourist card",
        "My child's attendance",
        "Talk to a person",
    ]


@pytest.mark.parametrize("language", ["vi", "en", "zh-Hans", "fr", "ko", "ja"])
async def test_what_is_tapped_of_the_help_begins(talk: Dialogue, language: str) -> None:
    talk.language = language
    await talk.hear("help")

    await talk.tap(4)

    assert talk.phrases == ["utter_report_describe"]


async def test_help_in_a_form_is_followed_by_its_question(talk: Dialogue) -> None:
    await talk.hear("report_problem")
    talk.province.answers["feedback/SuggestCategory"] = {"suggestCategory": {"suggestions": []}}
    talk.province.answers["feedback/ReportCategories"] = {"reportCategories": {"categories": []}}
    talk.province.answers["bot/KeepChatWords"] = {"keepChatWords": {"words": {"id": "w1"}}}
    talk.province.answers["bot/ChatWords"] = {"chatWords": None}
    await talk.hear("inform", text="The lamp at the corner has been dark")

    await talk.hear("help")

    assert talk.phrases == ["utter_help", "utter_report_which_category"]
    assert talk.said[0].choices == []


@pytest.mark.parametrize("intent", ["who_are_you", "out_of_scope", "nlu_fallback", "place_info"])
async def test_where_somebody_is_is_told_with_what_is_near(talk: Dialogue, intent: str) -> None:
    talk.position = SA_PA

    await talk.hear(intent, text="where am I?")

    assert talk.words.splitlines() == [
        "You are here: Sa Pa Ward.",
        "Near you:",
        "• Love Waterfall: 640 m",
    ]
    assert talk.province.asked[0] == ("tourism/Commune", {"at": SA_PA})
    assert talk.state.about == Shown("commune", "03006")


async def test_without_a_position_it_is_asked_for(talk: Dialogue) -> None:
    await talk.hear("who_are_you", text="tôi đang ở đâu")
    asked = talk.said
    talk.position = SA_PA

    await talk.hear("inform", text="here it is")

    assert (asked[0].phrase, asked[0].steps) == ("utter_where_share", [Step.SHARE_POSITION])
    assert talk.phrases == ["utter_where_you_are", "utter_near_you"]


async def test_outside_the_province_no_commune_is_told(talk: Dialogue) -> None:
    talk.position = {"latitude": 21.03, "longitude": 105.85}
    talk.province.answers["tourism/Commune"] = {"commune": None}

    await talk.hear("who_are_you", text="where am I?")

    assert talk.phrases == ["utter_where_outside"]


async def test_who_is_lost_and_in_danger_hears_the_numbers(talk: Dialogue) -> None:
    talk.position = SA_PA

    await talk.hear("emergency", found("emergency", "lost"), text="I am lost, where am I?")

    assert "tourism/Commune" not in [name for name, _ in talk.province.asked]


@pytest.mark.parametrize(
    "text",
    [
        "tôi đang ở đâu",
        "toi dang o dau vay",
        "cho hỏi mình đang ở xã nào ạ",
        "đây là đâu",
        "where am I",
        "Where are we right now?",
        "can you tell me where I am?",
        "what's my location",
        "我在哪里",
        "我们现在在哪儿呢？",
        "这里是哪里",
        "où suis-je",
        "ou suis-je ?",
        "je suis où ?",
        "나 어디 있어",
        "여기가 어디예요?",
        "제가 지금 어디에 있는지 알려 주세요",
        "ここはどこ",
        "ここはどこですか？",
        "私は今どこにいますか",
    ],
)
def test_the_question_where_one_is(text: str) -> None:
    assert asks_where_am_i(text)


@pytest.mark.parametrize(
    "text",
    [
        "quán mình ở đâu ạ",
        "bác sĩ đang ở đâu",
        "tôi nên ở đâu",
        "đây là vị trí của tôi",
        "where am I supposed to go?",
        "where are we going",
        "what's my position in the queue",
        "share my position",
        "我在哪里可以买票",
        "我的位置在第几位",
        "où suis-je censé aller",
        "quelle est ma position dans la file",
        "누나 어디 있어",
        "제 위치를 공유할게요",
        "여기 어디서 밥 먹어요",
        "バスは今どこにいますか",
        "現在地を共有します",
        "ここはどこで切符を買えますか",
    ],
)
def test_other_questions_of_places_are_not_that(text: str) -> None:
    assert not asks_where_am_i(text)
