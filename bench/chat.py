"""Eight people who chat at once through GraphQL, and as a floor Rasa's REST alone in the same run.

The product runs whole: our API, Rasa and its action server, each a process of its own, over a folder of its own.
Each talker waits for an answer before saying the next thing; after ten messages they begin a new conversation.
Rounds of both alternate, so that what else the machine does meets both. Messages of six languages in turn:
greetings, places, markets, warnings, forms begun and corrected, and cries for help.
Run: `python -m bench.chat`.
"""

import argparse
import asyncio
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from rich.console import Console
from rich.table import Table

from bench.machine import described_machine

ROOT = Path(__file__).resolve().parents[1]
LAOCAI = Path(sys.executable).with_name("laocai")
BOT = ROOT / "chatbot" / ".venv" / "bin" / "python"
DOCUMENT = (ROOT / "graphql" / "operations" / "bot" / "SendChatMessage.graphql").read_text()
GOAL_MILLISECONDS, GOAL_ANSWERS, GOAL_MEGABYTES = 250, 50, 700
MESSAGES_OF_A_TALK = 10
START_SECONDS, WARM_UP_SECONDS = 240, 6.0
MESSAGES = (
    ("vi", "xin chào"),
    ("vi", "chợ Bắc Hà họp ngày nào"),
    ("vi", "gan day co thac nao khong"),
    ("en", "tell me about Fansipan"),
    ("en", "which markets are on Sunday?"),
    ("zh-Hans", "星期天有哪些集市"),
    ("zh-Hans", "沙坝有什么好玩的"),
    ("fr", "où est la cascade d'Argent ?"),
    ("fr", "y a-t-il des alertes météo ?"),
    ("ko", "사파 48시간 카드를 사고 싶어요"),
    ("ko", "아니요, 어른 세 명"),
    ("ja", "ファンシーパンについて教えて"),
    ("ja", "ありがとう"),
    ("en", "my friend is not breathing"),
    ("vi", "không, cảm ơn"),
    ("en", "how is the road from Sa Pa to Lai Chau?"),
)
Say = Callable[[aiohttp.ClientSession, "Talk", str, str], Awaitable[bool]]


@dataclass
class Talk:
    """One conversation, by its name for Rasa and by its id for us."""

    name: str = field(default_factory=lambda: uuid.uuid4().hex)
    conversation: str | None = None


@dataclass(frozen=True, slots=True)
class Program:
    """A process under measurement."""

    name: str
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_megabytes(self) -> float:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@dataclass
class Rounds:
    """What the rounds of one way measured; `milliseconds` of each answer, `silences`: those that were none."""

    milliseconds: list[float] = field(default_factory=list[float])
    silences: int = 0
    seconds: float = 0.0
    cpu: dict[str, float] = field(default_factory=dict[str, float])

    def percentile(self, percent: int) -> float:
        return statistics.quantiles(self.milliseconds, n=100)[percent - 1]

    @property
    def answers_a_second(self) -> float:
        return len(self.milliseconds) / self.seconds


@dataclass(frozen=True, slots=True)
class Addresses:
    api: str
    bot: str
    actions: str


async def say_through_graphql(
    client: aiohttp.ClientSession, talk: Talk, language: str, text: str, api: str
) -> bool:
    """Return whether the bot answered, and not the fallback."""
    message = {
        "text": text,
        "conversationId": talk.conversation,
        "idempotencyKey": uuid.uuid4().hex,
    }
    body = {"query": DOCUMENT, "variables": {"input": message}}
    headers = {"accept-language": language}
    async with client.post(f"{api}/graphql", json=body, headers=headers) as answered:
        result = (await answered.json())["data"]["sendChatMessage"]
    talk.conversation = result["conversation"]["id"]
    return bool(result["answeredBy"] == "BOT")


async def say_to_rasa(
    client: aiohttp.ClientSession, talk: Talk, language: str, text: str, bot: str
) -> bool:
    body = {"sender": talk.name, "message": text, "metadata": {"language": language}}
    async with client.post(f"{bot}/webhooks/rest/webhook", json=body) as answered:
        return bool(await answered.json())


async def talked(into: Rounds, say: Say, talkers: int, seconds: float) -> None:
    """Let them talk for some seconds."""
    until = time.monotonic() + seconds

    async def one(number: int) -> None:
        messages = itertools.cycle(MESSAGES[number % len(MESSAGES) :] + MESSAGES[:number])
        while time.monotonic() < until:
            talk = Talk()
            for language, text in itertools.islice(messages, MESSAGES_OF_A_TALK):
                begun = time.perf_counter()
                into.silences += not await say(client, talk, language, text)
                into.milliseconds.append(1000 * (time.perf_counter() - begun))
                if time.monotonic() >= until:
                    return

    async with aiohttp.ClientSession() as client:
        await asyncio.gather(*(one(2 * number) for number in range(talkers)))


async def measured(
    into: Rounds, say: Say, talkers: int, seconds: float, programs: list[Program]
) -> None:
    before = {one.name: one.cpu_seconds() for one in programs}
    begun = time.monotonic()
    await talked(into, say, talkers, seconds)
    into.seconds += time.monotonic() - begun
    for one in programs:
        used = one.cpu_seconds() - before[one.name]
        into.cpu[one.name] = into.cpu.get(one.name, 0.0) + used


async def run(addresses: Addresses, programs: list[Program], options: argparse.Namespace) -> None:
    async def through_graphql(
        client: aiohttp.ClientSession, talk: Talk, language: str, text: str
    ) -> bool:
        return await say_through_graphql(client, talk, language, text, addresses.api)

    async def to_rasa(client: aiohttp.ClientSession, talk: Talk, language: str, text: str) -> bool:
        return await say_to_rasa(client, talk, language, text, addresses.bot)

    ways: dict[str, Say] = {"sendChatMessage": through_graphql, "Rasa's REST alone": to_rasa}
    rounds = {name: Rounds() for name in ways}
    for say in ways.values():  # what is loaded at the first question
        await talked(Rounds(), say, 1, WARM_UP_SECONDS)
    for _ in range(options.rounds):
        for name, say in ways.items():
            await measured(rounds[name], say, options.talkers, options.seconds, programs)
    show(rounds, programs, options.talkers)


def show(rounds: Mapping[str, Rounds], programs: list[Program], talkers: int) -> None:
    table = Table(title=f"{talkers} talk at once, six languages")
    for column in ("", "answers", "silences", "p50", "p95", "p99", "answers/s", "CPU of an answer"):
        table.add_column(column, justify="left" if not column else "right")
    for name, one in rounds.items():
        count = len(one.milliseconds)
        cpu = ", ".join(f"{who} {1000 * used / count:.1f} ms" for who, used in one.cpu.items())
        times = [f"{one.percentile(percent):.0f} ms" for percent in (50, 95, 99)]
        table.add_row(
            name, str(count), str(one.silences), *times, f"{one.answers_a_second:.1f}", cpu
        )
    console = Console(width=130)
    console.print(table)
    memory = ", ".join(f"{one.name} {one.resident_megabytes():.0f} MB" for one in programs)
    console.print(f"Resident: {memory}.")
    console.print(
        f"Goals: p95 under {GOAL_MILLISECONDS} ms, {GOAL_ANSWERS} answers/s,"
        f" Rasa under {GOAL_MEGABYTES} MB."
    )
    console.print(described_machine())


@contextmanager
def running(folder: Path) -> Generator[tuple[Addresses, list[Program]]]:
    """Run API, Rasa and action server over an own folder, until they are needed no more."""
    ports = [_free_port() for _ in range(3)]
    addresses = Addresses(*(f"http://127.0.0.1:{port}" for port in ports))
    environment = {
        **os.environ,
        "LAOCAI_DATA_FOLDER": str(folder / "var"),
        "LAOCAI_PORT": str(ports[0]),
        "LAOCAI_BOT_URL": addresses.bot,
        "LAOCAI_BOT_ACTIONS_URL": addresses.actions,
        "LAOCAI_REQUESTS_PER_MINUTE_PER_ADDRESS": "1000000",  # all talkers have one
    }
    commands = {
        "API": (str(LAOCAI), "serve"),
        "Rasa": (str(BOT), str(ROOT / "chatbot" / "serve.py"), "bot"),
        "actions": (str(BOT), str(ROOT / "chatbot" / "serve.py"), "actions"),
    }
    with (folder / "log").open("wb") as log:
        subprocess.run(
            [str(LAOCAI), "seed"], cwd=ROOT, env=environment, stdout=log, stderr=log, check=True
        )
        programs = [
            Program(
                name, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            )
            for name, command in commands.items()
        ]
        try:
            yield addresses, programs
        finally:
            for one in programs:
                one.process.terminate()
            for one in programs:
                one.process.wait(timeout=60)


async def ready(addresses: Addresses) -> None:
    """Wait until all three answer."""
    paths = (f"{addresses.api}/health/ready", addresses.bot, f"{addresses.actions}/health")
    async with asyncio.timeout(START_SECONDS), aiohttp.ClientSession() as client:
        for path in paths:
            while not await _answers(client, path):  # noqa: ASYNC110 - another process tells it
                await asyncio.sleep(0.2)


async def _answers(client: aiohttp.ClientSession, path: str) -> bool:
    try:
        async with client.get(path) as answered:
            return answered.status == 200
    except aiohttp.ClientError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--talkers", type=int, default=8)
    asked.add_argument("--seconds", type=float, default=5.0, help="of each round")
    asked.add_argument("--rounds", type=int, default=3, help="of each way")
    options = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="bench-chat-") as folder,
        running(Path(folder)) as (addresses, programs),
    ):
        asyncio.run(_all(addresses, programs, options))


async def _all(addresses: Addresses, programs: list[Program], options: argparse.Namespace) -> None:
    await ready(addresses)
    await run(addresses, programs, options)


if __name__ == "__main__":
    main()
