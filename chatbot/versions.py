"""The versions of the model that were good enough: each with what it was made of, tested with, and reached."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import project
import train

KEPT = 3
_HISTORY = "history.txt"
_MOMENT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Version:
    """`name` begins with the moment of its training (UTC). `figures`: by language, as renew.measured has them.

    `model_id` is what Rasa calls it; `made_of` the digest of train.fingerprint; `code` that of train.code, with
    which it was tested.
    """

    name: str
    model_id: str
    made_of: str
    code: str
    figures: Mapping[str, Mapping[str, float]]

    @property
    def file(self) -> Path:
        return folder() / f"{self.name}.tar.gz"

    @property
    def note(self) -> Path:
        return folder() / f"{self.name}.json"


def folder() -> Path:
    return project.models() / "versions"


def kept() -> list[Version]:
    """Return the versions, the newest first. One without a note that can be read, or a file, is none."""
    read = map(_read, sorted(folder().glob("*.json"), reverse=True))
    return [version for version in read if version is not None and version.file.exists()]


def _read(note: Path) -> Version | None:
    try:
        return Version(**json.loads(note.read_text(encoding="utf-8")))
    except (ValueError, TypeError, OSError):
        return None


def name_at(now: datetime, made_of: str) -> str:
    """Return a name that comes behind all others, wherever the clock stands."""
    if versions := kept():
        newest = versions[0].name.partition("-")[0]
        now = max(now, datetime.strptime(f"{newest}+0000", f"{_MOMENT}%z") + timedelta(seconds=1))
    return f"{now:{_MOMENT}}-{made_of[:8]}"


def keep(version: Version, model: Path) -> None:
    """Keep a model's file as a version. Its note comes last: without one it is none."""
    folder().mkdir(parents=True, exist_ok=True)
    os.replace(model, version.file)
    train.write_whole(version.note, json.dumps(asdict(version), ensure_ascii=False))


def put_in_place(version: Version) -> None:
    """Make it the model with which bots start, and which they take when they are told to."""
    train.put_in_place(_another_name_of(version.file), version.made_of)


def note_that_answers(version: Version) -> None:
    """Note which version answers now, and let go of what is neither among the newest nor answered just before."""
    names = [name for name in history() if name != version.name] + [version.name]
    train.write_whole(folder() / _HISTORY, "\n".join(names[-KEPT:]))
    wanted = {*names[-2:], *(one.name for one in kept()[:KEPT])}
    for path in folder().iterdir():
        if path.name != _HISTORY and path.name.partition(".")[0] not in wanted:
            path.unlink()


def history() -> list[str]:
    """Return the names of the versions that answered, the latest last."""
    path = folder() / _HISTORY
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def before() -> Version | None:
    """Return the version that answered before the one that answers; None when there is none."""
    by_name = {version.name: version for version in kept()}
    return next((by_name[name] for name in reversed(history()[:-1]) if name in by_name), None)


def note_taken_back_to(version: Version) -> None:
    """Note that what answered after this version is given up."""
    names = history()
    train.write_whole(folder() / _HISTORY, "\n".join(names[: names.index(version.name) + 1]))


class Replaced:
    """The model that was in place, to be put back where the bot does not take the other one."""

    def __init__(self) -> None:
        self._made_of = train.noted()
        self._file = (
            _another_name_of(project.model(), "before") if project.model().exists() else None
        )

    def put_back(self) -> None:
        if self._file is not None:
            train.put_in_place(self._file, self._made_of)

    def let_go(self) -> None:
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def _another_name_of(file: Path, name: str = "new") -> Path:
    """Return another file in the folder of models with the same content, which may be moved."""
    beside = project.model().with_suffix(f".{name}")
    beside.unlink(missing_ok=True)
    try:
        os.link(file, beside)
    except OSError:  # a file system without links
        shutil.copyfile(file, beside)
    return beside
