"""Which province the product serves: the files it ships, or those of the pack in `LAOCAI_PROVINCE_FOLDER`.

A pack holds every file that says something of a province, under `<slice>/`, as docs/another_province.md
lists them. None of ours stands in for one that is absent: it would tell of the wrong province.
"""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from api.settings import Settings
from locales.province import province_json

_API = Path(__file__).parent
_DATA = "data"


class Bounds(BaseModel):
    """Degrees, WGS 84."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    south: float
    west: float
    north: float
    east: float


class Province(BaseModel):
    """`code`: of the General Statistics Office. `iso_codes`: of ISO 3166-2, former provinces among them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    names: dict[str, str]
    bounds: Bounds
    code: str
    iso_codes: frozenset[str]


def province_file(shipped: Path) -> Path:
    """Return the file, or folder, that says in this province what `shipped` says in Lào Cai."""
    folder = _pack()
    if folder is None:
        return shipped
    parts = shipped.relative_to(_API).parts
    return folder.joinpath(*(part for part in parts if part != _DATA))


@cache
def served_province() -> Province:
    return Province.model_validate_json(province_json().read_bytes())


@cache
def _pack() -> Path | None:
    return Settings().province_folder
