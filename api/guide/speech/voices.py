"""In which languages espeak-ng is understood, and how it is asked to speak."""

import io
import shutil
import subprocess
import wave
from collections.abc import Mapping
from dataclasses import dataclass

from api.guide.speech.errors import SpeakerFailed, SpeakerNotInstalled

PROGRAM = "espeak-ng"
VOICES: Mapping[str, str] = {
    "vi": "vi",
    "en": "en-gb",
    "fr": "fr-fr",
    # Plain `cmn` reads the syllables of characters as if they were English words.
    "zh-Hans": "cmn-latn-pinyin",
    "ko": "ko",
}
"""By BCP 47 language. Not Japanese: of every Chinese character it says the English words "Chinese letter"."""
_WORDS_PER_MINUTE = 150
_SECONDS_AT_MOST = 60.0
_REASON_CHARACTERS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Spoken:
    """A WAV file."""

    content: bytes
    seconds: float


def voice_for(language: str) -> str | None:
    """Return the voice and its pace, as they decide over the sound; None where nobody is understood."""
    voice = VOICES.get(language)
    return None if voice is None else f"{PROGRAM} {voice} {_WORDS_PER_MINUTE}"


class Speaker:
    """espeak-ng, run once a text. `program`: its path."""

    def __init__(self, program: str) -> None:
        self._program = program

    @classmethod
    def installed(cls) -> "Speaker":
        """Find it on PATH. Raises SpeakerNotInstalled."""
        program = shutil.which(PROGRAM)
        if program is None:
            raise SpeakerNotInstalled
        return cls(program)

    def speak(self, text: str, language: str) -> Spoken:
        """Return `text` as sound. Raises SpeakerFailed, KeyError for a language without a voice."""
        options = ["-v", VOICES[language], "-s", str(_WORDS_PER_MINUTE), "--stdin", "--stdout"]
        try:
            done = subprocess.run(  # noqa: S603 - the text goes through stdin, and is never an option
                [self._program, *options],
                input=text.encode(),
                capture_output=True,
                timeout=_SECONDS_AT_MOST,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SpeakerFailed(language=language, reason=type(error).__name__) from error
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()[-_REASON_CHARACTERS_AT_MOST:]
            raise SpeakerFailed(language=language, reason=said or f"status {done.returncode}")
        return _spoken(done.stdout, language)


def _spoken(content: bytes, language: str) -> Spoken:
    """Write the header anew: into a pipe the program cannot write how long the sound is."""
    try:
        with wave.open(io.BytesIO(content)) as read:
            shape, frames = read.getparams(), read.readframes(len(content))
    except (wave.Error, EOFError) as error:
        raise SpeakerFailed(language=language, reason="no WAV") from error
    count = len(frames) // (shape.sampwidth * shape.nchannels)
    if not count:
        raise SpeakerFailed(language=language, reason="silence")
    whole = io.BytesIO()
    with wave.open(whole, "wb") as written:
        written.setparams(shape._replace(nframes=count))
        written.writeframes(frames)
    return Spoken(whole.getvalue(), count / shape.framerate)
