"""Commands for trails."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.tourism.trails.trail import Trail
    from api.tourism.trails.writing import WrittenFacts, WrittenLine
    from api.tourism.written_texts import WrittenText

trails = typer.Typer(help="Trails and the files they come in.", no_args_is_help=True)

DifficultyName = Literal["easy", "moderate", "hard", "very_hard"]


@trails.callback()
def _trails() -> None:
    """Keep `import` a command of its own, though it is the only one."""


@trails.command("import")
def import_trail(
    file: Annotated[
        Path, typer.Argument(help="GPX 1.0 or 1.1, or GeoJSON.", exists=True, dir_okay=False)
    ],
    name: Annotated[
        list[str] | None,
        typer.Option(help="LANGUAGE=NAME, once a language; a new trail needs vi=…"),
    ] = None,
    trail: Annotated[
        str | None, typer.Option(help="Id of the trail whose line to replace; absent: a new one.")
    ] = None,
    accuracy: Annotated[float, typer.Option(help="Metres by which the line may be off.")] = 20.0,
    difficulty: Annotated[
        DifficultyName | None, typer.Option(help="Absent: what the line proposes.")
    ] = None,
    sketch: Annotated[bool, typer.Option(help="The line only joins places on the way.")] = False,
) -> None:
    """Take the line in FILE. Times, names, authors and devices in it are not read."""
    from api.kit.changes import UNCHANGED
    from api.tourism.trails.files import TrailFormat
    from api.tourism.trails.trail import LineKind
    from api.tourism.trails.walking import Difficulty
    from api.tourism.trails.writing import WrittenFacts, WrittenLine

    written_as = TrailFormat.GPX if file.suffix.lower() == ".gpx" else TrailFormat.GEOJSON
    kind = LineKind.SKETCH if sketch else LineKind.SURVEYED
    facts = WrittenFacts(
        names=_names(name) if name else UNCHANGED,
        difficulty=Difficulty(difficulty) if difficulty else UNCHANGED,
    )
    with refusals_shown():
        line = WrittenLine(file.read_bytes(), written_as, kind, accuracy)
        imported = asyncio.run(_imported(trail, line, facts))
    course = imported.course
    typer.echo(
        f"{imported.id}: {course.points} points, {course.measures.length_metres / 1000:.1f} km along"
        f" the line; {imported.difficulty.value}."
    )


async def _imported(trail_id: str | None, line: "WrittenLine", facts: "WrittenFacts") -> "Trail":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        if trail_id is None:
            return await services.tourism.trail_editing.add_as_operator(line, facts)
        return await services.tourism.trail_editing.redraw_as_operator(trail_id, line, facts)


def _names(given: Sequence[str]) -> "tuple[WrittenText, ...]":
    from api.tourism.written_texts import WrittenText

    parted = (text.partition("=") for text in given)
    return tuple(WrittenText(language, name) for language, _, name in parted)
