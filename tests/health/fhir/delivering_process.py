"""A worker that delivers notifications until it is killed: `delivering_process.py FOLDER`."""

import asyncio
import sys
from pathlib import Path

from api.kit.clock import system_clock
from api.kit.job_runner import JobRunner
from api.wiring import wired
from tests.conftest import settings_in


async def main(folder: Path) -> None:
    async with wired(settings_in(folder)) as services:
        handlers = services.health.fhir.handlers()
        await JobRunner(services.store, system_clock, handlers).run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
