"""The port to the province's API: published operations only, in the person's name for the length of one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from dialogue.state import State
from dialogue.turn import Found, Turn

Answer = dict[str, Any]


class ProvinceUnreachable(Exception):
    """The API did not answer in time, or not with data."""


class SignInNeeded(Exception):
    """The API says that nobody is signed in behind this message."""


class Province(Protocol):
    """Asks the API; `operation` is the path of a published document, such as "tourism/Places".

    Raises ProvinceUnreachable, and SignInNeeded when a field wants to know who asks.
    """

    async def ask(self, operation: str, variables: Answer, *, language: str) -> Answer: ...


def nodes(connection: Answer) -> list[Answer]:
    """Return the nodes of a Relay connection."""
    return [edge["node"] for edge in connection["edges"]]


@dataclass(frozen=True)
class Refused(Exception):
    """A mutation was refused: `code` is stable, `message` in the reader's language."""

    code: str
    message: str


@dataclass(frozen=True)
class Asked:
    """A message with what came before it, and the province to ask: what every task works on."""

    turn: Turn
    state: State
    province: Province

    @property
    def language(self) -> str:
        return self.state.language or self.turn.language

    async def ask(self, operation: str, **variables: Any) -> Answer:  # noqa: ANN401 - JSON values
        """Return the `data` of a query."""
        return await self.province.ask(operation, variables, language=self.language)

    async def do(self, operation: str, **input_values: Any) -> Answer:  # noqa: ANN401 - JSON values
        """Send a mutation with one `input`, and return its success. Raises Refused, SignInNeeded."""
        data = await self.ask(operation, input=input_values)
        result: Answer
        (result,) = data.values()
        if result.get("code") == "NOT_SIGNED_IN":
            raise SignInNeeded
        if "code" in result and "message" in result:
            raise Refused(result["code"], result["message"])
        return result

    def thing(self, *kinds: str) -> Found | None:
        """Return what the message names of these kinds, else what it points to: "the second", "that one"."""
        if named := self.turn.first(*kinds):
            return named
        shown = [one for one in self.state.shown if one.kind in kinds]
        if order := self.turn.value("ordinal"):
            at = int(order) - 1 if order != "last" else -1
            shown = shown[at:][:1] if -len(shown) <= at < len(shown) else []
        return Found(shown[0].kind, shown[0].value) if shown else None
