"""Speaks every text of the tours that nobody has spoken yet: `laocai tours speak`."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from api.guide.speech.recordings import Recordings
from api.guide.speech.voices import VOICES, Speaker
from api.guide.tours.records import Tour
from api.kit.whole_file import alone_with

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class SpokenTexts:
    """`made`: recordings made now; `there`: those there already; `silent`: texts in languages without a voice."""

    made: int
    there: int
    silent: int


def speak_all(
    tours: Iterable[Tour], recordings: Recordings, speaker: Speaker, progress: Progress
) -> SpokenTexts:
    """Make what is missing, and remove what is of no text any more.

    May be stopped at any moment and done again; of two processes the second waits. Raises SpeakerFailed.
    """
    texts = list(dict.fromkeys(text for tour in tours for text in _texts(tour)))
    spoken = [(text, language) for text, language in texts if language in VOICES]
    made = 0
    recordings.folder.mkdir(parents=True, exist_ok=True)
    with alone_with(recordings.folder / "speaking"):
        for done, (text, language) in enumerate(spoken, 1):
            if recordings.of(text, language) is None:
                recordings.keep(text, language, speaker.speak(text, language))
                made += 1
            progress(done, len(spoken))
        recordings.forget_all_but(spoken)
    return SpokenTexts(made, len(spoken) - made, len(texts) - len(spoken))


def _texts(tour: Tour) -> Iterator[tuple[str, str]]:
    for stop in tour.stops:
        for texts in (stop.short, stop.long):
            yield from ((text, language) for language, text in texts.items())
