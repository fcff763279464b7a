"""A grade for an office or a visit that is over.

An office that somebody was at without a report or an appointment is rated by the code at its desk, which needs the
app; a place is reviewed on its page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from typing_extensions import override

from dialogue import formats
from dialogue.form import Form, Slot, Slots, Taken, Took
from dialogue.moments import moment_of
from dialogue.province import Asked, nodes
from dialogue.saying import Choice, Line, Say, choice, choice_of, line
from dialogue.state import OpenForm
from dialogue.tasks.reports.kept_words import (
    WORDS_GONE,
    KeptWords,
    TappedWish,
    found_again,
    read,
)

Rating = dict[str, Any]

_OFFERED = 6
_LATEST = 20
_BY_STARS = ("DISSATISFIED", "DISSATISFIED", "NEUTRAL", "SATISFIED", "VERY_SATISFIED")
_STARS = re.compile(
    r"(?<!\d)([1-5])\s*(?:sao|stars?|étoiles?|つ星|颗星|顆星|星|점|/\s*5|out of 5|sur 5)"
    r"|(?:星|별점?)\s*([1-5])",
    re.IGNORECASE,
)


async def _latest(asked: Asked) -> list[Rating]:
    return nodes((await asked.ask("feedback/MyRatings", first=_LATEST))["myRatings"])


async def to_rate(asked: Asked) -> list[Rating]:
    """Return what the person may still rate, at the facility that the message names if it names one."""
    facility = asked.turn.value("facility")
    return [
        one
        for one in await _latest(asked)
        if one["grade"] is None
        and moment_of(one["openUntil"]) > asked.turn.now
        and facility in (None, one["office"]["id"])
    ]


def _office(rating: Rating) -> str | Line:
    name = rating["office"]["name"]
    return name["text"] if name else line("part_office")


def _title(rating: Rating, language: str) -> Choice:
    if rating["kind"] == "REPORT":
        code = rating["reportCode"]
        return choice(rating["id"], "choice_rate_report", office=_office(rating), code=code)
    day = formats.day(moment_of(rating["askedAt"]).date(), language)
    return choice(rating["id"], "choice_rate_visit", office=_office(rating), day=day)


async def _grades(asked: Asked, kind: str) -> list[Choice]:
    forms = (await asked.ask("feedback/RatingForms"))["ratingForms"]["forms"]
    grades: list[dict[str, str]]
    grades = next((one["grades"] for one in forms if one["kind"] == kind), [])
    return [choice_of(one["code"], one["name"]) for one in grades[:_OFFERED]]


class WhichRating(Slot):
    name = "rating"

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        ratings = (await to_rate(asked))[:_OFFERED]
        return Say("utter_rate_which", choices=[_title(one, asked.language) for one in ratings])

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        return await self.known(asked, slots) if asked.turn.value("facility") else None

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        ratings = await to_rate(asked)
        return Took(ratings[0]["id"]) if len(ratings) == 1 else None


class Grade(Slot):
    name = "grade"

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        rating = await _chosen(asked, slots)
        choices = await _grades(asked, rating["kind"]) if rating else []
        office = _office(rating) if rating else line("part_office")
        return Say("utter_rate_how", {"office": office}, choices=choices)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        stars = _STARS.search(asked.turn.text)
        if stars is None:
            return None
        return Took(_BY_STARS[int(stars[1] or stars[2]) - 1])


async def _chosen(asked: Asked, slots: Slots) -> Rating | None:
    return next((one for one in await _latest(asked) if one["id"] == slots["rating"]), None)


class Opinion(KeptWords):
    """Words for the office alone; nobody need say any."""

    @override
    def is_needed(self, slots: Slots) -> bool:
        return "with_words" in slots

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_rate_words")


class WithWords(TappedWish):
    name, clears, wishes = "with_words", ("words", "told_at"), {"choice_rate_words": None}


class RateService(Form):
    intent, title, needs_person = "rate_service", "title_rate_service", True
    slots = (WhichRating(), Grade(), WithWords(), Opinion())

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        if asked.turn.value("place"):
            return [Say("utter_rate_place")]
        return form if await to_rate(asked) else [Say("utter_rate_none")]

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        rating = await _chosen(asked, slots)
        grades = await _grades(asked, rating["kind"]) if rating else []
        grade = next((one.title for one in grades if one.value == slots["grade"]), None)
        lines = []
        if "words" in slots:
            words = await found_again(asked, slots["words"])
            lines = [line("line_rate_words", words=words) if words else line("line_words_gone")]
        fields = {
            "office": _office(rating) if rating else line("part_office"),
            "grade": grade or slots["grade"],
        }
        choices = [choice("yes", "choice_yes"), choice("words", "choice_rate_words")]
        return Say("utter_rate_read_back", fields, lines, choices=choices)

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        said = {}
        if "words" in form.slots:
            said = {"words": await read(asked, form.slots["words"])}
        await asked.do(
            "feedback/Rate",
            ratingId=form.slots["rating"],
            grade=form.slots["grade"],
            language=asked.language,
            idempotencyKey=f"chat-rating-{form.key}",
            **said,
        )
        return [Say("utter_rated")]

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        return form.without("words") if code in {WORDS_GONE, "INVALID_TEXT"} else None
