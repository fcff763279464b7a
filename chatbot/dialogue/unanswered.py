"""Tells the province what was not understood, so that its editors see what is missing."""

from __future__ import annotations

import asyncio
import uuid
from contextlib import suppress

from dialogue.province import Asked, ProvinceUnreachable, Refused, SignInNeeded
from dialogue.turn import Turn

_SECONDS = 1.0
"""Nobody waits longer for it: the answer to the person needs nothing of it."""


def without_names(turn: Turn) -> str:
    """Return the message with the kind of whatever was found in it, in brackets, in its place."""
    words, end = "", len(turn.text)
    for found in sorted(turn.found, key=lambda one: (one.end, one.start), reverse=True):
        if found.start < found.end <= end:
            words = f"[{found.kind}]{turn.text[found.end : end]}{words}"
            end = found.start
    return turn.text[:end] + words


async def report(asked: Asked, intent: str | None) -> None:
    """Report a message that was not understood; `intent`: the likeliest guess. It may fail in silence."""
    with suppress(ProvinceUnreachable, Refused, SignInNeeded, asyncio.TimeoutError):
        guess = {} if intent is None else {"intent": intent}
        key = f"chat-unanswered-{uuid.uuid4().hex}"
        words = without_names(asked.turn)
        reporting = asked.do("bot/ReportUnanswered", words=words, idempotencyKey=key, **guess)
        await asyncio.wait_for(reporting, _SECONDS)
