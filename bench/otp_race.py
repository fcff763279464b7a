"""Guessing a one-time code from 50 sockets at once: five guesses are answered, one session is opened.

`python -m bench.otp_race`. The control, a server that reads, decides and then writes, must fail.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.machine import described_machine
from bench.races import ROUNDS, SOCKETS, Server, running

ALIASES = 5
GUESSES_AT_MOST = 5
ANSWERS = ("SignInSuccess", "CODE_WRONG", "CODE_ENDED")
REQUEST = """mutation Ask($address: String!, $key: String!) {
  requestCode(input: {address: $address, idempotencyKey: $key}) {
    ... on RequestCodeSuccess { sentCode { id } }
    ... on AccountError { code }
  }
}"""
RESULT = "{ __typename ... on AccountError { code } }"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Over all rounds. `wrong_answered`: the most guesses of a code that were told to be wrong;
    `strange`: answers that say neither that a guess was right, nor wrong, nor too late.
    """

    wrong_answered: int
    fewest_sessions: int
    most_sessions: int
    strange: int

    @classmethod
    def of(cls, wrong: Sequence[Counter[str]], right: Sequence[Counter[str]]) -> "Outcome":
        sessions = [answers["SignInSuccess"] for answers in right]
        every = [name for answers in (*wrong, *right) for name in answers.elements()]
        return cls(
            max(answers["CODE_WRONG"] for answers in wrong),
            min(sessions),
            max(sessions),
            sum(name not in ANSWERS for name in every),
        )

    @property
    def holds(self) -> bool:
        is_one = self.fewest_sessions == self.most_sessions == 1
        return self.wrong_answered <= GUESSES_AT_MOST and is_one and not self.strange


async def measured(*, guarded: bool) -> Outcome:
    async with running(guarded=guarded) as server:
        wrong = [await wrong_round(server, number) for number in range(ROUNDS)]
        right = [await right_round(server, number) for number in range(ROUNDS)]
    return Outcome.of(wrong, right)


async def wrong_round(server: Server, number: int) -> Counter[str]:
    """Return how 250 wrong guesses at once were answered."""
    code_id, code = await new_code(server, f"wrong-{number}@example.com")
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    bodies = [attempt(code_id, wrong, ALIASES, f"{number}-{one}") for one in range(SOCKETS)]
    return codes_in(await server.together(bodies))


async def right_round(server: Server, number: int) -> Counter[str]:
    """Return how the right code was answered to 50 sockets at once."""
    code_id, code = await new_code(server, f"right-{number}@example.com")
    bodies = [attempt(code_id, code, 1, f"{number}-{one}") for one in range(SOCKETS)]
    return codes_in(await server.together(bodies))


async def new_code(server: Server, address: str) -> tuple[str, str]:
    key = f"race-code-for-{address}"
    asked = await server.ask(REQUEST, {"address": address, "key": key})
    code_id = asked["requestCode"]["sentCode"]["id"]
    return code_id, await server.code_of(code_id)


def attempt(code_id: str, code: str, aliases: int, name: str) -> dict[str, Any]:
    """Return a document that tries a code under several aliases, each with a key of its own."""
    fields = "\n".join(
        f'  a{one}: signIn(input: {{codeId: "{code_id}", code: "{code}",'
        f' idempotencyKey: "race-attempt-{name}-{one}"}}) {RESULT}'
        for one in range(aliases)
    )
    return {"query": f"mutation {{\n{fields}\n}}"}


def codes_in(answers: list[Any]) -> Counter[str]:
    return Counter(
        result.get("code", result["__typename"]) for answer in answers for result in answer.values()
    )


async def main() -> int:
    """Print the table; return 1 when the guard fails, or the control does not."""
    guarded, control = await measured(guarded=True), await measured(guarded=False)
    table = Table("server", "rounds", "sockets", "wrong answered", "sessions", "strange", "holds")
    for name, outcome in (("laocai", guarded), ("control, guard off", control)):
        sessions = f"{outcome.fewest_sessions} to {outcome.most_sessions}"
        numbers = (2 * ROUNDS, SOCKETS, f"≤ {outcome.wrong_answered}", sessions, outcome.strange)
        table.add_row(name, *map(str, numbers), "yes" if outcome.holds else "no")
    Console(width=110).print(described_machine(), table)
    return 0 if guarded.holds and not control.holds else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
