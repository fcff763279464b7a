"""The tours that the product ships: one file a tour, read once a process."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from api.guide.errors import InvalidTour
from api.guide.tours.content_rows import TourFile
from api.guide.tours.records import Tour
from api.province import province_file

SHIPPED_TOURS = Path(__file__).parents[1] / "data" / "tours"


@dataclass(frozen=True, slots=True)
class TourLibrary:
    """All tours by id, in the order of their ids, and a hash of what the files say."""

    version: str
    tours: Mapping[str, Tour]

    @classmethod
    def in_folder(cls, folder: Path) -> "TourLibrary":
        """Read every `*.json`. Raises InvalidTour, which names file and field."""
        digest = hashlib.sha256()
        tours: dict[str, Tour] = {}
        for path in sorted(folder.glob("*.json")):
            raw = path.read_bytes()
            digest.update(hashlib.sha256(raw).digest())
            tour = _read(path.name, raw)
            if path.stem != tour.id:
                raise InvalidTour(file=path.name, field="id", reason=f"is {tour.id}")
            tours[tour.id] = tour
        return cls(digest.hexdigest(), tours)


@cache
def shipped_tours() -> TourLibrary:
    return TourLibrary.in_folder(province_file(SHIPPED_TOURS))


def _read(name: str, raw: bytes) -> Tour:
    try:
        return TourFile.model_validate_json(raw).record()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"])) or "the whole file"
        raise InvalidTour(file=name, field=field, reason=first["msg"]) from error
