"""What became of a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from typing_extensions import override

from dialogue.province import Asked
from dialogue.saying import Say, Shown, Step, content, line
from dialogue.task import Answering
from dialogue.tasks.reports.codes import SHOWN, objection_to
from dialogue.tasks.reports.my_reports import Report, anybodys, latest, mine, titled, told


def meant(asked: Asked) -> str | None:
    """Return the code that a message names or points to. Of two, the newer one stands first."""
    first = asked.turn.first(SHOWN, "ordinal")
    if first is not None and first.kind == SHOWN:
        return first.value
    is_pointing = first is not None or asked.turn.intent == "inform"
    if not is_pointing:
        return None
    found = tuple(one for one in asked.turn.found if one.kind != SHOWN)
    thing = replace(asked, turn=replace(asked.turn, found=found)).thing(SHOWN)
    return thing.value if thing else None


class TrackReport(Answering):
    intent, title = "track_report", "title_track_report"

    @override
    async def answers(self, asked: Asked) -> Sequence[Say]:
        code = meant(asked)
        if code is not None:
            return [await _of_code(asked, code)]
        if (objection := objection_to(asked)) is not None:
            return [await _with_own(asked, objection)]
        if not asked.turn.is_signed_in:
            return [Say("utter_track_code_or_sign_in", steps=[Step.SIGN_IN])]
        return await _latest(asked)


async def _of_code(asked: Asked, code: str) -> Say:
    """Return one's own report, else what everybody may read of it."""
    report = await mine(asked, code) if asked.turn.is_signed_in else None
    report = report or await anybodys(asked, code)
    if report is not None:
        return told(report, asked.language)
    if asked.turn.is_signed_in:
        return Say("utter_report_unknown", {"code": code})
    return Say("utter_report_unknown_sign_in", {"code": code}, steps=[Step.SIGN_IN])


async def _with_own(asked: Asked, say: Say) -> Say:
    """Return a reply with the person's own reports below it, to choose from."""
    reports = await latest(asked) if asked.turn.is_signed_in else []
    return _listing(say, reports) if reports else say


async def _latest(asked: Asked) -> list[Say]:
    reports = await latest(asked)
    if not reports:
        return [Say("utter_no_reports")]
    say = told(reports[0], asked.language)
    return [say if len(reports) == 1 else _listing(say, reports)]


def _listing(say: Say, reports: Sequence[Report]) -> Say:
    lines = [content(f"• {titled(one)} · {one['stateName']}") for one in reports]
    shows = tuple(Shown(SHOWN, one["code"]) for one in reports)
    return replace(say, shows=shows, lines=[*say.lines, line("line_reports_all"), *lines])
