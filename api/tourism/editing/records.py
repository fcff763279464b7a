"""What editing keeps: drafts, what of a place is ours and what is shipped, and every version of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from api.kit.geo import Position
from api.tourism.editing.place_fields import fields_of, public_path, row_with
from api.tourism.flat_rows import Fields, Row, applied, changed


class VersionKind(StrEnum):
    """How a version of a place came about."""

    SHIPPED = auto()
    ADDED = auto()
    PUBLISHED = auto()
    NAME_CHECKED = auto()
    IMPORTED = auto()
    RETIRED = auto()
    REVERTED = auto()


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """What an editor wants changed.

    `texts` by the row's field and the language, `values` by the row's field; None takes away what
    was there. `accuracy_metres`: of the position.
    """

    texts: Mapping[tuple[str, str], str | None]
    values: Mapping[str, Any]
    position: Position | None = None
    accuracy_metres: float | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a draft. `base`: what was published when the editor last wrote it."""

    path: str
    base: Any
    value: Any


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """What one editor wants changed of one place. `base_version`: the place's when it was last written."""

    id: str
    editor_id: str
    place_id: str
    version: int
    base_version: int
    changes: tuple[FieldChange, ...]
    started_at: datetime
    changed_at: datetime

    @property
    def values(self) -> Fields:
        return {change.path: change.value for change in self.changes}

    @property
    def public_fields(self) -> tuple[str, ...]:
        return tuple(public_path(change.path) for change in self.changes)

    def with_changes(self, current: "PlaceState", changes: Fields, now: datetime) -> "Draft":
        """Return the draft with more changes; what is as it is published is none any more."""
        published = current.fields
        kept = {change.path: change for change in self.changes if change.path not in changes}
        new = {
            path: FieldChange(path, published.get(path), value)
            for path, value in changes.items()
            if published.get(path) != value
        }
        return replace(
            self,
            changes=tuple(change for _, change in sorted((kept | new).items())),
            base_version=current.version,
            changed_at=now,
        )


@dataclass(frozen=True, slots=True)
class PlaceState:
    """What is known of a place now, also when it is out of the lists.

    `row`: what holds. `base`: what the content files said last, None when they never had it. What
    differs between the two was edited, and survives a load. `is_kept`: there is a history; a place
    that nobody ever edited has none.
    """

    place_id: str
    version: int
    row: Row
    base: Row | None
    is_shipped: bool
    is_retired: bool
    is_kept: bool

    @classmethod
    def new(cls, place_id: str) -> "PlaceState":
        """Return a place that is not there yet, to be given fields."""
        return cls(place_id, 0, {}, None, is_shipped=False, is_retired=False, is_kept=False)

    @property
    def fields(self) -> Fields:
        return fields_of(self.row)

    @property
    def edited(self) -> Fields:
        """The fields that are not as the content files have them."""
        return changed(fields_of(self.base), self.fields)

    @property
    def is_listed(self) -> bool:
        """A place that left the content files stays if it was edited."""
        return not self.is_retired and (self.is_shipped or bool(self.edited))

    def with_fields(self, changes: Fields) -> "PlaceState":
        """Return it one version later. Raises pydantic's ValidationError."""
        row = row_with(self.place_id, applied(self.fields, changes))
        return replace(self, version=self.version + 1, row=row)

    def following(self, shipped: Row | None) -> "PlaceState":
        """Return what holds once the content files say `shipped`: edited fields win, the others follow.

        The same version when no field changes. Raises pydantic's ValidationError.
        """
        base = self.base if shipped is None else shipped
        row = row_with(self.place_id, applied(fields_of(base), self.edited))
        is_same = fields_of(row) == self.fields
        return replace(
            self,
            version=self.version if is_same else self.version + 1,
            row=row,
            base=base,
            is_shipped=shipped is not None,
        )


@dataclass(frozen=True, slots=True, repr=False)
class PlaceVersion:
    """A version as it was published, whole. `by`: None for the content files and who left."""

    place_id: str
    number: int
    kind: VersionKind
    by: str | None
    at: datetime
    row: Row
    is_retired: bool
    paths: tuple[str, ...]
    """The fields that it changed."""
