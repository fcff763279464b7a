"""Reads the province's content: data/places.json, hospitals.json, markets.json and communes.json."""

import hashlib
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from api.tourism.content_rows import CommunesFile, MarketsFile, PlacesFile
from api.tourism.errors import InvalidContent
from api.tourism.records import Commune, Market, Place

SHIPPED_CONTENT = Path(__file__).with_name("data")
PLACES_FILE, HOSPITALS_FILE = "places.json", "hospitals.json"
MARKETS_FILE, COMMUNES_FILE = "markets.json", "communes.json"

File = TypeVar("File", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Content:
    """All of it, each row checked and every reference found."""

    places: tuple[Place, ...]
    markets: tuple[Market, ...]
    communes: tuple[Commune, ...]


def content_version(folder: Path) -> str:
    """Return a hash of the files, without a look at what they say."""
    digest = hashlib.sha256()
    for name in (PLACES_FILE, HOSPITALS_FILE, MARKETS_FILE, COMMUNES_FILE):
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()


def read_content(folder: Path) -> Content:
    """Read the files. Raises InvalidContent, which names file, row (from 1) and field."""
    communes = _read(folder, COMMUNES_FILE, CommunesFile).communes
    visited = _read(folder, PLACES_FILE, PlacesFile).places
    hospitals = _read(folder, HOSPITALS_FILE, PlacesFile).places
    places = [*visited, *hospitals]
    markets = _read(folder, MARKETS_FILE, MarketsFile).markets
    codes = _once_each(COMMUNES_FILE, "code", [row.code for row in communes])
    ids = _once_each(PLACES_FILE, "id", [row.id for row in places])
    _once_each(MARKETS_FILE, "id", [row.id for row in markets])
    _all_known(PLACES_FILE, "commune_code", [row.commune_code for row in visited], codes)
    _all_known(HOSPITALS_FILE, "commune_code", [row.commune_code for row in hospitals], codes)
    _all_known(MARKETS_FILE, "commune_code", [row.commune_code for row in markets], codes)
    _all_known(MARKETS_FILE, "place_id", [row.place_id for row in markets], ids)
    by_id = {row.id: row.record() for row in places}
    return Content(
        places=tuple(by_id.values()),
        markets=tuple(row.record(by_id[row.place_id]) for row in markets),
        communes=tuple(row.record() for row in communes),
    )


def rows_in(content: bytes, file: str, model: type[File]) -> File:
    """Return what a content file says. Raises InvalidContent, which names file, row (from 1) and field."""
    try:
        return model.model_validate_json(content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = first["loc"]
        raise InvalidContent(
            file=file,
            row=next((step + 1 for step in where if isinstance(step, int)), 0),
            field=".".join(map(str, where[2:] or where)) or "the whole file",
            reason=first["msg"],
        ) from error


def _read(folder: Path, name: str, model: type[File]) -> File:
    return rows_in((folder / name).read_bytes(), name, model)


def _once_each(file: str, field: str, values: Sequence[str]) -> frozenset[str]:
    seen: set[str] = set()
    for row, value in enumerate(values, 1):
        if value in seen:
            raise InvalidContent(file=file, row=row, field=field, reason=f"{value} is there twice")
        seen.add(value)
    return frozenset(seen)


def _all_known(file: str, field: str, values: Sequence[str | None], known: Container[str]) -> None:
    for row, value in enumerate(values, 1):
        if value is not None and value not in known:
            raise InvalidContent(file=file, row=row, field=field, reason=f"{value} is not known")
