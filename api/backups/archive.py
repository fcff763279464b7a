"""What a backup is: a tar, gzipped, of files and last a manifest of their digests.

The manifest comes last, so that a backup is written in one go, to a pipe too, and one that was cut off is
known by its lack of it.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final, cast

from api.backups.errors import BackupDamaged, NotABackup

FORMAT: Final = "laocai-backup-1"
MANIFEST: Final = "manifest.json"
_MANIFEST_BYTES_AT_MOST = 500_000_000
_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """`digests`: SHA-256 of each file, in hexadecimal, by its name in the data folder."""

    made_at: datetime
    digests: Mapping[str, str]
    has_keys: bool


class ArchiveWriter:
    """Adds files one by one, then the manifest."""

    def __init__(self, output: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=output, mode="w|gz")  # noqa: SIM115 - until `finish`
        self._digests: dict[str, str] = {}

    def add(self, name: str, file: Path) -> None:
        """Add a file as it is now. Raises OSError; FileNotFoundError before anything of it is written."""
        with file.open("rb") as opened:
            info = tarfile.TarInfo(name)
            info.size = file.stat().st_size
            info.mode = 0o600
            read = _Digesting(opened)
            self._tar.addfile(info, cast("IO[bytes]", read))
        self._digests[name] = read.digest

    def finish(self, made_at: datetime, *, has_keys: bool) -> Manifest:
        manifest = Manifest(made_at, self._digests, has_keys)
        body = json.dumps(
            {
                "format": FORMAT,
                "made_at": made_at.isoformat(),
                "has_keys": has_keys,
                "files": self._digests,
            }
        ).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(body)
        self._tar.addfile(info, io.BytesIO(body))
        self._tar.close()
        return manifest


class _Digesting:
    """Reads on, and knows the digest of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self._hash.update(block)
        return block

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()


def unpacked(source: IO[bytes], folder: Path) -> Manifest:
    """Write all files of a backup into `folder`, and return its manifest once each of them agrees with it.

    Raises NotABackup or BackupDamaged; what is in `folder` is then of no use.
    """
    found: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(fileobj=source, mode="r|gz") as tar:
            for member in tar:
                if manifest is not None or not member.isreg():
                    raise NotABackup
                if member.name == MANIFEST:
                    manifest = _manifest(_read(tar, member))
                else:
                    found[_name(member)] = _written(tar, member, folder)
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise NotABackup from error
    if manifest is None:
        raise NotABackup
    _compare(found, manifest)
    return manifest


def _compare(found: Mapping[str, str], manifest: Manifest) -> None:
    for name in sorted(found.keys() | manifest.digests.keys()):
        if found.get(name) != manifest.digests.get(name):
            raise BackupDamaged(name=name)


def _name(member: tarfile.TarInfo) -> str:
    """Return the name of a file within the folder. Raises NotABackup for one that leads out of it."""
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in member.name:
        raise NotABackup
    return str(path)


def _written(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> str:
    target = folder / _name(member)
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as output:
        for block in _blocks(tar, member):
            digest.update(block)
            output.write(block)
    target.chmod(0o600)
    return digest.hexdigest()


def _blocks(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    opened = tar.extractfile(member)
    if opened is None:
        raise NotABackup
    while block := opened.read(_CHUNK_BYTES):
        yield block


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    if member.size > _MANIFEST_BYTES_AT_MOST:
        raise NotABackup
    return b"".join(_blocks(tar, member))


def _manifest(body: bytes) -> Manifest:
    """Return the manifest. Raises NotABackup for one of another format, ValueError for what is no JSON."""
    members: Any = json.loads(body)
    if not isinstance(members, dict) or cast("Any", members).get("format") != FORMAT:
        raise NotABackup
    given = cast("dict[str, Any]", members)
    try:
        made_at = datetime.fromisoformat(given["made_at"])
        digests = {str(name): str(digest) for name, digest in given["files"].items()}
        return Manifest(made_at, digests, bool(given["has_keys"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise NotABackup from error
