"""Reports as those who sent them read them."""

from __future__ import annotations

from typing import Any

from dialogue import formats
from dialogue.moments import moment_of
from dialogue.province import Asked, nodes
from dialogue.saying import Line, Say, Shown, content, line, link, point

Report = dict[str, Any]

_LATEST = 5
_DUE = {
    "RECEIVED": "accept",
    "ACCEPTED": "answer",
    "ASSIGNED": "fix",
    "IN_PROGRESS": "fix",
    "REOPENED": "fix",
}
_HTTPS = "https://"


async def latest(asked: Asked) -> list[Report]:
    """Return what the person reported or joined, the newest first. Raises SignInNeeded."""
    return nodes((await asked.ask("feedback/MyReports", first=_LATEST))["myReports"])


async def mine(asked: Asked, code: str) -> Report | None:
    """Return a report of the person, None when it is another's or there is none."""
    report: Report | None = (await asked.ask("feedback/MyReport", code=code))["myReport"]
    return report


async def anybodys(asked: Asked, code: str) -> Report | None:
    """Return what everybody may read of a report, None when that is nothing."""
    report: Report | None = (await asked.ask("feedback/Report", code=code))["report"]
    return report


def moment(written: str, language: str) -> str:
    """Return a moment of the API as the reader writes it."""
    return formats.moment(moment_of(written), language)


def titled(report: Report) -> str:
    """Return the title of a choice that stands for a report."""
    return f"{report['code']} · {report['category']['name']['text']}"


def told(report: Report, language: str) -> Say:
    """Return where a report stands: its state and since when, who has it, what they wrote, what comes next."""
    category = report["category"]["name"]["text"]
    since = moment(report["stateSince"], language)
    lines = [
        line("line_report_state", state=report["stateName"], moment=since),
        line("line_report_agency", agency=report["agency"]["name"]["text"]),
        *_last_words(report, language),
        *_due(report, language),
        *_turn(report),
    ]
    position = report["position"]
    return Say(
        "utter_report_told",
        {"code": report["code"], "category": category},
        lines,
        _proofs(report),
        points=[point(category, position)] if position else [],
        shows=(Shown("report_code", report["code"]),),
    )


def _last_words(report: Report, language: str) -> list[Line]:
    steps = [one for one in report["steps"] if one["by"] == "AGENCY" and one["words"]]
    if not steps:
        return []
    last, words = steps[-1], steps[-1]["words"]
    head = line("line_report_answered", moment=moment(last["at"], language))
    return [head, content(words["translation"] or words["text"])]


def _due(report: Report, language: str) -> list[Line]:
    due = _DUE.get(report["state"])
    if due is None:
        return []
    by = moment(report["due"][due], language)
    return [line(f"line_report_{due}_by", moment=by)]


def _turn(report: Report) -> list[Line]:
    """Return what the person can do now; nothing for whoever did not report it."""
    if report.get("canConfirm"):
        return [line("line_report_confirm")]
    return [line("line_report_reopen")] if report.get("canReopen") else []


def _proofs(report: Report) -> list[Line]:
    fixed = [one for one in report["steps"] if one["move"] == "FIX"]
    files = [photo["files"] for photo in fixed[-1]["photos"]] if fixed else []
    urls = [one[0]["url"] for one in files if one and one[0]["url"].startswith(_HTTPS)]
    return [link("link_report_proof", url) for url in urls[:1]]
