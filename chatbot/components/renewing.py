"""Another model takes over while the bot goes on answering (chatbot/renew.py).

GET /webhooks/laocai-model: `{"model_id": …, "code": …}`, the one that answers now and with which code (train.code).
PUT /webhooks/laocai-model: loads what lies in the folder of models, and answers the same; 422 when it cannot be
loaded, and the one before goes on. Both want `Authorization: Bearer <secret>`, else 403.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

import project
import train
from components.callers import is_allowed

_log = structlog.get_logger()
_CODE = train.code()
"""As this process read it when it started; the files may be others by now."""


class RenewingChannel(InputChannel):
    """No channel in the sense of Rasa: a door for the command that renews the model."""

    @classmethod
    def name(cls) -> str:
        return "laocai-model"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("laocai-model")
        one_at_a_time = asyncio.Lock()

        @blueprint.get("/", strict_slashes=False)
        async def tell(request: Request) -> HTTPResponse:
            if not is_allowed(request):
                return empty(403)
            return _answering(request.app.ctx.agent)

        # A body that is not read Sanic logs.
        @blueprint.put("/", strict_slashes=False, ignore_body=False)
        async def renew(request: Request) -> HTTPResponse:
            if not is_allowed(request):
                return empty(403)
            async with one_at_a_time:
                is_renewed = await _renew(request.app.ctx.agent)
            return _answering(request.app.ctx.agent) if is_renewed else empty(422)

        return blueprint


def _answering(agent: Agent) -> HTTPResponse:
    return json({"model_id": agent.model_id, "code": _CODE})


async def _renew(agent: Agent) -> bool:
    """Load the model beside the one that answers, then put it in its place; tell whether it could be loaded."""
    try:
        processor = await asyncio.to_thread(_loaded, agent)
    except Exception as error:
        # Whatever is wrong with it: who asks a question meanwhile must still be answered.
        _log.error("the model is not renewed", event_info=type(error).__name__)
        return False
    agent.processor, agent.domain = processor, processor.domain
    agent.tracker_store.domain = processor.domain
    del processor
    await asyncio.to_thread(_give_memory_back)
    return True


def _give_memory_back() -> None:
    """Let go of the model before, a hundred megabytes, where the C library can."""
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def _loaded(agent: Agent) -> MessageProcessor:
    return MessageProcessor(
        model_path=project.model(),
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        action_endpoint=agent.action_endpoint,
        generator=agent.nlg,
        http_interpreter=agent.http_interpreter,
    )
