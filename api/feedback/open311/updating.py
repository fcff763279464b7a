"""An agency's system says what the agency did. It can do no more than a clerk: the same rules, the same history."""

from typing import Any

from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.agencies.staff import system_caller
from api.feedback.life.agency_turn import AgencyTurn, Seen
from api.feedback.life.moves import RULES, Move
from api.feedback.life.steps import Words
from api.feedback.open311.api_keys import ApiKey
from api.feedback.open311.documents import Listed
from api.feedback.open311.errors import (
    InvalidParameter,
    KeyRefused,
    MediaUrlNotTaken,
    MissingParameter,
    StatusNotTaken,
    UnknownServiceRequest,
)
from api.feedback.open311.parameters import Parameters
from api.feedback.open311.statuses import MOVES
from api.feedback.reports.code import code_of
from api.feedback.reports.records import RefusalReason, Report
from api.feedback.reports.repository import ReportRepository
from api.kit.idempotency import Idempotency
from api.kit.ids import derived_id

ID_CHARACTERS_AT_MOST = 100


class Updating:
    def __init__(
        self,
        reports: ReportRepository,
        turn: AgencyTurn,
        agencies: AgencyLibrary,
        idempotency: Idempotency,
    ) -> None:
        self._reports = reports
        self._turn = turn
        self._agencies = agencies
        self._idempotency = idempotency

    async def update(self, asked: Parameters, holder: ApiKey, language: str) -> Listed:
        """Make the step that is told of; the same update_id again is answered with the same step.

        Raises an Open311Problem, and what AgencyTurn raises.
        """
        if holder.agency_id is None:
            raise KeyRefused
        own_id = _own_id(asked)
        code = code_of(asked.needed("service_request_id"))
        move, words = _said(asked, language)
        key = derived_id("open311 update", holder.id, own_id)
        agency_id = holder.agency_id

        async def work() -> dict[str, Any]:
            report = await self._of_agency(code, agency_id)
            # What the system saw last is not told, so it is what is there: the table of moves decides.
            seen = Seen(agency_id, report.code, report.state)
            changed = await self._made(move, seen, words, holder, key)
            return {"update": f"{changed.code}.{changed.steps}"}

        form = {"code": code, "move": move.value, "words": words.text if words else None}
        result = await self._idempotency.once(f"app:{holder.id}", "open311Update", key, form, work)
        row = {"update_id": result["update"]}
        return Listed("service_request_updates", "request_update", (row,))

    async def _of_agency(self, code: str | None, agency_id: str) -> Report:
        report = await self._reports.coded(code) if code else None
        if report is None or report.is_hidden_from(agency_id):
            raise UnknownServiceRequest
        return report

    async def _made(
        self, move: Move, seen: Seen, words: Words | None, holder: ApiKey, key: str
    ) -> Report:
        caller = system_caller(holder.id, self._agencies.agency(seen.agency_id))
        if move is Move.ACCEPT:
            return await self._turn.accept(caller, seen, key)
        if move is Move.START:
            return await self._turn.start(caller, seen, key)
        if words is None:
            raise MissingParameter(name="description")
        if move is Move.ASSIGN:
            return await self._turn.assign(caller, seen, words, key)
        if move is Move.REFUSE:
            return await self._turn.refuse(caller, seen, RefusalReason.NOT_OURS, words, key)
        return await self._turn.answer(caller, seen, words, key)


def _own_id(asked: Parameters) -> str:
    own_id = asked.needed("update_id")
    if len(own_id) > ID_CHARACTERS_AT_MOST:
        raise InvalidParameter(name="update_id")
    return own_id


def _said(asked: Parameters, language: str) -> tuple[Move, Words | None]:
    if asked.text("media_url") is not None:
        raise MediaUrlNotTaken
    move = MOVES.get(asked.needed("status").lower())
    if move is None:
        raise StatusNotTaken(taken=", ".join(MOVES))
    text = asked.text("description")
    if text is None and RULES[move].needs_words:
        raise MissingParameter(name="description")
    return move, Words(text, language) if text and RULES[move].needs_words else None
