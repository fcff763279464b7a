"""Commands for the tours of the guide."""

from typing import TYPE_CHECKING

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.guide.speech.speaking import SpokenTexts

tours = typer.Typer(help="The tours of the guide.", no_args_is_help=True)


@tours.callback()
def _tours() -> None:
    """Keep `speak` a command of its own, though it is the only one."""


@tours.command()
def speak() -> None:
    """Let espeak-ng speak every text that nobody has spoken yet; on each host of the API.

    Recordings lie in the data folder, 44 KB a second. What is stopped goes on where it was.
    """
    with refusals_shown():
        spoken = _spoken()
    typer.echo(
        f"{spoken.made} texts were spoken now, {spoken.there} were there already."
        f" {spoken.silent} are in languages that no voice here speaks well enough."
    )


def _spoken() -> "SpokenTexts":
    from rich.progress import Progress

    from api.guide.speech.recordings import Recordings
    from api.guide.speech.speaking import speak_all
    from api.guide.speech.voices import Speaker
    from api.guide.tours.library import shipped_tours
    from api.settings import settings

    recordings = Recordings(settings().data_folder, settings().public_url)
    speaker = Speaker.installed()
    with Progress(transient=True) as progress:
        task = progress.add_task("Speaking", total=None)
        return speak_all(
            shipped_tours().tours.values(),
            recordings,
            speaker,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
