"""What the province is called: the shipped name, or that of the pack in LAOCAI_PROVINCE_FOLDER.

Read from the environment, because the bot asks too, in its own Python and without our settings.
"""

import json
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

PROVINCE_FOLDER = "LAOCAI_PROVINCE_FOLDER"
_FILE = "province.json"
PLACEHOLDER = "{province}"


def province_json() -> Path:
    """Return the file that names the province in force."""
    folder = os.environ.get(PROVINCE_FOLDER)
    return Path(folder) / _FILE if folder else Path(__file__).with_name(_FILE)


def province_name(language: str) -> str:
    """Return the name without "province of", in one of `AVAILABLE`."""
    return _names(province_json())[language]


def with_province(text: str, language: str) -> str:
    """Return `text` with the name of the province where it has the placeholder."""
    return text.replace(PLACEHOLDER, province_name(language)) if PLACEHOLDER in text else text


@cache
def _names(file: Path) -> Mapping[str, str]:
    names: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))["names"]
    return names
