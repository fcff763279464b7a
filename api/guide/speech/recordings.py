"""Recordings in a folder, found by what is said and by whose voice: said once, they are there for ever.

A recording is two files: the sound, and then a few facts of it. Where the facts are, the sound is whole.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from api.guide.speech.voices import Spoken, voice_for

FOLDER = "speech"
_OURS, _DRAFT = frozenset({".wav", ".json"}), ".draft"
_ID = re.compile(r"[0-9a-f]{64}")


class Recording(BaseModel):
    """`id`: of text and voice; `seconds`: how long it is; `sha256`: of the sound's bytes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    sha256: str
    byte_count: int
    seconds: float


class Recordings:
    """Those of this host. Another process may add some at any time; none is ever changed.

    `public_url`: the address under which phones reach the API.
    """

    def __init__(self, data_folder: Path, public_url: str) -> None:
        self._folder = data_folder / FOLDER
        self._public_url = public_url.rstrip("/")
        self._known: dict[str, Recording] = {}

    @property
    def folder(self) -> Path:
        return self._folder

    def url(self, recording: Recording) -> str:
        return f"{self._public_url}/v1/speech/{recording.id}.wav"

    def of(self, text: str, language: str) -> Recording | None:
        """Return the recording of a text, None where nobody has spoken it."""
        recording_id = recording_id_of(text, language)
        if recording_id is None:
            return None
        if recording_id not in self._known:
            try:
                facts = self._facts(recording_id).read_bytes()
                self._known[recording_id] = Recording.model_validate_json(facts)
            except (FileNotFoundError, ValidationError):
                return None
        return self._known[recording_id]

    def sound(self, recording_id: str) -> Path | None:
        """Return the file of a recording, None when there is none."""
        if _ID.fullmatch(recording_id) is None or not self._facts(recording_id).exists():
            return None
        sound = self._sound(recording_id)
        return sound if sound.exists() else None

    def version(self) -> str:
        """Return what changes when a recording is added."""
        try:
            return str(self._folder.stat().st_mtime_ns)
        except FileNotFoundError:
            return ""

    def keep(self, text: str, language: str, spoken: Spoken) -> Recording:
        """Keep a recording whole or not at all. Raises ValueError for a language without a voice."""
        recording_id = recording_id_of(text, language)
        if recording_id is None:
            raise ValueError(language)
        recording = Recording(
            id=recording_id,
            sha256=hashlib.sha256(spoken.content).hexdigest(),
            byte_count=len(spoken.content),
            seconds=round(spoken.seconds, 1),
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        # The sound is on the disk before its facts are; facts that a power cut takes are made again.
        _write_whole(self._sound(recording_id), spoken.content, flush=True)
        _write_whole(self._facts(recording_id), recording.model_dump_json().encode())
        return recording

    def forget_all_but(self, texts: Iterable[tuple[str, str]]) -> None:
        """Remove what is of no text and language of these, and drafts of processes that died.

        To be called while nobody keeps anything.
        """
        wanted = {recording_id_of(text, language) for text, language in texts}
        for file in list(self._folder.iterdir()):
            is_draft = file.suffix == _DRAFT
            if is_draft or (file.suffix in _OURS and file.stem not in wanted):
                file.unlink()
                self._known.pop(file.stem, None)

    def _sound(self, recording_id: str) -> Path:
        return self._folder / f"{recording_id}.wav"

    def _facts(self, recording_id: str) -> Path:
        return self._folder / f"{recording_id}.json"


def recording_id_of(text: str, language: str) -> str | None:
    """Return the id that a recording of this text has; None where there is no voice for the language."""
    voice = voice_for(language)
    return None if voice is None else hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()


def _write_whole(file: Path, content: bytes, *, flush: bool = False) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}{_DRAFT}")
    with draft.open("wb") as handle:
        handle.write(content)
        if flush:
            handle.flush()
            os.fsync(handle.fileno())
    draft.replace(file)
