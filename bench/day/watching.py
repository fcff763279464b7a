"""Looks at the product's processes while the day is played: memory, processor time, and how long their loops are busy."""

import asyncio
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, linear_regression

import aiohttp

from bench.day.product import Product

LOOKED_EVERY, PROBED_EVERY = 1.0, 0.1
JUDGED_FROM_SECONDS = 240.0
"""Shorter days are all warm-up: their memory is shown and not judged."""
GROWTH_AT_MOST = 0.05
"""Of the mean, as the slope of the second half's regression has it over that half."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one process, in megabytes: `growth` over the second half by regression, `per_hour` its slope."""

    first: float
    last: float
    most: float
    growth: float
    per_hour: float
    is_flat: bool


@dataclass(slots=True)
class Watch:
    """`lags`: by API process, how many milliseconds a probe due each 100 ms waited for its answer."""

    product: Product
    seen: dict[str, list[tuple[float, float]]] = field(
        default_factory=dict[str, list[tuple[float, float]]]
    )
    lags: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    processor: dict[str, float] = field(default_factory=dict[str, float])

    async def run(self) -> None:
        """Look until cancelled."""
        before = {name: _processor(pid) for name, pid in self.product.processes.items()}
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._look())
                for number, base in enumerate(self.product.bases, 1):
                    tasks.create_task(self._probe(f"api {number}", base))
        finally:
            for name, pid in self.product.processes.items():
                self.processor[name] = _processor(pid) - before[name]

    async def _look(self) -> None:
        while True:
            for name, pid in self.product.processes.items():
                self.seen.setdefault(name, []).append((time.monotonic(), _resident(pid)))
            await asyncio.sleep(LOOKED_EVERY)

    async def _probe(self, name: str, base: str) -> None:
        waited = self.lags.setdefault(name, [])
        async with aiohttp.ClientSession() as session:
            due = time.perf_counter()
            while True:
                due = max(due + PROBED_EVERY, time.perf_counter() - 60)
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{base}/health/live") as reply:
                        await reply.read()
                waited.append((time.perf_counter() - due) * 1000)

    def memory(self) -> Mapping[str, Memory]:
        return {name: _memory(seen) for name, seen in self.seen.items()}


def _memory(seen: list[tuple[float, float]]) -> Memory:
    half = seen[len(seen) // 2 :]
    values = [megabytes for _, megabytes in seen]
    slope = 0.0
    if len(half) > 1:
        slope = linear_regression([at for at, _ in half], [it for _, it in half]).slope
    took = seen[-1][0] - seen[0][0]
    growth = slope * (half[-1][0] - half[0][0])
    is_flat = took < JUDGED_FROM_SECONDS or growth <= GROWTH_AT_MOST * fmean(values)
    return Memory(values[0], values[-1], max(values), growth, slope * 3600, is_flat)


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE / 1e6


def _processor(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
