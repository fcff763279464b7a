"""Something is reported by chat: described, placed, read back, and sent with one yes."""

import json
from dataclasses import replace

import pytest
from dialogue.province import ProvinceUnreachable
from dialogue.saying import Shown, Step
from dialogue.tasks.places import PLACES
from dialogue.tasks.reports import REPORTS
from dialogue.turn import Found

from tests.chatbot.dialogues import NOW, SA_PA, Dialogue, found
from tests.chatbot.reports_province import (
    LISTED,
    ReportsProvince,
    communes,
    done,
    found_places,
    place,
    refusal,
    report,
    suggested,
)

LAMP = "The lamp at 12 Cầu Mây street has been dark for a week"


@pytest.fixture
def talk() -> Dialogue:
    province = ReportsProvince()
    province.answers |= {
        "feedback/ReportCategories": LISTED,
        "feedback/SuggestCategory": suggested("street-light", "road-damage"),
        "feedback/SubmitReport": done("submitReport", report=report()),
        "tourism/Place": place(),
        "tourism/Communes": communes(),
        "tourism/Places": found_places(),
    }
    return Dialogue(REPORTS, province)


def at(kind: str, value: str, named: str, words: str) -> Found:
    start = words.index(named)
    return Found(kind, value, start, start + len(named), named)


async def described(talk: Dialogue) -> None:
    """Tell of the lamp, at a place, up to the read-back."""
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)
    await talk.hear("inform", found("place", "P013"))


async def test_a_report_is_described_placed_and_read_back(talk: Dialogue) -> None:
    await described(talk)

    assert talk.words == "\n".join(
        [
            "I will send this report to the authorities. Is it right?",
            "What: Street light out",
            "Where: Love Waterfall",
            f"Your words: “{LAMP}”",
            "Told: 11/30/26, 8:00\u202fAM",
            "Once accepted it is on the public map, without your name. The agency can ask for your contact.",
        ]
    )
    assert talk.choices[:3] == ["Yes", "Change the words", "Change the place"]
    assert len(talk.choices) <= 6
    assert talk.said[0].points[0]["latitude"] == 22.35


async def test_one_yes_sends_it_as_it_was_read_back(talk: Dialogue) -> None:
    await described(talk)
    key = talk.state.form.key if talk.state.form else ""

    await talk.hear("affirm")

    (sent,) = talk.province.inputs("feedback/SubmitReport")
    assert sent == {
        "categoryCode": "street-light",
        "position": {"latitude": 22.35, "longitude": 103.78},
        "accuracy": 300.0,
        "capturedAt": NOW.isoformat(),
        "text": LAMP,
        "visibility": "PUBLIC",
        "language": "en",
        "fields": [],
        "idempotencyKey": f"chat-report-{key}",
    }
    assert talk.words.splitlines()[:4] == [
        "Thank you. Your report is in; its code is LC-7K3-943.",
        "Who has it: People’s Committee of Sa Pa Ward",
        "It lies in this commune.",
        "To be accepted by 12/1/26, 5:00\u202fPM",
    ]
    assert talk.state.shown == (Shown("report_code", "LC-7K3-943"),)
    assert talk.state.form is None


async def test_neither_words_nor_the_phones_position_lie_in_the_slots(talk: Dialogue) -> None:
    talk.position = SA_PA
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)

    kept = talk.state.to_json()
    assert "Cầu Mây" not in kept
    assert "22.336" not in kept
    assert json.loads(kept)["form"]["slots"]["words"] == "w1"
    assert talk.province.words == {"w1": LAMP, "w2": "22.336000 103.844000"}


async def test_the_phones_position_is_sent_where_no_place_is_named(talk: Dialogue) -> None:
    talk.position = SA_PA
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)
    read_back = talk.words
    talk.position = None

    await talk.hear("affirm")

    (sent,) = talk.province.inputs("feedback/SubmitReport")
    assert "Where: at the position that your phone shared" in read_back
    assert (sent["position"], sent["accuracy"]) == (SA_PA, 100.0)


async def test_a_first_message_that_tells_all_is_read_back_at_once(talk: Dialogue) -> None:
    words = "there is a big pothole on QL4D right in front of Love Waterfall"
    await talk.hear(
        "report_problem",
        at("problem", "road-damage", "pothole", words),
        at("road", "QL4D", "QL4D", words),
        at("place", "P013", "Love Waterfall", words),
        text=words,
    )
    phrases = talk.phrases

    await talk.hear("affirm")

    (sent,) = talk.province.inputs("feedback/SubmitReport")
    assert phrases == ["utter_report_read_back"]
    assert (sent["text"], sent["categoryCode"]) == (words, "road-damage")
    assert sent["fields"] == [{"code": "road", "value": "QL4D"}]


async def test_a_road_that_the_form_does_not_know_is_not_sent(talk: Dialogue) -> None:
    await talk.hear("report_problem", found("problem", "road-damage"), found("road", "QL32"))
    await talk.hear("inform", text="A deep hole behind the second bend")
    await talk.hear("inform", found("place", "P013"))

    await talk.hear("affirm")

    assert talk.province.inputs("feedback/SubmitReport")[0]["fields"] == []


async def test_a_short_first_message_is_not_taken_for_a_description(talk: Dialogue) -> None:
    await talk.hear(
        "report_problem",
        at("problem", "road-damage", "pothole", "report pothole"),
        text="report pothole",
    )

    assert talk.words == (
        "I have noted that. Please tell me more in your own words: what you see, and where exactly."
    )


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("路灯坏了", "沙坝石头教堂前面"),
        ("đèn đường hỏng", "trước nhà thờ đá Sa Pa"),
        ("lamp out", "in front of the stone church"),
        ("lampadaire cassé", "devant l’église de Sa Pa"),
        ("가로등 고장", "사파 돌성당 앞"),
        ("街灯が切れた", "サパの石の教会の前"),
    ],
)
async def test_a_short_first_message_is_sent_with_what_comes_after_it(
    talk: Dialogue, first: str, then: str
) -> None:
    await talk.hear("report_problem", at("problem", "street-light", first, first), text=first)
    await talk.hear("inform", found("place", "P013"), text=then)
    kept, read_back = talk.state.to_json(), talk.words

    await talk.hear("affirm")

    assert first not in kept
    assert f"Your words: “{first}\n{then}”" in read_back
    assert talk.province.inputs("feedback/SubmitReport")[0]["text"] == f"{first}\n{then}"


async def at_the_phone(talk: Dialogue) -> None:
    """Tell of the lamp where the phone is, up to the read-back."""
    talk.position = SA_PA
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)


def lies_in(code: str) -> dict[str, object]:
    (edge,) = communes()["communes"]["edges"]
    return {"commune": {**edge["node"], "namesUnchecked": [], "code": code}}


ADDRESS = "đường Xuân Viên, phường Sa Pa, đối diện nhà số 12"


async def test_an_address_around_the_phone_keeps_its_position_and_is_added(talk: Dialogue) -> None:
    talk.province.answers["tourism/Commune"] = lies_in("03006")
    await at_the_phone(talk)
    await talk.hear("inform", at("commune", "03006", "phường Sa Pa", ADDRESS), text=ADDRESS)
    kept, read_back = talk.state.to_json(), talk.words

    await talk.hear("affirm")

    (sent,) = talk.province.inputs("feedback/SubmitReport")
    assert "Xuân Viên" not in kept
    assert "Where: at the position that your phone shared" in read_back
    assert (sent["text"], sent["position"]) == (f"{LAMP}\n{ADDRESS}", SA_PA)


async def test_an_address_in_another_commune_changes_the_place_and_is_added(talk: Dialogue) -> None:
    talk.province.answers["tourism/Commune"] = lies_in("02647")
    await at_the_phone(talk)
    await talk.hear("inform", at("commune", "03006", "phường Sa Pa", ADDRESS), text=ADDRESS)

    assert "Where: somewhere in Sa Pa Ward." in talk.words
    assert f"Your words: “{LAMP}\n{ADDRESS}”" in talk.words


@pytest.mark.parametrize(
    "text",
    [
        "đèn không sáng, tối om từ tối qua",
        "tối om",
        "it is very dark there and people fall",
        "那边晚上很黑",
        "il fait très sombre la nuit",
        "밤에 너무 어두워요",
        "夜は真っ暗です",
    ],
)
@pytest.mark.parametrize("intent", ["report_problem", "inform", "out_of_scope"])
async def test_what_is_added_at_the_read_back_is_sent_too(
    talk: Dialogue, intent: str, text: str
) -> None:
    await described(talk)
    await talk.hear(intent, text=text)
    read_back = talk.words

    await talk.hear("affirm")

    assert f"Your words: “{LAMP}\n{text}”" in read_back
    assert talk.province.inputs("feedback/SubmitReport")[0]["text"] == f"{LAMP}\n{text}"


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("inform", "uh"),
        ("inform", "will they come today?"),
        ("out_of_scope", "who will see my telephone number"),
        ("thanks", "thank you so much for all this help"),
        ("deny", "no that is not what I wanted to say to them"),
    ],
)
async def test_what_tells_nothing_is_not_added(talk: Dialogue, intent: str, text: str) -> None:
    await described(talk)

    await talk.hear(intent, text=text)

    assert talk.province.words == {"w1": LAMP}


@pytest.mark.parametrize(
    "text",
    [
        "across from the blue house on the old road",
        "đối diện nhà số 12",
        "12号房子对面",
        "en face du numéro 12",
        "12번 집 맞은편",
        "12番の家の向かい",
    ],
)
async def test_where_it_is_in_words_that_are_no_place_is_added_and_asked_once_more(
    talk: Dialogue, text: str
) -> None:
    await talk.hear("report_problem", found("problem", "street-light"))
    await talk.hear("inform", text=LAMP)

    await talk.hear("inform", text=text)

    assert talk.phrases == ["utter_report_where"]
    assert talk.words.splitlines()[1] == "I have added that to your words."
    assert list(talk.province.words.values())[-1] == text


@pytest.mark.parametrize(
    "text",
    [
        "không đúng chỗ",
        "sai vị trí rồi",
        "sai cho roi",
        "that is the wrong place",
        "地点不对",
        "ce n’est pas le bon endroit",
        "위치가 틀렸어요",
        "場所が違います",
    ],
)
async def test_the_wrong_place_is_asked_for_anew(talk: Dialogue, text: str) -> None:
    await at_the_phone(talk)

    await talk.hear("deny", text=text)

    assert talk.phrases == ["utter_report_where"]
    assert talk.state.form is not None
    assert "spot" not in talk.state.form.slots


async def test_a_no_to_the_read_back_offers_what_can_be_changed(talk: Dialogue) -> None:
    await described(talk)
    await talk.hear("deny", text="no")
    choices = talk.choices

    await talk.tap(2)

    assert choices == ["Change the words", "Change the place"]
    assert talk.phrases == ["utter_report_where"]


async def test_new_words_take_the_place_of_all_that_was_said(talk: Dialogue) -> None:
    await described(talk)
    await talk.hear("inform", text="it is very dark there and people fall")
    await talk.tap(2)

    await talk.hear("inform", text="Two lamps are dark now")

    assert "Your words: “Two lamps are dark now”" in talk.words


async def test_what_words_sound_like_is_offered_and_never_taken(talk: Dialogue) -> None:
    await talk.hear("report_problem")

    await talk.hear("inform", text=LAMP)

    assert talk.phrases == ["utter_report_which_category"]
    assert talk.choices == ["Street light out", "Pothole or damaged road", "Something else"]
    assert ("feedback/SuggestCategory", {"text": LAMP}) in talk.province.asked


async def test_without_a_suggestion_the_categories_are_offered(talk: Dialogue) -> None:
    talk.province.answers["feedback/SuggestCategory"] = suggested()
    await talk.hear("report_problem")

    await talk.hear("inform", text=LAMP)

    assert len(talk.choices) == 6
    assert talk.choices[-1] == "Something else"


async def test_in_danger_the_numbers_come_before_the_first_question(talk: Dialogue) -> None:
    await talk.hear("report_problem", found("problem", "landslide"))

    assert talk.phrases == ["utter_report_describe"]
    assert talk.words.splitlines()[1] == (
        "If anybody is in danger, call 112 first and get away from it."
    )
    assert [one["url"] for one in talk.said[0].links] == ["tel:112", "tel:114"]


async def test_what_the_form_requires_is_asked_and_sent(talk: Dialogue) -> None:
    await talk.hear("report_problem", found("problem", "landslide"))
    await talk.hear("inform", text="Rocks fell on the road at the pass")
    await talk.hear("inform", found("place", "P013"))
    first = talk.words.splitlines()[0]
    await talk.tap(1)
    second = talk.words.splitlines()[0]
    await talk.hear("deny")
    read_back = talk.words

    await talk.hear("affirm")

    assert first == "One more thing, please: Is the road wholly blocked?"
    assert second == "One more thing, please: Is anybody trapped?"
    assert "Is the road wholly blocked: Yes\nIs anybody trapped: No" in read_back
    assert talk.province.inputs("feedback/SubmitReport")[0]["fields"] == [
        {"code": "blocked", "value": "yes"},
        {"code": "people", "value": "no"},
    ]


async def test_a_required_answer_in_words_is_kept_like_the_words(talk: Dialogue) -> None:
    await talk.hear("report_problem", found("problem", "tourist-services"))
    await talk.hear("inform", text="They asked for a million dong for one bowl of phở")
    await talk.hear("inform", found("commune", "03006"))
    await talk.hear("out_of_scope", text="Quán Hoa Đào")
    kept = talk.state.to_json()

    await talk.hear("affirm")

    (sent,) = talk.province.inputs("feedback/SubmitReport")
    assert "Hoa" not in kept
    assert sent["fields"] == [{"code": "business", "value": "Quán Hoa Đào"}]
    assert sent["accuracy"] == 4400.0


async def test_a_number_is_asked_for_until_there_is_one(talk: Dialogue) -> None:
    await talk.hear("report_problem", found("problem", "depth"))
    await talk.hear("inform", text="The street is under water")
    await talk.hear("inform", found("place", "P013"))
    await talk.hear("inform", text="very deep")
    objection = talk.phrases
    await talk.hear("inform", text="about 40 cm")

    await talk.hear("affirm")

    assert objection == ["utter_report_number_needed", "utter_report_field"]
    (sent,) = talk.province.inputs("feedback/SubmitReport")
    assert sent["fields"] == [{"code": "depth", "value": "40"}]


async def test_a_choice_of_the_form_is_tapped(talk: Dialogue) -> None:
    await talk.hear("report_problem", found("problem", "waste"))
    await talk.hear("inform", text="A heap of it behind the market")
    await talk.hear("inform", found("place", "P013"))
    await talk.tap(2)

    await talk.hear("affirm")

    (sent,) = talk.province.inputs("feedback/SubmitReport")
    assert sent["fields"] == [{"code": "kind", "value": "building"}]


async def test_another_category_in_the_read_back_asks_what_its_form_requires(
    talk: Dialogue,
) -> None:
    await described(talk)

    await talk.hear("inform", found("problem", "landslide"), text="no, a landslide")

    assert talk.phrases == ["utter_report_field"]
    assert talk.words.startswith("One more thing, please: Is the road wholly blocked?")


async def test_another_place_in_the_read_back_takes_the_place_of_the_first(talk: Dialogue) -> None:
    await described(talk)

    await talk.hear("inform", found("commune", "03006"), text="no, in Sa Pa")

    assert "Where: somewhere in Sa Pa Ward. The words should say where exactly." in talk.words


@pytest.mark.parametrize(
    "text",
    [
        "no, in Sa Pa",
        "không, ở Sa Pa",
        "khong o sa pa",
        "不，在沙坝",
        "아니요, 사파요",
        "いいえ、サパです",
    ],
)
async def test_a_no_with_a_place_corrects_the_read_back_whatever_else_it_is_taken_for(
    talk: Dialogue, text: str
) -> None:
    talk.tasks = [*REPORTS, *PLACES]
    await described(talk)

    await talk.hear("place_info", found("commune", "03006"), text=text)

    assert "Where: somewhere in Sa Pa Ward." in talk.words
    assert talk.state.form is not None
    assert talk.state.form.is_read_back


async def test_a_question_about_a_place_corrects_nothing(talk: Dialogue) -> None:
    talk.tasks = [*REPORTS, *PLACES]
    await described(talk)

    await talk.hear("place_info", found("place", "P014"), text="không biết chợ có mở không?")

    assert talk.state.form is not None
    assert talk.state.form.slots["spot"] == "place:P013"


async def test_words_can_be_changed_before_they_are_sent(talk: Dialogue) -> None:
    await described(talk)
    await talk.tap(2)
    asked = talk.phrases
    await talk.hear("inform", text="Two lamps are dark now")

    await talk.hear("affirm")

    assert asked == ["utter_report_describe"]
    assert talk.province.inputs("feedback/SubmitReport")[0]["text"] == "Two lamps are dark now"


async def test_who_is_elsewhere_says_so_and_names_the_place(talk: Dialogue) -> None:
    talk.position = SA_PA
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)
    await talk.tap(3)
    asked = talk.phrases

    await talk.hear("inform", found("place", "P013"))

    assert asked == ["utter_report_where"]
    assert "Where: Love Waterfall" in talk.words


async def test_a_report_can_be_sent_without_saying_who_sends_it(talk: Dialogue) -> None:
    await described(talk)
    await talk.tap(4)
    read_back = talk.words

    await talk.hear("affirm")

    assert "nobody is told who reported it" in read_back
    assert talk.province.inputs("feedback/SubmitReport")[0]["visibility"] == "ANONYMOUS"


async def test_here_without_a_position_asks_the_phone_for_it(talk: Dialogue) -> None:
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)
    await talk.tap(1)
    asked = talk.said
    talk.position = SA_PA

    await talk.hear("inform", text="here")

    assert asked[0].phrase == "utter_report_share"
    assert asked[0].steps == [Step.SHARE_POSITION]
    assert talk.phrases == ["utter_report_read_back"]


async def test_a_name_that_nobody_knew_is_searched_for(talk: Dialogue) -> None:
    talk.province.answers["tourism/Places"] = found_places(("P013", "Love Waterfall"))
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)

    await talk.hear("inform", text="thac tinh yeu")
    offered = talk.choices
    await talk.tap(2)

    assert offered == ["Where I am now", "Love Waterfall"]
    assert talk.phrases == ["utter_report_read_back"]


async def test_that_one_is_the_place_that_was_shown(talk: Dialogue) -> None:
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    talk.state = replace(talk.state, shown=(Shown("place", "P013"),))
    await talk.tap(1)
    offered = talk.choices

    await talk.hear("inform", text="that one")

    assert offered == ["Where I am now", "Love Waterfall"]
    assert "Where: Love Waterfall" in talk.words


async def test_a_place_that_is_not_there_is_asked_again(talk: Dialogue) -> None:
    talk.province.answers["tourism/Place"] = {"place": None}
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)

    await talk.hear("inform", found("place", "P999"))

    assert talk.phrases == ["utter_place_unknown", "utter_report_where"]


async def test_words_whose_hour_is_over_are_asked_for_again(talk: Dialogue) -> None:
    await described(talk)
    talk.province.words.clear()

    await talk.hear("affirm")
    told = talk.words
    await talk.hear("inform", text=LAMP)
    await talk.hear("affirm")

    assert "I keep your words for an hour only, and they are gone." in told
    assert "What is wrong?" in told
    assert talk.phrases == ["utter_report_sent"]


async def test_who_is_not_signed_in_tells_all_and_signs_in_to_send_it(talk: Dialogue) -> None:
    talk.is_signed_in = False
    await described(talk)
    read_back = talk.said[0]
    await talk.hear("affirm")
    refused = talk.phrases
    talk.is_signed_in = True

    await talk.hear("affirm")

    assert read_back.steps == [Step.SIGN_IN]
    assert refused == ["utter_sign_in"]
    assert len(talk.province.inputs("feedback/SubmitReport")) == 1
    assert talk.phrases == ["utter_report_sent"]


async def test_a_place_outside_the_province_is_asked_again(talk: Dialogue) -> None:
    talk.position = SA_PA
    await talk.hear("report_problem")
    await talk.hear("inform", text=LAMP)
    await talk.tap(1)
    outside = refusal("submitReport", "OUTSIDE_PROVINCE", "This place lies outside.")
    talk.province.answers["feedback/SubmitReport"] = outside

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_report_where"]
    assert talk.words.splitlines()[1] == "This place lies outside."


async def test_too_many_reports_are_told_so_and_the_form_ends(talk: Dialogue) -> None:
    await described(talk)
    many = refusal("submitReport", "TOO_MANY_REPORTS", "Many reports came from you today.")
    talk.province.answers["feedback/SubmitReport"] = many

    await talk.hear("affirm")

    assert talk.words == "That did not work:\nMany reports came from you today."
    assert talk.state.form is None


async def test_a_yes_whose_answer_was_lost_is_the_same_report_again(talk: Dialogue) -> None:
    await described(talk)
    sent = talk.province.answers["feedback/SubmitReport"]
    talk.province.answers["feedback/SubmitReport"] = [ProvinceUnreachable(), sent]

    await talk.hear("affirm")
    await talk.hear("affirm")

    first, second = talk.province.inputs("feedback/SubmitReport")
    assert first == second


async def test_words_that_are_too_long_are_refused_and_asked_for_again(talk: Dialogue) -> None:
    talk.province.refuses_words = "The message is too long: at most 1000 characters."
    await talk.hear("report_problem")

    await talk.hear("inform", text="x" * 1001)

    assert talk.phrases == ["utter_refused", "utter_report_describe"]


async def test_stop_is_no_description(talk: Dialogue) -> None:
    await talk.hear("report_problem")

    await talk.hear("stop", text="never mind")

    assert talk.phrases == ["utter_stopped"]
    assert talk.province.words == {}


async def test_what_a_description_sounds_like_is_no_other_task(talk: Dialogue) -> None:
    await talk.hear("report_problem")

    await talk.hear("lost_found", text="somebody took the lid of the drain")

    assert talk.phrases == ["utter_report_which_category"]


async def test_there_is_no_water_is_a_description_and_not_a_no(talk: Dialogue) -> None:
    await talk.hear("report_problem")

    await talk.hear("deny", text="không có nước từ hôm qua")

    assert talk.phrases == ["utter_report_which_category"]
    assert talk.province.words == {"w1": "không có nước từ hôm qua"}


async def test_who_asks_for_a_person_in_a_form_is_answered_and_the_form_goes_on(
    talk: Dialogue,
) -> None:
    talk.province.answers["bot/HelpCentres"] = {"places": {"edges": []}}
    await talk.hear("report_problem")

    await talk.hear("human", text="I want to talk to a person")

    assert talk.phrases == ["utter_human", "utter_resume"]
    assert talk.province.words == {}


async def test_an_emergency_in_a_form_keeps_the_report_for_later(talk: Dialogue) -> None:
    await described(talk)
    await talk.hear("emergency", found("emergency", "rescue_certain"))
    await talk.hear("deny")

    await talk.hear("affirm")

    assert talk.phrases == ["utter_report_read_back"]
    assert talk.province.inputs("feedback/SubmitReport") == []


async def test_every_offer_has_at_most_six_choices_with_different_titles(talk: Dialogue) -> None:
    for language in ("vi", "en", "zh-Hans", "fr", "ko", "ja"):
        talk.language = language
        await talk.hear("report_problem")
        await talk.hear("inform", text=LAMP)
        offers = [talk.choices]
        await talk.tap(1)
        await talk.hear("inform", found("place", "P013"))
        offers.append(talk.choices)
        await talk.hear("stop", text="stop")

        assert all(len(set(titles)) == len(titles) <= 6 for titles in offers)
