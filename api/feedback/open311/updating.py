"""Updates that other systems send. They can do no more than people: the same rules, the same history.

An agency's system says what the agency did; an app, of what it reported itself, whether it is settled.
"""

from dataclasses import dataclass
from typing import Any

from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.agencies.staff import system_caller
from api.feedback.life.agency_turn import AgencyTurn, Seen
from api.feedback.life.moves import RULES, Move
from api.feedback.life.reporter_turn import ReporterTurn
from api.feedback.life.steps import Words
from api.feedback.open311.api_keys import ApiKey
from api.feedback.open311.documents import Listed
from api.feedback.open311.errors import (
    InvalidParameter,
    MediaUrlNotTaken,
    MissingParameter,
    StatusNotTaken,
    UnknownServiceRequest,
    UpdateIdReused,
)
from api.feedback.open311.parameters import Parameters
from api.feedback.open311.statuses import MOVES, REPORTERS_MOVES
from api.feedback.reports.code import code_of
from api.feedback.reports.records import RefusalReason, Report, Reporter, ReporterKind
from api.feedback.reports.repository import ReportRepository
from api.kit.idempotency import Idempotency, IdempotencyKeyReused
from api.kit.ids import derived_id

ID_CHARACTERS_AT_MOST = 100


@dataclass(frozen=True, slots=True, repr=False)
class _Said:
    """`code`: as it was typed. `key`: by which the same update is known again."""

    move: Move
    words: Words | None
    code: str
    key: str


class Updating:
    def __init__(
        self,
        reports: ReportRepository,
        agency_turn: AgencyTurn,
        reporter_turn: ReporterTurn,
        agencies: AgencyLibrary,
        idempotency: Idempotency,
    ) -> None:
        self._reports = reports
        self._agency_turn = agency_turn
        self._reporter_turn = reporter_turn
        self._agencies = agencies
        self._idempotency = idempotency

    async def update(self, asked: Parameters, holder: ApiKey, language: str) -> Listed:
        """Make the step that is told of; the same update_id again is answered with the same step.

        Raises an Open311Problem, and what AgencyTurn and ReporterTurn raise.
        """
        said = _said(asked, holder, language)

        async def work() -> dict[str, Any]:
            changed = await self._made(said, holder)
            return {"update": f"{changed.code}.{changed.steps}"}

        form = {
            "code": code_of(said.code),
            "move": said.move.value,
            "words": said.words.text if said.words else None,
        }
        scope = _reporter(holder).key
        try:
            result = await self._idempotency.once(scope, "open311Update", said.key, form, work)
        except IdempotencyKeyReused as error:
            raise UpdateIdReused from error
        row = {"update_id": result["update"]}
        return Listed("service_request_updates", "request_update", (row,))

    async def _made(self, said: _Said, holder: ApiKey) -> Report:
        if holder.agency_id is not None:
            return await self._by_agency(said, holder.id, holder.agency_id)
        reporter = _reporter(holder)
        if said.move is Move.CONFIRM:
            return await self._reporter_turn.confirm_as(reporter, said.code, said.key)
        return await self._reporter_turn.reopen_as(reporter, said.code, _words(said), said.key)

    async def _by_agency(self, said: _Said, key_id: str, agency_id: str) -> Report:
        code = code_of(said.code)
        report = await self._reports.coded(code) if code else None
        if report is None or report.is_hidden_from(agency_id):
            raise UnknownServiceRequest
        caller = system_caller(key_id, self._agencies.agency(agency_id))
        # What the system saw last is not told, so it is what is there: the table of moves decides.
        seen = Seen(agency_id, report.code, report.state)
        turn, key = self._agency_turn, said.key
        if said.move is Move.ACCEPT:
            return await turn.accept(caller, seen, key)
        if said.move is Move.START:
            return await turn.start(caller, seen, key)
        if said.move is Move.ASSIGN:
            return await turn.assign(caller, seen, _words(said), key)
        if said.move is Move.REFUSE:
            return await turn.refuse(caller, seen, RefusalReason.NOT_OURS, _words(said), key)
        return await turn.answer(caller, seen, _words(said), key)


def _reporter(holder: ApiKey) -> Reporter:
    return Reporter(ReporterKind.APP, holder.id)


def _words(said: _Said) -> Words:
    assert said.words is not None, "checked where it was read"  # noqa: S101
    return said.words


def _said(asked: Parameters, holder: ApiKey, language: str) -> _Said:
    """Read an update. Raises an Open311Problem."""
    own_id, code = asked.needed("update_id"), asked.needed("service_request_id")
    if len(own_id) > ID_CHARACTERS_AT_MOST:
        raise InvalidParameter(name="update_id")
    if asked.text("media_url") is not None:
        raise MediaUrlNotTaken
    moves = REPORTERS_MOVES if holder.agency_id is None else MOVES
    move = moves.get(asked.needed("status").lower())
    if move is None:
        raise StatusNotTaken(taken=", ".join(moves))
    text = asked.text("description")
    if RULES[move].needs_words and text is None:
        raise MissingParameter(name="description")
    words = Words(text, language) if text and RULES[move].needs_words else None
    return _Said(move, words, code, derived_id("open311 update", holder.id, own_id))
