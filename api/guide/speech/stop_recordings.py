"""The recordings of a stop: of its texts, in the languages in which a reader is shown them."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum, auto

from api.guide.speech.recordings import Recording, Recordings
from api.guide.tours.records import Stop
from api.kit.localized import best_language


class StopText(StrEnum):
    """Which of a stop's texts."""

    SHORT = auto()
    LONG = auto()


@dataclass(frozen=True, slots=True)
class StopRecording:
    text: StopText
    language: str
    recording: Recording


def recordings_of(stop: Stop, recordings: Recordings, language: str) -> Iterator[StopRecording]:
    """Yield the recordings there are for a reader of `language`."""
    for text, texts in ((StopText.SHORT, stop.short), (StopText.LONG, stop.long)):
        shown = best_language(texts, language)
        if shown is None:
            continue
        recording = recordings.of(texts[shown], shown)
        if recording is not None:
            yield StopRecording(text, shown, recording)
