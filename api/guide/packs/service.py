"""Packs for whoever asks: made when they are first asked for, then fetched by link."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from api.guide.packs.errors import (
    LanguageNotSpoken,
    MoreThanOneArea,
    PackAreaNotFound,
    PackLinkEnded,
)
from api.guide.packs.format import PackBytes, PackEdition, PackSnapshot
from api.guide.packs.items import PackItem, PackSource
from api.guide.packs.links import HOLDS_FOR, PackLinks
from api.guide.packs.repository import PART_BYTES, PackFile, PackRepository, file_id
from api.guide.packs.scope import PackAreaKind, PackScope
from api.guide.packs.signatures import PackSignatures
from api.guide.tours.library import TourLibrary
from api.kit.ids import is_id
from api.tourism.commune_index import CommuneIndex
from locales import AVAILABLE, language_of

Value = TypeVar("Value")

_EDITIONS_REMEMBERED = 2_000
_SNAPSHOTS_REMEMBERED = 4
"""In each process: a pack of the whole province is the largest, 200 KB as shipped."""
_LASTS_AT_LEAST = HOLDS_FOR + timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class PackDownload:
    """`signature`: a JWT over the hash of the bytes, see signatures.py."""

    file: PackFile
    url: str
    expires_at: datetime
    signature: str


@dataclass(frozen=True, slots=True)
class OfflinePack:
    """`download`: None for a phone that has this version already."""

    edition: PackEdition
    download: PackDownload | None


class _Latest(Generic[Value]):
    """What was put in last, so many at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[tuple[str, ...], Value] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> Value | None:
        return self._values.get(key)

    def put(self, key: tuple[str, ...], value: Value) -> None:
        self._values[key] = value
        while len(self._values) > self._most:
            self._values.popitem(last=False)


class PackService:
    def __init__(
        self,
        sources: Sequence[PackSource],
        library: TourLibrary,
        communes: CommuneIndex,
        repository: PackRepository,
        links: PackLinks,
        signatures: PackSignatures,
    ) -> None:
        self._sources = sources
        self.library = library
        self._communes = communes
        self._repository = repository
        self._links = links
        self.signatures = signatures
        self._editions = _Latest[PackEdition](_EDITIONS_REMEMBERED)
        self._snapshots = _Latest[PackSnapshot](_SNAPSHOTS_REMEMBERED)
        self._making = asyncio.Lock()

    async def pack(self, scope: PackScope, language: str, since: str | None) -> OfflinePack:
        """Return the pack as it is now. `since`: the version a phone has; an unknown one counts as none.

        Raises LanguageNotSpoken, and WriteConflict while content changes faster than it can be read.
        """
        spoken = language_of(language)
        if spoken is None:
            raise LanguageNotSpoken(languages=", ".join(AVAILABLE))
        edition = await self._edition(scope, spoken)
        if since == edition.version:
            return OfflinePack(edition, None)
        edition, file = await self._file(edition, since)
        url, expires_at = self._links.link(file.id)
        signature = await self.signatures.sign(edition, file)
        return OfflinePack(edition, PackDownload(file, url, expires_at, signature))

    def scope(self, *, tour_id: str | None = None, commune_code: str | None = None) -> PackScope:
        """Return what a pack of the tour, the commune or else the province holds.

        Raises MoreThanOneArea or PackAreaNotFound.
        """
        if tour_id is not None and commune_code is not None:
            raise MoreThanOneArea
        if commune_code is not None:
            if commune_code not in self._communes.codes:
                raise PackAreaNotFound
            return PackScope(PackAreaKind.COMMUNE, commune_code)
        if tour_id is None:
            return PackScope(PackAreaKind.PROVINCE)
        tour = self.library.tours.get(tour_id)
        if tour is None:
            raise PackAreaNotFound
        return PackScope(PackAreaKind.TOUR, tour_id, tour)

    async def opened(self, file_id: str, ticket: str) -> PackFile:
        """Return the file that a link leads to. Raises PackLinkEnded."""
        if not is_id(file_id) or not self._links.opens(file_id, ticket):
            raise PackLinkEnded
        file = await self._repository.lasting_file(file_id)
        if file is None:
            raise PackLinkEnded
        return file

    async def content(self, file: PackFile, start: int, end: int) -> AsyncGenerator[bytes]:
        """Yield the bytes from `start` until before `end`, as far as they are still there."""
        for number in range(start // PART_BYTES, -(-end // PART_BYTES)):
            part = await self._repository.part(file, number)
            if part is None:
                return
            offset = number * PART_BYTES
            yield part[max(start - offset, 0) : end - offset]

    async def _edition(self, scope: PackScope, language: str) -> PackEdition:
        key = await self._key(scope, language)
        edition = self._editions.get(key)
        return (await self._snapshot(scope, language)).edition if edition is None else edition

    async def _key(self, scope: PackScope, language: str) -> tuple[str, ...]:
        versions = [await source.pack_version() for source in self._sources]
        return scope.name, language, *versions

    async def _snapshot(self, scope: PackScope, language: str) -> PackSnapshot:
        # One at a time: a thousand phones that ask after a change wait for one, and read what it made.
        async with self._making:
            key = await self._key(scope, language)
            snapshot = self._snapshots.get(key)
            if snapshot is None:
                makers = [await source.pack_items(scope, language) for source in self._sources]
                snapshot = await asyncio.to_thread(_made, scope, language, makers)
                await self._repository.remember(snapshot)
                self._snapshots.put(key, snapshot)
                self._editions.put(key, snapshot.edition)
            return snapshot

    async def _file(self, edition: PackEdition, since: str | None) -> tuple[PackEdition, PackFile]:
        """Return the file that leads from `since` to the edition, or to a newer one, made if it is not there."""
        hashes = None if since is None else await self._repository.hashes(edition, since)
        known = None if hashes is None else since
        file = await self._repository.lasting_file(file_id(edition, known), _LASTS_AT_LEAST)
        if file is not None:
            return edition, file
        snapshot = await self._snapshot(edition.scope, edition.language)
        made = await asyncio.to_thread(_packed, snapshot, known, hashes)
        newest = snapshot.edition
        file = PackFile(
            id=file_id(newest, known),
            version=newest.version,
            since=known,
            byte_count=len(made.content),
            sha256=made.sha256,
            item_count=made.item_count,
        )
        return newest, await self._repository.keep(file, made.content, _LASTS_AT_LEAST)


def _made(
    scope: PackScope, language: str, makers: Sequence[Callable[[], Iterable[PackItem]]]
) -> PackSnapshot:
    lines = {item.key: item.line() for make in makers for item in make()}
    return PackSnapshot.of(scope, language, lines)


def _packed(
    snapshot: PackSnapshot, since: str | None, hashes: Mapping[str, str] | None
) -> PackBytes:
    if since is None or hashes is None:
        return snapshot.whole()
    return snapshot.change_since(since, hashes)
