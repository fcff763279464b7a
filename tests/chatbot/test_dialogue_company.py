"""After somebody has said that they want to die: the talk stays with them, and nothing else begins by chance."""

import pytest
from dialogue.first_words import Cry, first_said
from dialogue.tasks.reports.human import Human

from tests.chatbot.dialogues import SA_PA, Dialogue, found
from tests.chatbot.tasks_of_tests import MONDAY, TASKS, booked_but_for_yes

STAYED = ["utter_with_you", "utter_person_to_talk_to"]


@pytest.fixture
async def talk() -> Dialogue:
    """Somebody who has just said it, and whose phone tells where it is."""
    talk = Dialogue((*TASKS, Human()), position=SA_PA)
    talk.province.answers["safety/RaiseSos"] = {"raiseSos": {"sos": {"code": "ABC"}}}
    await talk.hear("emergency", found("emergency", "suicide_certain"))
    return talk


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("book_appointment", "i feel so empty"),
        ("weather_warning", "the sky is grey over everything"),
        ("card_balance", "there is nothing left"),
        ("report_problem", "everything is broken"),
        ("inform", "since march"),
        ("abuse", "you are only a machine"),
        ("out_of_scope", "my dog died"),
        ("affirm", "yes i am alone at home"),
        ("deny", "no one would miss me"),
    ],
)
async def test_what_is_told_next_stays_with_the_person(
    talk: Dialogue, intent: str, text: str
) -> None:
    await talk.hear(intent, text=text, confidence=0.79 if intent == "book_appointment" else 1.0)

    if intent != "abuse":
        assert talk.phrases == STAYED
    assert talk.province.asked == []
    assert talk.state.form is None


async def test_a_person_is_called_by_a_tap(talk: Dialogue) -> None:
    await talk.hear("inform", text="i feel so empty")

    await talk.tap(1)

    assert talk.phrases == ["utter_human"]


async def test_a_yes_to_a_person_calls_one_and_sends_no_sos(talk: Dialogue) -> None:
    await talk.hear("inform", text="i feel so empty")

    await talk.hear("affirm", text="yes")

    assert talk.phrases == ["utter_human"]
    assert talk.province.inputs("safety/RaiseSos") == []


async def test_what_is_told_after_that_is_not_answered_with_the_same_words(talk: Dialogue) -> None:
    await talk.hear("inform", text="i feel so empty")

    await talk.hear("inform", text="since march")

    assert talk.phrases == ["utter_with_you_still", "utter_person_to_talk_to"]


async def test_what_rasa_takes_for_a_vague_cry_is_answered_by_it_in_the_same_way(
    talk: Dialogue,
) -> None:
    cry = Cry("nobody cares about me", [])
    first = first_said(talk.state, cry)

    await talk.hear("emergency", text=cry.text, second="human")
    again = first_said(talk.state, cry)

    assert (first.phrase, talk.phrases) == ("utter_with_you", ["utter_person_to_talk_to"])
    assert again.phrase == "utter_with_you_still"
    assert [link["url"] for link in again.links[:2]] == ["tel:115", "tel:111"]


@pytest.mark.parametrize(
    "cry",
    [
        Cry("i am so tired of it", ["suicide"]),
        Cry("nobody cares", ["police"]),
        Cry("it hurts", []),
    ],
)
async def test_who_goes_on_telling_is_not_told_the_same_again(talk: Dialogue, cry: Cry) -> None:
    assert first_said(talk.state, cry).phrase == "utter_with_you"


@pytest.mark.parametrize(
    ("told", "phrase"),
    [
        ("suicide_certain", "utter_emergency_suicide"),
        ("medical_certain", "utter_emergency_115"),
        ("fire_certain", "utter_emergency_114"),
    ],
)
async def test_certain_words_are_a_new_cry(talk: Dialogue, told: str, phrase: str) -> None:
    assert first_said(talk.state, Cry("…", [told])).phrase == phrase


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("thanks", "thank you"),
        ("deny", "no"),
        ("stop", "stop"),
        ("affirm", "ok"),
        ("affirm", "ừ"),
        ("affirm", "好的"),
        ("affirm", "d'accord"),
        ("affirm", "알겠어요"),
        ("affirm", "わかりました"),
    ],
)
async def test_a_short_answer_sends_no_sos_and_is_not_the_end(
    talk: Dialogue, intent: str, text: str
) -> None:
    await talk.hear(intent, text=text)
    short = talk.phrases
    await talk.hear("card_balance", text="there is nothing left")

    assert short == ["utter_not_alone"]
    assert talk.phrases == STAYED
    assert talk.province.inputs("safety/RaiseSos") == []


async def test_a_yes_to_the_sos_sends_it_and_the_talk_stays_with_the_person(
    talk: Dialogue,
) -> None:
    await talk.hear("affirm", text="yes")
    sent = talk.phrases

    await talk.hear("inform", text="i am scared")

    assert sent == ["utter_sos_sent"]
    assert talk.phrases == STAYED


async def test_an_sos_that_is_sent_is_not_offered_again(talk: Dialogue) -> None:
    await talk.hear("affirm", text="yes")

    await talk.hear("emergency", found("emergency", "suicide_certain"))

    assert talk.phrases == []


async def test_a_doctor_is_booked_for_who_clearly_asks_for_one(talk: Dialogue) -> None:
    await talk.hear("book_appointment", MONDAY, text="book a doctor for monday", confidence=0.9)

    assert talk.phrases == ["utter_which_place"]
    assert talk.state.emergency is None


@pytest.mark.parametrize("intent", ["weather_warning", "report_problem"])
async def test_what_names_nothing_or_tells_how_it_is_begins_nothing_later_either(
    talk: Dialogue, intent: str
) -> None:
    await talk.hear("inform", text="i feel so empty")
    named = [MONDAY] if intent == "report_problem" else []

    await talk.hear(intent, *named, text="everything is grey", confidence=1.0)

    assert talk.phrases == ["utter_with_you_still", "utter_person_to_talk_to"]


async def test_who_found_no_person_to_talk_to_is_not_asked_what_can_be_done(
    talk: Dialogue,
) -> None:
    await talk.hear("human", text="talk to a person")
    nobody = talk.phrases

    await talk.hear("deny", text="no")

    assert (nobody, talk.phrases) == (["utter_human"], ["utter_not_alone"])


async def test_who_has_talked_to_a_person_is_not_told_all_numbers_at_a_vague_cry(
    talk: Dialogue,
) -> None:
    await talk.hear("human", text="talk to a person")

    rasa = first_said(talk.state, Cry("nobody cares", []))
    await talk.hear("emergency", text="nobody cares")

    assert rasa.phrase == "utter_with_you"
    assert talk.phrases == ["utter_person_to_talk_to"]


async def test_another_task_begins_when_it_is_asked_for_again(talk: Dialogue) -> None:
    talk.province.answers["weather"] = {"weather": []}
    place = found("commune", "03006")
    await talk.hear("weather_warning", place, text="what is the weather there", confidence=1.0)
    first = talk.phrases

    await talk.hear("weather_warning", place, text="what is the weather there", confidence=1.0)

    assert (first, talk.phrases) == (STAYED, ["utter_near_you"])


async def test_a_form_that_waits_is_offered_only_after_something_else_was_asked_for() -> None:
    talk = Dialogue(TASKS)
    talk.province.answers["weather"] = {"weather": []}
    await booked_but_for_yes(talk)
    await talk.hear("emergency", found("emergency", "suicide_certain"))
    await talk.hear("deny", text="no")
    short = talk.phrases
    await talk.hear("inform", text="i feel so empty")

    await talk.hear("weather_warning", found("commune", "03006"), confidence=1.0)

    assert short == ["utter_not_alone"]
    assert talk.phrases == ["utter_near_you", "utter_resume"]


async def test_who_asks_whether_it_is_a_person_is_told_the_truth_after_the_numbers(
    talk: Dialogue,
) -> None:
    await talk.hear("who_are_you", text="are you real")

    assert talk.phrases == ["utter_emergency_suicide", "utter_who_are_you", "utter_offer_sos"]


async def test_the_button_of_the_sos_works_however_much_was_told_since(talk: Dialogue) -> None:
    await talk.hear("inform", text="i feel so empty")

    await talk.hear("emergency", text="Send SOS with my position")

    assert talk.phrases == ["utter_sos_sent"]


async def test_who_may_want_the_sos_sent_is_asked_whether_to(talk: Dialogue) -> None:
    await talk.hear("affirm", text="yes please send someone")

    assert talk.phrases == ["utter_offer_sos"]
    assert talk.province.inputs("safety/RaiseSos") == []


async def test_who_says_to_send_it_means_the_sos_where_a_person_was_offered_too(
    talk: Dialogue,
) -> None:
    await talk.hear("inform", text="she is on the bridge")

    await talk.hear("affirm", text="ok, send it")

    assert talk.phrases == ["utter_sos_sent"]
