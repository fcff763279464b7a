"""What editors and translators look up: the history of a place, and what is missing in a language."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from api.accounts.caller import Caller
from api.kit.audit_log import AuditEntry, AuditLog
from api.kit.pages import Listing, Page, checked_first
from api.tourism.editing.editors import RIGHT, Editors, editor_of
from api.tourism.editing.errors import PlaceNotFound
from api.tourism.editing.place_fields import Difference, differences, fields_of, place_of
from api.tourism.editing.place_rules import language_of_text
from api.tourism.editing.records import PlaceVersion, VersionKind
from api.tourism.editing.repository import EditingRepository
from api.tourism.records import Place
from api.tourism.repository import TourismRepository

_NEWEST_FIRST = Listing("place.history", (int, str))
_MISSING = Listing("places.missing", (str,))


@dataclass(frozen=True, slots=True, repr=False)
class HistoryEntry:
    """A version, and what it changed. `is_listed`: readers saw it."""

    version: PlaceVersion
    editor_name: str | None
    differences: tuple[Difference, ...]
    place: Place


class MissingText(StrEnum):
    """What a place lacks in a language."""

    NAME = auto()
    CHECKED_NAME = auto()
    DESCRIPTION = auto()
    OPENING_NOTE = auto()


@dataclass(frozen=True, slots=True)
class Incomplete:
    place: Place
    missing: tuple[MissingText, ...]


class Reading:
    def __init__(
        self,
        repository: EditingRepository,
        tourism: TourismRepository,
        editors: Editors,
        audit: AuditLog,
    ) -> None:
        self._repository = repository
        self._tourism = tourism
        self._editors = editors
        self._audit = audit

    async def history(
        self, caller: Caller, place_id: str, first: int, after: str | None
    ) -> Page[HistoryEntry]:
        """Return the versions of a place, newest first; none if nobody ever edited it.

        Noted in the audit log, since it tells who did what. Raises NotAllowed, PlaceNotFound,
        InvalidPageSize, InvalidCursor.
        """
        editor_id = editor_of(caller)
        checked_first(first)
        start = _NEWEST_FIRST.values(after)
        if await self._repository.state(place_id) is None:
            raise PlaceNotFound
        found = await self._repository.versions(place_id, start[0] if start else None, first + 1)
        entries = await self._entries(found)
        await self._audit.append(
            AuditEntry(
                editor_id, "place.read_history", place_id, str(RIGHT), {"found": len(entries)}
            )
        )
        return _NEWEST_FIRST.page(
            entries,
            first=first,
            after=after,
            values=lambda entry: (entry.version.number, place_id),
        )

    async def missing(
        self, caller: Caller, language: str, first: int, after: str | None
    ) -> Page[Incomplete]:
        """Return places that lack a text in a language, or whose name nobody has checked, by id.

        Raises NotAllowed, UnknownTextLanguage, InvalidPageSize, InvalidCursor.
        """
        editor_of(caller)
        language_of_text(language)
        checked_first(first)
        start = _MISSING.values(after)
        places = await self._tourism.places_lacking(language, start, first + 1)
        found = [Incomplete(place, missing_texts(place, language)) for place in places]
        return _MISSING.page(found, first=first, after=after, values=lambda it: (it.place.id,))

    async def _entries(self, versions: list[PlaceVersion]) -> list[HistoryEntry]:
        names = await self._editors.names(version.by for version in versions)
        return [
            HistoryEntry(
                version=version,
                editor_name=names.get(version.by or ""),
                differences=differences(await self._fields_before(version), fields_of(version.row)),
                place=place_of(version.row),
            )
            for version in versions
        ]

    async def _fields_before(self, version: PlaceVersion) -> dict[str, Any]:
        before = await self._repository.version(version.place_id, version.number - 1)
        if before is None and version.kind is VersionKind.SHIPPED:
            return fields_of(version.row)  # where the history begins
        return fields_of(before.row if before else None)


def missing_texts(place: Place, language: str) -> tuple[MissingText, ...]:
    """Return what a place lacks in a language. An opening note may be lacking in all of them."""
    lacks = {
        MissingText.NAME: language not in place.names,
        MissingText.CHECKED_NAME: language in place.names_unchecked,
        MissingText.DESCRIPTION: language not in place.descriptions,
        MissingText.OPENING_NOTE: bool(place.opening_note) and language not in place.opening_note,
    }
    return tuple(missing for missing, is_lacking in lacks.items() if is_lacking)
