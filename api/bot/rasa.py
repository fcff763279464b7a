"""Rasa's REST channel, on loopback (rasa.com/docs/rasa/connectors/your-own-website)."""

import asyncio
from dataclasses import dataclass

import httpx
import structlog

from api.bot.replies import Reply, replies_of
from api.kit.geo import Position

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class BotMessage:
    """`sender` is the conversation; `ticket` lets the bot ask our API in its name for a while."""

    sender: str
    text: str
    language: str
    ticket: str
    position: Position | None


class Rasa:
    """The bot, or its silence."""

    def __init__(self, client: httpx.AsyncClient, url: str, timeout_seconds: float) -> None:
        self._client = client
        self._url = f"{url.rstrip('/')}/webhooks/rest/webhook"
        self._timeout_seconds = timeout_seconds

    async def answer(self, message: BotMessage) -> tuple[Reply, ...]:
        """Return the bot's replies; none when it is down, slow, broken or silent.

        With its action server or its words gone, Rasa answers 200 and an empty list: that is a
        failure as well.
        """
        try:
            # One time-out around everything: httpx's own ones begin anew with each byte.
            async with asyncio.timeout(self._timeout_seconds):
                response = await self._client.post(self._url, json=_body(message), timeout=None)
            response.raise_for_status()
            replies = replies_of(response.json())
        except (httpx.HTTPError, TimeoutError, ValueError, KeyError, AttributeError) as error:
            log.warning("bot unreachable", reason=type(error).__name__)
            return ()
        if not replies:
            log.warning("bot silent")
        return replies


def _body(message: BotMessage) -> dict[str, object]:
    metadata: dict[str, object] = {"language": message.language, "ticket": message.ticket}
    if message.position is not None:
        metadata["position"] = {
            "latitude": message.position.latitude,
            "longitude": message.position.longitude,
        }
    return {"sender": message.sender, "message": message.text, "metadata": metadata}
