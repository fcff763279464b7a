"""The health tasks against the API itself, not against answers that were told."""

from dataclasses import dataclass

import httpx
import pytest
from dialogue.formats import VIETNAM
from dialogue.province import Answer
from dialogue.tasks.health import HEALTH

from api.context import Services
from tests.accounts.people import SignedInPerson
from tests.chatbot import dialogues
from tests.chatbot.dialogues import Dialogue, found
from tests.conftest import NOW, send
from tests.health.booking import a_booker, a_relative
from tests.health.places import a_clinic

GENERAL = found("specialty", "general")


@dataclass
class RealProvince:
    client: httpx.AsyncClient
    person: SignedInPerson

    async def ask(self, operation: str, variables: Answer, *, language: str) -> Answer:
        headers = self.person.headers
        told: Answer = await send(
            self.client, operation, variables, headers=headers, language=language
        )
        return told


@pytest.fixture
async def talk(
    client: httpx.AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> Dialogue:
    monkeypatch.setattr(dialogues, "NOW", NOW.astimezone(VIETNAM))
    mai = await a_booker(client, services)
    await a_relative(client, services, mai)
    await a_clinic(services.store)
    return Dialogue(HEALTH, RealProvince(client, mai))  # type: ignore[arg-type]


async def booked(talk: Dialogue) -> None:
    await talk.hear("book_appointment", GENERAL)
    for _ in range(12):
        if talk.said[-1].phrase == "utter_book_this":
            break
        await talk.tap(1)
    await talk.hear("affirm")


async def test_a_trouble_leads_to_a_department(talk: Dialogue) -> None:
    await talk.hear("which_specialty", found("person", "me"), text="I have toothache")
    await talk.tap(2)
    for _ in range(12):
        if talk.state.form is None:
            break
        await talk.hear("deny")

    assert talk.phrases == ["utter_triage"]
    assert [one.value for one in talk.state.shown] == ["dentistry"]


async def test_an_urgent_sign_leads_to_115(talk: Dialogue) -> None:
    await talk.hear("which_specialty", found("person", "child"), text="my child has a fever")
    await talk.tap(1)
    signs = len(talk.said[0].lines)

    await talk.hear("affirm")

    assert signs >= 5
    assert talk.phrases == ["utter_triage_call_115"]


async def test_a_place_is_booked_told_moved_and_given_up(talk: Dialogue) -> None:
    await booked(talk)
    first = talk.phrases
    await talk.hear("my_appointments")
    listed = talk.words
    await talk.hear("reschedule_appointment")
    for _ in range(6):
        if talk.said[-1].phrase == "utter_move_this":
            break
        await talk.tap(1)
    await talk.hear("affirm")
    moved = talk.phrases
    await talk.hear("cancel_appointment")
    await talk.hear("affirm")

    assert (first, moved) == (["utter_booked"], ["utter_moved"])
    assert "Nguyễn Thị Mai" in listed
    assert talk.phrases == ["utter_cancelled"]


async def test_it_is_booked_for_the_mother(talk: Dialogue) -> None:
    await talk.hear("book_appointment", GENERAL, found("person", "mother"))
    for _ in range(12):
        if talk.said[-1].phrase == "utter_book_this":
            break
        await talk.tap(1)
    read_back = talk.words
    await talk.hear("affirm")

    assert "Patient: Trần Thị Bà" in read_back
    assert talk.phrases == ["utter_booked"]


async def test_hospitals_and_the_queue_are_told(talk: Dialogue) -> None:
    await talk.hear("find_doctor", GENERAL)
    listed = talk.phrases
    await talk.hear("find_doctor", found("ordinal", "1"))
    one = talk.phrases
    await booked(talk)
    await talk.hear("queue_status")

    assert (listed, one) == (["utter_facilities"], ["utter_facility"])
    assert talk.phrases == ["utter_no_queue_today"]
