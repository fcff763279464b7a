"""What became of a report, whether it was mended, how it was; and whom to turn to."""

from typing import Any

import pytest
from dialogue.province import ProvinceUnreachable
from dialogue.saying import Shown, Step
from dialogue.tasks.reports import REPORTS
from dialogue.tasks.reports.repair_words import is_mended

from tests.chatbot.dialogues import NOT_SIGNED_IN, SA_PA, Dialogue, found
from tests.chatbot.reports_province import (
    RATING_FORMS,
    ReportsProvince,
    done,
    help_centre,
    page,
    rating,
    refusal,
    report,
    step,
)

CODE = "LC-7K3-943"
OTHER = "LC-W7C-DMW"
FIXED = report(state="FIXED")


@pytest.fixture
def talk() -> Dialogue:
    province = ReportsProvince()
    province.answers |= {
        "feedback/MyReports": page("myReports", [FIXED]),
        "feedback/MyReport": {"myReport": FIXED},
        "feedback/Report": {"report": None},
        "feedback/ConfirmFix": done("confirmFix", report=report(state="CONFIRMED")),
        "feedback/ReopenReport": done("reopenReport", report=report(state="REOPENED")),
        "feedback/MyRatings": page("myRatings", [rating()]),
        "feedback/RatingForms": RATING_FORMS,
        "feedback/Rate": done("rate", rating=rating()),
        "bot/HelpCentres": page("places", []),
    }
    return Dialogue(REPORTS, province)


def asked(talk: Dialogue, operation: str) -> list[Any]:
    return [variables for name, variables in talk.province.asked if name == operation]


async def test_a_report_is_told_by_its_code(talk: Dialogue) -> None:
    words = "We ordered a new lamp."
    steps = [step("RECEIVE", "RECEIVED", "REPORTER"), step("ANSWER", "ACCEPTED", words=words)]
    answer = report(state="ACCEPTED", steps=steps)
    talk.province.answers["feedback/MyReport"] = {"myReport": answer}

    await talk.hear("track_report", found("report_code", CODE))

    assert talk.words == "\n".join(
        [
            "Report LC-7K3-943, Street light out:",
            "State: Accepted, since 11/27/26, 9:00\u202fAM",
            "Who has it: People’s Committee of Sa Pa Ward",
            "The agency wrote on 11/28/26, 9:00\u202fAM:",
            "We ordered a new lamp.",
            "To be answered by 12/7/26, 5:00\u202fPM",
        ]
    )
    assert talk.said[0].points[0]["name"] == "Street light out"


async def test_the_proof_of_a_repair_is_linked_and_the_reporter_asked(talk: Dialogue) -> None:
    photo = {
        "id": "m1",
        "files": [{"url": "https://laocai.example/m1", "contentType": "image/jpeg"}],
    }
    answer = report(state="FIXED", steps=[step("FIX", "FIXED", photos=[photo])])
    talk.province.answers["feedback/MyReport"] = {"myReport": answer}

    await talk.hear("track_report", found("report_code", CODE))

    assert talk.said[0].links[0]["url"] == "https://laocai.example/m1"
    assert talk.words.endswith("Has it been mended? Tell me, and I confirm it or have them go on.")


async def test_without_a_code_the_latest_is_told_and_the_others_listed(talk: Dialogue) -> None:
    two = [report(), report(OTHER, "ANSWERED")]
    talk.province.answers["feedback/MyReports"] = page("myReports", two)

    await talk.hear("track_report")

    assert talk.words.startswith("Report LC-7K3-943, Street light out:")
    assert talk.words.endswith("• LC-W7C-DMW · Street light out · Answered")
    assert talk.state.shown == (Shown("report_code", CODE), Shown("report_code", OTHER))


async def test_the_second_is_the_second_of_those_listed(talk: Dialogue) -> None:
    two = [report(), report(OTHER)]
    talk.province.answers["feedback/MyReports"] = page("myReports", two)
    await talk.hear("track_report")

    await talk.hear("inform", found("ordinal", "2"))
    await talk.hear("inform", found("report_code", CODE))

    assert asked(talk, "feedback/MyReport") == [{"code": OTHER}, {"code": CODE}]


async def test_anothers_public_report_tells_what_everybody_may_read(talk: Dialogue) -> None:
    talk.province.answers |= {
        "feedback/MyReport": {"myReport": None},
        "feedback/Report": {"report": report(state="FIXED", canConfirm=False, canReopen=False)},
    }

    await talk.hear("track_report", found("report_code", CODE))

    assert talk.phrases == ["utter_report_told"]
    assert "Has it been mended?" not in talk.words


async def test_a_code_that_is_nobodys_or_anothers_is_told_politely(talk: Dialogue) -> None:
    talk.province.answers["feedback/MyReport"] = {"myReport": None}

    await talk.hear("track_report", found("report_code", OTHER))

    assert talk.words == ("I find no report LC-W7C-DMW that you may see. Please check the code.")


async def test_who_is_not_signed_in_sees_what_is_public_only(talk: Dialogue) -> None:
    talk.is_signed_in = False

    await talk.hear("track_report", found("report_code", CODE))

    assert talk.phrases == ["utter_report_unknown_sign_in"]
    assert talk.said[0].steps == [Step.SIGN_IN]
    assert asked(talk, "feedback/MyReport") == []


async def test_without_a_code_and_not_signed_in_both_ways_are_told(talk: Dialogue) -> None:
    talk.is_signed_in = False

    await talk.hear("track_report")

    assert talk.phrases == ["utter_track_code_or_sign_in"]
    assert talk.province.asked == []


async def test_who_reported_nothing_is_told_how_to(talk: Dialogue) -> None:
    talk.province.answers["feedback/MyReports"] = page("myReports", [])

    await talk.hear("track_report")

    assert talk.phrases == ["utter_no_reports"]


async def test_a_private_report_without_a_position_has_no_point(talk: Dialogue) -> None:
    talk.province.answers["feedback/MyReport"] = {"myReport": report(position=None)}

    await talk.hear("track_report", found("report_code", CODE))

    assert talk.said[0].points == []


@pytest.mark.parametrize("text", ["LC-J9H-J7B", "mã LC-1234-5678", "编号LC-XXX-XXX", "lc j9h j7b"])
async def test_a_code_that_cannot_be_right_shows_no_other_report(talk: Dialogue, text: str) -> None:
    await talk.hear("track_report", text=text)

    assert talk.phrases == ["utter_report_code_wrong"]
    assert talk.words.splitlines()[2:] == [
        "You find it in the message that said that your report is in, and in the app under your reports.",
        "Your latest reports:",
        "• LC-7K3-943 · Street light out · Fixed",
    ]


async def test_a_wrong_code_is_told_without_a_sign_in_too(talk: Dialogue) -> None:
    talk.is_signed_in = False

    await talk.hear("out_of_scope", text="LC-J9H-J7B")

    assert talk.words == "\n".join(
        [
            "This code cannot be right: LC-J9H-J7B.",
            "A code is LC and six signs, such as LC-7K3-943. Of the letters B, I, L, O, Q, S, U, V, Z and the digits"
            " 0, 1, 5, 8 there are none among the six.",
            "You find it in the message that said that your report is in, and in the app under your reports.",
        ]
    )
    assert talk.province.asked == []


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("out_of_scope", "J9HJ7A"),
        ("nlu_fallback", "j9hj7a ạ"),
        ("track_report", "what became of the report J9HJ7A that I sent last week"),
    ],
)
async def test_a_code_without_its_lc_is_read(talk: Dialogue, intent: str, text: str) -> None:
    await talk.hear(intent, text=text)

    assert asked(talk, "feedback/MyReport") == [{"code": "LC-J9H-J7A"}]


async def test_six_signs_in_another_question_are_no_code(talk: Dialogue) -> None:
    await talk.hear("out_of_scope", text="when does my bus with the booking J9HJ7A leave?")

    assert talk.phrases == ["utter_out_of_scope"]


async def test_which_report_is_mended_may_be_told_without_lc(talk: Dialogue) -> None:
    two = [FIXED, report(OTHER, "FIXED")]
    talk.province.answers["feedback/MyReports"] = page("myReports", two)
    await talk.hear("confirm_repair", text="it is fixed")
    await talk.hear("inform", text="LC-W7C-DMX")
    objection = talk.phrases

    await talk.hear("out_of_scope", text="w7cdmw")

    assert objection == ["utter_report_code_wrong", "utter_repair_which"]
    assert {"code": OTHER} in asked(talk, "feedback/MyReport")


async def test_a_wrong_code_confirms_no_other_report(talk: Dialogue) -> None:
    await talk.hear("confirm_repair", text="LC-W7C-DMX is fixed")

    assert talk.phrases == ["utter_report_code_wrong"]
    assert talk.state.form is None


async def test_a_sign_in_that_ended_meanwhile_and_an_api_that_is_away(talk: Dialogue) -> None:
    talk.province.answers["feedback/MyReports"] = [NOT_SIGNED_IN, ProvinceUnreachable()]
    await talk.hear("track_report")
    signed_out = talk.phrases

    await talk.hear("track_report")

    assert signed_out == ["utter_sign_in"]
    assert talk.phrases == ["utter_unreachable"]


async def test_a_repair_is_confirmed_with_one_yes(talk: Dialogue) -> None:
    await talk.hear("confirm_repair", text="it has been fixed")
    read_back = talk.words
    key = talk.state.form.key if talk.state.form else ""

    await talk.hear("affirm")

    assert read_back == (
        "I confirm that report LC-7K3-943 has been mended, which ends it. Is that right?"
    )
    (sent,) = talk.province.inputs("feedback/ConfirmFix")
    assert sent == {"code": CODE, "idempotencyKey": f"chat-repair-{key}"}
    assert talk.words.splitlines()[:3] == [
        "Thank you, it is confirmed.",
        "Report LC-7K3-943, Street light out:",
        "State: Confirmed, since 11/27/26, 9:00\u202fAM",
    ]


async def test_what_is_not_mended_is_reopened_with_words(talk: Dialogue) -> None:
    await talk.hear("confirm_repair", text="đèn vẫn chưa sửa")
    asked_for = talk.phrases
    await talk.hear("confirm_repair", text="The lamp flickers and goes out")
    kept, read_back = talk.state.to_json(), talk.words

    await talk.hear("affirm")

    (sent,) = talk.province.inputs("feedback/ReopenReport")
    assert asked_for == ["utter_repair_what_is_wrong"]
    assert "flickers" not in kept
    assert read_back.endswith("Your words: “The lamp flickers and goes out”")
    assert (sent["words"], sent["language"]) == ("The lamp flickers and goes out", "en")
    assert talk.phrases == ["utter_repair_reopened", "utter_report_told"]


async def test_what_is_not_plain_is_asked(talk: Dialogue) -> None:
    await talk.hear("confirm_repair", text="about my lamp")
    choices = talk.choices

    await talk.hear("deny")

    assert choices == ["It is mended", "It is not mended"]
    assert talk.phrases == ["utter_repair_what_is_wrong"]


async def test_a_correction_of_the_verdict_in_the_read_back(talk: Dialogue) -> None:
    await talk.hear("confirm_repair", text="fixed")

    await talk.tap(2)

    assert talk.phrases == ["utter_repair_what_is_wrong"]
    assert talk.province.inputs("feedback/ConfirmFix") == []


async def test_words_alone_of_the_agency_cannot_be_confirmed(talk: Dialogue) -> None:
    answered = report(state="ANSWERED")
    talk.province.answers["feedback/MyReports"] = page("myReports", [answered])
    talk.province.answers["feedback/MyReport"] = {"myReport": answered}

    await talk.hear("confirm_repair", text="it is fixed")
    asked_for, choices = talk.phrases, talk.choices
    await talk.hear("affirm")

    assert asked_for == ["utter_repair_only_answered"]
    assert choices == ["It is not mended"]
    assert talk.province.inputs("feedback/ConfirmFix") == []


async def test_of_several_reports_one_is_chosen(talk: Dialogue) -> None:
    two = [FIXED, report(OTHER, "FIXED")]
    talk.province.answers["feedback/MyReports"] = page("myReports", two)
    await talk.hear("confirm_repair", text="it is fixed")
    choices = talk.choices

    await talk.tap(2)
    await talk.tap(1)

    assert choices == ["LC-7K3-943 · Street light out", "LC-W7C-DMW · Street light out"]
    assert talk.words.startswith("I confirm that report LC-W7C-DMW has been mended")


async def test_anothers_report_is_not_confirmed(talk: Dialogue) -> None:
    talk.province.answers["feedback/MyReport"] = {"myReport": None}

    await talk.hear("confirm_repair", found("report_code", OTHER), text="LC-W7C-DMW fixed")

    assert talk.words == (
        "Among your reports there is no LC-W7C-DMW. Only whoever reported or joined it can do this;"
        " please check the code."
    )
    assert talk.state.form is None


async def test_a_report_that_waits_for_nobodys_word_is_told_with_its_state(talk: Dialogue) -> None:
    talk.province.answers["feedback/MyReport"] = {"myReport": report()}

    await talk.hear("confirm_repair", found("report_code", CODE))

    assert talk.words == (
        "Report LC-7K3-943 can be neither confirmed nor reopened now. Its state: Received."
    )


async def test_with_nothing_to_confirm_the_newest_report_is_told(talk: Dialogue) -> None:
    talk.province.answers["feedback/MyReports"] = page("myReports", [report()])

    await talk.hear("confirm_repair", text="it is fixed")

    assert talk.phrases == ["utter_repair_none", "utter_report_told"]


async def test_a_confirmation_that_comes_too_late_says_so(talk: Dialogue) -> None:
    late = refusal("confirmFix", "TOO_LATE", "This can be done within 14 days only.")
    talk.province.answers["feedback/ConfirmFix"] = late
    await talk.hear("confirm_repair", text="it is fixed")

    await talk.hear("affirm")

    assert talk.words == "That did not work:\nThis can be done within 14 days only."


async def test_who_is_not_signed_in_confirms_nothing(talk: Dialogue) -> None:
    talk.is_signed_in = False

    await talk.hear("confirm_repair")

    assert talk.phrases == ["utter_sign_in"]
    assert talk.province.asked == []


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("it's fixed, thanks", True),
        ("it isn't fixed", False),
        ("still broken", False),
        ("đã sửa rồi", True),
        ("van chua sua", False),
        ("修好了", True),
        ("还没修好", False),
        ("c’est réparé", True),
        ("ce n’est toujours pas réparé", False),
        ("수리됐어요", True),
        ("아직 안 고쳐졌어요", False),
        ("直りました", True),
        ("まだ直っていません", False),
        ("ở bản Tả Van", None),
    ],
)
def test_mended_or_not_in_six_languages(text: str, mended: bool | None) -> None:
    assert is_mended(text) is mended


async def test_a_rating_is_read_back_and_given(talk: Dialogue) -> None:
    await talk.hear("rate_service", text="I want to rate")
    question, grades = talk.words, talk.choices
    await talk.tap(2)
    read_back = talk.words
    key = talk.state.form.key if talk.state.form else ""

    await talk.hear("affirm")

    assert question == "How satisfied were you? It is about: Sa Pa Ward"
    assert grades[0] == "Very satisfied"
    assert read_back == ("I give this rating: Satisfied. It is about: Sa Pa Ward. Is that right?")
    assert talk.province.inputs("feedback/Rate") == [
        {
            "ratingId": "r1",
            "grade": "SATISFIED",
            "language": "en",
            "idempotencyKey": f"chat-rating-{key}",
        }
    ]
    assert talk.phrases == ["utter_rated"]


@pytest.mark.parametrize(
    "text", ["5 stars", "cho 5 sao", "打5星", "별 5개", "5 étoiles", "星5です"]
)
async def test_stars_are_a_grade_that_is_read_back(talk: Dialogue, text: str) -> None:
    await talk.hear("rate_service", text=text)

    assert talk.words.startswith("I give this rating: Very satisfied.")


async def test_a_rating_can_have_words_which_lie_in_no_slot(talk: Dialogue) -> None:
    await talk.hear("rate_service", text="4 stars")
    await talk.tap(2)
    await talk.hear("thanks", text="The clerk was kind", confidence=0.3)
    kept, read_back = talk.state.to_json(), talk.words

    await talk.hear("affirm")

    assert "clerk" not in kept
    assert read_back.endswith("With your words, for the office alone: “The clerk was kind”")
    assert talk.province.inputs("feedback/Rate")[0]["words"] == "The clerk was kind"


async def test_of_several_the_named_hospital_is_rated(talk: Dialogue) -> None:
    office = {"kind": "FACILITY", "id": "san-nhi", "name": {"text": "Sản Nhi", "language": "vi"}}
    two = [rating(), rating("r2", "VISIT", office=office)]
    talk.province.answers["feedback/MyRatings"] = page("myRatings", two)

    await talk.hear("rate_service", found("facility", "san-nhi"), text="1 sao bv sản nhi")

    assert talk.words.startswith("I give this rating: Dissatisfied. It is about: Sản Nhi.")


async def test_of_several_one_is_chosen_by_office_and_day(talk: Dialogue) -> None:
    two = [rating(), rating("r2", "VISIT", office={"kind": "FACILITY", "id": "x", "name": None})]
    talk.province.answers["feedback/MyRatings"] = page("myRatings", two)

    await talk.hear("rate_service", text="rate")

    assert talk.choices == [
        "Sa Pa Ward: report LC-7K3-943",
        "the office: visit, ended Friday, November 27, 2026",
    ]


async def test_what_is_rated_or_over_is_not_offered_again(talk: Dialogue) -> None:
    given = rating(grade={"code": "NEUTRAL", "name": "Neither"})
    over = rating("r2", openUntil="2026-11-01T00:00:00Z")
    talk.province.answers["feedback/MyRatings"] = page("myRatings", [given, over])

    await talk.hear("rate_service", text="5 stars")

    assert talk.phrases == ["utter_rate_none"]
    assert talk.state.form is None


async def test_a_place_is_reviewed_on_its_page(talk: Dialogue) -> None:
    await talk.hear("rate_service", found("place", "P013"), text="5 stars for Love Waterfall")

    assert talk.phrases == ["utter_rate_place"]


async def test_ones_own_office_is_refused_in_the_apis_words(talk: Dialogue) -> None:
    own = refusal("rate", "OWN_OFFICE", "You work for this office, so you cannot rate it.")
    talk.province.answers["feedback/Rate"] = own
    await talk.hear("rate_service", text="5 stars")

    await talk.hear("affirm")

    assert talk.words == "That did not work:\nYou work for this office, so you cannot rate it."


async def test_things_lost_are_for_the_police_and_the_help_centre(talk: Dialogue) -> None:
    centre = help_centre("Sa Pa help centre", "+84 214 3871 975")
    talk.province.answers["bot/HelpCentres"] = page("places", [centre])
    talk.position = SA_PA

    await talk.hear("lost_found")

    assert talk.words.splitlines()[0] == "For things lost, stolen or found:"
    assert talk.words.splitlines()[-1] == (
        "Tourist help centre: Sa Pa help centre, telephone +84 214 3871 975"
    )
    urls = [one["url"] for one in talk.said[0].links]
    assert urls == ["tel:113", "tel:+842143871975", "geo:22.335,103.842"]
    assert asked(talk, "bot/HelpCentres") == [{"first": 3, "near": SA_PA}]


async def test_a_person_is_not_promised_where_none_can_be_called(talk: Dialogue) -> None:
    await talk.hear("human")

    assert talk.words == "\n".join(
        [
            "I cannot put a person through to this chat right now. People are to be found here:",
            "1022 is the line of some provinces for their citizens; nobody has confirmed one for Lào Cai to me,"
            " so it may not answer.",
            "In danger call 112 at once.",
            "I have no address or number of a tourist help centre yet.",
        ]
    )
    assert talk.said[0].steps == [Step.CALL_HELP_CENTRE]


async def test_whom_to_call_is_said_while_the_api_is_away(talk: Dialogue) -> None:
    talk.province.answers["bot/HelpCentres"] = ProvinceUnreachable()

    await talk.hear("lost_found")

    assert talk.phrases == ["utter_lost_found"]
    assert talk.said[0].links[0]["url"] == "tel:113"
