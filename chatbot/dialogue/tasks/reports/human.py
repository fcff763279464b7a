"""A person at a desk goes on with the chat; when the desk is closed, or is wished so, it calls back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from typing_extensions import override

from dialogue.filling import tapped
from dialogue.form import Form, Slot, Slots, Taken, Took
from dialogue.formats import clock, day, moment
from dialogue.moments import moment_of
from dialogue.province import Asked, ProvinceUnreachable
from dialogue.saying import EMERGENCY_LINK, Choice, Line, Say, choice, content, line
from dialogue.state import OpenForm
from dialogue.tasks.reports.help_desks import where_people_are
from dialogue.tasks.reports.kept_words import WORDS_GONE, KeptWords, found_again, read
from dialogue.titles import offered

ChatDesk = dict[str, Any]

_TALK, _CALL = "talk", "call"
_CONSENT = "CHAT_HANDOFF"
_DIGITS_OF_A_NUMBER = 7


async def _desk(asked: Asked) -> ChatDesk:
    """Return the desk that answers in this language."""
    desks: list[ChatDesk] = (await asked.ask("bot/ChatDesks"))["chatDesks"]["desks"]
    return next(desk for desk in desks if desk["isDefault"])


def _times(starts: str, ends: str, language: str) -> dict[str, str]:
    start, end = moment_of(starts), moment_of(ends)
    return {
        "day": day(start.date(), language),
        "start": clock(start, language),
        "end": clock(end, language),
    }


class Way(Slot):
    """Into the chat, or by phone. Who asks for a person again is asked again, not misunderstood."""

    name, clears, is_asked = "way", ("window", "phone"), False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        wished = tapped(asked, offered([choice(_CALL, "choice_human_call")], asked.language))
        if wished is not None:
            return Took(wished)
        return Took(slots["way"]) if asked.turn.intent == Human.intent and "way" in slots else None


class Sharing(Slot):
    """The version of the consent that was shown; it is agreed to by the yes after it."""

    name, is_asked = "consent", False

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if tapped(asked, offered([_share()], asked.language)) is None:
            return None
        return Took((await _consent_text(asked))["version"])


def _share() -> Choice:
    return choice("share", "choice_human_share")


async def _consent_text(asked: Asked) -> dict[str, Any]:
    texts = (await asked.ask("accounts/ConsentPurposes"))["consentPurposes"]["texts"]
    found: dict[str, Any] = next(text for text in texts if text["purpose"] == _CONSENT)
    return found


class CallWindow(Slot):
    name = "window"

    @override
    def is_needed(self, slots: Slots) -> bool:
        return bool(slots.get("way") == _CALL)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        desk, language = await _desk(asked), asked.language
        choices = [
            choice(
                one["starts"],
                "choice_human_window",
                **_times(one["starts"], one["ends"], language),
            )
            for one in desk["callWindows"]
        ]
        if desk["isOpen"]:
            return Say("utter_human_when", {"desk": desk["name"]}, choices=choices)
        fields = {"desk": desk["name"], "opens": moment(moment_of(desk["opensAt"]), language)}
        return Say(
            "utter_human_closed",
            fields,
            [line("line_human_danger")],
            links=[EMERGENCY_LINK],
            choices=choices,
        )

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        return None  # one of the choices, or nothing


class Phone(KeptWords):
    """The number, kept by the API like other words that are not the bot's to remember."""

    name = "phone"

    @override
    def is_needed(self, slots: Slots) -> bool:
        return bool(slots.get("way") == _CALL)

    @override
    async def ask(self, asked: Asked, slots: Slots) -> Say:
        return Say("utter_human_phone")

    @override
    def tells(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> bool:
        return is_awaited and sum(map(str.isdigit, asked.turn.text)) >= _DIGITS_OF_A_NUMBER


class Human(Form):
    intent, title = "human", "title_human"
    slots = (Way(), Sharing(), CallWindow(), Phone())
    _AGAIN: ClassVar[Mapping[str, str]] = {
        "WINDOW_GONE": "window",
        "INVALID_PHONE": "phone",
        WORDS_GONE: "phone",
        "CONSENT_MISSING": "consent",
    }
    """What is asked for once more after a refusal."""

    @override
    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        try:
            is_open = (await _desk(asked))["isOpen"]
        except ProvinceUnreachable:
            return [await where_people_are(asked)]
        return form.with_slots(way=_TALK if is_open else _CALL)

    @override
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        desk = await _desk(asked)
        if slots["way"] == _TALK:
            return await self._read_back_talk(asked, desk, slots)
        phone = await found_again(asked, slots["phone"])
        window = next(
            (one for one in desk["callWindows"] if one["starts"] == slots["window"]), None
        )
        choices = [choice("yes", "choice_yes"), choice("no", "choice_no")]
        fields = {"desk": desk["name"]}
        lines: list[Line] = [
            line("line_human_window", **_times(**window, language=asked.language))
            if window
            else line("line_human_window_gone"),
            line("line_human_phone", phone=phone) if phone else line("line_words_gone"),
        ]
        return Say("utter_human_call_this", fields, lines, choices=choices)

    async def _read_back_talk(self, asked: Asked, desk: ChatDesk, slots: Slots) -> Say:
        yes, call = choice("yes", "choice_yes"), choice(_CALL, "choice_human_call")
        fields = {"desk": desk["name"]}
        if "consent" in slots:
            lines = [content((await _consent_text(asked))["text"])]
            return Say("utter_human_share", fields, lines, choices=[yes, choice("no", "choice_no")])
        return Say(
            "utter_human_talk",
            fields,
            [line("line_human_sees_nothing"), line("line_human_danger")],
            links=[EMERGENCY_LINK],
            choices=[yes, _share(), call],
        )

    @override
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        if form.slots["way"] == _CALL:
            return [await self._called(asked, form)]
        version = form.slots.get("consent")
        shared = {} if version is None else {"consentVersion": version}
        sent = await asked.do(
            "bot/TalkToPerson",
            shareConversation=version is not None,
            idempotencyKey=f"chat-person-{form.key}-{version or 0}",
            **shared,
        )
        return [_queued(sent["handoff"])]

    async def _called(self, asked: Asked, form: OpenForm) -> Say:
        starts, words = form.slots["window"], form.slots["phone"]
        sent = await asked.do(
            "bot/RequestCallback",
            phone=await read(asked, words),
            starts=starts,
            idempotencyKey=f"chat-call-{form.key}-{words}",
        )
        callback = sent["callback"]
        fields = {
            "desk": callback["deskName"],
            **_times(**callback["window"], language=asked.language),
        }
        return Say("utter_human_will_call", fields)

    @override
    def ends_with_no(self, form: OpenForm) -> bool:
        return True

    @override
    def hands_over(self, form: OpenForm) -> bool:
        return bool(form.slots["way"] == _TALK)

    @override
    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        if code == "DESK_CLOSED":
            return form.with_slots(way=_CALL)
        return form.without(self._AGAIN[code]) if code in self._AGAIN else None


def _queued(handoff: dict[str, Any]) -> Say:
    desk, place, minutes = handoff["deskName"], handoff["place"], handoff["waitMinutes"]
    if place is None:
        return Say("utter_human_there", {"desk": desk})
    wait = (
        line("line_human_wait", minutes=str(minutes))
        if minutes
        else line("line_human_wait_unknown")
    )
    return Say(
        "utter_human_queued",
        {"desk": desk, "place": str(place)},
        [wait, line("line_human_write_here")],
    )
