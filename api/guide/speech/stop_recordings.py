"""What there is to listen to at a stop: a person's voice where one is recorded, else the machine's."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.guide.narrations.narration import Narration, NarrationBook, texts_of
from api.guide.narrations.service import NarrationService
from api.guide.speech.recordings import Recording, Recordings
from api.guide.tours.records import Stop, StopText
from api.kit.localized import best_language

_SPOKEN_TYPE = "audio/wav"


@dataclass(frozen=True, slots=True)
class StopRecording:
    """`url`: an address that stays; `is_synthetic`: a machine speaks."""

    text: StopText
    language: str
    url: str
    content_type: str
    byte_count: int
    sha256: str
    seconds: float
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class Voices:
    """All that was recorded or spoken, at one moment."""

    speech: Recordings
    narrations: NarrationService
    book: NarrationBook

    @classmethod
    async def now(cls, speech: Recordings, narrations: NarrationService) -> "Voices":
        return cls(speech, narrations, await narrations.book())

    def of(self, stop: Stop, language: str) -> Iterator[StopRecording]:
        """Yield what there is of a stop's texts, in the languages in which a reader is shown them."""
        for text in StopText:
            texts = texts_of(stop, text)
            shown = best_language(texts, language)
            found = None if shown is None else self._of_text(texts[shown], text, shown)
            if found is not None:
                yield found

    def _of_text(self, written: str, text: StopText, language: str) -> StopRecording | None:
        narration = self.book.of_text(written, language)
        if narration is not None:
            return told_by(narration, self.narrations.url(narration), text)
        recording = self.speech.of(written, language)
        if recording is None:
            return None
        return _spoken(recording, self.speech.url(recording), text, language)


def told_by(narration: Narration, url: str, text: StopText) -> StopRecording:
    return StopRecording(
        text=text,
        language=narration.spot.language,
        url=url,
        content_type=narration.content_type,
        byte_count=narration.byte_count,
        sha256=narration.sha256,
        seconds=round(narration.milliseconds / 1_000, 1),
        is_synthetic=False,
    )


def _spoken(recording: Recording, url: str, text: StopText, language: str) -> StopRecording:
    return StopRecording(
        text=text,
        language=language,
        url=url,
        content_type=_SPOKEN_TYPE,
        byte_count=recording.byte_count,
        sha256=recording.sha256,
        seconds=recording.seconds,
        is_synthetic=True,
    )
