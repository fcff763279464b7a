"""What an officer writes before anybody is warned."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from api.alerts.cap_message import Certainty, Urgency
from api.kit.geo import Position


class Purpose(StrEnum):
    """ACTUAL warns people. EXERCISE and TEST reach only devices that staff enrolled for it."""

    ACTUAL = auto()
    EXERCISE = auto()
    TEST = auto()


class DraftKind(StrEnum):
    """What it does once issued; all but ALERT go on from a warning that was issued."""

    ALERT = auto()
    UPDATE = auto()
    CANCEL = auto()
    ALL_CLEAR = auto()


class DraftState(StrEnum):
    """WAITING: frozen, until a second person approves it or somebody edits it."""

    EDITING = auto()
    WAITING = auto()
    ISSUED = auto()
    DISCARDED = auto()


@dataclass(frozen=True, slots=True)
class Words:
    """What an officer says in a language in place of the template; None: the template says it."""

    headline: str | None = None
    description: str | None = None
    instruction: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What is written. Times are aware UTC; `effective` None: at once.

    `slots`: values by name as they were typed. `urgency`, `certainty`: None for those of the level.
    """

    hazard: str
    level: str
    expires: datetime
    communes: tuple[str, ...] = ()
    polygons: tuple[tuple[Position, ...], ...] = ()
    effective: datetime | None = None
    onset: datetime | None = None
    urgency: Urgency | None = None
    certainty: Certainty | None = None
    slots: Mapping[str, str] = field(default_factory=dict[str, str])
    words: Mapping[str, Words] = field(default_factory=dict[str, Words])


@dataclass(frozen=True, slots=True)
class Draft:
    """`follows`: id of the warning it updates or ends. `editors`: ids of all who wrote on it.

    `version` counts the edits. `alert_id`: of the message it became; `issued_by`: whoever approved it,
    or its author.
    """

    id: str
    agency_id: str
    purpose: Purpose
    kind: DraftKind
    content: Content
    follows: str | None
    editors: tuple[str, ...]
    state: DraftState
    version: int
    created_at: datetime
    changed_at: datetime
    alert_id: str | None = None
    issued_by: str | None = None
    break_glass_reason: str | None = None

    @property
    def digest(self) -> str:
        """What stands for exactly this content: whoever approves names the one they saw."""
        told = {
            "id": self.id,
            "agency": self.agency_id,
            "purpose": self.purpose.value,
            "kind": self.kind.value,
            "follows": self.follows,
            "version": self.version,
            "content": content_fields(self.content),
        }
        canonical = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def content_fields(content: Content) -> dict[str, Any]:
    """Return the content as a JSON value."""
    return {
        "hazard": content.hazard,
        "level": content.level,
        "expires": content.expires.isoformat(),
        "communes": list(content.communes),
        "polygons": [
            [[corner.latitude, corner.longitude] for corner in ring] for ring in content.polygons
        ],
        "effective": content.effective.isoformat() if content.effective else None,
        "onset": content.onset.isoformat() if content.onset else None,
        "urgency": content.urgency.value if content.urgency else None,
        "certainty": content.certainty.value if content.certainty else None,
        "slots": [[name, value] for name, value in sorted(content.slots.items())],
        "words": [
            [language, words.headline, words.description, words.instruction]
            for language, words in sorted(content.words.items())
        ],
    }


def content_of(fields: Mapping[str, Any]) -> Content:
    """Return the content that `content_fields` made these of."""

    def moment(name: str) -> datetime | None:
        return datetime.fromisoformat(fields[name]) if fields[name] else None

    return Content(
        hazard=fields["hazard"],
        level=fields["level"],
        expires=datetime.fromisoformat(fields["expires"]),
        communes=tuple(fields["communes"]),
        polygons=tuple(tuple(Position(*corner) for corner in ring) for ring in fields["polygons"]),
        effective=moment("effective"),
        onset=moment("onset"),
        urgency=Urgency(fields["urgency"]) if fields["urgency"] else None,
        certainty=Certainty(fields["certainty"]) if fields["certainty"] else None,
        slots=dict(fields["slots"]),
        words={language: Words(*said) for language, *said in fields["words"]},
    )
