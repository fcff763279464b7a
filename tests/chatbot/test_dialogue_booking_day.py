"""The day of an appointment, corrected: a weekday alone is one of the week that was talked of."""

from datetime import date

import pytest
from dialogue.tasks.health import HEALTH
from dialogue.turn import Found
from dialogue.weekdays import in_week_of
from moments import find_moments

from tests.chatbot import health_answers as told
from tests.chatbot.dialogues import NOW, Dialogue, found
from tests.chatbot.sent_documents import CheckedProvince

GENERAL = found("specialty", "general")


@pytest.fixture
def talk() -> Dialogue:
    free = told.slots(told.slot("s1", "2026-12-10T08:30"), told.slot("s2", "2026-12-10T15:00"))
    services = told.services()
    return Dialogue(
        HEALTH, CheckedProvince({"health/FindSlots": free, "health/FacilityServices": services})
    )


async def day_after(talk: Dialogue, *messages: str) -> str:
    """Return the day that the form holds after messages about days."""
    intent = "book_appointment"
    for text in messages:
        days = [Found(one.kind, one.value, one.start, one.end) for one in find_moments(text, NOW)]
        general = () if intent == "inform" else (GENERAL,)
        await talk.hear(intent, *general, *days, text=text)
        intent = "inform"
    assert talk.state.form is not None
    return str(talk.state.form.slots["day"])


@pytest.mark.parametrize(
    ("next_thursday", "friday", "back"),
    [
        ("thứ năm tuần sau", "thứ sáu", "quay lại thứ năm"),
        ("thu nam tuan sau", "thu sau", "quay lai thu nam"),
        ("Thursday next week", "no, on Friday", "back to Thursday"),
        ("下周四", "改成周五", "还是星期四吧"),
        ("jeudi de la semaine prochaine", "plutôt vendredi", "finalement jeudi"),
        ("다음 주 목요일", "금요일로요", "다시 목요일로"),
        ("来週の木曜日", "やっぱり金曜日", "木曜に戻して"),
    ],
)
async def test_a_weekday_alone_stays_in_the_week_that_was_said(
    talk: Dialogue, next_thursday: str, friday: str, back: str
) -> None:
    assert await day_after(talk, next_thursday) == "2026-12-10"
    assert await day_after(talk, next_thursday, friday) == "2026-12-11"
    assert await day_after(talk, next_thursday, friday, back) == "2026-12-10"


@pytest.mark.parametrize(
    "friday", ["thứ sáu này", "this Friday", "这周五", "이번 주 금요일", "今週の金曜日"]
)
async def test_a_weekday_with_its_week_is_what_it_says(talk: Dialogue, friday: str) -> None:
    assert await day_after(talk, "Thursday next week", friday) == "2026-12-04"


async def test_a_weekday_of_a_whole_week_is_in_that_week(talk: Dialogue) -> None:
    assert await day_after(talk, "next week", "on Wednesday") == "2026-12-09"


async def test_a_weekday_that_is_over_in_its_week_is_the_next(
    talk: Dialogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.chatbot.dialogues.NOW", NOW.replace(day=25))
    monkeypatch.setattr("tests.chatbot.test_dialogue_booking_day.NOW", NOW.replace(day=25))

    assert await day_after(talk, "Friday", "Monday") == "2026-11-30"


def test_a_weekday_that_the_days_do_not_have_stays_the_next_from_today() -> None:
    saturday, monday = date(2026, 12, 5), date(2026, 12, 7)

    meant = in_week_of(saturday, monday, date(2026, 12, 9))

    assert meant == saturday
