"""What is told in each language: an officer's own words, else the template's."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.alerts.composing.draft import Content, Draft, DraftKind, Purpose, Words
from api.alerts.composing.hazards import Hazard, HazardLibrary, Level, Phrases
from api.alerts.composing.slot_values import written
from locales import AVAILABLE
from locales.province import with_province

HEADLINE_CHARACTERS_AT_MOST = 160
"""What CAP 1.2 recommends (section 3.2.2)."""
BODY_CHARACTERS_AT_MOST = 700
PLACES_IN_A_HEADLINE = 3


@dataclass(frozen=True, slots=True)
class Told:
    """The texts of one language. `area`: where it holds, in words."""

    event: str
    headline: str
    description: str
    instruction: str
    area: str


@dataclass(frozen=True, slots=True)
class Texts:
    """`told` by language; `missing`: languages of ours that say less than, or other than, Vietnamese."""

    told: Mapping[str, Told]
    missing: tuple[str, ...]


class Writer:
    """Writes the texts of one draft. `names`: of its communes, by code and language."""

    def __init__(
        self,
        hazards: HazardLibrary,
        draft: Draft,
        names: Mapping[str, Mapping[str, str]],
        *,
        is_whole_province: bool,
    ) -> None:
        content = draft.content
        self._draft = draft
        self._content: Content = content
        self._hazard: Hazard = hazards.hazard(content.hazard)
        self._level: Level = self._hazard.level(content.level)
        self._phrases: Phrases = hazards.phrases
        self._names = names
        self._is_whole_province = is_whole_province

    def texts(self) -> Texts:
        """Return what is told, Vietnamese first."""
        languages = dict.fromkeys(["vi", *AVAILABLE, *self._content.words])
        told = {language: self._told(language) for language in languages}
        whole = {language: texts for language, texts in told.items() if texts is not None}
        missing = [
            language
            for language in AVAILABLE
            if language not in whole or self._says_less(language, self._own("vi"))
        ]
        return Texts(whole, tuple(missing))

    def area(self, language: str, most: int | None = None) -> str:
        """Return where it holds, in words; with `most`, no more places than that."""
        if self._is_whole_province:
            return with_province(_in(self._phrases.whole_province, language), language)
        codes = self._content.communes
        places = [_in(self._names[code], language) for code in codes[:most] if code in self._names]
        if most is not None and len(codes) > most:
            places.append("…")
        if self._content.polygons or not places:
            places.append(_in(self._phrases.drawn, language))
        return _in(self._phrases.joint, language).join(places)

    def _own(self, language: str) -> Words:
        return self._content.words.get(language) or Words()

    def _says_less(self, language: str, vietnamese: Words) -> bool:
        own = self._own(language)
        return any(
            said is not None and other is None
            for said, other in (
                (vietnamese.headline, own.headline),
                (vietnamese.description, own.description),
                (vietnamese.instruction, own.instruction),
            )
        )

    def _told(self, language: str) -> Told | None:
        own = self._own(language)
        headline = own.headline or self._headline(language)
        description = own.description or self._description(language)
        instruction = own.instruction or self._instruction(language)
        if headline is None or description is None or instruction is None:
            return None
        return Told(
            event=_in(self._hazard.names, language),
            headline=self._marked(headline, language),
            description=description,
            instruction=instruction,
            area=self.area(language),
        )

    def _marked(self, headline: str, language: str) -> str:
        """Return the headline; an exercise or a test says so before anything else."""
        if self._draft.purpose is Purpose.ACTUAL:
            return headline
        is_exercise = self._draft.purpose is Purpose.EXERCISE
        marks = self._phrases.exercise if is_exercise else self._phrases.test
        return _in(marks, language).format(headline=headline)

    def _headline(self, language: str) -> str | None:
        if language not in AVAILABLE or self._hazard.description is None:
            return None
        is_over = self._draft.kind is DraftKind.ALL_CLEAR
        pattern = self._phrases.all_clear_headline if is_over else self._phrases.headline
        return pattern[language].format(
            event=self._hazard.names[language],
            level=self._level.names[language],
            area=self.area(language, PLACES_IN_A_HEADLINE),
        )

    def _description(self, language: str) -> str | None:
        if self._draft.kind is DraftKind.ALL_CLEAR:
            return self._headline(language)
        template = (self._hazard.description or {}).get(language)
        slots, values = self._hazard.slots, self._content.slots
        if template is None or any(slot.name not in values for slot in slots):
            return None
        return template.format(
            area=self.area(language),
            level=self._level.names[language],
            **{slot.name: written(slot, values[slot.name], language) for slot in slots},
        )

    def _instruction(self, language: str) -> str | None:
        if self._draft.kind is DraftKind.ALL_CLEAR:
            return self._phrases.all_clear_instruction.get(language)
        said = self._hazard.instructions
        return said[self._level.stage].get(language) if said else None


def _in(texts: Mapping[str, str], language: str) -> str:
    """Return a text in a language, else in Vietnamese."""
    return texts.get(language) or texts["vi"]
