"""Commands for warnings, and for the agencies that may send them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import reason_of, refusals_shown

if TYPE_CHECKING:
    from api.alerts.polling.feeds import FeedMessage, PolledFeed
    from api.alerts.service import AlertService, ImportOutcome
    from api.alerts.signatures.certificates import AgencyCertificate

alerts = typer.Typer(
    help="Warnings: import, and the agencies that may send them.", no_args_is_help=True
)
agencies = typer.Typer(
    help="Keys of the agencies that post to /cap/v1/alerts.", no_args_is_help=True
)
certificates = typer.Typer(help="Certificates with which agencies sign.", no_args_is_help=True)
feeds = typer.Typer(help="Feeds of agencies that we poll.", no_args_is_help=True)
alerts.add_typer(agencies, name="agency")
alerts.add_typer(certificates, name="certificate")
alerts.add_typer(feeds, name="feed")


@alerts.command("import")
def import_source(
    source: Annotated[str, typer.Argument(help="A file, or an http(s) URL.")],
) -> None:
    """Take in a CAP 1.2 message, or an Atom feed of them; a broken message is refused whole."""
    with refusals_shown():
        outcomes = asyncio.run(_import(source))
    for outcome in outcomes:
        typer.echo(_line(outcome))
    if any(outcome.problem for outcome in outcomes):
        raise typer.Exit(1)


@alerts.command("sample")
def print_sample(
    identifier: Annotated[
        str | None, typer.Option(help="What it is called; absent: a new name.")
    ] = None,
) -> None:
    """Print a CAP message over Sa Pa in four languages, valid from now, to try the door with."""
    from api.alerts.sample import sample_message
    from api.kit.clock import system_clock
    from api.kit.ids import new_id

    typer.echo(sample_message(identifier or f"sample-{new_id()}", system_clock()), nl=False)


@agencies.command("add")
def add_agency(
    name: Annotated[str, typer.Argument(help="Who the key is for.")],
    sender: Annotated[list[str], typer.Option(help="A CAP sender the agency may speak as.")],
    signed: Annotated[
        bool, typer.Option(help="Refuse its messages unless they are signed.")
    ] = False,
) -> None:
    """Make a key for an agency and print it, once."""

    async def create() -> str:
        async with _service() as service:
            made = await service.keys.create(name, sender, is_signature_required=signed)
            return made.key

    with refusals_shown():
        key = asyncio.run(create())
    typer.echo(f"The key of {name}, shown this once:\n{key}")


@agencies.command("list")
def list_agencies() -> None:
    """List the agencies, their keys' ids and the senders they may speak as."""

    async def listed() -> list[str]:
        async with _service() as service:
            return [
                f"{agency.key_id}  {'revoked' if agency.revoked_at else 'valid':<7}  "
                f"{'signed  ' if agency.is_signature_required else ''}"
                f"{agency.name}  {', '.join(sorted(agency.senders))}"
                for agency in await service.keys.list()
            ]

    for line in asyncio.run(listed()):
        typer.echo(line)


@agencies.command("revoke")
def revoke_agency(
    key_id: Annotated[str, typer.Argument(help="The key's id, from the list.")],
) -> None:
    """End an agency's key at once."""

    async def revoke() -> str:
        async with _service() as service:
            return (await service.keys.revoke(key_id)).name

    with refusals_shown():
        name = asyncio.run(revoke())
    typer.echo(f"The key {key_id} of {name} is revoked.")


@agencies.command("signature")
def require_signature(
    key_id: Annotated[str, typer.Argument(help="The key's id, from the list.")],
    required: Annotated[
        bool, typer.Option("--required/--optional", help="What holds from now on.")
    ],
) -> None:
    """Say whether an agency's messages must be signed."""

    async def require() -> str:
        async with _service() as service:
            return (await service.keys.require_signature(key_id, is_required=required)).name

    with refusals_shown():
        name = asyncio.run(require())
    typer.echo(f"Messages of {name} {'must' if required else 'need not'} be signed.")


@certificates.command("add")
def add_certificate(
    key_id: Annotated[str, typer.Argument(help="The id of the agency's key.")],
    file: Annotated[Path, typer.Argument(help="PEM or DER.", exists=True, dir_okay=False)],
) -> None:
    """Trust a certificate of an agency; administrators are told before it expires."""
    from api.alerts.signatures.certificates import BYTES_AT_MOST

    async def added() -> "AgencyCertificate":
        with file.open("rb") as opened:
            content = opened.read(BYTES_AT_MOST + 1)
        async with _service() as service:
            return await service.certificates.add(key_id, content)

    with refusals_shown():
        certificate = asyncio.run(added())
    typer.echo(_certificate_line(certificate))


@certificates.command("list")
def list_certificates() -> None:
    """List the certificates, revoked ones too."""

    async def listed() -> "list[AgencyCertificate]":
        async with _service() as service:
            return await service.certificates.list()

    for certificate in asyncio.run(listed()):
        typer.echo(_certificate_line(certificate))


@certificates.command("revoke")
def revoke_certificate(
    certificate_id: Annotated[str, typer.Argument(help="The certificate's id, from the list.")],
) -> None:
    """Stop trusting a certificate at once."""

    async def revoked() -> "AgencyCertificate":
        async with _service() as service:
            return await service.certificates.revoke(certificate_id)

    with refusals_shown():
        certificate = asyncio.run(revoked())
    typer.echo(_certificate_line(certificate))


@feeds.command("add")
def add_feed(
    key_id: Annotated[str, typer.Argument(help="The id of the agency's key.")],
    url: Annotated[str, typer.Argument(help="An Atom or RSS feed, http or https.")],
    host: Annotated[
        list[str] | None, typer.Option(help="Another host to which its links may lead.")
    ] = None,
    every: Annotated[int, typer.Option(help="Seconds between two polls.")] = 60,
) -> None:
    """Poll a feed of an agency; again changes its hosts and pause."""

    async def added() -> "PolledFeed":
        async with _service() as service:
            return await service.feeds.add(key_id, url, host or (), every)

    with refusals_shown():
        feed = asyncio.run(added())
    typer.echo(_feed_line(feed))


@feeds.command("list")
def list_feeds() -> None:
    """List the feeds, and how the last poll of each went."""

    async def listed() -> "list[PolledFeed]":
        async with _service() as service:
            return await service.feeds.list()

    for feed in asyncio.run(listed()):
        typer.echo(_feed_line(feed))


@feeds.command("messages")
def list_feed_messages(
    feed_id: Annotated[str, typer.Argument(help="The feed's id, from the list.")],
) -> None:
    """List what became of the latest messages of a feed."""

    async def listed() -> "Sequence[FeedMessage]":
        async with _service() as service:
            return await service.feeds.messages(feed_id, 50)

    for message in asyncio.run(listed()):
        outcome = message.alert_id or f"refused [{message.code}]"
        typer.echo(f"{message.at:%Y-%m-%d %H:%M:%S}  {outcome}  {message.entry}")


@feeds.command("remove")
def remove_feed(
    feed_id: Annotated[str, typer.Argument(help="The feed's id, from the list.")],
) -> None:
    """Stop polling a feed; what it brought stays."""

    async def removed() -> "PolledFeed":
        async with _service() as service:
            return await service.feeds.remove(feed_id)

    with refusals_shown():
        feed = asyncio.run(removed())
    typer.echo(f"{feed.url} is not polled any more.")


@asynccontextmanager
async def _service() -> "AsyncGenerator[AlertService]":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        yield services.alerts


async def _import(source: str) -> "list[ImportOutcome]":
    from api.alerts.source import read_source

    document = await read_source(source)
    async with _service() as service:
        return await service.import_document(document, source)


def _line(outcome: "ImportOutcome") -> str:
    entry = f"{outcome.entry}: " if outcome.entry else ""
    if outcome.problem is not None:
        return f"{entry}refused: {reason_of(outcome.problem)}"
    assert outcome.imported is not None, "an outcome is an import or a problem"  # noqa: S101
    already = " (known already)" if outcome.imported.is_replay else ""
    signature = outcome.imported.signature.name
    return (
        f"{entry}imported as {outcome.imported.id}{already}: {outcome.imported.delivery.name},"
        f" signature {signature}"
    )


def _certificate_line(one: "AgencyCertificate") -> str:
    state = "revoked" if one.revoked_at else f"until {one.not_after:%Y-%m-%d}"
    return f"{one.id}  {one.agency_id}  {state}  {one.subject}  sha256:{one.fingerprint}"


def _feed_line(feed: "PolledFeed") -> str:
    polled = f"{feed.polled_at:%Y-%m-%d %H:%M:%S}" if feed.polled_at else "not polled yet"
    state = "ok" if not feed.failures else f"{feed.failures} failures"
    error = f" [{feed.last_error}]" if feed.last_error else ""
    return (
        f"{feed.id}  {feed.agency_id}  {feed.pause_seconds} s  {polled}  {state}{error}  {feed.url}"
    )
