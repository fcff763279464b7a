"""An SOS as one SMS: at most 160 characters of the GSM-7 alphabet, written by the app without data.

    LCSOS1 7K3943ACDE M 22.33640 103.84380 12 41 1782907200 TE GAY CHAN

Version, code, letter of the kind, latitude, longitude, accuracy in metres, battery in percent (- when unknown),
seconds since 1970, and what is left for a note, without accents. A phone that does not know where it is writes
one - from the latitude to the seconds. What begins with version and code is a call for help, however garbled the
rest: that is its note then.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from api.kit.folding import fold
from api.kit.geo import InvalidPosition, Position
from api.safety.sos.records import SosKind
from api.safety.tracks import TrackPoint

CHARACTERS_AT_MOST = 160
CODE_ALPHABET = "234679ACDEFGHJKMNPRTWXY"
"""Nothing that looks or sounds like another."""
CODE_CHARACTERS = 10
_CODE = rf"[{CODE_ALPHABET}]{{{CODE_CHARACTERS}}}"
_CODE_ALONE = re.compile(_CODE)
LETTERS = {
    SosKind.MEDICAL: "M",
    SosKind.LOST: "L",
    SosKind.TRAPPED: "T",
    SosKind.FLOOD: "F",
    SosKind.LANDSLIDE: "S",
    SosKind.FIRE: "B",
    SosKind.VIOLENCE: "V",
    SosKind.OTHER: "O",
}
_KINDS = {letter: kind for kind, letter in LETTERS.items()}
_TEXT = re.compile(
    rf"LCSOS1 (?P<code>{_CODE}) (?P<kind>[A-Z]) (?:(?P<latitude>-?\d{{1,2}}(?:\.\d{{1,7}})?)"
    r" (?P<longitude>-?\d{1,3}(?:\.\d{1,7})?) (?P<accuracy>\d{1,6}) (?P<battery>\d{1,3}|-)"
    r" (?P<at>\d{1,10})|-)(?: (?P<note>.{1,160}))?",
    re.ASCII,
)
_GARBLED = re.compile(rf"LCSOS1 (?P<code>{_CODE})(?: (?P<note>.+))?")
_NOT_PLAIN = re.compile(r"[^A-Z0-9 .,!?+-]")


@dataclass(frozen=True, slots=True, repr=False)
class CompactSos:
    """`point`: None when the phone did not say, or nobody can read, where it is."""

    code: str
    kind: SosKind
    point: TrackPoint | None
    note: str | None


def is_code(text: str) -> bool:
    """Tell whether `text` has the shape of a code."""
    return _CODE_ALONE.fullmatch(text) is not None


def compact_text(sos: CompactSos) -> str:
    """Return the SMS; of the note as much as fits."""
    where = _where(sos.point) if sos.point else "-"
    fixed = f"LCSOS1 {sos.code} {LETTERS[sos.kind]} {where}"
    note = _NOT_PLAIN.sub("", fold(sos.note or "").upper()).strip()
    return f"{fixed} {note}"[:CHARACTERS_AT_MOST].rstrip()


def read_compact(text: str) -> CompactSos | None:
    """Return what an SMS says, None when it is not an SOS of ours.

    Networks and gateways change case and spaces, so neither counts. An unknown letter is OTHER.
    """
    line = " ".join(text[: 2 * CHARACTERS_AT_MOST].split()).upper()
    found = _TEXT.fullmatch(line)
    if found is None:
        garbled = _GARBLED.fullmatch(line)
        return garbled and CompactSos(garbled["code"], SosKind.OTHER, None, garbled["note"])
    kind = _KINDS.get(found["kind"], SosKind.OTHER)
    return CompactSos(found["code"], kind, _point(found), found["note"])


def _where(point: TrackPoint) -> str:
    battery = "-" if point.battery_percent is None else str(point.battery_percent)
    return (
        f"{point.position.latitude:.5f} {point.position.longitude:.5f}"
        f" {round(point.accuracy_metres)} {battery} {int(point.captured_at.timestamp())}"
    )


def _point(found: re.Match[str]) -> TrackPoint | None:
    if found["latitude"] is None:
        return None
    try:
        position = Position(float(found["latitude"]), float(found["longitude"]))
    except InvalidPosition:
        return None
    battery = None if found["battery"] == "-" else min(int(found["battery"]), 100)
    at = datetime.fromtimestamp(int(found["at"]), UTC)
    return TrackPoint(position, float(found["accuracy"]), battery, at)
