"""Commands that start processes, and the settings they start with."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.cli.process_runner import ProcessRunner
    from api.settings import Settings

processes = typer.Typer()


@processes.command()
def serve() -> None:
    """Answer GraphQL, CAP and health requests until stopped."""
    from api.main import serve as serve_api
    from api.settings import settings

    serve_api(settings())


@processes.command()
def worker() -> None:
    """Run jobs and send notifications until stopped."""
    from api.settings import settings
    from api.worker import run as run_worker

    run_worker(settings())


@processes.command()
def run(
    procfile: Annotated[Path, typer.Option(help="Processes to run.")] = Path("Procfile"),
) -> None:
    """Load the province, then run every process; Ctrl-C stops them."""
    from api.cli.process_runner import ProcessRunner, read_procfile
    from api.cli.province import seed
    from api.cli.starting import print_addresses, runnable, taken_addresses
    from api.settings import settings

    chosen = settings()
    programs = runnable(read_procfile(procfile))
    for address, variable in (taken := taken_addresses(chosen, programs)):
        typer.echo(f"Something listens on {address} already. Stop it, or set {variable}.")
    if taken:
        raise typer.Exit(1)
    seed()
    print_addresses(chosen, programs)
    asyncio.run(_run(ProcessRunner(programs), chosen))
    typer.echo("Stopped.")


async def _run(runner: "ProcessRunner", settings: "Settings") -> None:
    from api.cli.starting import say_when_the_bot_answers

    saying = asyncio.create_task(
        say_when_the_bot_answers(settings, lambda text: runner.say("bot", text))
    )
    try:
        await runner.run()
    finally:
        saying.cancel()


@processes.command("settings")
def show_settings(
    markdown: Annotated[
        bool, typer.Option(help="Print the README's table: defaults instead of values in force.")
    ] = False,
) -> None:
    """Show every setting, its value and what it does."""
    from api.cli.starting import print_settings
    from api.settings import settings

    print_settings(settings(), markdown=markdown)
