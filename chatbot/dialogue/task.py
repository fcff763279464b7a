"""What the bot can do for somebody: each task belongs to one intent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from dialogue.province import Asked
from dialogue.saying import Say


class Task(ABC):
    """`title`: the phrase it is offered under ("Did you mean …?"). `needs_person`: somebody must be signed in."""

    intent: ClassVar[str]
    title: ClassVar[str]
    needs_person: ClassVar[bool] = False
    unreachable: ClassVar[Say] = Say("utter_unreachable")


class Answering(Task):
    """A question that one reply answers."""

    @abstractmethod
    async def answers(self, asked: Asked) -> Sequence[Say]:
        """Return the replies. May raise ProvinceUnreachable, SignInNeeded and Refused."""


Tasks = Mapping[str, Task]
"""By intent."""
