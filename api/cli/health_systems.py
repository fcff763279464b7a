"""Commands for the systems of hospitals and clinics, which come in through /fhir."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.health.fhir.systems.registering import SystemRegistry
    from api.health.fhir.systems.repository import HealthSystem

health_systems = typer.Typer(
    help="Systems of hospitals and clinics, which come in through /fhir.", no_args_is_help=True
)


@health_systems.command("add")
def add_system(
    facility: Annotated[str, typer.Argument(help="Id of a hospital or clinic.")],
    key: Annotated[
        Path, typer.Option(help="Its public keys, a JSON Web Key Set.", exists=True, dir_okay=False)
    ],
    name: Annotated[str, typer.Option(help="What the system is called.")] = "HIS",
    scope: Annotated[
        list[str] | None,
        typer.Option(help="Such as system/Appointment.rs; absent: whatever a system may do."),
    ] = None,
) -> None:
    """Register a system by its public keys, and print the id under which it asks for tokens."""

    async def added() -> "HealthSystem":
        async with _registry() as registry:
            # More is no key set; the registry says what is wrong with it.
            with key.open(encoding="utf-8", errors="replace") as file:
                return await registry.add(facility, name, file.read(100_000), scope or ())

    with refusals_shown():
        system = asyncio.run(added())
    typer.echo(_line(system))


@health_systems.command("list")
def list_systems() -> None:
    """List the systems, revoked ones too."""

    async def listed() -> "list[HealthSystem]":
        async with _registry() as registry:
            return await registry.all()

    for system in asyncio.run(listed()):
        typer.echo(_line(system))


@health_systems.command("revoke")
def revoke_system(
    system_id: Annotated[str, typer.Argument(help="Id of a system, as `list` shows it.")],
) -> None:
    """End a system at once, its access tokens and its subscriptions too."""

    async def revoked() -> "HealthSystem":
        async with _registry() as registry:
            return await registry.revoke(system_id)

    with refusals_shown():
        system = asyncio.run(revoked())
    typer.echo(_line(system))


@asynccontextmanager
async def _registry() -> "AsyncGenerator[SystemRegistry]":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        yield services.health.fhir.registry


def _line(system: "HealthSystem") -> str:
    kids = ",".join(system.keys)
    state = f"revoked {system.revoked_at:%Y-%m-%d}" if system.revoked_at else "active"
    return f"{system.id}  {system.facility_id}  {system.name}  {kids}  {system.scopes}  {state}"
