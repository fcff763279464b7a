"""Models under other names: what lies in each folder of models, and what a model is called in it."""

import io
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import train

from tests.chatbot.running_bot import ROOT

TRAINED = ROOT / "chatbot" / "models"


@dataclass(frozen=True)
class Models:
    """A folder of models (LAOCAI_BOT_MODELS)."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "laocai.tar.gz"

    @property
    def note(self) -> Path:
        return self.folder / "laocai.fingerprint"

    @property
    def versions(self) -> list[str]:
        return sorted(note.stem for note in (self.folder / "versions").glob("*.json"))

    def put(self, model: bytes, made_of: str) -> None:
        """Put a model in the place from which a bot takes it."""
        self.folder.mkdir(exist_ok=True)
        self.file.unlink(missing_ok=True)  # it may be a version's file too
        self.file.write_bytes(model)
        self.note.write_text(made_of)

    def keep(self, name: str, model: bytes, model_id: str, made_of: str) -> None:
        """Keep a model as a version that was good enough, and that answered."""
        folder = self.folder / "versions"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.tar.gz").unlink(missing_ok=True)  # it may be in its place too
        (folder / f"{name}.tar.gz").write_bytes(model)
        figures = {"vi": {"intents": 0.95}, "fr": {"intents": 0.93}}
        note = {"name": name, "model_id": model_id, "made_of": made_of, "code": train.code()}
        (folder / f"{name}.json").write_text(json.dumps({**note, "figures": figures}))

    def answered(self, *names: str) -> None:
        (self.folder / "versions" / "history.txt").write_text("\n".join(names))


def held_up(model: bytes) -> tuple[bytes, str]:
    """Return a model that is not loaded before its metadata are written into a pipe, and those."""
    packed, metadata = io.BytesIO(), ""
    with (
        tarfile.open(fileobj=io.BytesIO(model)) as whole,
        tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as waiting,
    ):
        for member in whole:
            content = whole.extractfile(member)
            if content is not None and member.name.endswith("metadata.json"):
                metadata = content.read().decode()
                member.type, member.size, content = tarfile.FIFOTYPE, 0, None
            waiting.addfile(member, content)
    return packed.getvalue(), metadata


def trained_model(model_id: str) -> bytes:
    """Return the trained model under another id."""
    packed = io.BytesIO()
    with (
        tarfile.open(TRAINED / "laocai.tar.gz") as model,
        tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as renamed,
    ):
        for member in model:
            content = model.extractfile(member)
            if content is None:
                renamed.addfile(member)
                continue
            data = content.read()
            if member.name.endswith("metadata.json"):
                metadata: dict[str, Any] = json.loads(data)
                data = json.dumps({**metadata, "model_id": model_id}).encode()
                member.size = len(data)
            renamed.addfile(member, io.BytesIO(data))
    return packed.getvalue()
