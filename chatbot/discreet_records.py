"""Keeps what people write out of the records of Python's own logging, in both programs.

An error may carry what somebody wrote: Rasa's of a failed action has the whole request, with text, position and
ticket. Of an error its type and where it came from are enough.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import Any

_FRAMES = 6
_OF_RASA = frozenset({"rasa", "rasa_sdk"})


def reason(error: BaseException) -> str:
    """Return the type of an error and the newest lines that it came through, without its words."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    way = " > ".join(f"{Path(one.filename).name}:{one.lineno}" for one in frames)
    return f"{type(error).__name__} at {way}"


def keep_errors_out_of_records() -> None:
    """Have every record made without words; to be called before anything is logged."""
    made = logging.getLogRecordFactory()

    def discreet(*arguments: Any, **named: Any) -> logging.LogRecord:  # noqa: ANN401 - logging's signature
        return _discreet(made(*arguments, **named))

    logging.setLogRecordFactory(discreet)


def _discreet(record: logging.LogRecord) -> logging.LogRecord:
    if record.levelno < logging.WARNING and record.name.partition(".")[0] in _OF_RASA:
        # What Rasa tells those who look for a fault is mostly the message itself.
        return _saying(record, f"{record.pathname}:{record.lineno}")
    if record.exc_info is None or record.exc_info[1] is None:
        return record
    # Below its first line asyncio shows the error.
    head, *_ = record.getMessage().splitlines() or [""]
    return _saying(record, f"{head} ({reason(record.exc_info[1])})")


def _saying(record: logging.LogRecord, words: str) -> logging.LogRecord:
    record.msg, record.args = words, ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record
