"""Trains the bot's model when what it is made of has changed: `chatbot/.venv/bin/python chatbot/train.py`."""

import fcntl
import hashlib
import json
import logging
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import project

_SHAPING = (
    "choosing",
    "classifier",
    "emergency",
    "emergency_kind",
    "gazetteer",
    "messages",
    "moments",
    "planes_component",
    "tokenizer",
)
"""The components that stand in the model's pipeline; the others may change without a new training."""
_PACKAGES = ("gazetteer", "intents", "moments")
"""The second look (meaning/) is read when a model is loaded, and needs no new training."""

_EFFORT = 4
"""Rasa packs a model with an effort of 9: a tenth of the whole training, for a file that is a thirtieth smaller."""

_NAMES = {
    "tourism/places.json": ("id", "names", "other_names"),
    "tourism/communes.json": ("code", "names", "former_names"),
    "tourism/roads.json": ("code", "names"),
    "health/facilities.json": ("id", "names"),
    "tourist_cards/products.json": ("id", "names"),
}
"""What the lookup takes of the product's data: a new opening note needs no new training."""


def _files() -> Iterator[Path]:
    yield from (
        project.CHATBOT / name for name in ("config.yml", "domain.yml", "requirements.lock")
    )
    yield from _shaping_code()
    for folder in ("data", "vocabulary"):
        yield from sorted((project.CHATBOT / folder).rglob("*.yml"))


def _shaping_code() -> Iterator[Path]:
    yield from (project.CHATBOT / "components" / f"{name}.py" for name in _SHAPING)
    for package in _PACKAGES:
        yield from sorted((project.CHATBOT / package).glob("*.py"))


def _names() -> Iterator[str]:
    for name, fields in _NAMES.items():
        slice_name, _, file_name = name.partition("/")
        file = project.province_data(slice_name) / file_name
        kind = file.stem
        things = json.loads(file.read_text(encoding="utf-8"))[kind] if file.exists() else []
        yield json.dumps([[thing.get(field) for field in fields] for thing in things])


def fingerprint() -> str:
    """Return a digest of everything that shapes the model."""
    digest = hashlib.sha256(f"{project.takes_one_of()}\n".encode())
    for path in _files():
        digest.update(f"{path.relative_to(project.ROOT)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for names in _names():
        digest.update(names.encode())
    return digest.hexdigest()


def code() -> str:
    """Return a digest of all that reads a message with a model: one that is tested with it may answer with it."""
    digest = hashlib.sha256()
    for path in (*_shaping_code(), *sorted((project.CHATBOT / "meaning").glob("*.*"))):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def is_current() -> bool:
    """Tell whether the stored model was made of the present files, or was put back by hand."""
    return project.model().exists() and noted() in {fingerprint(), _text_of(_pin())} - {""}


def noted() -> str:
    """Return the digest of what the stored model was made of, "" where nothing tells."""
    return _text_of(_note())


def pin(made_of: str | None) -> None:
    """Keep to the model made of this, whatever the files are made into; to none with None."""
    if made_of is None:
        _pin().unlink(missing_ok=True)
    else:
        write_whole(_pin(), made_of)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that it is there whole, or as it was before."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def model_id_of(model: Path) -> str:
    """Return what Rasa calls a model."""
    with tarfile.open(model) as packed:
        member = next(one for one in packed if one.name.endswith("metadata.json"))
        content = packed.extractfile(member)
        return str(json.load(content)["model_id"]) if content else ""


@contextmanager
def alone() -> Iterator[None]:
    """Let nobody else train or renew meanwhile; wait for whoever does."""
    project.models().mkdir(parents=True, exist_ok=True)
    with (project.models() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in project.models().glob("tmp*"):  # of trainings that were killed
            shutil.rmtree(left, ignore_errors=True)
        yield


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _note() -> Path:
    return project.models() / "laocai.fingerprint"


def _pin() -> Path:
    return project.models() / "laocai.pinned"


def train() -> None:
    """Train, then put the model in its place in one step: a crash leaves the old one, or none."""
    made_of = fingerprint()
    with tempfile.TemporaryDirectory(dir=project.models()) as folder:
        put_in_place(trained_in(folder), made_of)


def put_in_place(model: str | Path, made_of: str) -> None:
    """Make `model`, a file in the folder of models that is moved, the one with which bots start."""
    _note().unlink(missing_ok=True)
    os.replace(model, project.model())
    write_whole(_note(), made_of)


def trained_in(folder: str | Path) -> str:
    """Train into an empty folder, and return the model's file."""
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # Rasa's cache does not see vocabulary/ and the names
    tarfile.TarFile.gzopen = staticmethod(partial(tarfile.TarFile.gzopen, compresslevel=_EFFORT))
    from rasa.api import train as train_rasa
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)

    result = train_rasa(
        domain="domain.yml",
        config="config.yml",
        training_files="data",
        output=str(folder),
        fixed_model_name=project.model().name,
        force_training=True,
    )
    if result.code or result.model is None:
        raise SystemExit("Rasa could not train the model; its messages are above.")
    return result.model


def main() -> None:
    project.prepare_environment()
    with alone():
        _train_unless_current()


def _train_unless_current() -> None:
    if is_current():
        print("The bot's model is up to date.")  # noqa: T201 - a command's answer
        return
    print("Training the bot: two to five minutes, on two processors …", flush=True)  # noqa: T201 - a command's answer
    train()
    print(f"Trained: {project.model()}")  # noqa: T201 - a command's answer


if __name__ == "__main__":
    sys.exit(main())
