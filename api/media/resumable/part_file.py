"""What has come of an upload so far, in a file that grows at its end only.

One connection at a time may write: whoever asks where to go on takes the turn, so a connection that
is dead without knowing it cannot write any more, in whichever process it hangs. What was told as
come was flushed before, and survives the process and the host.
"""

import fcntl
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.kit.ids import new_id
from api.kit.whole_file import flush
from api.media.resumable.errors import Overtaken

PART, TURN = ".part", ".turn"
_OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to write, until somebody else takes it. `offset`: how many bytes have come."""

    token: str
    offset: int


class PartFile:
    """The part of `whole`, which lies beside it. Every call blocks, and may raise OSError."""

    def __init__(self, whole: Path) -> None:
        self._whole = whole
        self._part = whole.with_name(whole.name + PART)
        self._turn = whole.with_name(whole.name + TURN)

    def take_turn(self) -> Turn:
        """Take the right to write from whoever has it."""
        self._part.parent.mkdir(parents=True, exist_ok=True)
        with self._locked(makes=True) as descriptor:
            token = new_id()
            self._turn.write_text(token, encoding="ascii")
            os.fsync(descriptor)
            return Turn(token, os.fstat(descriptor).st_size)

    def append(self, turn: Turn, offset: int, piece: bytes) -> None:
        """Write a piece at `offset`, the end. Raises Overtaken: the turn is another's."""
        with self._written_by(turn, offset) as descriptor:
            rest = memoryview(piece)
            while rest:
                rest = rest[os.write(descriptor, rest) :]

    def append_file(self, turn: Turn, offset: int, draft: Path) -> None:
        """Write all of `draft` at `offset`, the end, or nothing. Raises Overtaken."""
        with self._written_by(turn, offset) as descriptor:
            try:
                with draft.open("rb") as source, os.fdopen(os.dup(descriptor), "ab") as sink:
                    shutil.copyfileobj(source, sink)
            except OSError:
                os.ftruncate(descriptor, offset)
                raise
            os.fsync(descriptor)

    def settle(self, turn: Turn, byte_count: int) -> int:
        """Flush, put the file into its place when it is whole, and return how many bytes have come.

        A whole file needs no turn: nobody can write any more, and whoever sent its last piece must not
        be told otherwise because somebody has just asked where to go on. Raises Overtaken.
        """
        with self._locked() as descriptor:
            size = os.fstat(descriptor).st_size
            if size != byte_count:
                self._check(turn)
            os.fsync(descriptor)
            if size == byte_count:
                self._part.replace(self._whole)
                self._turn.unlink(missing_ok=True)
            flush(self._part.parent)
            return size

    @contextmanager
    def _written_by(self, turn: Turn, offset: int) -> Generator[int]:
        with self._locked() as descriptor:
            self._check(turn)
            if os.fstat(descriptor).st_size != offset:
                raise Overtaken
            yield descriptor

    @contextmanager
    def _locked(self, *, makes: bool = False) -> Generator[int]:
        """Hold the file to oneself; the lock of a process that is killed is gone with it.

        Raises Overtaken when there is none, unless `makes`.
        """
        descriptor = self._opened(makes=makes)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _opened(self, *, makes: bool) -> int:
        flags = os.O_RDWR | os.O_APPEND | (os.O_CREAT if makes else 0)
        while True:
            try:
                descriptor = os.open(self._part, flags, _OWNER_ONLY)
            except FileNotFoundError as error:
                raise Overtaken from error
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if self._is_the_part(descriptor):
                return descriptor
            os.close(descriptor)  # it became the whole file while we waited

    def _is_the_part(self, descriptor: int) -> bool:
        try:
            return self._part.stat().st_ino == os.fstat(descriptor).st_ino
        except FileNotFoundError:
            return False

    def _check(self, turn: Turn) -> None:
        try:
            holder = self._turn.read_text(encoding="ascii")
        except FileNotFoundError:  # the upload is whole, or was removed
            holder = ""
        if holder != turn.token:
            raise Overtaken


def remove_part(whole: Path) -> None:
    """Delete what has come of an upload."""
    for suffix in (TURN, PART):
        whole.with_name(whole.name + suffix).unlink(missing_ok=True)
