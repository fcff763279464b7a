"""All that changes what readers see of a place: each change is one transaction, and one version."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from api.accounts.caller import Caller
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import is_id, new_id
from api.kit.store import Store
from api.tourism.commune_index import CommuneIndex
from api.tourism.editing.conflicts import Conflicts
from api.tourism.editing.editors import RIGHT, editor_of
from api.tourism.editing.errors import (
    DraftNotFound,
    EditConflict,
    NewerVersion,
    NothingChanged,
    PlaceNotFound,
    PlaceRetired,
    VersionNotFound,
    VietnameseNameMissing,
)
from api.tourism.editing.pictures import PlacePictures
from api.tourism.editing.place_fields import place_of
from api.tourism.editing.place_rules import PlaceRules, checked_fields, language_of_text, later
from api.tourism.editing.records import PlaceChange, PlaceState, PlaceVersion, VersionKind
from api.tourism.editing.repository import EditingRepository
from api.tourism.flat_rows import Fields, changed
from api.tourism.records import Place

_FIELDS_CHARACTERS_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a place, as it was published."""

    place: Place
    version: int


class Publishing:
    def __init__(
        self,
        store: Store,
        repository: EditingRepository,
        conflicts: Conflicts,
        communes: CommuneIndex,
        pictures: PlacePictures,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._repository = repository
        self._conflicts = conflicts
        self._rules = PlaceRules(communes)
        self._pictures = pictures
        self._idempotency = Idempotency(store, clock)
        self._audit = audit
        self._clock = clock

    async def publish(self, caller: Caller, draft_id: str, key: str) -> Published:
        """Publish a draft of the caller, which is gone then; what others published besides stays.

        Pictures of it are the province's from then on. Raises NotAllowed, DraftNotFound, PlaceRetired,
        NothingChanged, PictureNotUsable, IdempotencyProblem, and EditConflict when a field of the draft
        was changed since the caller wrote it.
        """
        editor_id = editor_of(caller)

        async def work() -> dict[str, Any]:
            draft = await self._repository.draft(draft_id, editor_id) if is_id(draft_id) else None
            if draft is None:
                raise DraftNotFound
            current = await self._listed(draft.place_id)
            if conflicts := await self._conflicts.of(draft, current):
                raise EditConflict(conflicts)
            await self._repository.remove_draft(draft_id, editor_id)
            await self._pictures.publish(editor_id, draft.place_id, draft.values)
            now_is = later(current, draft.values)
            return await self._put(current, now_is, VersionKind.PUBLISHED, editor_id)

        return await self._once(editor_id, "publishPlaceChange", key, {"draft": draft_id}, work)

    async def add(self, caller: Caller, change: PlaceChange, key: str) -> Published:
        """Add a place. Raises NotAllowed, InvalidPlace, UnknownTextLanguage, IdempotencyProblem."""
        editor_id = editor_of(caller)
        fields = checked_fields(change, await self._rules.commune_of(change), {})
        if "names.vi" not in fields:
            raise VietnameseNameMissing("names.vi")

        async def work() -> dict[str, Any]:
            place_id = new_id()
            await self._pictures.publish(editor_id, place_id, fields)
            now_is = later(PlaceState.new(place_id), fields)
            return await self._put(None, now_is, VersionKind.ADDED, editor_id)

        return await self._once(editor_id, "addPlace", key, fields, work)

    async def retire(self, caller: Caller, place_id: str, key: str) -> Published:
        """Take a place out of all lists; its history stays.

        Raises NotAllowed, PlaceNotFound, PlaceRetired, IdempotencyProblem.
        """
        editor_id = editor_of(caller)

        async def work() -> dict[str, Any]:
            current = await self._listed(place_id)
            now_is = replace(current, version=current.version + 1, is_retired=True)
            return await self._put(current, now_is, VersionKind.RETIRED, editor_id)

        return await self._once(editor_id, "retirePlace", key, {"place": place_id}, work)

    async def revert(
        self, caller: Caller, place_id: str, number: int, seen: int, key: str
    ) -> Published:
        """Make an earlier version hold again, as a new one; a retired place is back in the lists.

        `seen`: the newest version that the caller knows of. Raises NotAllowed, PlaceNotFound,
        VersionNotFound, NothingChanged, IdempotencyProblem, and EditConflict when there is a newer one.
        """
        editor_id = editor_of(caller)

        async def work() -> dict[str, Any]:
            current = await self._known(place_id)
            earlier = await self._repository.version(place_id, number)
            if earlier is None:
                raise VersionNotFound
            if current.version != seen:
                conflicts = await self._conflicts.since_version(current, seen)
                raise EditConflict(conflicts) if conflicts else NewerVersion(current.version)
            now_is = replace(
                current, version=current.version + 1, row=earlier.row, is_retired=False
            )
            return await self._put(current, now_is, VersionKind.REVERTED, editor_id)

        request = {"place": place_id, "version": number, "seen": seen}
        return await self._once(editor_id, "revertPlace", key, request, work)

    async def confirm_name(
        self, caller: Caller, place_id: str, language: str, name: str, key: str
    ) -> Published:
        """Note that somebody who speaks a language has checked the place's name in it.

        Nothing happens when it is checked already. Raises NotAllowed, PlaceNotFound, PlaceRetired,
        UnknownTextLanguage, IdempotencyProblem, and EditConflict when that is not the name any more.
        """
        editor_id = editor_of(caller)
        path = f"names.{language_of_text(language)}"

        async def work() -> dict[str, Any]:
            current = await self._listed(place_id)
            checked = {"text": name, "is_unchecked": False}
            held = current.fields.get(path)
            if held == checked:
                return _result(current)
            if conflicts := await self._conflicts.in_field(
                current, path, {"text": name, "is_unchecked": True}
            ):
                raise EditConflict(conflicts)
            now_is = later(current, {path: checked})
            return await self._put(current, now_is, VersionKind.NAME_CHECKED, editor_id)

        request = {"place": place_id, "language": language, "name": name}
        return await self._once(editor_id, "confirmPlaceName", key, request, work)

    async def take_down_picture(self, caller: Caller, media_id: str, key: str) -> None:
        """Take a picture of places away from everybody and every version, for good.

        For what must not be shown at all. Raises NotAllowed, PictureNotFound, IdempotencyProblem.
        """
        editor_id = editor_of(caller)

        async def work() -> dict[str, Any]:
            await self._pictures.take_down(media_id)
            await self._audit.append(
                AuditEntry(editor_id, "picture.taken_down", media_id, str(RIGHT), {})
            )
            return {}

        request = {"media": media_id}
        await self._idempotency.once(editor_id, "takeDownPicture", key, request, work)

    async def _known(self, place_id: str) -> PlaceState:
        current = await self._repository.state(place_id)
        if current is None:
            raise PlaceNotFound
        return current

    async def _listed(self, place_id: str) -> PlaceState:
        current = await self._known(place_id)
        if not current.is_listed:
            raise PlaceRetired
        return current

    async def _put(
        self, was: PlaceState | None, now_is: PlaceState, kind: VersionKind, editor_id: str
    ) -> dict[str, Any]:
        paths = changed({} if was is None else was.fields, now_is.fields)
        if was is not None and not paths and was.is_listed == now_is.is_listed:
            raise NothingChanged
        await self._repository.publish(was, now_is, kind, editor_id, self._clock())
        details: Details = {"version": now_is.version, "fields": _listed_in_words(paths)}
        await self._audit.append(
            AuditEntry(editor_id, f"place.{kind.value}", now_is.place_id, str(RIGHT), details)
        )
        return _result(now_is)

    async def _once(
        self,
        editor_id: str,
        operation: str,
        key: str,
        request: Mapping[str, Any],
        work: Callable[[], Awaitable[dict[str, Any]]],
    ) -> Published:
        done = await self._idempotency.once(editor_id, operation, key, request, work)
        version = await self._repository.version(done["place_id"], done["version"])
        if version is not None:
            return _published(version)
        current = await self._known(done["place_id"])  # confirmed, and never edited
        return Published(place_of(current.row), current.version)


def _result(state: PlaceState) -> dict[str, Any]:
    return {"place_id": state.place_id, "version": state.version}


def _published(version: PlaceVersion) -> Published:
    return Published(place_of(version.row), version.number)


def _listed_in_words(paths: Fields) -> str:
    return " ".join(paths)[:_FIELDS_CHARACTERS_AT_MOST]
