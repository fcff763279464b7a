"""Runs the process that opens what people sent: no byte of theirs is decoded in ours.

The child has our code, a file and a folder, and none of our secrets. It bounds its own memory and
processor time before it reads the first byte; we bound the clock.
"""

import asyncio
import hashlib
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from api.media.capture import Capture
from api.media.decoding import ANSWER, BLUR, BOXES
from api.media.records import BlurBox, MediaFile, MediaFormat, MediaKind, MediaSize
from api.media.refusals import Refusal

CLOCK_SECONDS = 120.0
"""On a machine with much else to do; the processor's time is bounded more tightly by the child."""

_ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"}
_ITS_OWN_FAULT = {signal.SIGXCPU, signal.SIGXFSZ, signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, and where it lies.

    `milliseconds`: duration, 0 for photos; `capture`: what the camera says of when and where.
    """

    files: tuple[tuple[MediaFile, Path], ...]
    milliseconds: int = 0
    capture: Capture | None = None


class DecoderKilled(Exception):
    """The child was ended from outside, failed, or the clock ran out: it may go well the next time."""


class Decoder:
    """`clock_seconds`: how long one file may take."""

    def __init__(self, clock_seconds: float = CLOCK_SECONDS) -> None:
        self._clock_seconds = clock_seconds

    async def decode(self, kind: MediaKind, sent: Path, folder: Path) -> Made | Refusal:
        """Make of the file `sent`, in `folder`, what is shown. Raises DecoderKilled."""
        return await self._run(kind, sent, folder)

    async def blur(self, original: Path, boxes: Sequence[BlurBox], folder: Path) -> Made | Refusal:
        """Make of a JPEG of ours, in `folder`, what is shown with the boxes hidden. Raises DecoderKilled."""
        told = json.dumps([asdict(box) for box in boxes])
        await asyncio.to_thread((folder / BOXES).write_text, told)
        return await self._run(BLUR, original, folder)

    async def _run(self, task: str, sent: Path, folder: Path) -> Made | Refusal:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",  # nothing of the environment or the current folder is imported
            "-m",
            "api.media.decoding",
            task,
            str(sent),
            str(folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=_ENVIRONMENT,
            start_new_session=True,  # Ctrl-C is for us, and no fault of the file
        )
        try:
            async with asyncio.timeout(self._clock_seconds):
                status = await process.wait()
        except TimeoutError as error:
            raise DecoderKilled("clock") from error
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        return await asyncio.to_thread(_judged, status, folder)


def _judged(status: int, folder: Path) -> Made | Refusal:
    if status == 0:
        return _read(json.loads((folder / ANSWER).read_bytes()), folder)
    if -status in _ITS_OWN_FAULT:
        log.warning("decoder ended by its bounds", status=status)
        return Refusal.TOO_COSTLY
    log.error("decoder failed", status=status)
    raise DecoderKilled(str(status))


def _read(told: Mapping[str, Any], folder: Path) -> Made | Refusal:
    if told["refusal"] is not None:
        return Refusal(told["refusal"])
    files = tuple(_file(one, folder) for one in told["files"])
    capture = Capture.of(told["note"]) if told["note"] else None
    return Made(files, int(told["milliseconds"]), capture)


def _file(told: Mapping[str, Any], folder: Path) -> tuple[MediaFile, Path]:
    size, made_as = MediaSize(told["size"]), MediaFormat(told["format"])
    place = folder / f"{size}.{made_as}"
    width, height = int(told["width"]), int(told["height"])
    with place.open("rb") as made:
        sha256 = hashlib.file_digest(made, "sha256").hexdigest()
    return MediaFile(size, made_as, place.stat().st_size, width, height, sha256), place
