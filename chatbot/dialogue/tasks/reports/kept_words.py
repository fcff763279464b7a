"""Free words on their way to the authorities: the API keeps them for an hour, a slot holds their id alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from typing_extensions import override

from dialogue.filling import tapped
from dialogue.form import NotThis, Slot, Slots, Taken, Took
from dialogue.province import Asked, Refused
from dialogue.saying import Say, choice, content, line
from dialogue.titles import offered, worded
from dialogue.understanding import SURE

WORDS_GONE = "WORDS_GONE"
"""Code of the refusal when words were kept longer than the API keeps them."""

EARLIER, ADDED = "earlier", "added"
"""Slots: the words of a first message that was too short for a description; ids of what came after it."""
ALL_WORDS = (EARLIER, "words", ADDED)

_TO_THE_BOT = frozenset({"change_language", "human", "repeat", "stop"})
_TO_THE_BOT_WHEN_SHORT = frozenset({"affirm", "deny", "greet", "thanks"})
"""Intents that are said to the bot, not to an authority; "there is no water" is no "no"."""
_SHORT = 12

ANY_WORDS = frozenset({"inform", "nlu_fallback", "out_of_scope", "report_problem"})
"""Intents that a bare answer may be taken for."""


async def keep(asked: Asked, text: str) -> str:
    """Return the id of words that were given to the API. Raises Refused."""
    kept = await asked.do("bot/KeepChatWords", text=text)
    return str(kept["words"]["id"])


async def found_again(asked: Asked, words_id: str) -> str | None:
    """Return kept words; None when their hour is over."""
    words = (await asked.ask("bot/ChatWords", id=words_id))["chatWords"]
    return str(words["text"]) if words else None


async def read(asked: Asked, words_id: str) -> str:
    """Return kept words. Raises Refused with WORDS_GONE."""
    text = await found_again(asked, words_id)
    if text is None:
        raise Refused(WORDS_GONE, worded(line("line_words_gone"), asked.language))
    return text


async def found_all(asked: Asked, slots: Slots) -> str | None:
    """Return all words of a report, each message in a line of its own; None when their hour is over."""
    texts = [await found_again(asked, words_id) for words_id in ids_of(slots)]
    known = [text for text in texts if text is not None]
    return "\n".join(known) if known and len(known) == len(texts) else None


async def read_all(asked: Asked, slots: Slots) -> str:
    """Return all words of a report. Raises Refused with WORDS_GONE."""
    return "\n".join([await read(asked, words_id) for words_id in ids_of(slots)])


def ids_of(slots: Slots) -> list[str]:
    """Return the ids of what was said of a report: the first message, the description, what was added to it."""
    first = [slots[name] for name in (EARLIER, KeptWords.name) if name in slots]
    return [*first, *slots.get(ADDED, ())]


def is_tried_answer(asked: Asked, slot: str) -> bool:
    """Tell whether a message tries to answer the open question for a slot, in words that nobody knew."""
    form, turn = asked.state.form, asked.turn
    is_open = form is not None and form.asked == slot
    return is_open and (turn.confidence < SURE or turn.intent in ANY_WORDS)


def is_said_to_the_bot(asked: Asked) -> bool:
    """Tell whether a message is meant for the bot: a yes, "stop", "say that again"."""
    turn = asked.turn
    if turn.confidence < SURE:
        return False
    is_short = len(turn.text) <= _SHORT
    return turn.intent in _TO_THE_BOT or (is_short and turn.intent in _TO_THE_BOT_WHEN_SHORT)


class KeptWords(Slot):
    """What somebody says in their own words; the slot holds the id, `told_at` when it was said."""

    name = "words"
    is_told = True

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        if not self.tells(asked, slots, is_awaited=is_awaited):
            return None
        try:
            words_id = await keep(asked, asked.turn.text)
        except Refused as refused:
            return NotThis(Say("utter_refused", lines=[content(refused.message)]))
        return Took(words_id, self.known_with_it(asked, slots))

    def tells(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> bool:
        return is_awaited and not is_said_to_the_bot(asked)

    def known_with_it(self, asked: Asked, slots: Slots) -> Slots:
        """Return what else is known by these words. The moment is kept, for a second try must say the same."""
        return {"told_at": asked.turn.now.isoformat()}


class TappedWish(Slot):
    """A wish that a read-back offers as a choice: it opens the slots it clears, or stands for a value.

    `wishes`: titles with their values; None for a wish that only clears.
    """

    is_asked = False
    wishes: ClassVar[Mapping[str, str | None]] = {}

    @override
    async def take(self, asked: Asked, slots: Slots, *, is_awaited: bool) -> Taken:
        titles = [choice(phrase, phrase) for phrase in self.wishes]
        wished = tapped(asked, offered(titles, asked.language))
        if wished is None:
            return None
        # A wish may come twice: only a new value clears.
        return Took(self.wishes[wished] or asked.turn.now.isoformat())
