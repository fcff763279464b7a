"""What `laocai run` and `laocai settings` print and check before anything starts."""

import asyncio
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import typer
from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from api.cli.process_runner import Program
from api.setting_values import Environment
from api.settings import Settings

_BOT_MODELS = Path("chatbot/models")
_ACTIONS_URL = "http://127.0.0.1:5055"
_LOOK_AGAIN_SECONDS = 1.0
_BOT_PYTHON = Path("chatbot/.venv/bin/python")


def port_taken(host: str, port: int) -> bool:
    """Tell whether something accepts connections there already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def runnable(programs: Sequence[Program]) -> list[Program]:
    """Leave out the bot's programs, and say so, when its environment or its model is missing."""
    if _BOT_PYTHON.exists() and any(_BOT_MODELS.glob("*.tar.gz")):
        return list(programs)
    typer.echo(
        "The bot is not installed: chat answers with the emergency numbers and links only."
        " It needs Python 3.10; `make bot` says what is missing."
    )
    return [program for program in programs if not program.command[0].startswith("chatbot/")]


def print_addresses(settings: Settings, programs: Sequence[Program]) -> None:
    """Print where a person can look."""
    base = f"http://{settings.host}:{settings.port}"
    table = Table(show_header=False, box=None, padding=(0, 2))
    table.add_row("GraphQL", f"{base}/graphql")
    if settings.environment is Environment.DEVELOPMENT:
        table.add_row("Try it by hand", f"{base}/graphql (in a browser)")
        table.add_row("What phones received", f"{base}/dev/recorder")
    table.add_row("Chat in a browser", f"{base}/chat")
    table.add_row("CAP door", f"{base}/cap/v1/alerts")
    table.add_row("Health", f"{base}/health/ready")
    table.add_row("Processes", ", ".join(program.name for program in programs))
    Console().print(table)


def taken_addresses(settings: Settings, programs: Sequence[Program]) -> list[tuple[str, str]]:
    """Return what our programs would listen on and cannot, each with the setting that moves it."""
    wanted = [("LAOCAI_PORT", settings.host, settings.port)]
    if any(program.name == "bot" for program in programs):
        actions_url = os.environ.get("LAOCAI_BOT_ACTIONS_URL", _ACTIONS_URL)
        for variable, url in (
            ("LAOCAI_BOT_URL", settings.bot_url),
            ("LAOCAI_BOT_ACTIONS_URL", actions_url),
        ):
            parts = urlsplit(url)
            wanted.append((variable, parts.hostname or settings.host, parts.port or 80))
    return [
        (f"{host}:{port}", variable) for variable, host, port in wanted if port_taken(host, port)
    ]


async def say_when_the_bot_answers(settings: Settings, say: Callable[[str], None]) -> None:
    """Return once Rasa has loaded its model, having said so."""
    async with httpx.AsyncClient(trust_env=False, timeout=2.0) as client:
        while True:
            with suppress(httpx.HTTPError):
                if (await client.get(settings.bot_url)).is_success:
                    break
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    say("The bot answers.")


def print_settings(settings: Settings, *, markdown: bool) -> None:
    """Print every setting; as Markdown with its default, else with its value in force."""
    fields = type(settings).model_fields
    if markdown:
        typer.echo("| setting | default | what it does |\n|---|---|---|")
        for name, field in fields.items():
            default = _shown(field.get_default(call_default_factory=True))
            typer.echo(f"| `{_variable(name)}` | {default} | {field.description} |")
        return
    console = Console()
    table = Table("setting", "value", "what it does")
    for name, field in fields.items():
        row = _variable(name), _shown(getattr(settings, name)), field.description or ""
        if console.is_terminal:
            table.add_row(*row)
        else:  # for a program or a file: nothing is cut
            typer.echo("\t".join(row))
    if console.is_terminal:
        console.print(table)


def _variable(name: str) -> str:
    return f"LAOCAI_{name.upper()}"


def _shown(value: object) -> str:
    """Show a value, never a secret."""
    if value is None or value == []:
        return "–"
    return "(set)" if isinstance(value, SecretStr) else str(value)
