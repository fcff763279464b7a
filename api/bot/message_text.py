"""What of a person's message may reach Rasa."""

import unicodedata

from api.bot.errors import EmptyMessage, MessageTooLong

CHARACTERS_AT_MOST = 1_000
_RAW_CHARACTERS_AT_MOST = 8 * CHARACTERS_AT_MOST
"""Composing puts combining marks in order, in the square of their number: bounded before it begins."""

_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers that count as letters and show nothing."""


def message_text(text: str) -> str:
    """Return `text` composed (NFC), in one line, without control characters or leading slashes.

    Rasa takes what begins with "/" for a command that sets intents and slots, so every slash goes
    that has nothing visible before it. Raises EmptyMessage or MessageTooLong.
    """
    if len(text) > _RAW_CHARACTERS_AT_MOST:
        raise MessageTooLong(most=CHARACTERS_AT_MOST)
    composed = unicodedata.normalize("NFC", text)
    line = " ".join("".join(map(_printable, composed)).split())
    said = line[next((at for at, letter in enumerate(line) if _is_said(letter)), len(line)) :]
    if not said:
        raise EmptyMessage
    if len(said) > CHARACTERS_AT_MOST:
        raise MessageTooLong(most=CHARACTERS_AT_MOST)
    return said


def _printable(letter: str) -> str:
    if letter.isspace():
        return " "
    # Controls and lone surrogates; joiners (Cf) stay, emoji and some scripts are made with them.
    return "" if unicodedata.category(letter) in {"Cc", "Cs"} else letter


def _is_said(letter: str) -> bool:
    is_blank = letter.isspace() or letter in _BLANK_LETTERS
    return letter != "/" and not is_blank and unicodedata.category(letter) != "Cf"
