"""Which department, doctors, and one's own appointments and queue."""

from dataclasses import dataclass

import pytest
from dialogue.province import Answer
from dialogue.saying import Shown, Step
from dialogue.tasks.health import HEALTH
from dialogue.tasks.health.complaint_words import WORDS, complaint_in
from dialogue.tasks.places import PLACES

from tests.chatbot import health_answers as told
from tests.chatbot.dialogues import NOT_SIGNED_IN, SA_PA, Dialogue, found
from tests.chatbot.health_answers import LAO_CAI_HOSPITAL, SA_PA_HOSPITAL
from tests.chatbot.sent_documents import CheckedProvince, wrong_with

DENTIST = found("specialty", "dentistry")


@pytest.fixture
def talk() -> Dialogue:
    return Dialogue(HEALTH, CheckedProvince())


@dataclass
class Questionnaire(CheckedProvince):
    """Gives the step that follows so many answers."""

    steps: tuple[Answer, ...] = ()

    async def ask(self, operation: str, variables: Answer, *, language: str) -> Answer:
        if operation == "health/SuggestSpecialties":
            self.answers[operation] = self.steps[len(variables["input"]["answers"])]
        return await super().ask(operation, variables, language=language)


def triage(talk: Dialogue, *steps: Answer) -> None:
    talk.province = Questionnaire(steps=steps)
    talk.province.answers["health/TriageQuestionnaire"] = told.QUESTIONNAIRE


URGENT = told.question("unresponsive", is_urgent=True)
PLAIN = told.question("tooth_urgent", is_urgent=False)


async def test_words_of_a_trouble_lead_to_the_age_of_the_patient(talk: Dialogue) -> None:
    triage(talk)

    await talk.hear("which_specialty", text="my tooth hurts, which doctor")

    assert talk.words == "How old is the patient?"
    assert "hurts" not in talk.state.to_json()


async def test_urgent_signs_are_told_together_and_first(talk: Dialogue) -> None:
    other = told.question("hardly_breathing", is_urgent=True)
    triage(talk, URGENT, other, PLAIN)
    await talk.hear("which_specialty", found("person", "child"), text="my child's tooth hurts")

    await talk.tap(3)

    assert talk.words == (
        "First the urgent signs. Is any of this the case?\n• unresponsive?\n• hardly_breathing?"
    )
    assert talk.said[0].links[0]["url"] == "tel:115"


async def test_an_urgent_sign_ends_the_questions_with_115(talk: Dialogue) -> None:
    triage(talk, URGENT, PLAIN)
    await talk.hear("which_specialty", found("person", "child"), text="my child's tooth hurts")
    await talk.tap(3)

    await talk.hear("affirm")

    assert talk.words.startswith("Call 115 now")
    assert talk.said[0].links[0]["url"] == "tel:115"
    assert talk.state.form is None


async def test_the_end_names_departments_and_that_it_is_no_diagnosis(talk: Dialogue) -> None:
    triage(talk, URGENT, PLAIN, told.suggestion())
    await talk.hear("which_specialty", found("person", "child"), text="my child's tooth hurts")
    await talk.tap(3)
    await talk.tap(2)
    question = talk.words

    await talk.tap(1)

    assert question == "tooth_urgent?"
    assert talk.words == (
        "With this, these departments are the place to go:\nSee a doctor today.\n"
        "• Dentistry: Teeth, gums and jaw.\nA dentist can look.\nIf it gets worse, call 115.\n"
        "This is no diagnosis."
    )
    assert talk.province.inputs("health/SuggestSpecialties")[-1] == {
        "version": "2026-11-28",
        "isForMyself": False,
        "ageGroup": "CHILD",
        "isPregnant": False,
        "complaint": "tooth",
        "answers": [
            {"question": "unresponsive", "isYes": False},
            {"question": "tooth_urgent", "isYes": True},
        ],
    }
    assert talk.state.shown == (Shown("specialty", "dentistry"),)


async def test_a_trouble_that_is_not_known_is_asked_for_with_choices(talk: Dialogue) -> None:
    triage(talk)
    await talk.hear("which_specialty", text="what kind of doctor do I need")
    choices = talk.choices

    await talk.hear("inform", text="hmm")

    assert choices == ["Fever", "Teeth"]
    assert talk.phrases == ["utter_complaint_unknown", "utter_what_is_it"]


async def test_a_department_is_not_guessed_when_the_questions_cannot_be_reached(
    talk: Dialogue,
) -> None:
    await talk.hear("which_specialty", text="my tooth hurts")

    assert talk.phrases == ["utter_triage_unreachable"]
    assert talk.said[0].links[0]["url"] == "tel:115"


async def test_a_refused_questionnaire_is_told_and_ends(talk: Dialogue) -> None:
    changed = told.refused("suggestSpecialties", "QUESTIONNAIRE_CHANGED", "Begin again.")
    triage(talk, changed)
    await talk.hear("which_specialty", found("person", "child"), text="my child's tooth hurts")

    await talk.tap(3)

    assert talk.words.endswith("Begin again.")
    assert talk.state.form is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("tôi bị đau răng", "tooth"),
        ("dau bung may hom nay", "belly_pain"),
        ("我牙疼", "tooth"),
        ("j'ai mal au ventre", "belly_pain"),
        ("허리가 아파요", "joints_back"),
        ("目がかゆい", "eye"),
        ("I can't sleep", "mental_distress"),
        ("what kind of doctor do I need", None),
        ("đau đầu gối thì khám khoa nào", "joints_back"),
        ("dau cai dau goi", "joints_back"),
        ("bị đau mắt cá chân", "joints_back"),
        ("tiêm ngừa cho bé", "vaccination"),
        ("đau bụng kinh", "womens_health"),
        ("bị đột quỵ hồi sáng", "weakness"),
        ("bị căng thẳng", "mental_distress"),
        ("đặt hẹn khám", None),
        ("it burns when I pee", "urine"),
        ("my eyes hurt", "eye"),
        ("what is the phone number", None),
        ("my arm is numb", "weakness"),
        ("眼睛痒", "eye"),
        ("避孕", "womens_health"),
        ("j'ai mal à l’oreille", "ear_nose_throat"),
        ("brûlures d'estomac", "belly_pain"),
        ("depuis une longue période", None),
        ("손목이 아파요", "joints_back"),
        ("아이가 아파요", None),
        ("머리가 빠져요", "skin"),
        ("目が回る", "headache"),
        ("右だけが痛い", None),
    ],
)
def test_troubles_are_known_in_six_languages(text: str, complaint: str | None) -> None:
    assert complaint_in(text) == complaint


@pytest.mark.parametrize(
    ("complaint", "word"),
    [
        (complaint, word.strip(" ."))
        for complaint, words in WORDS.items()
        for word in words.split(",")
    ],
)
def test_no_word_of_a_complaint_is_taken_for_another(complaint: str, word: str) -> None:
    assert complaint_in(word) == complaint


@pytest.mark.parametrize("count", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("language", "between"),
    [("vi", ", "), ("en", ", "), ("zh-Hans", "、"), ("fr", ", "), ("ko", ", "), ("ja", "、")],
)
async def test_a_hospital_is_told_with_what_it_treats(
    talk: Dialogue, language: str, between: str, count: int
) -> None:
    facility, names = told.facility(), ["A", "B", "C", "D"][:count]
    facility["facility"]["specialties"] = [{"code": name, "name": name} for name in names]
    talk.province.answers["health/Facility"] = facility
    talk.province.answers["health/FindSlots"] = told.slots()
    talk.language = language

    await talk.hear("find_doctor", found("facility", SA_PA_HOSPITAL))

    assert between.join(names) in talk.words


async def test_hospitals_near_the_phone_come_with_their_distance(talk: Dialogue) -> None:
    talk.position = SA_PA
    talk.province.answers["health/Facilities"] = told.facilities(SA_PA_HOSPITAL, distance=1234)

    await talk.hear("find_doctor")

    assert talk.words == (
        "Hospitals and clinics nearest to you, as the crow flies:\n"
        "• Sa Pa Regional General Hospital: 1.2 km"
    )
    assert talk.province.asked == [("health/Facilities", {"first": 5, "near": SA_PA})]


async def test_without_a_position_it_is_asked_for(talk: Dialogue) -> None:
    talk.province.answers["health/Facilities"] = told.facilities(SA_PA_HOSPITAL)

    await talk.hear("find_doctor")

    assert talk.said[0].steps == [Step.SHARE_POSITION]
    assert "• Sa Pa Regional General Hospital (Thị trấn Sa Pa)" in talk.words


async def test_a_specialty_says_where_it_is_and_when_it_is_free(talk: Dialogue) -> None:
    talk.province.answers["health/Facilities"] = told.facilities(SA_PA_HOSPITAL)
    talk.province.answers["health/FindSlots"] = told.slots(told.slot("x", "2026-12-01T08:30"))

    await talk.hear("find_doctor", DENTIST)

    assert "not yet confirmed by them" in talk.words
    assert talk.words.endswith(
        "• Tuesday, December 1, 2026, 8:30\u202fAM: Dental check, Sa Pa Regional General Hospital"
    )


async def test_the_commune_that_is_named_comes_before_the_phone(talk: Dialogue) -> None:
    talk.position = SA_PA
    commune = {
        "code": "02671",
        "name": {"text": "Lào Cai"},
        "position": {"latitude": 22.48, "longitude": 103.97},
    }
    talk.province.answers["tourism/Communes"] = told.connection("communes", [commune])
    talk.province.answers["health/Facilities"] = told.facilities(LAO_CAI_HOSPITAL, distance=800)

    await talk.hear("find_doctor", found("commune", "02671"))

    assert talk.phrases == ["utter_facilities_there"]
    assert talk.province.asked[-1][1]["near"] == {"latitude": 22.48, "longitude": 103.97}


async def test_a_hospital_is_told_with_what_is_not_known_of_it(talk: Dialogue) -> None:
    talk.province.answers["health/Facility"] = told.facility()
    talk.province.answers["health/FindSlots"] = told.slots()

    await talk.hear("find_doctor", found("facility", SA_PA_HOSPITAL))

    assert talk.words == (
        "Sa Pa Regional General Hospital:\nKind: regional hospital or medical centre\n"
        "Address as before July 2025: Thị trấn Sa Pa\n"
        "Specialties usual for a hospital of this kind, not yet confirmed by it: Dentistry\n"
        "The point on the map may be 300 m to 3 km off.\n"
        "No free time can be booked through me at present.\n"
        "I do not know its opening hours; ask there before a long way. In an emergency call 115."
    )
    assert [one["url"] for one in talk.said[0].links] == ["geo:22.34,103.84", "tel:115"]
    assert talk.said[0].points[0]["latitude"] == 22.34


async def test_the_second_is_the_second_hospital_of_the_list(talk: Dialogue) -> None:
    talk.province.answers["health/Facilities"] = told.facilities(SA_PA_HOSPITAL, LAO_CAI_HOSPITAL)
    talk.province.answers["health/Facility"] = told.facility(LAO_CAI_HOSPITAL)
    talk.province.answers["health/FindSlots"] = told.slots()
    await talk.hear("find_doctor")

    await talk.hear("find_doctor", found("ordinal", "2"))

    assert talk.words.startswith("Lao Cai Provincial General Hospital:")


@pytest.mark.parametrize("taken_for", ["place_info", "out_of_scope"])
async def test_the_first_of_a_list_of_hospitals_is_a_hospital_whatever_it_is_taken_for(
    talk: Dialogue, taken_for: str
) -> None:
    talk.tasks = [*talk.tasks, *PLACES]
    talk.province.answers["health/Facilities"] = told.facilities(SA_PA_HOSPITAL, LAO_CAI_HOSPITAL)
    talk.province.answers["health/Facility"] = told.facility(SA_PA_HOSPITAL)
    talk.province.answers["health/FindSlots"] = told.slots()
    await talk.hear("find_doctor")

    await talk.hear(taken_for, found("ordinal", "1"), text="tell me about the first hospital")

    assert talk.words.startswith("Sa Pa")
    assert talk.phrases == ["utter_facility"]


async def test_no_hospital_for_a_specialty_names_a_way_on(talk: Dialogue) -> None:
    talk.province.answers["health/Facilities"] = told.facilities()

    await talk.hear("find_doctor", DENTIST)

    assert talk.phrases == ["utter_no_facility"]


async def test_a_hospital_that_is_not_on_the_list_is_answered_with_those_that_are(
    talk: Dialogue,
) -> None:
    talk.province.answers["health/Facility"] = {"facility": None}
    talk.province.answers["health/Facilities"] = told.facilities(SA_PA_HOSPITAL)

    await talk.hear("find_doctor", found("facility", "nowhere"))

    assert talk.phrases == ["utter_facility_unknown", "utter_facilities"]


async def test_appointments_are_listed_the_soonest_first(talk: Dialogue) -> None:
    later = told.appointment("a2", "2026-12-05T14:00", patientName="Mai", queueNumber=None)
    gone = told.appointment("a3", status="CANCELLED")
    talk.province.answers["health/MyAppointments"] = told.appointments(
        later, gone, told.appointment()
    )

    await talk.hear("my_appointments")

    assert talk.words == (
        "Your appointments:\n• Wednesday, December 2, 2026, 9:00\u202fAM: Dental check,"
        " Sa Pa Regional General Hospital, for Lan, number 7\n"
        "• Saturday, December 5, 2026, 2:00\u202fPM: Dental check,"
        " Sa Pa Regional General Hospital, for Mai"
    )
    assert talk.state.shown == (Shown("appointment", "a1"), Shown("appointment", "a2"))
    assert "Mai" not in talk.state.to_json()


async def test_a_day_without_an_appointment_is_said_and_the_others_are_told(talk: Dialogue) -> None:
    talk.province.answers["health/MyAppointments"] = told.appointments(told.appointment())

    await talk.hear("my_appointments", found("date", "2026-12-10"))

    assert talk.phrases == ["utter_none_like_that_but"]


async def test_nothing_booked_offers_to_book(talk: Dialogue) -> None:
    talk.province.answers["health/MyAppointments"] = told.appointments()

    await talk.hear("my_appointments")

    assert talk.words == "You have no appointment ahead. Shall we book one?"
    assert talk.choices == ["Book an appointment"]


@pytest.mark.parametrize("intent", ["my_appointments", "queue_status", "cancel_appointment"])
async def test_who_is_not_signed_in_is_walked_there(talk: Dialogue, intent: str) -> None:
    talk.province.answers["health/MyAppointments"] = NOT_SIGNED_IN

    await talk.hear(intent)
    talk.is_signed_in = False
    await talk.hear(intent)

    assert talk.phrases == ["utter_sign_in"]


async def test_the_queue_of_today_is_told_with_its_estimate(talk: Dialogue) -> None:
    today = told.appointment(start="2026-11-30T09:00", status="CHECKED_IN")
    talk.province.answers["health/MyAppointments"] = told.appointments(today)
    talk.province.answers["health/MyQueue"] = told.queue(delayMinutes=20)

    await talk.hear("queue_status")

    assert talk.words == (
        "Dental check, Sa Pa Regional General Hospital, Lan, appointment at 9:00\u202fAM:\n"
        "Number: 7\nPatients before: 3\nCall expected about 9:20\u202fAM; this is an estimate.\n"
        "Delay: 20 minutes"
    )


async def test_who_is_called_is_told_so(talk: Dialogue) -> None:
    today = told.appointment(start="2026-11-30T07:30", status="ARRIVED")
    talk.province.answers["health/MyAppointments"] = told.appointments(today)
    talk.province.answers["health/MyQueue"] = told.queue(
        status="ARRIVED", before=None, expectedAt=None
    )

    await talk.hear("queue_status")

    assert talk.words.startswith("Lan is called now: Dental check")


async def test_no_queue_today_tells_the_next_appointment(talk: Dialogue) -> None:
    talk.province.answers["health/MyAppointments"] = told.appointments(told.appointment())

    await talk.hear("queue_status")

    assert talk.words.startswith("You have no appointment today. The next is on Wednesday")


async def test_a_queue_number_without_an_appointment_is_sent_to_the_desk(talk: Dialogue) -> None:
    talk.province.answers["health/MyAppointments"] = told.appointments()

    await talk.hear("queue_status", text="I am number 45")

    assert talk.phrases == ["utter_no_queue"]


async def test_a_province_that_does_not_answer_is_no_exception(talk: Dialogue) -> None:
    for intent in ("find_doctor", "my_appointments", "queue_status", "book_appointment"):
        await talk.hear(intent)
        assert "utter_unreachable" in talk.phrases
        talk.state = type(talk.state)()


@pytest.mark.parametrize(
    "operation",
    [
        "health/TriageQuestionnaire",
        "health/Specialties",
        "accounts/MyDependants",
    ],
)
def test_operations_without_variables_are_published(operation: str) -> None:
    assert wrong_with(operation, {}) == []


def test_a_wrong_variable_would_be_found() -> None:
    assert wrong_with("health/FindSlots", {"facility": "x"}) == ["$facility is not declared"]
    assert wrong_with("health/FindSlots", {"first": "x"}) != []
