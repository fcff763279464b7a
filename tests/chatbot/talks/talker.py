"""Somebody with a phone who talks to the bot through GraphQL: `says` and `taps`, and what they must `hear`."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.conftest import document

Answer = dict[str, Any]
SA_PA = {"latitude": 22.3364, "longitude": 103.8438}
_KEYS = itertools.count(1)
_SPACES = str.maketrans("\u202f\u00a0", "  ")
_CODE = re.compile(r"\b\d{6}\b")


def new_key() -> str:
    """Return an idempotency key that was not used before."""
    return f"talk-of-the-tests-{next(_KEYS):06}"


@dataclass
class Talker:
    """One conversation. `replies`: those to the last message; `heard`: every text that ever came back."""

    client: httpx.Client
    language: str = "en"
    token: str | None = None
    position: dict[str, float] | None = None
    conversation: str | None = None
    replies: list[Answer] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def ask(self, operation: str, **variables: Any) -> Answer:  # noqa: ANN401 - JSON values
        """Send a published operation and return its only root field."""
        headers = {"accept-language": self.language}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = {"query": document(operation), "variables": variables}
        answered = self.client.post("/graphql", json=body, headers=headers)
        assert answered.status_code == 200, answered.text
        assert "errors" not in answered.json(), answered.text
        (result,) = answered.json()["data"].values()
        return dict(result)

    def do(self, operation: str, **values: Any) -> Answer:  # noqa: ANN401 - JSON values
        """Send a mutation that must succeed."""
        result = self.ask(operation, input={**values, "idempotencyKey": new_key()})
        assert "code" not in result or "message" not in result, result
        return result

    def send(self, text: str) -> Answer:
        """Send one message, and return what `sendChatMessage` answers, refusals too."""
        message = {"text": text, "conversationId": self.conversation, "position": self.position}
        return self.ask("bot/SendChatMessage", input={**message, "idempotencyKey": new_key()})

    def says(self, *texts: str) -> "Talker":
        """Say something, or several things one after the other; the bot itself must answer each."""
        for text in texts:
            result = self.send(text)
            assert result.get("answeredBy") == "BOT", (text, result)
            self.conversation = result["conversation"]["id"]
            self.replies = result["replies"]
            self.heard += [reply["text"] for reply in self.replies]
        return self

    def taps(self, number: int) -> "Talker":
        """Tap a choice of the last answer, 1 the first: an app sends its title."""
        return self.says(self.choices[number - 1])

    def hears(self, *parts: str) -> "Talker":
        """Check that the last answer says each of these, in this order."""
        at, said = 0, self.text
        for part in parts:
            found = said.find(part, at)
            assert found >= 0, f"{part!r} is not heard in:\n{said}"
            at = found + len(part)
        return self

    def hears_nothing_of(self, *parts: str) -> "Talker":
        """Check that the last answer says none of these."""
        assert [part for part in parts if part in self.text] == [], self.text
        return self

    @property
    def text(self) -> str:
        """What the last answer says, with plain spaces."""
        return "\n".join(reply["text"] for reply in self.replies).translate(_SPACES)

    @property
    def choices(self) -> list[str]:
        return [choice["title"] for reply in self.replies for choice in reply["choices"]]

    @property
    def steps(self) -> list[str]:
        return [step for reply in self.replies for step in reply["steps"]]

    @property
    def links(self) -> list[str]:
        return [link["url"] for reply in self.replies for link in reply["links"]]

    def signs_in(self, token: str) -> "Talker":
        """Go on as somebody who has signed in in the app."""
        self.token = token
        return self


def code_in(texts: list[Answer]) -> Iterator[str]:
    """Yield the one-time codes that were sent."""
    for text in texts:
        if found := _CODE.search(text["body"]):
            yield found[0]
