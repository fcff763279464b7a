"""Tasks that need several things to be known before they are done, with one yes at the end."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from dialogue.province import Asked
from dialogue.saying import Choice, Say
from dialogue.state import OpenForm
from dialogue.task import Task

Slots = dict[str, Any]


@dataclass(frozen=True)
class Took:
    """What a slot made of a message: `value` as JSON; `also`: other slots that are known by it."""

    value: Any
    also: Slots | None = None


@dataclass(frozen=True)
class NotThis:
    """What was said does not do, and why: it is said before the question is asked again."""

    say: Say


Taken = Took | NotThis | None


class Slot:
    """One thing to know. `kinds`: what is found in a message that fills it; `clears`: slots that depend on it.

    `is_asked`: False for what is only taken when it is said. `is_told`: the slot is filled by free words, which
    no other task may take for itself while it is asked for. `is_asked_at_once`: when what was said of it does not do,
    it is asked for before its turn; its question needs nothing of the slots before it.
    """

    name: ClassVar[str]
    kinds: ClassVar[tuple[str, ...]] = ()
    clears: ClassVar[tuple[str, ...]] = ()
    is_asked: ClassVar[bool] = True
    is_told: ClassVar[bool] = False
    is_asked_at_once: ClassVar[bool] = False

    async def ask(self, asked: Asked, slots: Slots) -> Say:
        """Return the question; its choices stand for values of this slot."""
        raise NotImplementedError

    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        """Read the slot out of a message; `is_awaited`: it was asked for. None: nothing of it is there."""
        value = asked.turn.value(*self.kinds)
        return None if value is None else Took(value)

    async def known(self, asked: Asked, slots: Slots) -> Taken:
        """Return what needs no asking, such as the only facility there is, or the phone's position."""
        return None

    def is_said_in(self, text: str) -> bool:
        """Tell whether words of a message are about this, whatever the classifier makes of them."""
        return False

    def is_needed(self, slots: Slots) -> bool:
        return True


class Form(Task):
    """A task whose slots are asked for in their order, read back, and then done once.

    `needs_yes`: False for what changes nothing: its read-back is the answer, and ends it. `stopped_by`: intents that,
    without naming anything, mean this form: "cancel it" before it is booked. `corrected_by`: intents that, naming
    something it takes, mean this form while it is open: "move it to Friday" before it is booked. `changes`: what can be
    tapped after a no, of what a read-back offers.
    """

    slots: ClassVar[Sequence[Slot]]
    needs_yes: ClassVar[bool] = True
    stopped_by: ClassVar[frozenset[str]] = frozenset()
    corrected_by: ClassVar[frozenset[str]] = frozenset()
    changes: ClassVar[Sequence[Choice]] = ()

    async def begin(self, asked: Asked, form: OpenForm) -> OpenForm | Sequence[Say]:
        """Return the form to go on with; or replies, when there is nothing to be done."""
        return form

    @abstractmethod
    async def read_back(self, asked: Asked, slots: Slots) -> Say:
        """Return everything that will be done, with absolute dates and amounts, as a question."""

    @abstractmethod
    async def commit(self, asked: Asked, form: OpenForm) -> Sequence[Say]:
        """Do it; `form.key` is its idempotency key. May raise Refused, ProvinceUnreachable, SignInNeeded."""

    def ends_with_no(self, form: OpenForm) -> bool:
        """Tell whether a no to its question is a no to all of it."""
        return False

    def is_left_for_another(self, form: OpenForm) -> bool:
        """Tell whether it was no more than a question so far, which whatever else is said leaves behind."""
        return False

    def settles(self, form: OpenForm, waiting: OpenForm) -> bool:
        """Tell whether nothing is left to be done of a form that waits when this one is done."""
        return self.hands_over(form)

    def hands_over(self, form: OpenForm) -> bool:
        """Tell whether a person answers from its commit on, so that nothing else is gone on with."""
        return False

    def after_refusal(self, code: str, form: OpenForm) -> OpenForm | None:
        """Return the form to go on with after a refusal (a slot that was taken meanwhile), None to end it."""
        return None

    @property
    def kinds(self) -> frozenset[str]:
        """What is found in a message that some slot of it takes."""
        return frozenset(kind for slot in self.slots for kind in slot.kinds)

    def slot(self, name: str) -> Slot:
        return next(slot for slot in self.slots if slot.name == name)
