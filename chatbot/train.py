"""Trains the bot's model when what it is made of has changed: `chatbot/.venv/bin/python chatbot/train.py`."""

import hashlib
import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import project


def _ingredients() -> Iterator[Path]:
    yield from (
        project.CHATBOT / name for name in ("config.yml", "domain.yml", "requirements.lock")
    )
    for folder, pattern in (("data", "*.yml"), ("vocabulary", "*.yml"), ("components", "*.py")):
        yield from sorted((project.CHATBOT / folder).rglob(pattern))
    yield from (project.TOURISM_DATA / name for name in ("communes.json", "places.json"))


def fingerprint() -> str:
    """Return a digest of every file that shapes the model; absent ones count as absent."""
    digest = hashlib.sha256()
    for path in _ingredients():
        content = path.read_bytes() if path.exists() else b""
        digest.update(f"{path.relative_to(project.ROOT)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def is_current() -> bool:
    """Tell whether the stored model was made of the present files."""
    noted = _note()
    return project.model().exists() and noted.exists() and noted.read_text() == fingerprint()


def _note() -> Path:
    return project.models() / "laocai.fingerprint"


def train() -> None:
    """Train, then put the model in its place in one step: a crash leaves the old one, or none."""
    made_of = fingerprint()
    project.models().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=project.models()) as folder:
        trained = _train_into(folder)
        _note().unlink(missing_ok=True)
        os.replace(trained, project.model())
    _note().write_text(made_of)


def _train_into(folder: str) -> str:
    warnings.simplefilter("ignore")
    from rasa.api import train as train_rasa
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)

    result = train_rasa(
        domain="domain.yml",
        config="config.yml",
        training_files="data",
        output=folder,
        fixed_model_name=project.model().name,
        force_training=True,
    )
    if result.code or result.model is None:
        raise SystemExit("Rasa could not train the model; its messages are above.")
    return result.model


def main() -> None:
    if is_current():
        print("The bot's model is up to date.")  # noqa: T201 - a command's answer
        return
    print("Training the bot: about half a minute …", flush=True)  # noqa: T201 - a command's answer
    project.prepare_environment()
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # Rasa's cache does not see vocabulary/ and the names
    train()
    print(f"Trained: {project.model()}")  # noqa: T201 - a command's answer


if __name__ == "__main__":
    sys.exit(main())
