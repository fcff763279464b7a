"""Commands for keys: those that sign access tokens, offline packs and cards, and those that seal personal data."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from collections import Counter
    from datetime import datetime

    from api.kit.sealing_keys import SealingKeys, Uses
    from api.kit.signing_keys import SigningKey, SigningKeys

keys = typer.Typer(
    help="Keys that sign access tokens, offline packs and cards, and keys that seal personal data.",
    no_args_is_help=True,
)
rotation = typer.Typer(help="Bring in a new key.", no_args_is_help=True)
keys.add_typer(rotation, name="rotate")


@keys.command("list")
def list_keys() -> None:
    """List all keys by their ids, the oldest first, and what each is good for now."""

    async def listed() -> list[str]:
        from api.kit.clock import system_clock

        async with _keys() as (signing, sealing):
            now = system_clock()
            lines = [
                f"{name:<7}  {key.id}  {_use(key, now)}"
                for name, keys in signing.items()
                for key in await keys.kept()
            ]
            for key_id, is_current in sealing.ids():
                lines.append(f"sealing  {key_id}  {'seals and opens' if is_current else 'opens'}")
            return lines

    for line in asyncio.run(listed()):
        typer.echo(line)


@rotation.command("access")
def rotate_access() -> None:
    """Publish a new key for access tokens. It signs a little later; nobody is signed out."""
    _rotate("access")


@rotation.command("packs")
def rotate_packs() -> None:
    """Publish a new key for offline packs. It signs a little later; packs signed before stay good."""
    _rotate("packs")


@rotation.command("cards")
def rotate_cards() -> None:
    """Publish a new key for cards and what gates fetch. It signs a little later; cards stay good."""
    _rotate("cards")


def _rotate(purpose: str) -> None:
    async def rotate() -> "SigningKey":
        async with _keys() as (signing, _):
            return await signing[purpose].rotate()

    key = asyncio.run(rotate())
    typer.echo(f"{key.id} is published, and signs from {_moment(key.signs_from)}.")


@rotation.command("sealing")
def rotate_sealing() -> None:
    """Add a key that seals from now on, and seal everything anew with it.

    Back up the file of the keys right after. When this is stopped, `laocai keys reseal` goes on.
    """

    async def add() -> str:
        async with _keys() as (_, sealing):
            return sealing.add()

    typer.echo(f"{asyncio.run(add())} seals from now on. Back up the file of the keys.")
    reseal()


@keys.command()
def reseal() -> None:
    """Seal anew, with the current key, what older keys sealed, and say what is left."""
    count, left = asyncio.run(_resealed())
    typer.echo(f"{count} values were sealed anew.")
    for key_id, uses in left.items():
        typer.echo(f"Still sealed under {key_id}: {_by_collection(uses)}.")
    if left:
        typer.echo(
            "One-time codes go by themselves in two hours, copies of people's data in two days."
            " For the rest, do this again."
        )


@keys.command()
def forget(
    key_id: Annotated[str, typer.Argument(help="An older sealing key, from the list.")],
) -> None:
    """Remove an older sealing key, once it is proved that nothing is sealed under it.

    Backups of the store from before it was rotated need the file of the keys of their time.
    """
    from api.kit.sealing_keys import SealedStill

    async def forgotten() -> None:
        async with _keys() as (_, sealing):
            with _progress("Looking for what is sealed under it") as show:
                await sealing.forget(key_id, show)

    with refusals_shown():
        try:
            asyncio.run(forgotten())
        except SealedStill as refusal:
            typer.echo(f"{_by_collection(refusal.uses)}.", err=True)
            raise
    typer.echo(f"{key_id} is forgotten. Back up the file of the keys.")


@asynccontextmanager
async def _keys() -> "AsyncGenerator[tuple[dict[str, SigningKeys], SealingKeys]]":
    """Open the keys that sign, by what they are for, and those that seal."""
    from api.kit.clock import system_clock
    from api.settings import settings
    from api.wiring import sealing_keys_of, wired

    async with wired(settings()) as services:
        yield (
            {
                "access": services.accounts.access_keys,
                "packs": services.guide.packs.signatures.keys,
                "cards": services.credentials.keys,
            },
            sealing_keys_of(services, settings(), system_clock),
        )


async def _resealed() -> "tuple[int, Uses]":
    """Return how many values were sealed anew, and what older keys still seal."""
    async with _keys() as (_, sealing):
        with _progress("Sealing anew") as show:
            count = await sealing.seal_all_anew(lambda done: show(done, None))
        with _progress("Looking for what is left") as show:
            uses = await sealing.uses(show)
        older = [key_id for key_id, is_current in sealing.ids() if not is_current]
        return count, {key_id: uses[key_id] for key_id in older if key_id in uses}


@contextmanager
def _progress(words: str) -> Generator[Callable[[int, int | None], None]]:
    """Show progress on the terminal, apart from the answer; give what is told how much is done of what."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}")
    with Progress(*columns, transient=True, console=Console(stderr=True)) as progress:
        task = progress.add_task(words, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _use(key: "SigningKey", now: "datetime") -> str:
    if now < key.signs_from:
        return f"signs from {_moment(key.signs_from)}"
    if key.verifies_until is None:
        return "signs and verifies"
    if key.verifies(now):
        return f"verifies until {_moment(key.verifies_until)}"
    return f"ended {_moment(key.verifies_until)}"


def _by_collection(uses: "Counter[str]") -> str:
    return ", ".join(f"{count} in {name}" for name, count in sorted(uses.items()))


def _moment(moment: "datetime") -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S UTC")
