"""One refresh token from 50 sockets at once: everybody is answered, with exactly one child.

`python -m bench.refresh_race`. The control, a server that reads, decides and then writes, must fail.
"""

import asyncio
import sys
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.machine import described_machine
from bench.otp_race import attempt, new_code
from bench.races import ROUNDS, SOCKETS, Server, running

REFRESH = """mutation Refresh($token: String!) {
  refreshSession(input: {refreshToken: $token}) {
    ... on RefreshSessionSuccess { tokens { refreshToken } }
    ... on AccountError { code }
  }
}"""
TOKENS = "{ ... on SignInSuccess { tokens { refreshToken } } ... on AccountError { code } }"


@dataclass(frozen=True, slots=True)
class Round:
    children: int
    refused: int

    @property
    def holds(self) -> bool:
        return self.children == 1 and self.refused == 0


async def measured(*, guarded: bool) -> list[Round]:
    async with running(guarded=guarded) as server:
        return [await one_round(server, number) for number in range(ROUNDS)]


async def one_round(server: Server, number: int) -> Round:
    token = await signed_in(server, number)
    body = {"query": REFRESH, "variables": {"token": token}}
    answers = await server.together([body] * SOCKETS)
    results: list[dict[str, Any]] = [answer["refreshSession"] for answer in answers]
    children = {result["tokens"]["refreshToken"] for result in results if "tokens" in result}
    return Round(len(children), sum("code" in result for result in results))


async def signed_in(server: Server, number: int) -> str:
    """Return the refresh token of a new session."""
    code_id, code = await new_code(server, f"refresh-{number}@example.com")
    body = attempt(code_id, code, 1, f"refresh-{number}")
    body["query"] = body["query"].replace("{ __typename ... on AccountError { code } }", TOKENS)
    (answer,) = await server.together([body])
    token: str = answer["a0"]["tokens"]["refreshToken"]
    return token


async def main() -> int:
    """Print the table; return 1 when the guard fails, or the control does not."""
    guarded, control = await measured(guarded=True), await measured(guarded=False)
    table = Table(
        "server", "rounds", "sockets", "children at most", "refused at most", "rounds that hold"
    )
    for name, rounds in (("laocai", guarded), ("control, guard off", control)):
        children, refused = (
            max(one.children for one in rounds),
            max(one.refused for one in rounds),
        )
        holding = sum(one.holds for one in rounds)
        table.add_row(name, *map(str, (ROUNDS, SOCKETS, children, refused, holding)))
    Console(width=110).print(described_machine(), table)
    is_right = all(one.holds for one in guarded)
    return 0 if is_right and not all(one.holds for one in control) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
