"""Folders in which one attempt at a file works, on this host; they go when it ends."""

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from api.media.errors import FilesUnavailable


class Workplace:
    """`root`: beside the files, so that what is made is moved to its place and not copied."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    @asynccontextmanager
    async def folder(self, run: str) -> AsyncGenerator[Path]:
        """Give a fresh folder to an attempt. Raises FilesUnavailable."""
        place = self._root / run
        try:
            await asyncio.to_thread(lambda: place.mkdir(mode=0o700, parents=True))
        except OSError as error:
            raise FilesUnavailable(type(error).__name__) from error
        try:
            yield place
        finally:
            await asyncio.to_thread(lambda: shutil.rmtree(place, ignore_errors=True))

    async def clear(self, before: datetime) -> None:
        """Remove folders of attempts that were killed before then."""

        def work() -> None:
            with suppress(FileNotFoundError):
                for place in list(self._root.iterdir()):
                    made_at = datetime.fromtimestamp(place.stat().st_mtime, UTC)
                    if made_at <= before:
                        shutil.rmtree(place, ignore_errors=True)

        await asyncio.to_thread(work)
