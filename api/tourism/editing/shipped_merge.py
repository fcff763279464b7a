"""What a load makes of places that were edited: three-way, with what was shipped last as the base."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from api.kit.store import Store
from api.tourism.content_files import PLACES_FILE, Content
from api.tourism.editing.place_fields import place_of, row_of
from api.tourism.editing.records import PlaceState
from api.tourism.editing.repository import EditingRepository
from api.tourism.errors import InvalidContent
from api.tourism.records import Market, Place


async def follow_shipped(store: Store, content: Content, at: datetime) -> Content:
    """Return what readers shall see of newly shipped content, and keep what it changes.

    Edited fields win, the others follow the files; what left the files stays if it was edited; what
    was retired stays away. Joins the open transaction. Raises InvalidContent when an edited field
    does not go with what is shipped now.
    """
    repository = EditingRepository(store)
    places = {place.id: place for place in content.places}
    rows = {place.id: number for number, place in enumerate(content.places, 1)}
    for was in await repository.all_edited():
        shipped = places.pop(was.place_id, None)
        now_is = _following(was, shipped, rows.get(was.place_id, 0))
        if now_is != was:
            await repository.note_shipped(was, now_is, at)
        if now_is.is_listed:
            places[was.place_id] = place_of(now_is.row)
    listed = tuple(places[place_id] for place_id in sorted(places))
    return replace(content, places=listed, markets=_at_their_places(content.markets, places))


def _following(was: PlaceState, shipped: Place | None, row: int) -> PlaceState:
    try:
        return was.following(None if shipped is None else row_of(shipped))
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or "the edited place"
        raise InvalidContent(file=PLACES_FILE, row=row, field=field, reason=first["msg"]) from error


def _at_their_places(markets: Sequence[Market], places: dict[str, Place]) -> tuple[Market, ...]:
    return tuple(
        market
        if (place := places.get(market.place_id)) is None or place.position == market.position
        else replace(market, position=place.position, commune_code=place.commune_code)
        for market in markets
    )
