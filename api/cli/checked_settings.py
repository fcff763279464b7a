"""Settings that are wrong or misspelt are named as they are written: LAOCAI_<NAME>."""

import difflib
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager

import typer
from pydantic import ValidationError

from api.secret_files import UnreadableSecret, file_variable, secret_names
from api.settings import Settings

_PREFIX = "LAOCAI_"
_OF_OTHER_PROGRAMS = ("LAOCAI_BOT_", "LAOCAI_TEST_", "LAOCAI_API_URL")
"""Read by the bot's programs and by tests (docs/bot.md)."""


def warn_of_unknown_settings() -> None:
    """Name every LAOCAI_ variable that nothing reads, and what may have been meant."""
    known = [f"{_PREFIX}{name.upper()}" for name in Settings.model_fields]
    known += map(file_variable, secret_names(Settings.model_fields))
    for name in sorted(os.environ):
        if not name.startswith(_PREFIX) or name in known or name.startswith(_OF_OTHER_PROGRAMS):
            continue
        near = difflib.get_close_matches(name, known, n=1)
        meant = f" Did you mean {near[0]}?" if near else ""
        typer.echo(f"{name} is no setting of ours, and has no effect.{meant}", err=True)


@contextmanager
def wrong_settings_shown() -> Generator[None]:
    """Print each wrong setting on a line of its own and leave with status 2; so for wrong keys."""
    from api.kit.sealing_root import KeysOfAnotherStore

    try:
        yield
    except (KeysOfAnotherStore, UnreadableSecret) as error:
        typer.echo(str(error), err=True)
        sys.exit(2)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        for wrong in error.errors(include_url=False, include_input=False):
            name = "_".join(str(part) for part in wrong["loc"]).upper()
            typer.echo(f"{_PREFIX}{name}: {wrong['msg']}" if name else wrong["msg"], err=True)
        sys.exit(2)
