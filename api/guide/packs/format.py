"""The bytes of a pack: gzip of lines, a head and then items in the order of their keys (docs/guide.md).

A version is a hash over the hashes of all items, so whoever laid a change over what they had can tell that
they now hold exactly what was signed.
"""

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.guide.packs.items import json_line, line_hash
from api.guide.packs.scope import PackScope

FORMAT = 1
_COMPRESSION = 6


@dataclass(frozen=True, slots=True)
class PackEdition:
    """What an area's pack in a language was at a time; `version` is a hash of it."""

    scope: PackScope
    language: str
    version: str
    item_count: int

    @property
    def pack(self) -> str:
        """The same for all editions of one pack."""
        return f"{self.scope.name} {self.language}"


@dataclass(frozen=True, slots=True)
class PackSnapshot:
    """All items of an edition. `lines` and `hashes` by key, in the order of the keys."""

    edition: PackEdition
    lines: Mapping[str, bytes]
    hashes: Mapping[str, str]

    @classmethod
    def of(cls, scope: PackScope, language: str, lines: Mapping[str, bytes]) -> "PackSnapshot":
        ordered = dict(sorted(lines.items()))
        hashes = {key: line_hash(line) for key, line in ordered.items()}
        version = _version(scope, language, hashes)
        return cls(PackEdition(scope, language, version, len(ordered)), ordered, hashes)

    def whole(self) -> "PackBytes":
        return self._packed(None, self.lines, ())

    def change_since(self, since: str, hashes: Mapping[str, str]) -> "PackBytes":
        """Return what must be laid over the version `since`, whose items had these `hashes`."""
        changed = {
            key: line for key, line in self.lines.items() if hashes.get(key) != self.hashes[key]
        }
        return self._packed(since, changed, sorted(hashes.keys() - self.hashes.keys()))

    def _packed(
        self, since: str | None, lines: Mapping[str, bytes], removed: Iterable[str]
    ) -> "PackBytes":
        edition, scope = self.edition, self.edition.scope
        head = json_line(
            {
                "format": FORMAT,
                "area": {"kind": scope.kind.name, "id": scope.id},
                "language": edition.language,
                "version": edition.version,
                "since": since,
                "removed": list(removed),
                "itemCount": len(lines),
            }
        )
        text = b"".join(line + b"\n" for line in (head, *lines.values()))
        # Without a time of making: the same items are the same bytes.
        return PackBytes(gzip.compress(text, _COMPRESSION, mtime=0), len(lines))


@dataclass(frozen=True, slots=True)
class PackBytes:
    content: bytes
    item_count: int

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def _version(scope: PackScope, language: str, hashes: Mapping[str, str]) -> str:
    digest = hashlib.sha256(f"{FORMAT} {scope.kind.name} {scope.id} {language}\n".encode())
    for key, item_hash in hashes.items():
        digest.update(f"{key} {item_hash}\n".encode())
    return digest.hexdigest()
