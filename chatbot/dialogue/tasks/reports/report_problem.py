"""Something broken, dirty or dangerous is told to whoever is in charge of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from typing_extensions import override

from dialogue.form import Form, Slot, Slots
from dialogue.province import Asked, Refused, SignInNeeded
from dialogue.saying import Say, line
from dialogue.state import OpenForm
from dialogue.tasks.reports.categories import ANSWERS, CategorySlot, Wanted, roads_of, wanted
from dialogue.tasks.reports.danger import numbers_first
from dialogue.tasks.reports.kept_words import WORDS_GONE, KeptWords, TappedWish, read
from dialogue.tasks.reports.read_back import read_back_of, received
from dialogue.tasks.reports.spot import PhonePosition, Spot, key_of, located
from dialogue.titles import worded

_A_DESCRIPTION = 20
"""So many signs beside the name of the problem make a first message a description."""
_FIRST_WIDE_SIGN, _WIDE = "\u2e80", 3
"""One sign of Chinese, Japanese or Korean says about as much as three letters."""
_ANSWERS = tuple(slot.name for slot in ANSWERS)
_ASKED_AGAIN = {
    WORDS_GONE: ("words", "position", "told_1", "told_2"),
    "INVALID_TEXT": ("words",),
    "INVALID_MOMENT": ("words",),
    "OUTSIDE_PROVINCE": ("spot", "position"),
    "INVALID_POSITION": ("spot", "position"),
    "INVALID_FIELD": _ANSWERS,
    "NOT_FOUND": ("category", *CategorySlot.clears),
}


class Description(KeptWords):
    """The words of the report: the first message itself, when it tells enough."""

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return numbers_first(Say("utter_report_describe"), slots)

    @override
    def tells(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> bool:
        if is_awaited:
            return super().tells(asked, slots, is_awaited=True)
        turn = asked.turn
        problem = turn.first("problem")
        if problem is None or "words" in slots or turn.intent != ReportProblem.intent:
            return False
        rest = turn.text[: problem.start] + turn.text[problem.end :]
        return sum(_WIDE if sign >= _FIRST_WIDE_SIGN else 1 for sign in rest) >= _A_DESCRIPTION

    @override
    def known_with_it(self, asked: Asked, slots: Slots) -> Slots:
        spot = asked.turn.first(*Spot.kinds)
        named = {
            "category": asked.turn.value("problem"),
            "spot": key_of(spot) if spot else None,
            "road": asked.turn.value("road"),
        }
        new = {name: value for name, value in named.items() if value and name not in slots}
        return {**super().known_with_it(asked, slots), **new}


class Road(Slot):
    """The road, if one is named: whose it is decides who is in charge."""

    name, kinds, is_asked = "road", ("road",), False


class OtherWords(TappedWish):
    name, clears, wishes = "other_words", ("words", "told_at"), {"choice_report_words": None}


class OtherPlace(TappedWish):
    name, clears, wishes = "elsewhere", ("spot", "position"), {"choice_report_place": None}


class Visibility(TappedWish):
    """Whether the report is on the map, and who is told who sent it; PUBLIC until something else is wished."""

    name = "visibility"
    wishes: ClassVar = {"choice_report_anonymous": "ANONYMOUS", "choice_report_private": "PRIVATE"}


class ReportProblem(Form):
    """Nobody need be signed in to tell it; to send it they must be."""

    intent, title = "report_problem", "title_report_problem"
    corrected_by = frozenset({"confirm_repair"})
    slots = (
        Description(),
        CategorySlot(),
        Wanted(),
        Spot(),
        PhonePosition(),
        *ANSWERS,
        Road(),
        OtherWords(),
        OtherPlace(),
        Visibility(),
    )

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        """Begin with the category that is named: in danger, the numbers to call come before any question."""
        code = asked.turn.value("problem")
        if code is None:
            return form
        return form.with_slots(category=code, **await wanted(asked, code))

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        return await read_back_of(asked, slots)

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        if not asked.turn.is_signed_in:
            raise SignInNeeded
        sent = await asked.do("feedback/SubmitReport", **await report_of(asked, form))
        return [received(sent["report"], asked.language)]

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        if code not in _ASKED_AGAIN:
            return None
        kept = form.without(*_ASKED_AGAIN[code])
        # Where the phone is was refused: it is not taken for granted again.
        return kept.with_slots(elsewhere=code) if "spot" in _ASKED_AGAIN[code] else kept


async def report_of(asked: Asked, form: OpenForm) -> dict[str, Any]:
    """Return the input of SubmitReport, its words read back. Raises Refused when they are gone."""
    slots = form.slots
    spot = await located(asked, slots)
    if spot is None:
        raise Refused("INVALID_POSITION", worded(line("utter_place_unknown"), asked.language))
    return {
        "categoryCode": slots["category"],
        "position": spot.position,
        "accuracy": spot.accuracy,
        "capturedAt": slots["told_at"],
        "text": await read(asked, slots["words"]),
        "visibility": slots.get("visibility", "PUBLIC"),
        "language": asked.language,
        "fields": await _fields(asked, slots),
        "idempotencyKey": f"chat-report-{form.key}",
    }


async def _fields(asked: Asked, slots: Slots) -> list[dict[str, str]]:
    fields = []
    for slot in ANSWERS:
        field = slot.field(slots)
        if field is None or slot.name not in slots:
            continue
        code, kind = field
        value = slots[slot.name]
        fields.append(
            {"code": code, "value": await read(asked, value) if kind == "TEXT" else value}
        )
    road = slots.get("road")
    if road and road in await roads_of(asked, slots["category"]):
        fields.append({"code": "road", "value": road})
    return fields
