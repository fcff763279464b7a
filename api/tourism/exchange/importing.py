"""Takes in places from a document: all of them or none, each as a version of its own."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.errors import DomainError
from api.kit.geo import InvalidPosition, Position
from api.kit.store import Store
from api.kit.transactions import transact
from api.tourism.commune_index import CommuneIndex
from api.tourism.content_ids import is_content_id
from api.tourism.editing.errors import InvalidPlace, PlaceRetired
from api.tourism.editing.place_fields import POSITION, public_path
from api.tourism.editing.place_rules import PlaceRules, checked_fields, later
from api.tourism.editing.records import PlaceChange, PlaceState, VersionKind
from api.tourism.editing.repository import EditingRepository
from api.tourism.exchange import geojson, json_ld_reader
from api.tourism.exchange.errors import InvalidExchange
from api.tourism.exchange.place_document import Incoming
from api.tourism.exchange.strict_json import read_json
from api.tourism.flat_rows import NAMES, Fields, changed
from api.tourism.records import Confidence

OPERATOR = "cli"
"""Who acts, and by which right, in the history and in the audit log."""
_FIELDS_CHARACTERS_AT_MOST = 500
_CATEGORY, _CONFIDENCE = "category", "confidence"


class Format(Enum):
    """What a document is written in, by the end of its file's name."""

    GEOJSON = ".geojson"
    JSON_LD = ".jsonld"


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import does to a place. `fields`: by the contract's names."""

    place_id: str
    is_new: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    was: PlaceState | None
    now_is: PlaceState
    fields: Fields


class Importing:
    def __init__(self, store: Store, communes: CommuneIndex, audit: AuditLog, clock: Clock) -> None:
        self._store = store
        self._repository = EditingRepository(store)
        self._communes = communes
        self._rules = PlaceRules(communes)
        self._audit = audit
        self._clock = clock

    async def take(self, document: bytes, kind: Format, *, is_dry: bool = False) -> list[Taken]:
        """Take in a document, or with `is_dry` only tell what would change.

        What a document leaves out stays as it is. Raises UnreadableDocument, and InvalidExchange,
        which names row, id and field; then nothing was taken in.
        """
        incoming = await asyncio.to_thread(read, document, kind)
        _check_ids(incoming)
        codes = [await self._commune_code(it) for it in incoming]

        async def work() -> list[Taken]:
            steps = [await self._step(it, code) for it, code in zip(incoming, codes, strict=True)]
            changing = [step for step in steps if step.was is None or step.fields]
            if not is_dry:
                for step in changing:
                    await self._publish(step)
                for step in changing:
                    await self._note(step)
            return [_taken(step) for step in changing]

        return await transact(self._store, work)

    async def _step(self, incoming: Incoming, code: str | None) -> _Step:
        was = await self._repository.state(incoming.id)
        said = incoming if was else _with_defaults(incoming)
        try:
            if was is not None and not was.is_listed:
                raise PlaceRetired
            fields = fields_said(said, code, {} if was is None else was.fields)
            base = was or PlaceState.new(incoming.id)
            return _Step(was, later(base, fields), changed(base.fields, base.fields | fields))
        except DomainError as error:
            raise _refusal(incoming, error) from error

    async def _commune_code(self, incoming: Incoming) -> str | None:
        """Return the commune that is said or found. Raises InvalidExchange."""
        try:
            change = _moved(incoming)
            found = await self._rules.commune_of(change)
        except DomainError as error:
            raise _refusal(incoming, error) from error
        if not incoming.communes:
            return found
        (said,) = incoming.communes
        if said is not None and said not in self._communes.codes:
            raise InvalidExchange(
                incoming.row, incoming.id, "communeCode", f"{said[:40]} is not known"
            )
        return said

    async def _publish(self, step: _Step) -> None:
        await self._repository.publish(
            step.was, step.now_is, VersionKind.IMPORTED, OPERATOR, self._clock()
        )

    async def _note(self, step: _Step) -> None:
        fields = " ".join(step.fields)[:_FIELDS_CHARACTERS_AT_MOST]
        details: Details = {"version": step.now_is.version, "fields": fields}
        await self._audit.append(
            AuditEntry(OPERATOR, "place.imported", step.now_is.place_id, OPERATOR, details)
        )


def read(document: bytes, kind: Format) -> list[Incoming]:
    """Return the places in a document. Raises UnreadableDocument, InvalidExchange."""
    value = read_json(document)
    return geojson.read(value) if kind is Format.GEOJSON else json_ld_reader.read(value)


def _with_defaults(incoming: Incoming) -> Incoming:
    """Return a new place with what others' documents do not say. Raises InvalidExchange without a category."""
    if incoming.values.get(_CATEGORY) is None:
        raise InvalidExchange(incoming.row, incoming.id, _CATEGORY, "a new place needs one")
    return replace(incoming, values={_CONFIDENCE: Confidence.LOW.value, **incoming.values})


def _check_ids(incoming: Sequence[Incoming]) -> None:
    seen: set[str] = set()
    for it in incoming:
        if not is_content_id(it.id):
            raise InvalidExchange(
                it.row, it.id[:64], "id", "1 to 64 letters, digits, - or _ are needed"
            )
        if it.id in seen:
            raise InvalidExchange(it.row, it.id, "id", "is there twice")
        seen.add(it.id)


def _moved(incoming: Incoming) -> PlaceChange:
    """Return where the place is said to be. Raises InvalidPosition, InvalidPlace."""
    latitude, longitude = incoming.latitude, incoming.longitude
    if latitude is None or longitude is None:
        raise InvalidPlace(POSITION)
    return PlaceChange({}, {}, Position(latitude, longitude), incoming.accuracy_metres)


def fields_said(incoming: Incoming, code: str | None, published: Fields) -> Fields:
    """Return the fields that are not as they are published. `code`: of the commune that is said or found.

    Raises InvalidPlace, InvalidPosition, UnknownTextLanguage.
    """
    change = replace(_moved(incoming), texts=dict(incoming.texts), values=dict(incoming.values))
    fields = checked_fields(change, code, published)
    position = fields.get(POSITION, published.get(POSITION))
    assert position is not None  # noqa: S101 - a place that is new has been given one
    if incoming.communes:
        fields[POSITION] = position | {"commune_code": code}
    for path, value in fields.items():
        name, _, language = path.partition(".")
        if name == NAMES and value is not None and incoming.unchecked is not None:
            fields[path] = value | {"is_unchecked": language in incoming.unchecked}
    return {path: value for path, value in fields.items() if published.get(path) != value}


def _taken(step: _Step) -> Taken:
    fields = tuple(public_path(path) for path in step.fields)
    return Taken(step.now_is.place_id, step.was is None, fields)


def _refusal(incoming: Incoming, error: DomainError) -> InvalidExchange:
    field = getattr(error, "field", None)
    if isinstance(error, InvalidPosition):
        field = POSITION
    return InvalidExchange(incoming.row, incoming.id, field or "id", str(error))
