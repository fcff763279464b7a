"""Commands for stations, and for the agencies whose systems send what they observe."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.refusals import refusals_shown

if TYPE_CHECKING:
    from api.conditions.stations.station import Station
    from api.conditions.wiring import ConditionServices

conditions = typer.Typer(
    help="Stations, and the agencies that send what they observe.", no_args_is_help=True
)
stations = typer.Typer(help="Stations.", no_args_is_help=True)
agencies = typer.Typer(help="Keys of the agencies that post observations.", no_args_is_help=True)
conditions.add_typer(stations, name="station")
conditions.add_typer(agencies, name="agency")


@stations.command("add")
def add_station(
    station_id: Annotated[str, typer.Argument(help="Small letters, digits, dots and hyphens.")],
    kind: Annotated[str, typer.Argument(help="rain, river, landslide, air, radiation, …")],
    name: Annotated[str, typer.Argument(help="In Vietnamese.")],
    latitude: Annotated[float, typer.Option(help="Degrees, WGS 84.")],
    longitude: Annotated[float, typer.Option(help="Degrees, WGS 84.")],
    source: Annotated[str, typer.Option(help="Who measures.")],
    river: Annotated[str | None, typer.Option(help="The river it stands at.")] = None,
    alarm_level: Annotated[
        list[float] | None, typer.Option(help="Báo động 1 to 3 in metres, the lowest first.")
    ] = None,
    spaces: Annotated[int | None, typer.Option(help="Of a car park: all of them.")] = None,
) -> None:
    """Add a station."""
    from api.conditions.stations.measures import StationKind
    from api.conditions.stations.station import Station
    from api.kit.geo import Position

    if kind not in set(StationKind):
        raise typer.BadParameter(", ".join(StationKind), param_hint="kind")

    async def add() -> "Station":
        station = Station(
            id=station_id,
            kind=StationKind(kind),
            names={"vi": name},
            position=Position(latitude, longitude),
            source=source,
            alarm_levels=tuple(alarm_level or ()),
            river=river,
            spaces=spaces,
        )
        async with _services() as services:
            return await services.stations.add(station)

    with refusals_shown():
        added = asyncio.run(add())
    typer.echo(f"The station {added.id} is added.")


@stations.command("list")
def list_stations() -> None:
    """List the stations in use."""

    async def listed() -> "list[Station]":
        async with _services() as services:
            return list((await services.stations.in_use()).values())

    for station in asyncio.run(listed()):
        typer.echo(f"{station.id:<32} {station.kind.value:<10} {station.names['vi']}")


@stations.command("retire")
def retire_station(station_id: str) -> None:
    """Take a station out of use."""

    async def retire() -> None:
        async with _services() as services:
            await services.stations.retire(station_id)

    with refusals_shown():
        asyncio.run(retire())
    typer.echo(f"The station {station_id} is retired.")


@agencies.command("add")
def add_agency(
    name: Annotated[str, typer.Argument(help="Who the key is for.")],
    station: Annotated[
        list[str] | None, typer.Option(help="How the ids of its stations begin.")
    ] = None,
    roads_of: Annotated[
        str | None, typer.Option(help="The agency for which it sends events on the road.")
    ] = None,
) -> None:
    """Make a key for an agency and print it, once."""

    async def create() -> str:
        async with _services() as services:
            return (await services.intake.keys.create(name, station or (), roads_of)).key

    with refusals_shown():
        key = asyncio.run(create())
    typer.echo(f"The key of {name}, shown this once:\n{key}")


@agencies.command("list")
def list_agencies() -> None:
    """List the agencies, their keys' ids and the stations they speak for."""

    async def listed() -> list[str]:
        async with _services() as services:
            return [
                f"{agency.key_id}  {'revoked' if agency.revoked_at else 'valid':<7}  "
                f"{agency.name}  {', '.join(agency.prefixes)}"
                f"{'  roads of ' + agency.roads_of if agency.roads_of else ''}"
                for agency in await services.intake.keys.list()
            ]

    for line in asyncio.run(listed()):
        typer.echo(line)


@agencies.command("revoke")
def revoke_agency(
    key_id: Annotated[str, typer.Argument(help="The key's id, from the list.")],
) -> None:
    """End an agency's key at once."""

    async def revoke() -> str:
        async with _services() as services:
            return (await services.intake.keys.revoke(key_id)).name

    with refusals_shown():
        name = asyncio.run(revoke())
    typer.echo(f"The key {key_id} of {name} is revoked.")


@asynccontextmanager
async def _services() -> "AsyncGenerator[ConditionServices]":
    from api.settings import settings
    from api.wiring import wired

    async with wired(settings()) as services:
        yield services.conditions
