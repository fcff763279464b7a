"""Commands for the books: recount, close, and money that fits nowhere."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.wallet.ledger.closings import Closing
    from api.wallet.ledger.recount import Recount
    from api.wallet.payments.orders import ProviderPayment

wallet = typer.Typer(help="The books of the wallet.", no_args_is_help=True)


@wallet.command()
def check() -> None:
    """Count everything anew from the entries, and name each difference.

    Leaves with status 1 when there is one.
    """
    found = asyncio.run(_recounted())
    typer.echo(
        f"{found.accounts} accounts, {found.transfers} transfers;"
        f" debits {found.debits}, credits {found.credits}."
    )
    for it in found.differences:
        typer.echo(f"{it.kind} {it.where}: expected {it.expected}, found {it.found}", err=True)
    if found.differences or found.debits != found.credits:
        raise typer.Exit(1)


@wallet.command()
def close(
    day: Annotated[str, typer.Argument(metavar="YYYY-MM-DD", help="A day that is over.")],
) -> None:
    """Close the books of a day, and of those before it; the worker does it after midnight.

    Leaves with status 1 when the books do not agree.
    """
    try:
        closing = asyncio.run(_closed(day))
    except ValueError as error:
        raise typer.BadParameter("Give a day that is over, such as 2026-05-01") from error
    for kind, total in closing.totals.items():
        typer.echo(f"{kind:20} debits {total.debits:>18} credits {total.credits:>18}")
    typer.echo(f"{closing.day} {closing.entry_count} entries, control {closing.control}")
    if not closing.agrees:
        typer.echo("The books do not agree: laocai wallet check", err=True)
        raise typer.Exit(1)


@wallet.command()
def suspense() -> None:
    """List money that came in and fits nowhere, and what contradicts itself, the oldest first."""
    for it in asyncio.run(_suspended()):
        typer.echo(f"{it.id} {it.at:%Y-%m-%d} {it.amount} {it.reason} {it.provider} {it.reference}")


@wallet.command()
def assign(
    payment: Annotated[str, typer.Argument(help="Id of a payment in suspense.")],
    wallet_id: Annotated[str, typer.Argument(help="Id of a wallet, as its holder shows it.")],
) -> None:
    """Move money out of suspense to the wallet that it is for; once, and noted in the audit log."""
    from api.wallet.errors import WalletProblem

    try:
        asyncio.run(_assigned(payment, wallet_id))
    except WalletProblem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from problem


@wallet.command()
def clear(
    payment: Annotated[str, typer.Argument(help="Id of a payment that is REPORTED_OTHERWISE.")],
) -> None:
    """Take what a provider said against itself off the list; once, and noted in the audit log."""
    from api.wallet.errors import WalletProblem

    try:
        asyncio.run(_cleared(payment))
    except WalletProblem as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from problem


@wallet.command()
def pretend(
    order: Annotated[str, typer.Argument(help="Id of a top-up that was begun.")],
    amount: Annotated[int, typer.Argument(help="Đồng.", min=1, max=100_000_000)],
) -> None:
    """Act as the local payment provider that reports a payment, and say what became of it. Not in production."""
    payment = asyncio.run(_pretended(order, amount))
    if payment is None:
        typer.echo("There is no local provider here.", err=True)
        raise typer.Exit(1)
    typer.echo(payment.outcome if payment.reason is None else f"{payment.outcome} {payment.reason}")


async def _recounted() -> "Recount":
    from rich.console import Console
    from rich.progress import Progress

    from api.settings import settings
    from api.wiring import wired

    with Progress(transient=True, console=Console(stderr=True)) as progress:
        task = progress.add_task("Counting", total=None)
        async with wired(settings()) as services:
            return await services.wallet.books.recounting.run(
                lambda done: progress.update(task, completed=done)
            )


async def _closed(day: str) -> "Closing":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        return await services.wallet.books.closings.close(day)


async def _suspended() -> "list[ProviderPayment]":
    from api.kit.pages import FIRST_AT_MOST
    from api.settings import settings
    from api.wiring import wired

    found: list[ProviderPayment] = []
    async with wired(settings()) as services:
        page = await services.wallet.suspense.listed(FIRST_AT_MOST, None)
        found += page.items
        while page.has_next:
            page = await services.wallet.suspense.listed(FIRST_AT_MOST, page.cursors[-1])
            found += page.items
    return found


async def _assigned(payment: str, wallet_id: str) -> None:
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        await services.wallet.suspense.assign(payment, wallet_id)


async def _cleared(payment: str) -> None:
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        await services.wallet.suspense.clear(payment)


async def _pretended(order: str, amount: int) -> "ProviderPayment | None":
    from api.kit.ids import new_id
    from api.settings import settings
    from api.wallet.payments.providers import LocalProvider, Report, ReportedState
    from api.wiring import wired

    async with wired(settings()) as services:
        provider = services.wallet.provider
        if not isinstance(provider, LocalProvider):
            return None
        report = Report(new_id(), order, amount, ReportedState.PAID)
        signature, body = provider.callback(report)
        return await services.wallet.top_ups.receive(provider.name, signature, body)
