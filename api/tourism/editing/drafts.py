"""Drafts: what an editor wants changed of a place, seen by nobody else before it is published."""

from dataclasses import dataclass

from api.accounts.caller import Caller
from api.kit.clock import Clock
from api.kit.ids import is_id, new_id
from api.kit.pages import Listing, Page, checked_first
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.commune_index import CommuneIndex
from api.tourism.editing.conflicts import Conflicts
from api.tourism.editing.editors import editor_of
from api.tourism.editing.errors import Conflict, DraftNotFound, PlaceNotFound, PlaceRetired
from api.tourism.editing.pictures import PlacePictures
from api.tourism.editing.place_fields import Difference, differences, place_of
from api.tourism.editing.place_rules import PlaceRules, checked_fields, later
from api.tourism.editing.records import Draft, PlaceChange, PlaceState
from api.tourism.editing.repository import DRAFTS_KEPT_FOR, EditingRepository
from api.tourism.records import Place

_OF_AN_EDITOR = Listing("place.drafts", (str,))


@dataclass(frozen=True, slots=True, repr=False)
class Preview:
    """A draft, and the place as readers would see it. `conflicts`: what would refuse it now."""

    draft: Draft
    place: Place
    differences: tuple[Difference, ...]
    conflicts: tuple[Conflict, ...]


class Drafts:
    def __init__(
        self,
        store: Store,
        repository: EditingRepository,
        conflicts: Conflicts,
        communes: CommuneIndex,
        pictures: PlacePictures,
        clock: Clock,
    ) -> None:
        self._store = store
        self._repository = repository
        self._conflicts = conflicts
        self._rules = PlaceRules(communes)
        self._pictures = pictures
        self._clock = clock

    async def propose(self, caller: Caller, place_id: str, change: PlaceChange) -> Preview:
        """Write fields into the caller's draft of a place, begun now if there is none.

        A field that is written again counts as seen: what somebody else did to it meanwhile is no
        conflict any more. A field as it is published leaves the draft. Raises NotAllowed,
        PlaceNotFound, PlaceRetired, InvalidPlace (also for pictures that cannot be used),
        UnknownTextLanguage.
        """
        editor_id = editor_of(caller)
        commune_code = await self._rules.commune_of(change)

        async def work() -> Preview:
            current = await self._current(place_id)
            changes = checked_fields(change, commune_code, current.fields)
            until = self._clock() + DRAFTS_KEPT_FOR
            await self._pictures.keep_for_draft(editor_id, changes, until)
            begun = await self._repository.draft_of(editor_id, place_id)
            draft = begun or self._new(editor_id, current)
            written = draft.with_changes(current, changes, self._clock())
            await self._pictures.keep_on_for_draft(editor_id, written.values, until)
            later(current, written.values)
            return await self._shown(await self._repository.put_draft(written), current)

        return await transact(self._store, work)

    async def preview(self, caller: Caller, draft_id: str) -> Preview | None:
        """Return a draft of the caller, None for another id. Raises NotAllowed, PlaceRetired."""
        editor_id = editor_of(caller)
        draft = await self._repository.draft(draft_id, editor_id) if is_id(draft_id) else None
        return (
            None if draft is None else await self._shown(draft, await self._current(draft.place_id))
        )

    async def mine(self, caller: Caller, first: int, after: str | None) -> Page[Draft]:
        """Return the caller's drafts, by place. Raises NotAllowed, InvalidPageSize, InvalidCursor."""
        editor_id = editor_of(caller)
        start = _OF_AN_EDITOR.values(after)
        found = await self._repository.drafts_of(
            editor_id, start[0] if start else None, checked_first(first) + 1
        )
        return _OF_AN_EDITOR.page(
            found, first=first, after=after, values=lambda draft: (draft.place_id,)
        )

    async def discard(self, caller: Caller, draft_id: str) -> None:
        """Remove a draft of the caller. Raises NotAllowed, DraftNotFound."""
        editor_id = editor_of(caller)
        if not (is_id(draft_id) and await self._repository.remove_draft(draft_id, editor_id)):
            raise DraftNotFound

    async def _current(self, place_id: str) -> PlaceState:
        current = await self._repository.state(place_id)
        if current is None:
            raise PlaceNotFound
        if not current.is_listed:
            raise PlaceRetired
        return current

    def _new(self, editor_id: str, current: PlaceState) -> Draft:
        now = self._clock()
        return Draft(new_id(), editor_id, current.place_id, 0, current.version, (), now, now)

    async def _shown(self, draft: Draft, current: PlaceState) -> Preview:
        proposed = later(current, draft.values)
        return Preview(
            draft=draft,
            place=place_of(proposed.row),
            differences=differences(current.fields, proposed.fields),
            conflicts=await self._conflicts.of(draft, current),
        )
