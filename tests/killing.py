"""Processes that kill themselves before each of their writes, and what they leave."""

import asyncio
import json
from pathlib import Path
from typing import Any

from tests.processes import started


async def killed(
    module: str, folder: Path, *arguments: str, seconds: float = 200, **environment: str
) -> list[dict[str, Any]]:
    """Let `python -m module folder …` be killed at each of its writes, and return what was left."""
    process = await started(module, str(folder), *arguments, **environment)
    async with asyncio.timeout(seconds):
        answer = await process.rest()
    results: list[dict[str, Any]] = json.loads(answer.splitlines()[-1])
    return results
