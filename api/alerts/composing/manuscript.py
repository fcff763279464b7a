"""A draft on its way to a message: its words, where it holds, and the CAP 1.2 that it would be."""

import asyncio
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from api.alerts.bulletins import Communes
from api.alerts.cap_message import Severity
from api.alerts.composing.cap_writer import Outgoing, cap_of
from api.alerts.composing.chain import Chain
from api.alerts.composing.content_rules import check_ready
from api.alerts.composing.draft import Draft, Purpose
from api.alerts.composing.errors import NotValid
from api.alerts.composing.hazards import NEEDS_A_SECOND_PERSON, HazardLibrary
from api.alerts.composing.speakers import AlertStaff
from api.alerts.composing.texts import Texts, Writer
from api.alerts.errors import AlertProblem
from api.alerts.intake import Arrival, read_arrival
from api.alerts.signatures.verifying import Trust


class CommuneNames(Protocol):
    async def names_of(self, codes: Iterable[str]) -> Mapping[str, Mapping[str, str]]:
        """Return the names of communes by code and language; a code that is none is left out."""
        ...


_OUR_OWN = Trust()
"""What is written here needs no signature to be ours."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A draft, what it goes on from, and what would be told. `confirm_with`: what its issuer types."""

    draft: Draft
    chain: Chain
    texts: Texts
    confirm_with: str
    needs_second_person: bool


class Manuscripts:
    def __init__(
        self,
        hazards: HazardLibrary,
        staff: AlertStaff,
        communes: Communes,
        names: CommuneNames,
    ) -> None:
        self._hazards = hazards
        self._staff = staff
        self._communes = communes
        self._names = names

    async def of(self, draft: Draft, chain: Chain) -> Manuscript:
        names = await self._names.names_of(draft.content.communes)
        writer = Writer(
            self._hazards,
            draft,
            names,
            is_whole_province=self._communes.codes <= set(draft.content.communes),
        )
        return Manuscript(
            draft=draft,
            chain=chain,
            texts=writer.texts(),
            confirm_with=self._word(draft, names),
            needs_second_person=self._needs_second_person(draft, chain.severity),
        )

    async def arrival(self, manuscript: Manuscript, now: datetime) -> Arrival:
        """Return the message as the door of agencies would take it in, checked by the same rules.

        Raises what `check_ready` raises, and NotValid.
        """
        check_ready(manuscript.draft, self._hazards, manuscript.texts, now)
        source = f"draft {manuscript.draft.id}"
        try:
            return await asyncio.to_thread(
                read_arrival, self.cap(manuscript, now), source, now, self._communes, _OUR_OWN
            )
        except AlertProblem as problem:
            raise NotValid(reason=str(problem)) from problem

    def cap(self, manuscript: Manuscript, now: datetime) -> bytes:
        """Return the CAP 1.2 message, valid or not."""
        draft, chain = manuscript.draft, manuscript.chain
        hazard = self._hazards.hazard(draft.content.hazard)
        return cap_of(
            Outgoing(
                draft=draft,
                speaker=self._staff.speaker(draft.agency_id),
                hazard=hazard,
                level=hazard.level(draft.content.level),
                texts=manuscript.texts,
                sent=_sent_at(now, chain),
                references=chain.references,
            )
        )

    def _needs_second_person(self, draft: Draft, before: Severity) -> bool:
        """Tell whether it is severe, or changes what is: taking a warning back early costs lives too."""
        level = self._hazards.hazard(draft.content.hazard).level(draft.content.level)
        is_severe = not NEEDS_A_SECOND_PERSON.isdisjoint({level.severity, before})
        return draft.purpose is Purpose.ACTUAL and is_severe

    def _word(self, draft: Draft, names: Mapping[str, Mapping[str, str]]) -> str:
        """Return the first commune's name, else the hazard's: what a hasty hand would get wrong."""
        for code in draft.content.communes:
            if code in names:
                return names[code]["vi"]
        return self._hazards.hazard(draft.content.hazard).names["vi"]


def is_confirmed(manuscript: Manuscript, typed: str) -> bool:
    """Tell whether the word was typed, however it is spaced, composed and in whichever case."""
    return _plain(typed) == _plain(manuscript.confirm_with)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _sent_at(now: datetime, chain: Chain) -> datetime:
    """Return the whole second of the message: after all it goes on from, as CAP wants it."""
    second = now.replace(microsecond=0)
    last = chain.references[-1].sent if chain.references else None
    return second if last is None or last < second else last + timedelta(seconds=1)
