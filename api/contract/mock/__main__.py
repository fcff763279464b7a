"""`python -m api.contract.mock`: the mock on this machine, until Ctrl-C."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from api.contract.mock.server import mock_app
from api.contract.mock.settings import MockSettings
from api.contract.published import FOLDER

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="On 127.0.0.1.")] = 8001,
    seed: Annotated[str, typer.Option(help="Another one makes other values.")] = "laocai",
    at: Annotated[str, typer.Option(help="The moment it is, ISO 8601 with its offset.")] = "",
    tick_seconds: Annotated[float, typer.Option(min=0.05, help="Between two events.")] = 5.0,
    folder: Annotated[Path, typer.Option(help="Of the contract.")] = FOLDER,
    only_published: Annotated[bool, typer.Option(help="Answer published documents only.")] = False,
) -> None:
    """Answer the contract with made-up values."""
    now = datetime.fromisoformat(at) if at else datetime.now(UTC)
    if now.tzinfo is None:
        raise typer.BadParameter("say the offset, as in 2026-05-01T09:30:00+07:00")
    built = mock_app(folder, MockSettings(seed, now, tick_seconds), only_published=only_published)
    typer.echo(f"http://127.0.0.1:{port}/graphql")
    uvicorn.run(built, host="127.0.0.1", port=port, log_level="warning", ws_max_size=65_536)


if __name__ == "__main__":
    sys.exit(app())
