"""What was not understood is reported without what was found in it, and hinders no answer."""

import asyncio
from datetime import datetime

import pytest
from dialogue.province import Answer
from dialogue.tasks.places import PLACES
from dialogue.turn import Found, Turn
from dialogue.unanswered import without_names

from tests.chatbot.dialogues import NOW, Dialogue, ToldProvince, found
from tests.chatbot.sent_documents import CheckedProvince

COUNTED = {"reportUnanswered": {"isCounted": True}}


def turn(text: str, *names: Found, now: datetime = NOW) -> Turn:
    return Turn(text, "en", (("place_info", 0.3),), now, names, None, is_signed_in=False)


@pytest.fixture
def talk() -> Dialogue:
    province = CheckedProvince()
    province.answers = {"bot/ReportUnanswered": COUNTED}
    return Dialogue(PLACES, province)


def reported(talk: Dialogue) -> list[tuple[str, str | None]]:
    sent = talk.province.inputs("bot/ReportUnanswered")
    return [(one["words"], one.get("intent")) for one in sent]


async def test_a_message_that_is_asked_back_is_reported_with_the_guess(talk: Dialogue) -> None:
    text = "sa pa how is it"
    await talk.hear("place_info", Found("place", "P1", 0, 5, "sa pa"), text=text, confidence=0.3)

    assert talk.phrases == ["utter_did_you_mean"]
    assert reported(talk) == [("[place] how is it", "place_info")]


async def test_what_nothing_is_guessed_of_is_reported(talk: Dialogue) -> None:
    await talk.hear("out_of_scope", text="who won the match", confidence=0.3)

    assert talk.phrases == ["utter_out_of_scope"]
    assert reported(talk) == [("who won the match", None)]


async def test_what_is_understood_is_not_reported(talk: Dialogue) -> None:
    await talk.hear("place_info", found("place", "P1"))

    assert reported(talk) == []


async def test_without_the_province_it_answers_all_the_same(talk: Dialogue) -> None:
    talk.province.answers = {}

    await talk.hear("out_of_scope", text="who won the match", confidence=0.3)

    assert talk.phrases == ["utter_out_of_scope"]


class SlowProvince(ToldProvince):
    async def ask(self, operation: str, variables: Answer, *, language: str) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError


async def test_a_province_that_hangs_is_not_waited_for(
    talk: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogue.unanswered._SECONDS", 0.01)
    talk.province = SlowProvince()

    async with asyncio.timeout(10):
        await talk.hear("out_of_scope", text="who won the match", confidence=0.3)

    assert talk.phrases == ["utter_out_of_scope"]


def test_names_become_their_kinds_and_overlaps_are_told_once() -> None:
    text = "from Sa Pa to Bac Ha market"
    names = (
        Found("place", "P1", 5, 10, "Sa Pa"),
        Found("place", "P2", 14, 20, "Bac Ha"),
        Found("market", "M1", 14, 27, "Bac Ha market"),
    )

    assert without_names(turn(text, *names)) == "from [place] to [market]"
