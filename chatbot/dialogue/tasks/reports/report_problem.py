"""Something broken, dirty or dangerous is told to whoever is in charge of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from typing_extensions import override

from dialogue.form import Form, Slot, Slots, Taken, Took
from dialogue.province import Asked, Refused, SignInNeeded
from dialogue.saying import Say, choice, line
from dialogue.state import OpenForm
from dialogue.tasks.reports.categories import ANSWERS, CategorySlot, Wanted, roads_of, wanted
from dialogue.tasks.reports.danger import numbers_first
from dialogue.tasks.reports.details import A_DESCRIPTION, Details, FirstWords, signs_beside
from dialogue.tasks.reports.kept_words import (
    ALL_WORDS,
    EARLIER,
    WORDS_GONE,
    KeptWords,
    TappedWish,
    read,
    read_all,
)
from dialogue.tasks.reports.read_back import read_back_of, received
from dialogue.tasks.reports.spot import (
    PhonePosition,
    Spot,
    key_of,
    located,
    named_spot,
    says_wrong_place,
)
from dialogue.titles import worded

_ANSWERS = tuple(slot.name for slot in ANSWERS)
_ASKED_AGAIN = {
    WORDS_GONE: (*ALL_WORDS, "position", "told_1", "told_2"),
    "INVALID_TEXT": ALL_WORDS,
    "INVALID_MOMENT": ALL_WORDS,
    "OUTSIDE_PROVINCE": ("spot", "position"),
    "INVALID_POSITION": ("spot", "position"),
    "INVALID_FIELD": _ANSWERS,
    "NOT_FOUND": ("category", *CategorySlot.clears),
}


class Description(KeptWords):
    """The words of the report: the first message itself, when it tells enough."""

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        phrase = "utter_report_describe_more" if EARLIER in slots else "utter_report_describe"
        return numbers_first(Say(phrase), slots)

    @override
    def tells(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> bool:
        if is_awaited:
            return super().tells(asked, slots, is_awaited=True)
        turn = asked.turn
        is_named = turn.first("problem") is not None and turn.intent == ReportProblem.intent
        return "words" not in slots and is_named and signs_beside(turn, "problem") >= A_DESCRIPTION

    @override
    def known_with_it(self, asked: Asked, slots: Slots) -> Slots:
        spot = named_spot(asked.turn)
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
    name, clears = "other_words", (*ALL_WORDS, "told_at")
    wishes: ClassVar = {"choice_report_words": None}


class OtherPlace(TappedWish):
    """Also "that is not the place", where no other is named with it."""

    name, clears = "elsewhere", ("spot", "position")
    wishes: ClassVar = {"choice_report_place": None}

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if says_wrong_place(asked.turn.text) and "spot" in slots and not named_spot(asked.turn):
            return Took(asked.turn.now.isoformat())
        return await super().take(asked, slots, is_awaited=is_awaited)


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
        FirstWords(),
        Details(),
    )
    changes = (
        choice("words", "choice_report_words"),
        choice("place", "choice_report_place"),
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
        "text": await read_all(asked, slots),
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
