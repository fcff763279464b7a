"""Somebody wants a person: in the chat while a desk is open, else by phone."""

import re
from typing import Any

import pytest
from dialogue.province import ProvinceUnreachable
from dialogue.tasks.reports import REPORTS

from tests.chatbot.dialogues import Dialogue
from tests.chatbot.sent_documents import CheckedProvince

WINDOWS = [
    {"starts": "2026-12-01T00:30:00+00:00", "ends": "2026-12-01T05:00:00+00:00"},
    {"starts": "2026-12-01T05:00:00+00:00", "ends": "2026-12-01T10:00:00+00:00"},
]
WAITING = {"deskName": "Tourist help centre", "state": "WAITING", "place": 2, "waitMinutes": 4}
NUMBER = "0912 345 678"
CONSENT = {"purpose": "CHAT_HANDOFF", "version": 2, "text": "They see my answers.\n\nYour rights."}
CLOSED = {"code": "DESK_CLOSED", "message": "Nobody is at this desk now."}


def desks(*, is_open: bool) -> dict[str, Any]:
    centre = {
        "desk": "TOURIST_HELP_CENTRE",
        "name": "Tourist help centre",
        "isDefault": True,
        "isOpen": is_open,
        "opensAt": "2026-12-01T00:30:00+00:00",
        "callWindows": WINDOWS,
    }
    other = {**centre, "name": "Desk 1022", "isDefault": False}
    return {"chatDesks": {"desks": [other, centre]}}


@pytest.fixture
def talk() -> Dialogue:
    province = CheckedProvince()
    province.answers = {
        "bot/ChatDesks": desks(is_open=True),
        "bot/TalkToPerson": {"talkToPerson": {"handoff": WAITING}},
        "bot/KeepChatWords": {"keepChatWords": {"words": {"id": "w" * 26}}},
        "bot/ChatWords": {"chatWords": {"id": "w" * 26, "text": NUMBER}},
        "bot/RequestCallback": {
            "requestCallback": {
                "callback": {"deskName": "Tourist help centre", "window": WINDOWS[1]}
            }
        },
        "accounts/ConsentPurposes": {"consentPurposes": {"texts": [CONSENT]}},
    }
    return Dialogue(REPORTS, province, is_signed_in=False)


async def test_a_person_is_asked_for_after_a_yes(talk: Dialogue) -> None:
    await talk.hear("human")
    before = talk.province.inputs("bot/TalkToPerson")
    asked = talk.phrases

    await talk.hear("affirm")

    assert (asked, before) == (["utter_human_talk"], [])
    assert talk.phrases == ["utter_human_queued"]
    assert "Your place in the queue: 2." in talk.words
    assert "about 4 minutes" in talk.words
    (sent,) = talk.province.inputs("bot/TalkToPerson")
    assert sent["shareConversation"] is False
    assert talk.state.form is None


async def test_a_no_asks_nobody(talk: Dialogue) -> None:
    await talk.hear("human")

    await talk.hear("deny")

    assert talk.phrases == ["utter_stopped"]
    assert talk.state.form is None
    assert talk.province.inputs("bot/TalkToPerson") == []


async def test_who_asks_for_a_person_again_is_asked_again(talk: Dialogue) -> None:
    await talk.hear("human")

    await talk.hear("human")

    assert talk.phrases == ["utter_human_talk"]


async def test_answers_are_shown_to_the_desk_after_the_consent_was_read(talk: Dialogue) -> None:
    await talk.hear("human")
    await talk.tap(2)
    read = (talk.phrases, talk.words)

    await talk.hear("affirm")

    assert read[0] == ["utter_human_share"]
    assert "They see my answers.\nYour rights." in read[1]
    (sent,) = talk.province.inputs("bot/TalkToPerson")
    assert (sent["shareConversation"], sent["consentVersion"]) == (True, 2)


async def test_a_desk_that_nobody_waited_at_tells_no_minutes(talk: Dialogue) -> None:
    waiting = {**WAITING, "waitMinutes": None}
    talk.province.answers["bot/TalkToPerson"] = {"talkToPerson": {"handoff": waiting}}
    await talk.hear("human")

    await talk.hear("affirm")

    assert "cannot say how long" in talk.words


async def test_a_closed_desk_says_so_and_calls_back(talk: Dialogue) -> None:
    talk.province.answers["bot/ChatDesks"] = desks(is_open=False)
    await talk.hear("human")
    closed = (talk.phrases, talk.words, talk.choices)
    await talk.tap(2)
    wanted = talk.phrases
    await talk.hear("inform", text=NUMBER)
    read_back = talk.words

    await talk.hear("affirm")

    assert closed[0] == ["utter_human_closed"]
    assert "7:30" in closed[1]
    assert len(closed[2]) == 2
    assert wanted == ["utter_human_phone"]
    assert f"Number: {NUMBER}" in read_back
    assert "Tuesday, December 1, 2026" in read_back
    assert talk.phrases == ["utter_human_will_call"]
    (sent,) = talk.province.inputs("bot/RequestCallback")
    assert (sent["phone"], sent["starts"]) == (NUMBER, WINDOWS[1]["starts"])
    assert talk.province.inputs("bot/TalkToPerson") == []


async def test_the_number_is_not_remembered_by_the_bot(talk: Dialogue) -> None:
    talk.province.answers["bot/ChatDesks"] = desks(is_open=False)
    await talk.hear("human")
    await talk.tap(1)

    await talk.hear("inform", text=NUMBER)

    digits = re.sub(r"\D", "", talk.state.to_json())
    assert "912345678" not in digits


async def test_a_call_is_had_while_the_desk_is_open_too(talk: Dialogue) -> None:
    await talk.hear("human")

    await talk.tap(3)

    assert talk.phrases == ["utter_human_when"]


async def test_what_is_no_number_is_not_taken_for_one(talk: Dialogue) -> None:
    await talk.hear("human")
    await talk.tap(3)
    await talk.tap(1)

    await talk.hear("inform", text="the one you know")

    assert talk.phrases[-1] == "utter_human_phone"
    assert talk.province.inputs("bot/KeepChatWords") == []


async def test_a_desk_that_closes_meanwhile_is_told_and_calls_back(talk: Dialogue) -> None:
    talk.province.answers["bot/TalkToPerson"] = {"talkToPerson": CLOSED}
    await talk.hear("human")
    talk.province.answers["bot/ChatDesks"] = desks(is_open=False)

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", "utter_human_closed"]
    assert CLOSED["message"] in talk.words


@pytest.mark.parametrize(
    ("code", "asked"), [("INVALID_PHONE", "utter_human_phone"), ("WINDOW_GONE", "utter_human_when")]
)
async def test_what_was_refused_is_asked_for_again(talk: Dialogue, code: str, asked: str) -> None:
    refused = {"code": code, "message": "This cannot be done."}
    talk.province.answers["bot/RequestCallback"] = {"requestCallback": refused}
    await talk.hear("human")
    await talk.tap(3)
    await talk.tap(1)
    await talk.hear("inform", text=NUMBER)

    await talk.hear("affirm")

    assert talk.phrases == ["utter_refused", asked]
    assert "This cannot be done." in talk.words


async def test_without_the_desks_it_tells_where_people_are(talk: Dialogue) -> None:
    talk.province.answers["bot/ChatDesks"] = ProvinceUnreachable()

    await talk.hear("human")

    assert talk.phrases == ["utter_human"]
    assert talk.state.form is None


async def test_after_the_hand_off_nothing_else_is_gone_on_with(talk: Dialogue) -> None:
    await talk.hear("report_problem")
    await talk.hear("human")

    await talk.hear("affirm")

    assert talk.phrases == ["utter_human_queued"]
    assert talk.state.waiting == ()
