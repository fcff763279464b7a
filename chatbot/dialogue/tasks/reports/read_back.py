"""A report before it is sent, and when it has been."""

from __future__ import annotations

from typing import Any

from dialogue.form import Slots
from dialogue.province import Asked, Refused
from dialogue.saying import Choice, Line, Say, Shown, Step, choice, content, line
from dialogue.tasks.reports.categories import ANSWERS, Category, category_of
from dialogue.tasks.reports.danger import numbers_first
from dialogue.tasks.reports.kept_words import found_again, found_all
from dialogue.tasks.reports.my_reports import moment
from dialogue.tasks.reports.spot import Located, located

_SEEN_BY = {
    "PUBLIC": "line_report_public",
    "ANONYMOUS": "line_report_anonymous",
    "PRIVATE": "line_report_private",
}


async def read_back_of(asked: Asked, slots: Slots) -> Say:
    """Return everything that will be sent, the words too, with the wishes that can still be tapped."""
    category = await category_of(asked, slots["category"])
    spot = await _spot(asked, slots)
    words = await found_all(asked, slots)
    told = line("line_report_words", words=words) if words else line("line_words_gone")
    lines = [
        line("line_report_category", category=_name(category)),
        spot.said if spot else line("utter_place_unknown"),
        told,
        *await _answers(asked, slots, category),
        line("line_report_seen", moment=moment(slots["told_at"], asked.language)),
        line(_SEEN_BY[slots.get("visibility", "PUBLIC")]),
    ]
    steps = []
    if not asked.turn.is_signed_in:
        lines.append(line("line_report_sign_in"))
        steps = [Step.SIGN_IN]
    say = Say(
        "utter_report_read_back",
        lines=lines,
        choices=_wishes(slots),
        steps=steps,
        points=spot.points if spot else [],
    )
    return numbers_first(say, slots)


async def _spot(asked: Asked, slots: Slots) -> Located | None:
    try:
        return await located(asked, slots)
    except Refused:  # its hour is over: that is told, and asked again at the yes
        return None


def _name(category: Category | None) -> str | Line:
    return category["name"]["text"] if category else line("choice_report_other")


def _wishes(slots: Slots) -> list[Choice]:
    visibility = slots.get("visibility", "PUBLIC")
    return [
        choice("yes", "choice_yes"),
        choice("words", "choice_report_words"),
        choice("place", "choice_report_place"),
        *([choice("ANONYMOUS", "choice_report_anonymous")] if visibility != "ANONYMOUS" else []),
        *([choice("PRIVATE", "choice_report_private")] if visibility != "PRIVATE" else []),
    ]


async def _answers(asked: Asked, slots: Slots, category: Category | None) -> list[Line]:
    lines = []
    for slot in ANSWERS:
        field = slot.field(slots)
        if field is None or slot.name not in slots:
            continue
        code, kind = field
        value: Any = slots[slot.name]
        if kind == "TEXT":
            value = await found_again(asked, value) or line("line_words_gone")
        asked_for = _field(category, code)
        said = _said(asked_for, kind, value)
        lines.append(line("line_report_answer", label=asked_for["label"]["text"], answer=said))
    return lines


def _field(category: Category | None, code: str) -> dict[str, Any]:
    fields = category["fields"] if category else []
    unknown = {"label": {"text": code}, "choices": None}
    return next((one for one in fields if one["code"] == code), unknown)


def _said(field: dict[str, Any], kind: str, value: Any) -> Any:  # noqa: ANN401 - a string or a phrase
    if kind == "YES_NO":
        return line(f"choice_{value}")
    titles = {one["code"]: one["label"]["text"] for one in field["choices"] or ()}
    return titles.get(value, value) if kind == "CHOICE" else value


def received(report: dict[str, Any], language: str) -> Say:
    """Return that a report was taken in: its code, who has it, and until when they must answer."""
    lines = [
        line("line_report_agency", agency=report["agency"]["name"]["text"]),
        content(report["agencyReason"]),
        line("line_report_accept_by", moment=moment(report["due"]["accept"], language)),
        line("line_report_answer_by", moment=moment(report["due"]["answer"], language)),
        line("line_report_fix_by", moment=moment(report["due"]["fix"], language)),
        line("line_report_track"),
    ]
    shows = (Shown("report_code", report["code"]),)
    return Say("utter_report_sent", {"code": report["code"]}, lines, shows=shows)
