"""Everything that is kept of a person, as one archive for that person."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from api.accounts.caller import Caller
from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.archive import Archive
from api.accounts.privacy.errors import ExportEnded, ExportLinkEnded, ExportNotReady
from api.accounts.privacy.export_links import ExportLinks
from api.accounts.privacy.export_readme import readme
from api.accounts.privacy.export_repository import (
    DataExport,
    ExportGone,
    ExportRepository,
    ExportState,
)
from api.kit.clock import Clock
from api.kit.ids import is_id, new_id
from api.kit.jobs import Handler, Jobs
from api.kit.personal_data import PersonalData
from api.kit.store import Store
from api.kit.transactions import transact

EXPORT = "accounts.export"
ONE_IN = timedelta(hours=24)


class DataExports:
    """`holders`: whoever keeps something of people."""

    def __init__(
        self,
        store: Store,
        exports: ExportRepository,
        links: ExportLinks,
        holders: Sequence[PersonalData],
        accounts: AccountRepository,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._exports = exports
        self._links = links
        self._holders = holders
        self._jobs = jobs
        self._clock = clock

    async def request(self, caller: Caller, language: str) -> DataExport:
        """Begin a copy of the caller's data, explained in `language`. Raises NotSignedIn.

        Whoever asked less than a day ago gets that one again, unless it has ended.
        """
        person_id = caller.person()

        async def work() -> DataExport:
            now = self._clock()
            newest = await self._exports.newest(person_id)
            if newest and _is_fresh(newest, now):
                return newest
            number = newest.number + 1 if newest else 1
            export = await self._exports.add(person_id, number, language, now)
            await self._jobs.enqueue(EXPORT, {"export": export.id})
            return export

        return await transact(self._store, work)

    async def all_of(self, caller: Caller) -> list[DataExport]:
        """Return the caller's exports of the last 30 days, the newest first. Raises NotSignedIn."""
        return await self._exports.all_of(caller.person())

    async def find(self, caller: Caller, export_id: str) -> DataExport | None:
        """Return an export of the caller's, None when there is none of this id."""
        if caller.person_id is None or not is_id(export_id):
            return None
        export = await self._exports.get(export_id)
        return export if export and export.person_id == caller.person_id else None

    def state(self, export: DataExport) -> ExportState:
        return export.state(self._clock())

    def link(self, export: DataExport) -> str:
        """Return an address from which an export of the caller's can be fetched for a while."""
        return self._links.link(export)

    async def opened(self, export_id: str, ticket: str) -> DataExport:
        """Return the export that a link leads to. Raises ExportProblem."""
        export = await self._exports.get(export_id) if is_id(export_id) else None
        if export is None or not self._links.opens(export, ticket):
            raise ExportLinkEnded
        account = await self._accounts.get(export.person_id)
        if account is None or account.is_leaving:
            raise ExportEnded
        state = self.state(export)
        if state is ExportState.ENDED:
            raise ExportEnded
        if state is ExportState.PREPARING:
            raise ExportNotReady
        return export

    async def content(self, export: DataExport) -> AsyncIterator[bytes]:
        """Yield the archive of an export that is ready. Raises ExportEnded."""
        for number in range(export.parts):
            piece = await self._exports.part(export, number)
            if piece is None:
                raise ExportEnded
            yield piece

    def handlers(self) -> dict[str, Handler]:
        return {EXPORT: self._make}

    async def _make(self, payload: Mapping[str, Any]) -> None:
        export = await self._exports.get(payload["export"])
        if export is None or export.ready_at is not None:
            return
        run = new_id()
        try:
            await self._exports.finish(await self._written(export, run))
        except ExportGone:
            await self._exports.abandon(export, run)

    async def _written(self, export: DataExport, run: str) -> DataExport:
        archive = Archive(export.requested_at)
        archive.add_text("README.txt", readme(self._holders, export))
        size = parts = 0
        for holder in self._holders:
            archive.add_json(f"{holder.name}.json", await holder.held_of(export.person_id))
            for piece in archive.pieces():
                await self._exports.add_part(export, run, parts, piece)
                size, parts = size + len(piece), parts + 1
        for piece in archive.last_pieces():
            await self._exports.add_part(export, run, parts, piece)
            size, parts = size + len(piece), parts + 1
        return replace(export, run=run, size=size, parts=parts, ready_at=self._clock())


def _is_fresh(export: DataExport, now: datetime) -> bool:
    return export.state(now) is not ExportState.ENDED and now - export.requested_at < ONE_IN
