"""The versions of the model that were good enough: each with what it was made of and what it reached."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import project
import train

KEPT = 3


@dataclass(frozen=True)
class Version:
    """`name` begins with the moment of its training (UTC). `figures`: by language, as evaluate.figures has them.

    `model_id` is what Rasa calls it; `made_of` the digest of train.fingerprint.
    """

    name: str
    model_id: str
    made_of: str
    figures: Mapping[str, Mapping[str, float]]

    @property
    def file(self) -> Path:
        return folder() / f"{self.name}.tar.gz"

    @property
    def note(self) -> Path:
        return folder() / f"{self.name}.json"


def folder() -> Path:
    return project.models() / "versions"


def name_at(moment: datetime, made_of: str) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}-{made_of[:8]}"


def kept() -> list[Version]:
    """Return the versions, the newest first. One whose note or file is not there whole is none."""
    notes = sorted(folder().glob("*.json"), reverse=True)
    versions = [Version(**json.loads(note.read_text(encoding="utf-8"))) for note in notes]
    return [version for version in versions if version.file.exists()]


def keep(version: Version, model: Path) -> None:
    """Keep a model's file as a version, and the newest KEPT only. Its note comes last: without one it is none."""
    folder().mkdir(parents=True, exist_ok=True)
    os.replace(model, version.file)
    unfinished = version.note.with_suffix(".new")
    unfinished.write_text(json.dumps(asdict(version), ensure_ascii=False), encoding="utf-8")
    os.replace(unfinished, version.note)
    for old in kept()[KEPT:]:
        old.note.unlink()
        old.file.unlink()


def put_in_place(version: Version) -> None:
    """Make it the model with which bots start, and which they take when they are told to."""
    beside = project.model().with_suffix(".new")
    beside.unlink(missing_ok=True)
    try:
        os.link(version.file, beside)
    except OSError:  # a file system without links
        shutil.copyfile(version.file, beside)
    train.put_in_place(beside, version.made_of)


def before(made_of: str) -> Version | None:
    """Return the newest version that is older than the one made of this; None when there is none."""
    versions = kept()
    names = [version.name for version in versions if version.made_of == made_of]
    older = [version for version in versions if not names or version.name < names[-1]]
    return next((version for version in older if version.made_of != made_of), None)
