"""Plays a schedule open-loop: each visit begins when it is due, and a slow answer delays nobody's arrival."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from bench.day import flood, out_and_about, services
from bench.day.cast import Cast
from bench.day.schedule import Arrival
from bench.day.visit import Visit
from bench.day.wire import Failed, Refused, Wire

VISITS: Final[Mapping[str, Callable[[Visit], Awaitable[None]]]] = {
    "weather": out_and_about.weather,
    "market": out_and_about.market,
    "places": out_and_about.places,
    "search": out_and_about.search,
    "plan": out_and_about.plan,
    "guide": out_and_about.guide,
    "pack": out_and_about.pack,
    "tet": out_and_about.tet,
    "greeting": out_and_about.greeting,
    "doctor": services.doctor,
    "desk": services.desk,
    "wallet": services.wallet,
    "gate": services.gate,
    "school": services.school,
    "reports": services.reports,
    "report": services.report,
    "sensors": flood.sensors,
    "warning": flood.warning,
    "alarmed": flood.alarmed,
    "moved": flood.moved,
}
SIGNED_IN: Final = frozenset({"doctor", "wallet", "report"})
"""Visits of whoever has an account."""


async def played(
    wire: Wire, cast: Cast, schedule: Sequence[Arrival], *, has_bot: bool = False
) -> list[float]:
    """Play it all and wait for the last answer; return how late each visit was begun, in milliseconds.

    That is the driver's own fault: where it is not small beside the latencies, they are of the driver.
    """
    late: list[float] = []
    start = time.perf_counter() + 0.5
    async with asyncio.TaskGroup() as visits:
        for arrival in schedule:
            if arrival.kind == "greeting" and not has_bot:
                continue
            due = start + arrival.at
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            late.append((time.perf_counter() - due) * 1000)
            visits.create_task(_visited(_visit(wire, cast, arrival, due), arrival.kind))
    return late


def _visit(wire: Wire, cast: Cast, arrival: Arrival, due: float) -> Visit:
    among = cast.people if arrival.kind in SIGNED_IN else cast.phones
    phone = among[arrival.who % len(among)]
    return Visit(wire, cast, phone, random.Random(arrival.seed), arrival.hour, due)


async def _visited(visit: Visit, kind: str) -> None:
    with suppress(Refused, Failed):  # noted by the wire
        await VISITS[kind](visit)
