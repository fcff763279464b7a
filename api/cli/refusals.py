"""How a command ends when what was asked is refused: one line in the operator's language, status 1."""

import os
from collections.abc import Generator
from contextlib import contextmanager

import typer

from api.kit.errors import DomainError
from locales import SOURCE, Translator, language_of, translator


def operator_translator() -> Translator:
    """Return the translator for the language of the terminal (LC_ALL, LC_MESSAGES, LANG)."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if tag := os.environ.get(variable):
            return translator(language_of(tag.partition(".")[0]) or SOURCE)
    return translator(SOURCE)


def reason_of(error: DomainError) -> str:
    """Return the refusal for the terminal, with its stable code."""
    return f"{error.localized(operator_translator())} [{error.code.name}]"


@contextmanager
def refusals_shown() -> Generator[None]:
    """Print an expected refusal and leave with status 1; a bug keeps its traceback."""
    try:
        yield
    except DomainError as error:
        typer.echo(reason_of(error), err=True)
        raise typer.Exit(1) from error
