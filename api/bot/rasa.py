"""Rasa's REST channel, on loopback (rasa.com/docs/rasa/connectors/your-own-website)."""

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
import structlog
from pydantic import BaseModel, Field, TypeAdapter

from api.bot.answer_meters import AnswerMeters
from api.bot.replies import Link, Point, Reply, Step
from api.kit.geo import InvalidPosition, Position
from api.kit.personal_data import HolderUnavailable

log = structlog.get_logger()

_SECONDS_TO_BE_THERE = 1.0
_IDLE_SECONDS = 3.0
"""Less than Rasa keeps a connection that is not used."""
_SCHEMES = ("tel:", "geo:", "https://", "http://")
_REPLIES_AT_MOST = 20
_PARTS_AT_MOST = 20
_CHARACTERS_AT_MOST = 10_000
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""Control characters but tab and line feed, and lone surrogates: the store holds none of them."""


class _RasaLink(BaseModel):
    title: str
    url: str


class _RasaPoint(BaseModel):
    name: str
    latitude: float
    longitude: float


class _Custom(BaseModel):
    links: list[_RasaLink] = []
    choices: list[str] = []
    steps: list[str] = []
    points: list[_RasaPoint] = []
    confidence: float | None = Field(default=None, ge=0, le=1)


class _RasaMessage(BaseModel):
    text: str = ""
    custom: _Custom | None = None


_MESSAGES = TypeAdapter(list[_RasaMessage])


@dataclass(frozen=True, slots=True, repr=False)
class BotMessage:
    """`sender` is the conversation; `ticket` lets the bot ask our API in its name for a while.

    `is_signed_in`: for that while the ticket stands for a person. `with_person`: a person answers this
    conversation, so that the bot speaks in emergencies only.
    """

    sender: str
    text: str
    language: str
    ticket: str
    position: Position | None
    is_signed_in: bool = False
    with_person: bool = False


class BotAway(Exception):
    """Nothing listens where the bot should: it has heard nothing."""


def connections_to_rasa(trusted: ssl.SSLContext) -> aiohttp.ClientSession:
    """Return what keeps connections open, to be closed in the end; it remembers no cookie.

    A message over httpx, which asks others, takes 3 ms of processor more.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(ssl=trusted, keepalive_timeout=_IDLE_SECONDS, limit=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        raise_for_status=_is_answered,
    )


async def _is_answered(response: aiohttp.ClientResponse) -> None:
    """Raise ClientResponseError unless it is what was asked for: no error, and nobody sends us elsewhere."""
    if not 200 <= response.status < 300:
        raise aiohttp.ClientResponseError(
            response.request_info, response.history, status=response.status
        )


class Rasa:
    """The bot, or its silence. `secret`: what it takes orders to forget under."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        url: str,
        secret: str,
        timeout_seconds: float,
        meters: AnswerMeters,
    ) -> None:
        self._meters = meters
        self._client = client
        self._root = f"{url.rstrip('/')}/"
        self._url = f"{url.rstrip('/')}/webhooks/rest/webhook"
        self._conversations_url = f"{url.rstrip('/')}/webhooks/laocai/conversations"
        self._secret = secret
        self._timeout_seconds = timeout_seconds

    async def answer(self, message: BotMessage) -> tuple[Reply, ...]:
        """Return the bot's replies; none when it is slow, broken or silent. Raises BotAway.

        With its action server or its words gone, Rasa answers 200 and an empty list: that is a
        failure as well.
        """
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                self._client.post(
                    self._url, json=_body(message), allow_redirects=False
                ) as response,
            ):
                messages = _MESSAGES.validate_json(await response.read())
            replies = _replies(messages)
        except aiohttp.ClientConnectorError as error:
            log.warning("bot unreachable", reason=type(error).__name__)
            raise BotAway from error
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("bot unreachable", reason=type(error).__name__)
            return ()
        self._note_confidence(messages)
        if not replies and not message.with_person:
            log.warning("bot silent")
        return replies

    def _note_confidence(self, messages: list[_RasaMessage]) -> None:
        for message in messages[:_REPLIES_AT_MOST]:
            if message.custom and message.custom.confidence is not None:
                self._meters.understood(message.custom.confidence)

    async def is_there(self) -> bool:
        """Tell whether something listens where the bot should, without saying anything to it."""
        try:
            async with (
                asyncio.timeout(_SECONDS_TO_BE_THERE),
                self._client.get(self._root, allow_redirects=False) as response,
            ):
                await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return False
        return True

    async def forget(self, conversation_id: str) -> None:
        """Make the bot forget a conversation (chatbot/components/forgetting.py).

        Raises HolderUnavailable unless it says that it has.
        """
        url = f"{self._conversations_url}/{conversation_id}"
        headers = {"authorization": f"Bearer {self._secret}"}
        try:
            async with (
                asyncio.timeout(self._timeout_seconds),
                self._client.delete(url, headers=headers, allow_redirects=False) as response,
            ):
                await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("bot does not forget", reason=type(error).__name__)
            raise HolderUnavailable from error


def _body(message: BotMessage) -> dict[str, object]:
    metadata: dict[str, object] = {
        "language": message.language,
        "ticket": message.ticket,
        "signed_in": message.is_signed_in,
    }
    if message.with_person:
        metadata["with_person"] = True
    if message.position is not None:
        metadata["position"] = {
            "latitude": message.position.latitude,
            "longitude": message.position.longitude,
        }
    return {"sender": message.sender, "message": message.text, "metadata": metadata}


def _replies(messages: list[_RasaMessage]) -> tuple[Reply, ...]:
    """Return one reply a text; what is not text comes as custom JSON behind the text it belongs to."""
    replies: list[Reply] = []
    for message in messages[:_REPLIES_AT_MOST]:
        if text := _showable(message.text):
            replies.append(Reply(text))
        elif replies and message.custom:
            replies[-1] = _with_parts(replies[-1], message.custom)
    return tuple(replies)


def _with_parts(reply: Reply, custom: _Custom) -> Reply:
    links = (
        Link(_showable(link.title), _showable(link.url)) for link in custom.links[:_PARTS_AT_MOST]
    )
    choices = map(_showable, custom.choices[:_PARTS_AT_MOST])
    return Reply(
        reply.text,
        (*reply.links, *(link for link in links if link.url.startswith(_SCHEMES))),
        (*reply.choices, *filter(None, choices)),
        (*reply.steps, *(Step[name] for name in custom.steps if name in Step.__members__)),
        (*reply.points, *_points(custom.points[:_PARTS_AT_MOST])),
    )


def _points(points: list[_RasaPoint]) -> Iterator[Point]:
    for point in points:
        with suppress(InvalidPosition):
            yield Point(_showable(point.name), Position(point.latitude, point.longitude))


def _showable(text: str) -> str:
    return _UNSHOWABLE.sub("", text[:_CHARACTERS_AT_MOST]).strip()
