"""Dialogues are forgotten: one when our API says so, those of a month ago by themselves.

DELETE /webhooks/laocai/conversations/<id>, `Authorization: Bearer <secret>`: 204 once nothing of it is kept.
The secret is LAOCAI_BOT_SECRET, or what the API made in the data folder.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty

import kept_connections
from components.callers import is_allowed
from components.tracker_store import KEPT_DAYS, DiscreetMongoTrackerStore, DiscreetSQLTrackerStore

VIETNAM_TIME = timezone(timedelta(hours=7))
AT_HOUR = 3
"""When fewest talk: meanwhile who saves a dialogue waits."""
_SECONDS_A_DAY = 24 * 3600
_log = structlog.get_logger()

DiscreetStore = DiscreetSQLTrackerStore | DiscreetMongoTrackerStore


class ForgettingChannel(InputChannel):
    """No channel in the sense of Rasa: a door for our API beside the one for messages."""

    @classmethod
    def name(cls) -> str:
        return "laocai"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("laocai")

        # A body that is not read, also an empty one, Sanic logs with the path, which names the conversation.
        @blueprint.delete("/conversations/<conversation_id:str>", ignore_body=False)
        async def forget(request: Request, conversation_id: str) -> HTTPResponse:
            if not is_allowed(request):
                return empty(403)
            await _forget(request.app.ctx.agent, conversation_id)
            return empty(204)

        @blueprint.listener("after_server_start")
        async def begin(app: Sanic, _: object) -> None:
            app.add_task(_forget_old_every_night(app.ctx.agent))

        # Rasa has no other place for what is to be done at its end.
        blueprint.listener("after_server_stop")(kept_connections.close)
        return blueprint


async def _forget(agent: Agent, conversation_id: str) -> None:
    # In its turn: a message that is being answered would else be saved afterwards.
    async with agent.lock_store.lock(conversation_id):
        await asyncio.to_thread(_discreet_store(agent).forget, conversation_id)
        # Where Rasa puts dialogues when the store fails.
        fallback = agent.tracker_store.fallback_tracker_store
        fallback.store.pop(conversation_id, None)


async def _forget_old_every_night(agent: Agent) -> None:
    while True:
        before = time.time() - KEPT_DAYS * _SECONDS_A_DAY
        try:
            await asyncio.to_thread(_discreet_store(agent).forget_old, before)
        except Exception as error:
            # Drivers raise what they like, and the bot is to go on: tomorrow is another night.
            _log.warning("old dialogues stay for now", event_info=type(error).__name__)
        await asyncio.sleep(_seconds_until_night(datetime.now(VIETNAM_TIME)))


def _seconds_until_night(now: datetime) -> float:
    night = now.replace(hour=AT_HOUR, minute=0, second=0, microsecond=0)
    return ((night if night > now else night + timedelta(days=1)) - now).total_seconds()


def _discreet_store(agent: Agent) -> DiscreetStore:
    """Return our store, which Rasa wraps."""
    store: Any = agent.tracker_store
    while not isinstance(store, (DiscreetSQLTrackerStore, DiscreetMongoTrackerStore)):
        store = store._tracker_store
    return store
