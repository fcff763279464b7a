"""What a load makes of an event that was edited: three-way and field by field, as with places.

What was shipped last is the base. Edited fields win, the others follow the file. Texts are fields by
language; where an event is held is one field, and so is its rule.
"""

from dataclasses import replace

from pydantic import ValidationError

from api.tourism.events.content_rows import EventRow
from api.tourism.events.documents import EventState, Origin, Row, row_of
from api.tourism.flat_rows import FlatRows, applied, changed

EVENTS = FlatRows(
    texts=("descriptions", "organisers", "price_notes"),
    whole="where",
    parts=("place_id", "latitude", "longitude", "commune_code"),
)


def following(was: EventState, shipped: Row) -> EventState:
    """Return what holds once the file says `shipped`; of the same version, for the caller to count.

    Where no base is known yet, all that differs counts as edited. What does not go together with what
    is shipped now stays whole, as the editor left it.
    """
    base = shipped if was.base is None else was.base
    edited = changed(EVENTS.fields_of(base), EVENTS.fields_of(was.row))
    merged = applied(EVENTS.fields_of(shipped), edited)
    try:
        row = row_of(EventRow.model_validate(EVENTS.row_with(was.id, merged)))
    except ValidationError:
        row = was.row
    origin = Origin.SHIPPED if row == shipped else Origin.EDITED
    return replace(was, row=row, base=shipped, origin=origin)
