"""Processes that kill themselves before each of their writes, and what they leave."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT


async def killed(
    module: str, folder: Path, *arguments: str, seconds: float = 200, **environment: str
) -> list[dict[str, Any]]:
    """Let `python -m module folder …` be killed at each of its writes, and return what was left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        str(folder),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={**os.environ, **environment},
        cwd=ROOT,
    )
    async with asyncio.timeout(seconds):
        answer, _ = await process.communicate()
    results: list[dict[str, Any]] = json.loads(answer.splitlines()[-1])
    return results
