"""What somebody else changed of the fields that an editor is about to change."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.tourism.editing.editors import Editors
from api.tourism.editing.errors import Conflict
from api.tourism.editing.place_fields import fields_of, public_path
from api.tourism.editing.records import Draft, PlaceState
from api.tourism.editing.repository import EditingRepository
from api.tourism.flat_rows import Fields, changed


class Conflicts:
    def __init__(self, repository: EditingRepository, editors: Editors) -> None:
        self._repository = repository
        self._editors = editors

    async def of(self, draft: Draft, current: PlaceState) -> tuple[Conflict, ...]:
        """Return the fields of a draft that are not any more as its editor saw them.

        A field that somebody else has made the same is no conflict.
        """
        published = current.fields
        return await self._named(
            current,
            [
                change.path
                for change in draft.changes
                if published.get(change.path) not in (change.base, change.value)
            ],
        )

    async def since(self, current: PlaceState, seen: Fields) -> tuple[Conflict, ...]:
        """Return the fields that are not as somebody saw them."""
        return await self._named(current, changed(seen, current.fields))

    async def since_version(self, current: PlaceState, number: int) -> tuple[Conflict, ...]:
        """Return the fields that changed since a version; all of them if there is no such version."""
        seen = await self._repository.version(current.place_id, number)
        return await self.since(current, {} if seen is None else fields_of(seen.row))

    async def in_field(
        self, current: PlaceState, path: str, seen: Mapping[str, Any] | None
    ) -> tuple[Conflict, ...]:
        """Return the conflict over one field that is not as somebody saw it, if it is not."""
        return () if current.fields.get(path) == seen else await self._named(current, [path])

    async def _named(self, current: PlaceState, paths: Iterable[str]) -> tuple[Conflict, ...]:
        last = {
            path: await self._repository.last_to_change(current.place_id, path) for path in paths
        }
        names = await self._editors.names(version.by for version in last.values() if version)
        return tuple(
            Conflict(
                field=public_path(path),
                changed_by=version.by if version else None,
                changed_by_name=names.get(version.by or "") if version else None,
                changed_at=version.at if version else None,
            )
            for path, version in last.items()
        )
