"""The reporter says that it has been mended, or has the agency go on."""

from __future__ import annotations

from collections.abc import Sequence

from typing_extensions import override

from dialogue.filling import tapped
from dialogue.form import Form, NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked
from dialogue.saying import Choice, Say, Shown, choice, choice_of, line
from dialogue.state import OpenForm
from dialogue.tasks.reports.codes import SHOWN, objection_to
from dialogue.tasks.reports.kept_words import WORDS_GONE, KeptWords, found_again, read
from dialogue.tasks.reports.my_reports import Report, latest, mine, titled, told
from dialogue.tasks.reports.repair_words import is_mended
from dialogue.tasks.reports.track_report import meant
from dialogue.titles import offered

_MENDED, _BROKEN = "mended", "broken"


def _is_open(report: Report) -> bool:
    return bool(report["canConfirm"] or report["canReopen"])


async def _objection(asked: Asked, code: str) -> Say | None:
    """Return why a report cannot be confirmed or reopened; None when it can."""
    report = await mine(asked, code)
    if report is None:
        return Say("utter_report_not_yours", {"code": code})
    if _is_open(report):
        return None
    fields = {"code": code, "state": report["stateName"]}
    return Say("utter_repair_not_now", fields, shows=(Shown(SHOWN, code),))


class WhichReport(Slot):
    name, kinds, clears = "report", (SHOWN,), ("verdict", "words", "told_at")

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        reports = filter(_is_open, await latest(asked))
        choices = [choice_of(one["code"], titled(one)) for one in reports]
        return Say("utter_repair_which", choices=choices)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        code = meant(asked) if is_awaited else asked.turn.value(SHOWN)
        if code is None:
            wrong = objection_to(asked) if is_awaited else None
            return NotThis(wrong) if wrong else None
        objection = await _objection(asked, code)
        return NotThis(objection) if objection else Took(code)

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        reports = list(filter(_is_open, await latest(asked)))
        return Took(reports[0]["code"]) if len(reports) == 1 else None


class Verdict(Slot):
    """Mended or not; "mended" only of what the agency says it mended: words alone confirm nothing."""

    name, clears = "verdict", ("words", "told_at")

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        report = await mine(asked, slots["report"])
        fields = {"code": slots["report"]}
        if report is not None and not report["canConfirm"]:
            choices = [choice(_BROKEN, "choice_repair_broken")]
            return Say("utter_repair_only_answered", fields, choices=choices)
        return Say("utter_repair_is_it", fields, choices=_verdicts())

    @override
    async def known(self, asked: Asked, slots: Slots) -> Taken:
        """Take the verdict of the first message, which may be said before the report is known."""
        if asked.turn.intent != ConfirmRepair.intent:
            return None
        mended = is_mended(asked.turn.text)
        if mended is None:
            return None
        report = await mine(asked, slots["report"])
        if mended and not (report and report["canConfirm"]):
            return None
        return Took(_MENDED if mended else _BROKEN)

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if "report" not in slots:
            return None
        said = tapped(asked, offered(_verdicts(), asked.language))
        if is_awaited and said is None:
            said = {"affirm": _MENDED, "deny": _BROKEN}.get(asked.turn.intent)
        report = await mine(asked, slots["report"]) if said == _MENDED else None
        if said == _MENDED and not (report and report["canConfirm"]):
            return None
        return Took(said) if said else await self.known(asked, slots)


def _verdicts() -> list[Choice]:
    return [choice(_MENDED, "choice_repair_mended"), choice(_BROKEN, "choice_repair_broken")]


class WhatIsWrong(KeptWords):
    @override
    def is_needed(self, slots: Slots) -> bool:
        return bool(slots.get("verdict") == _BROKEN)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_repair_what_is_wrong")


class ConfirmRepair(Form):
    intent, title, needs_person = "confirm_repair", "title_confirm_repair", True
    slots = (WhichReport(), Verdict(), WhatIsWrong())

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        """Say at once when there is nothing to confirm or to reopen."""
        code = asked.turn.value(SHOWN)
        if code is not None:
            objection = await _objection(asked, code)
            return [objection] if objection else form.with_slots(report=code)
        if (wrong := objection_to(asked)) is not None:
            return [wrong]
        reports = await latest(asked)
        if any(map(_is_open, reports)):
            return form
        newest = [told(reports[0], asked.language)] if reports else []
        return [Say("utter_repair_none"), *newest]

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        fields = {"code": slots["report"]}
        yes = choice("yes", "choice_yes")
        if slots["verdict"] == _MENDED:
            choices = [yes, choice(_BROKEN, "choice_repair_broken")]
            return Say("utter_repair_mended", fields, choices=choices)
        words = await found_again(asked, slots["words"])
        lines = [line("line_report_words", words=words) if words else line("line_words_gone")]
        return Say("utter_repair_broken", fields, lines, choices=[yes, choice("no", "choice_no")])

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        code, key = form.slots["report"], f"chat-repair-{form.key}"
        if form.slots["verdict"] == _MENDED:
            sent = await asked.do("feedback/ConfirmFix", code=code, idempotencyKey=key)
            return [Say("utter_repair_confirmed"), told(sent["report"], asked.language)]
        words = await read(asked, form.slots["words"])
        sent = await asked.do(
            "feedback/ReopenReport",
            code=code,
            words=words,
            language=asked.language,
            idempotencyKey=key,
        )
        return [Say("utter_repair_reopened"), told(sent["report"], asked.language)]

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        return form.without("words") if code in {WORDS_GONE, "INVALID_TEXT"} else None
