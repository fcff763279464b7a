"""What an operator of the product prepares before people come: the province, stations, agencies' keys, an administrator."""

from dataclasses import dataclass
from pathlib import Path

from api.cli.province import load_province
from api.conditions.stations.measures import StationKind
from api.conditions.stations.station import Station
from api.kit.geo import Position
from api.settings import Settings
from api.wiring import wired
from bench.day.product import ROOT

CHIEF = "chief@example.com"
STATION, STATIONS = "mua.ngay", 12
SENDER = "demo@laocai.example"
SA_PA = (22.3364, 103.8438)


@dataclass(frozen=True, slots=True)
class Keys:
    """Of the agency that warns, and of the one that measures."""

    warnings: str
    stations: str


async def prepared(folder: Path, *, has_samples: bool = True) -> Keys:
    """Load the province as `laocai seed` does; add an administrator, rain stations and both agencies.

    `has_samples`: every hospital can be booked, which takes a worker a minute to make.
    """
    chosen = Settings(data_folder=folder, contract_folder=ROOT / "graphql", log_level="ERROR")
    async with wired(chosen) as services:
        await load_province(services, _untold, sells_cards=True, has_samples=has_samples)
        await services.accounts.staff.administrators.appoint(CHIEF, "vi")
        for number in range(STATIONS):
            await services.conditions.stations.add(_rain_station(number))
        stations = await services.conditions.intake.keys.create("Đài khí tượng", [STATION])
        warnings = await services.alerts.keys.create("Phòng thủ dân sự", [SENDER])
    return Keys(warnings.key, stations.key)


def _untold(_done: int, _total: int) -> None:
    """Nobody watches."""


def _rain_station(number: int) -> Station:
    latitude, longitude = SA_PA
    return Station(
        id=f"{STATION}-{number:02}",
        kind=StationKind.RAIN,
        names={"vi": f"Trạm mưa {number}"},
        position=Position(latitude + number % 4 * 0.02, longitude + number // 4 * 0.02),
        source="Đài khí tượng",
        alarm_levels=(),
        river=None,
        spaces=None,
    )
