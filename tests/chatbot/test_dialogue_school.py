"""Pupils' cards and attendance by chat."""

from dataclasses import replace

import pytest
from dialogue.tasks.school import SCHOOL
from dialogue.tasks.school.day_spans import spans_of, text_of
from dialogue.turn import Found

from tests.chatbot import card_answers as told
from tests.chatbot.dialogues import Dialogue, found
from tests.chatbot.sent_documents import CheckedProvince

AN, BINH = told.pupil("p1", "An"), told.pupil("p2", "Bình")
EXPLAIN, STOP = "students/ExplainAbsence", "students/StopStudentCard"
TOMORROW = found("date", "2026-12-01")
TOLD = {"explainAbsence": {"__typename": "ExplainAbsenceSuccess", "days": []}}


@pytest.fixture
def talk() -> Dialogue:
    stopped = {"__typename": "StopStudentCardSuccess", **told.pupil_card("LOST")}
    province = CheckedProvince(
        {
            "students/MyPupils": told.pupils(AN),
            "students/Attendance": told.days(
                told.school_day("PRESENT", arrivedAt="2026-11-29T23:55:00Z")
            ),
            "students/School": told.school("TEACHING"),
            "students/StudentCard": told.pupil_card("VALID"),
            "students/MealMoney": told.meal_money(85_000, 30_000),
            "students/BookLoans": told.loans("2026-12-10", "2026-12-04"),
            EXPLAIN: TOLD,
            STOP: {"stopStudentCard": stopped},
        }
    )
    return Dialogue(SCHOOL, province)


async def test_a_child_that_has_arrived(talk: Dialogue) -> None:
    await talk.hear("attendance", text="did my child arrive today?")

    assert talk.words.replace("\u202f", " ").splitlines() == [
        "On Monday, November 30, 2026:",
        "• An (2A): arrived (11/30/26, 6:55 AM)",
        "To tell the school of an absence, write for example: “My child is ill tomorrow”.",
    ]


@pytest.mark.parametrize(
    ("day", "phrase"),
    [
        (told.school_day("ABSENT"), "line_pupil_absent"),
        (told.school_day("EXCUSED"), "line_pupil_excused"),
        (told.school_day("EXPECTED"), "line_pupil_not_seen"),
        (told.school_day("PRESENT"), "line_pupil_present"),
        (told.school_day("LEFT", leftAt="2026-11-30T04:00:00Z"), "line_pupil_left"),
        (
            told.school_day("LATE", isLate=True, arrivedAt="2026-11-30T01:00:00Z"),
            "line_pupil_late",
        ),
    ],
)
async def test_each_state_of_a_day(talk: Dialogue, day: told.Answer, phrase: str) -> None:
    talk.province.answers["students/Attendance"] = told.days(day)
    await talk.hear("attendance", text="is my child absent?")

    assert talk.said[0].lines[0]["phrase"] == phrase


async def test_a_day_without_lessons_worries_nobody(talk: Dialogue) -> None:
    talk.province.answers["students/Attendance"] = told.days()
    talk.province.answers["students/School"] = told.school("HOLIDAY")
    await talk.hear("attendance", text="did she arrive?")

    assert "• An (2A): no lessons by the school's calendar" in talk.words


async def test_another_day_is_asked_for_by_its_date(talk: Dialogue) -> None:
    await talk.hear("attendance", found("date", "2026-11-27"), text="was my child there on friday?")

    assert (
        "students/Attendance",
        {"pupilId": "p1", "starts": "2026-11-27", "ends": "2026-11-27"},
    ) in (talk.province.asked)


async def test_an_absence_is_read_back_and_told_with_one_yes(talk: Dialogue) -> None:
    await talk.hear("attendance", TOMORROW, text="my child is ill tomorrow")
    read_back, form, offered = talk.words, talk.state.form, talk.choices
    await talk.hear("affirm")

    assert offered == ["Yes", "No"]
    assert read_back == (
        "I tell the school that An is absent on Tuesday, December 1, 2026. Reason: The child is ill."
        " Shall I send it?"
    )
    assert form is not None
    (sent,) = talk.province.inputs(EXPLAIN)
    assert sent.pop("note")
    assert sent == {
        "pupilId": "p1",
        "starts": "2026-12-01",
        "ends": "2026-12-01",
        "idempotencyKey": form.key,
    }
    assert talk.words == "The school has been told: An is absent on Tuesday, December 1, 2026."


async def test_an_absence_asks_which_child_which_days_and_why(talk: Dialogue) -> None:
    talk.province.answers["students/MyPupils"] = told.pupils(AN, BINH)
    said = []
    await talk.hear("attendance", text="report an absence")
    for number in (2, 1, 3):
        said.append((talk.phrases[0], talk.choices))
        await talk.tap(number)

    assert said == [
        ("utter_which_pupil", ["An (2A)", "Bình (2A)"]),
        ("utter_absence_days", ["Monday, November 30, 2026", "Tuesday, December 1, 2026"]),
        (
            "utter_absence_reason",
            ["Illness", "Visit to the doctor", "Family matter", "Weather or road"],
        ),
    ]
    assert "that Bình is absent on Monday, November 30, 2026" in talk.words


async def test_a_correction_of_the_days(talk: Dialogue) -> None:
    await talk.hear("attendance", TOMORROW, text="my child is ill tomorrow")

    await talk.hear("inform", found("date", "2026-12-01/2026-12-03"), text="no, until thursday")

    assert "from Tuesday, December 1, 2026 to Thursday, December 3, 2026" in talk.words
    assert talk.province.inputs(EXPLAIN) == []


async def test_days_that_follow_each_other_are_told_as_one_stretch(talk: Dialogue) -> None:
    await talk.hear(
        "attendance",
        TOMORROW,
        found("date", "2026-12-02"),
        text="She is sick, she can't come tomorrow and Wednesday",
    )
    await talk.hear("affirm")

    (sent,) = talk.province.inputs(EXPLAIN)
    assert (sent["starts"], sent["ends"]) == ("2026-12-01", "2026-12-02")


async def test_what_does_not_follow_is_said_to_be_left_out(talk: Dialogue) -> None:
    await talk.hear(
        "attendance",
        found("date", "2026-12-04"),
        TOMORROW,
        text="She is ill, not there on Friday and tomorrow",
    )
    read_back = talk.words
    await talk.hear("affirm")

    left_out = (
        "Not Friday, December 4, 2026: I tell one day, or days that follow each other, at a time."
        " Write to me of it afterwards."
    )
    assert read_back.splitlines()[1:] == [left_out]
    assert talk.words.splitlines() == [
        "The school has been told: An is absent on Tuesday, December 1, 2026.",
        left_out,
    ]


@pytest.mark.parametrize(
    ("values", "spans"),
    [
        (["2026-12-02", "2026-12-01"], ["2026-12-01/2026-12-02"]),
        (["2026-12-05", "2026-12-07"], ["2026-12-05/2026-12-07"]),
        (["2026-12-04", "2026-12-07"], ["2026-12-04", "2026-12-07"]),
        (["2026-12-01/2026-12-03", "2026-12-02"], ["2026-12-01/2026-12-03"]),
        ([], []),
    ],
)
def test_neighbours_are_one_stretch_over_a_sunday_too(values: list[str], spans: list[str]) -> None:
    assert [text_of(span) for span in spans_of(values)] == spans


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("cháu bị sốt, xin nghỉ từ mai đến thứ sáu", "mai", "thứ sáu"),
        ("chau om xin nghi tu mai toi het thu sau", "mai", "thu sau"),
        ("she is ill from tomorrow until Friday", "tomorrow", "Friday"),
        ("她从明天到周五生病请假", "明天", "周五"),
        ("elle est malade de demain à vendredi", "demain", "vendredi"),
        ("elle est malade demain jusqu’à vendredi", "demain", "vendredi"),
        ("내일부터 금요일까지 아파서 못 가요", "내일", "금요일"),
        ("明日から金曜日まで熱で休みます", "明日", "金曜日"),
    ],
)
async def test_from_a_day_until_another_is_one_stretch(
    talk: Dialogue, text: str, first: str, last: str
) -> None:
    at, until = text.rindex(first), text.index(last)
    await talk.hear(
        "attendance",
        Found("date", "2026-12-01", at, at + len(first)),
        Found("date", "2026-12-04", until, until + len(last)),
        text=text,
    )

    assert talk.state.form is not None
    assert talk.state.form.slots["days"] == "2026-12-01/2026-12-04"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("mai cháu đi khám răng", "doctor"),
        ("tomorrow she sees the dentist", "doctor"),
        ("明天要去医院，请假", "doctor"),
        ("demain il va chez le médecin", "doctor"),
        ("내일 병원에 가서 못 가요", "doctor"),
        ("明日は病院に行くので休みます", "doctor"),
        ("mai cháu về quê ăn cưới, xin nghỉ", "family"),
        ("mai duong sat lo chau nghi hoc", "way"),
    ],
)
async def test_a_reason_that_is_said_is_not_asked_for(
    talk: Dialogue, text: str, reason: str
) -> None:
    await talk.hear("attendance", TOMORROW, text=text)

    assert talk.state.form is not None
    assert talk.state.form.slots["reason"] == reason


async def test_days_too_far_off_are_refused_with_the_limits(talk: Dialogue) -> None:
    await talk.hear("attendance", found("date", "2027-06-01"), text="report an absence")

    assert talk.phrases == ["utter_absence_too_far", "utter_absence_days"]
    assert "31 days at most at once, from 30 days ago to 90 days ahead" in talk.words


async def test_a_period_that_the_school_refuses_is_asked_for_again(talk: Dialogue) -> None:
    talk.province.answers[EXPLAIN] = told.refused("explainAbsence", "INVALID_PERIOD", "Too long.")
    await talk.hear("attendance", TOMORROW, text="my child is ill tomorrow")
    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_absence_days"]
    assert "Too long." in talk.words


async def test_any_other_refusal_ends_it(talk: Dialogue) -> None:
    talk.province.answers[EXPLAIN] = told.refused("explainAbsence", "PUPIL_LEFT", "Has left.")
    await talk.hear("attendance", TOMORROW, text="my child is ill tomorrow")
    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused"]
    assert talk.state.form is None


async def test_a_typed_id_of_somebody_elses_child_is_not_taken(talk: Dialogue) -> None:
    talk.province.answers["students/MyPupils"] = told.pupils(AN, BINH)
    await talk.hear("attendance", TOMORROW, text="pupil p99 is ill tomorrow")

    await talk.hear("inform", text="p99")

    assert talk.phrases == ["utter_not_understood_here", "utter_which_pupil"]
    assert not any("p99" in str(variables) for _, variables in talk.province.asked)


async def test_neither_names_nor_words_are_kept(talk: Dialogue) -> None:
    await talk.hear("attendance", TOMORROW, text="An has a fever tomorrow")

    assert talk.state.form is not None
    assert "An" not in talk.state.to_json()
    assert "fever" not in talk.state.to_json()


@pytest.mark.parametrize("intent", ["attendance", "student_card"])
async def test_an_account_without_pupils(talk: Dialogue, intent: str) -> None:
    talk.province.answers["students/MyPupils"] = told.pupils()
    await talk.hear(intent)

    assert talk.phrases == ["utter_no_pupils"]


@pytest.mark.parametrize("intent", ["attendance", "student_card"])
async def test_nobody_signed_in(talk: Dialogue, intent: str) -> None:
    talk.is_signed_in = False
    await talk.hear(intent)

    assert talk.phrases == ["utter_sign_in"]
    assert talk.province.asked == []


async def test_who_has_left_is_not_shown(talk: Dialogue) -> None:
    talk.province.answers["students/MyPupils"] = told.pupils({**AN, "leftOn": "2026-09-01"})
    await talk.hear("student_card")

    assert talk.phrases == ["utter_no_pupils"]


async def test_a_pupils_card_with_meals_and_books(talk: Dialogue) -> None:
    await talk.hear("student_card")

    assert talk.words.splitlines() == [
        "The card of An (2A):",
        "The card is valid until Saturday, July 31, 2027.",
        "For school meals: ₫85,000; spent today: ₫0",
        "May be spent a day: ₫30,000",
        "Books borrowed: 2; the next is due on Friday, December 4, 2026",
        "You top up the money for meals from your wallet in the app. If the card is lost, tell me: I can"
        " stop it.",
    ]


async def test_a_pupil_without_a_card(talk: Dialogue) -> None:
    talk.province.answers["students/StudentCard"] = {"studentCard": None}
    talk.province.answers["students/BookLoans"] = told.loans()
    await talk.hear("student_card", text="it won't scan")

    assert "There is no card yet: the school issues it." in talk.words
    assert "No books are borrowed" in talk.words
    assert talk.phrases[-1] == "utter_pupil_card_unread"


async def test_a_lost_pupils_card_is_stopped_after_one_yes(talk: Dialogue) -> None:
    await talk.hear("student_card", text="con tôi bị mất thẻ học sinh")
    asked, before, offered = talk.phrases, talk.province.inputs(STOP), talk.choices
    await talk.hear("affirm")

    assert (asked, before) == (["utter_stop_pupil_card"], [])
    assert offered == ["Yes", "No"]
    assert talk.province.inputs(STOP) == [{"pupilId": "p1"}]
    assert talk.words.startswith("The card of An is stopped.")


@pytest.mark.parametrize(
    "text",
    [
        "con tôi bị ốm, xin nghỉ học",
        "xin phep cho chau nghi hoc",
        "孩子生病了",
        "mon fils est malade",
        "아이가 아파요",
        "子どもが熱があるので休みます",
    ],
)
async def test_an_absence_is_told_in_each_language(talk: Dialogue, text: str) -> None:
    await talk.hear("attendance", text=text)

    assert talk.phrases == ["utter_absence_days"]


@pytest.mark.parametrize(
    "text",
    [
        "con tôi đã đến trường chưa?",
        "con toi den lop chua",
        "孩子到学校了吗",
        "학교에 도착했나요",
        "is my child absent today",
        "hôm nay có nghỉ không",
    ],
)
async def test_a_question_is_no_absence(talk: Dialogue, text: str) -> None:
    await talk.hear("attendance", text=text)

    assert talk.phrases == ["utter_attendance"]


@pytest.mark.parametrize(
    "text",
    [
        "mai cháu có phải đi học không",
        "mai chau co phai di hoc khong a",
        "ngày mai cháu nghỉ đã báo chưa",
        "tuần này cháu nghỉ mấy buổi",
        "đã xin nghỉ mai cho cháu chưa",
        "cho em hỏi mai cháu có đi học không ạ",
        "does she have school tomorrow",
        "has the school been told that she is off tomorrow",
        "明天要上学吗",
        "明天的假请了吗",
        "她这周请了几天假",
        "est-ce qu'elle a cours demain",
        "combien de jours a-t-elle manqué",
        "내일 학교 가나요",
        "내일 결석 신고 했나요",
        "이번 주에 며칠 결석했어요",
        "明日は学校がありますか",
        "明日の欠席は連絡しましたか",
        "今週は何日休みましたか",
    ],
)
async def test_a_question_about_a_day_to_come_is_no_absence(talk: Dialogue, text: str) -> None:
    talk.province.answers["students/Attendance"] = told.days()

    await talk.hear("attendance", TOMORROW, text=text)

    assert talk.said[0].lines[0]["phrase"] == "line_pupil_lessons"


@pytest.mark.parametrize(
    "text",
    [
        "mai cho cháu nghỉ được không ạ",
        "thứ sáu cháu về quê",
        "can you tell the school she is ill tomorrow?",
        "明天可以请假吗",
        "demain elle est malade, pouvez-vous prévenir l'école ?",
        "내일 결석 신고해 줄 수 있나요?",
        "明日休ませたいのですが、連絡してもらえますか",
    ],
)
async def test_an_absence_asked_for_politely_is_told(talk: Dialogue, text: str) -> None:
    await talk.hear("attendance", TOMORROW, text=text)

    assert talk.state.form is not None
    assert talk.state.form.slots["days"] == "2026-12-01"


@pytest.mark.parametrize(
    ("known", "kind", "phrase"),
    [
        (told.days(), "HOLIDAY", "line_pupil_no_lessons"),
        (told.days(), "NO_CALENDAR", "line_pupil_no_calendar"),
        (
            told.days(told.school_day("EXCUSED", day="2026-12-01")),
            "TEACHING",
            "line_pupil_excused",
        ),
    ],
)
async def test_what_is_known_of_a_day_to_come(
    talk: Dialogue, known: told.Answer, kind: str, phrase: str
) -> None:
    talk.province.answers |= {"students/Attendance": known, "students/School": told.school(kind)}

    await talk.hear("attendance", TOMORROW, text="does she have school tomorrow?")

    assert talk.said[0].lines[0]["phrase"] == phrase


async def test_the_days_of_a_week_are_counted(talk: Dialogue) -> None:
    talk.province.answers["students/Attendance"] = told.days(
        told.school_day("PRESENT"),
        told.school_day("LATE", isLate=True),
        told.school_day("LEFT"),
        told.school_day("EXCUSED"),
        told.school_day("ABSENT"),
    )

    await talk.hear(
        "attendance",
        found("date", "2026-11-30/2026-12-06"),
        text="how many days was she absent this week",
    )

    assert talk.words.splitlines()[:2] == [
        "From Monday, November 30, 2026 to Sunday, December 6, 2026:",
        "• An (2A): days at school: 3, of them late: 1; excused: 1; absent without a known reason: 1",
    ]


async def test_of_a_year_the_days_up_to_today_are_read(talk: Dialogue) -> None:
    await talk.hear(
        "attendance",
        found("date", "2026-01-01/2026-12-31"),
        text="how many days was she absent this year",
    )

    assert talk.province.asked[-1][1] == {
        "pupilId": "p1",
        "starts": "2026-09-30",
        "ends": "2026-11-30",
    }


async def test_the_child_that_is_named_is_told_of_alone(talk: Dialogue) -> None:
    talk.province.answers["students/MyPupils"] = told.pupils(AN, BINH)

    await talk.hear("attendance", text="Was Binh late?")

    assert [one["phrase"] for one in talk.said[0].lines] == [
        "line_pupil_arrived",
        "line_absence_hint",
    ]
    assert talk.said[0].lines[0]["fields"]["name"] == "Bình (2A)"


@pytest.mark.parametrize("text", ["Bình bị ốm", "Binh is ill", "Bình는 아파요", "Bình生病了"])
async def test_the_child_that_is_named_is_told_absent(talk: Dialogue, text: str) -> None:
    talk.province.answers["students/MyPupils"] = told.pupils(AN, BINH)

    await talk.hear("attendance", replace(TOMORROW, start=20, end=26), text=f"{text}, mai")

    assert talk.words.startswith("I tell the school that Bình is absent on Tuesday")


async def test_tomorrow_names_no_child(talk: Dialogue) -> None:
    mai = told.pupil("p3", "Lê Thị Mai")
    talk.province.answers["students/MyPupils"] = told.pupils(AN, mai)
    text = "Mai cháu ốm xin nghỉ"

    await talk.hear("attendance", replace(TOMORROW, start=0, end=3), text=text)

    assert talk.phrases == ["utter_which_pupil"]
