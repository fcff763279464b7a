"""One refresh token from 50 sockets at once: everybody is answered, with exactly one child.

Then the same token again after the grace: nobody is answered, and the child is worth nothing any more.
The grace passes by dating the child back in the store: the server keeps its real clock.

`python -m bench.refresh_race`. The control, a server that reads, decides and then writes, must fail.
"""

import asyncio
import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from rich.console import Console
from rich.table import Table

from api.accounts.sign_in.session_repository import SESSIONS
from api.accounts.sign_in.sessions import GRACE
from api.kit.clock import system_clock
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
    """`reused`: how often the token, or its child, was answered after the grace."""

    children: int
    refused: int
    reused: int

    @property
    def holds(self) -> bool:
        return (self.children, self.refused, self.reused) == (1, 0, 0)


async def measured(*, guarded: bool) -> list[Round]:
    async with running(guarded=guarded) as server:
        return [await one_round(server, number) for number in range(ROUNDS)]


async def one_round(server: Server, number: int) -> Round:
    token = await signed_in(server, number)
    answered = await refreshed(server, token, SOCKETS)
    children = set(answered)
    await let_the_grace_pass(server, token)
    reused = await refreshed(server, token, SOCKETS)
    for child in children:
        reused += await refreshed(server, child, 1)
    return Round(len(children), SOCKETS - len(answered), len(reused))


async def refreshed(server: Server, token: str, sockets: int) -> list[str]:
    """Refresh from as many sockets at once; return the children that were given."""
    body = {"query": REFRESH, "variables": {"token": token}}
    answers = await server.together([body] * sockets)
    results: list[dict[str, Any]] = [answer["refreshSession"] for answer in answers]
    return [result["tokens"]["refreshToken"] for result in results if "tokens" in result]


async def let_the_grace_pass(server: Server, token: str) -> None:
    session_id = token.partition(".")[0]
    before = system_clock() - GRACE - timedelta(seconds=1)
    await server.services.store[SESSIONS].update_one(
        {"_id": session_id}, {"$set": {"rotated_at": before}}
    )


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
        "server",
        "rounds",
        "sockets",
        "children",
        "refused",
        "reused after grace",
        "rounds that hold",
    )
    for name, rounds in (("laocai", guarded), ("control, guard off", control)):
        most = [
            f"≤ {max(numbers)}"
            for numbers in zip(
                *((one.children, one.refused, one.reused) for one in rounds), strict=True
            )
        ]
        holding = sum(one.holds for one in rounds)
        table.add_row(name, *map(str, (ROUNDS, SOCKETS, *most, holding)))
    Console(width=110).print(described_machine(), table)
    is_right = all(one.holds for one in guarded)
    return 0 if is_right and not all(one.holds for one in control) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
