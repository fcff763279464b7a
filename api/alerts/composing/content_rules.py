"""What a draft must keep to while it is written, and what it must have before it goes out."""

import re
from datetime import datetime, timedelta

from api.alerts.bulletins import Communes
from api.alerts.composing.draft import Content, Draft, DraftKind
from api.alerts.composing.errors import (
    ExpiresBeforeEffective,
    ExpiresTooLate,
    InvalidArea,
    InvalidSlot,
    InvalidText,
    OutsideProvince,
    TextMissing,
)
from api.alerts.composing.hazards import Hazard, HazardLibrary
from api.alerts.composing.slot_values import check_value
from api.alerts.composing.texts import (
    BODY_CHARACTERS_AT_MOST,
    HEADLINE_CHARACTERS_AT_MOST,
    Texts,
)
from api.kit.area import Area

CORNERS_AT_MOST = 2_000
POLYGONS_AT_MOST = 20
LANGUAGES_AT_MOST = 16
HOLDS_AT_MOST = timedelta(days=14)
_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")


def check_content(content: Content, hazards: HazardLibrary, communes: Communes) -> None:
    """Refuse what can never go out. Takes up to 0.2 s for a polygon: run it in a thread.

    Raises InvalidHazard, InvalidLevel, InvalidSlot, InvalidArea, OutsideProvince, InvalidText and
    ExpiresBeforeEffective.
    """
    hazard = hazards.hazard(content.hazard)
    hazard.level(content.level)
    _check_slots(content, hazard)
    _check_area(content, communes)
    _check_words(content)
    begins = [moment for moment in (content.effective, content.onset) if moment is not None]
    if any(moment >= content.expires for moment in begins):
        raise ExpiresBeforeEffective


def check_ready(draft: Draft, hazards: HazardLibrary, texts: Texts, now: datetime) -> None:
    """Refuse what cannot go out now.

    Raises InvalidSlot, TextMissing, ExpiresBeforeEffective and ExpiresTooLate.
    """
    content = draft.content
    begins = max(now, content.effective or now)
    if draft.kind is not DraftKind.CANCEL:
        if content.expires <= begins:
            raise ExpiresBeforeEffective
        if content.expires - begins > HOLDS_AT_MOST:
            raise ExpiresTooLate(days=HOLDS_AT_MOST.days)
    if draft.kind in (DraftKind.ALERT, DraftKind.UPDATE):
        _check_slots_are_full(content, hazards.hazard(content.hazard))
    if draft.kind is not DraftKind.CANCEL and "vi" not in texts.told:
        raise TextMissing


def _check_slots(content: Content, hazard: Hazard) -> None:
    known = {slot.name: slot for slot in hazard.slots}
    for name, value in content.slots.items():
        if name not in known:
            raise InvalidSlot(name=name)
        check_value(known[name], value)


def _check_slots_are_full(content: Content, hazard: Hazard) -> None:
    """Refuse an empty slot, unless the officer describes it all in their own words."""
    own = content.words.get("vi")
    if own is not None and own.description is not None:
        return
    for slot in hazard.slots:
        if slot.name not in content.slots:
            raise InvalidSlot(name=slot.name)


def _check_area(content: Content, communes: Communes) -> None:
    corners = sum(map(len, content.polygons))
    is_sound = (
        len(content.polygons) <= POLYGONS_AT_MOST
        and corners <= CORNERS_AT_MOST
        and all(len(ring) >= 4 and ring[0] == ring[-1] for ring in content.polygons)
    )
    if not is_sound or not (content.communes or content.polygons):
        raise InvalidArea
    if not communes.codes.issuperset(content.communes):
        raise InvalidArea
    if content.polygons and not communes.touching(Area.of(content.polygons, ())):
        raise OutsideProvince


def _check_words(content: Content) -> None:
    lengths = {"headline": HEADLINE_CHARACTERS_AT_MOST, "body": BODY_CHARACTERS_AT_MOST}
    if len(content.words) > LANGUAGES_AT_MOST:
        raise InvalidText(**lengths)
    for language, words in content.words.items():
        told = (words.headline, words.description, words.instruction)
        most = (HEADLINE_CHARACTERS_AT_MOST, BODY_CHARACTERS_AT_MOST, BODY_CHARACTERS_AT_MOST)
        is_sound = all(
            text is None or (bool(text.strip()) and len(text) <= limit and _is_plain(text))
            for text, limit in zip(told, most, strict=True)
        )
        if not is_sound or not _TAG.fullmatch(language):
            raise InvalidText(**lengths)


def _is_plain(text: str) -> bool:
    # Not splitlines(): it takes control characters for ends of lines, which no XML may hold.
    return all(line.isprintable() for line in text.replace("\r\n", "\n").split("\n"))
