"""What is remembered between two messages: keys, dates and numbers, never a word that the person wrote.

It lies in one slot of Rasa's tracker as JSON, and goes with the conversation.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from dialogue.saying import Say, Shown

_SHOWN_AT_MOST = 10
_WAITING_AT_MOST = 2


@dataclass(frozen=True)
class OpenForm:
    """A task under way. `asked`: the slot asked for last; `offered`: digests of titles, and their values.

    `key` makes its commit one: the same form commits once, however often it is said yes to.
    `told`: findings of what was said while it had to wait, for somebody to sign in or for the province.
    """

    intent: str
    key: str
    slots: dict[str, Any] = field(default_factory=dict)
    asked: str | None = None
    offered: tuple[tuple[str, str], ...] = ()
    is_read_back: bool = False
    told: tuple[dict[str, Any], ...] = ()

    def with_slots(self, **values: Any) -> OpenForm:  # noqa: ANN401 - any JSON value
        return replace(self, slots={**self.slots, **values}, is_read_back=False)

    def without(self, *names: str) -> OpenForm:
        kept = {name: value for name, value in self.slots.items() if name not in names}
        return replace(self, slots=kept, is_read_back=False)


@dataclass(frozen=True)
class State:
    """`last`: intent and findings of the last task answered, for "say that again" and "and tomorrow?".

    `about`: the place that was told of, also where a list of others came after it.
    `guesses`: digests of titles that were offered, and their tasks; `guessed_from`: what was found in the message.
    `unclear`: messages in a row that were not understood, or in which who wants to die told more of it.
    `emergency`: questions asked since the person was told whom to call, None when nothing is the matter; `sos_key`
    makes its SOS one, `sos_kind` is its kind (dialogue/emergency_kinds.py), None when nothing tells it. `is_over`: no
    more is asked about it, but what is said of a number that does not answer is still about it.
    """

    form: OpenForm | None = None
    waiting: tuple[OpenForm, ...] = ()
    shown: tuple[Shown, ...] = ()
    last: dict[str, Any] | None = None
    guesses: tuple[tuple[str, str], ...] = ()
    guessed_from: tuple[dict[str, Any], ...] = ()
    language: str | None = None
    about: Shown | None = None
    unclear: int = 0
    emergency: int | None = None
    sos_key: str | None = None
    sos_kind: str | None = None
    is_resume_offered: bool = False
    is_sos_sent: bool = False
    is_over: bool = False

    @property
    def is_in_danger(self) -> bool:
        return self.emergency is not None and not self.is_over

    @property
    def danger(self) -> str | None:
        """The kind of the emergency that somebody is in; None also when nothing tells it."""
        return self.sos_kind if self.is_in_danger else None

    def calm(self) -> State:
        """Return the state in which nothing is the matter."""
        return replace(
            self, emergency=None, sos_key=None, sos_kind=None, is_sos_sent=False, is_over=False
        )

    def understood(self) -> State:
        """Return the state after a message that was understood."""
        return replace(self, unclear=0, guesses=(), guessed_from=(), is_resume_offered=False)

    def showing(self, says: Sequence[Say]) -> State:
        """Return the state after replies: what they show takes the place of what was shown before."""
        shown = tuple(shown for say in says for shown in say.shows)
        if not shown:
            return self
        about = next(
            (say.about for say in says if say.about), shown[0] if len(shown) == 1 else None
        )
        return replace(self, shown=shown[:_SHOWN_AT_MOST], about=about)

    def interrupted(self) -> State:
        """Return the state with its form set aside, to be offered again later."""
        if self.form is None:
            return self
        kept = (self.form, *(one for one in self.waiting if one.intent != self.form.intent))
        return replace(self, form=None, waiting=kept[:_WAITING_AT_MOST])

    def with_first(self, intent: str) -> State | None:
        """Return the state with the waiting form of this intent before the others; None where none waits."""
        if not any(form.intent == intent for form in self.waiting):
            return None
        return replace(
            self, waiting=tuple(sorted(self.waiting, key=lambda one: one.intent != intent))
        )

    def resumed(self) -> State:
        first, *rest = self.waiting
        return replace(self, form=first, waiting=tuple(rest), is_resume_offered=False)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | None) -> State:
        """Return the state that was kept; a new one when it is of a form that this version does not know."""
        try:
            kept = json.loads(text or "{}")
            form = kept.pop("form", None)
            waiting = tuple(map(_form, kept.pop("waiting", ())))
            shown = tuple(Shown(**one) for one in kept.pop("shown", ()))
            guesses = tuple(map(tuple, kept.pop("guesses", ())))
            about = kept.pop("about", None)
            kept["about"] = about and Shown(**about)
            kept["guessed_from"] = tuple(kept.pop("guessed_from", ()))
            return cls(form and _form(form), waiting, shown, guesses=guesses, **kept)
        except (AttributeError, KeyError, TypeError, ValueError):
            return cls()


def _form(kept: dict[str, Any]) -> OpenForm:
    offered = tuple((title, value) for title, value in kept.pop("offered"))
    told = tuple(kept.pop("told", ()))
    return OpenForm(offered=offered, told=told, **kept)
