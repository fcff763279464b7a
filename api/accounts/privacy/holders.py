"""What accounts and notifications keep of a person, each a file of the export."""

from collections.abc import Container
from datetime import datetime
from typing import Any

from api.accounts.privacy.consent_ledger import Consent, ConsentLedger
from api.accounts.privacy.export_repository import DataExport, ExportRepository
from api.accounts.privacy.purposes import text_of
from api.accounts.sign_in.session_repository import Session, SessionRepository
from api.accounts.sign_in.ways_in import WayIn, WaysIn
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.events import Events
from api.kit.idempotency import Idempotency
from notifications.text_message import KeptText
from notifications.texts import Texts


class AddressData:
    """What one signs in with. Gone already when a person leaves; a second time does no harm."""

    name = "addresses"
    explanation = N_("The phone numbers, e-mail addresses and providers that you sign in with.")

    def __init__(self, ways: WaysIn) -> None:
        self._ways = ways

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [_way(way) for _, way in await self._ways.of_person(person_id)]

    async def erase(self, person_id: str) -> None:
        await self._ways.remove_all(person_id)


class SessionData:
    """Sessions, open and ended, and what was said of them to other processes."""

    name = "sessions"
    explanation = N_("The apps in which you are or were signed in.")

    def __init__(self, sessions: SessionRepository, events: Events) -> None:
        self._sessions = sessions
        self._events = events

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [_session(session) for session in await self._sessions.every_of(person_id)]

    async def erase(self, person_id: str) -> None:
        await self._sessions.remove_all(person_id)
        await self._events.forget("person_id", person_id)


class ConsentData:
    """The ledger. Erasing leaves its rows, which name nobody, as proof for some years."""

    name = "consents"
    explanation = N_("What you agreed to and what you refused, with the text that you read.")

    def __init__(self, ledger: ConsentLedger, clock: Clock) -> None:
        self._ledger = ledger
        self._clock = clock

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [_consent(row) for row in await self._ledger.all_of(person_id)]

    async def erase(self, person_id: str) -> None:
        await self._ledger.person_left(person_id, self._clock())


class ExportData:
    name = "exports"
    explanation = N_("When you asked for copies of your data like this one.")

    def __init__(self, exports: ExportRepository) -> None:
        self._exports = exports

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return [_export(export) for export in await self._exports.all_of(person_id)]

    async def erase(self, person_id: str) -> None:
        await self._exports.remove_all(person_id)


class TextData:
    """SMS and e-mails. Those to the person's addresses went when the person left."""

    name = "texts"
    explanation = N_("SMS and e-mails to you. Once sent, only the time is kept.")

    def __init__(self, texts: Texts, ways: WaysIn) -> None:
        self._texts = texts
        self._ways = ways

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        # A code proves that its reader reads what is sent to an address. Who only asked for one to
        # an address that is not theirs must not read it here.
        own = {way.value for _, way in await self._ways.of_person(person_id)}
        return [_text(text, own) for text in await self._texts.of_person(person_id)]

    async def erase(self, person_id: str) -> None:
        await self._texts.erase_person(person_id)


class AnswerData:
    """What idempotency keys were answered: ids, nothing to read."""

    name = "answers"
    explanation = N_("For two days we remember what your app sent, so that nothing happens twice.")

    def __init__(self, idempotency: Idempotency) -> None:
        self._idempotency = idempotency

    async def held_of(self, person_id: str) -> Any:  # noqa: ANN401 - any JSON value
        return await self._idempotency.count(person_id)

    async def erase(self, person_id: str) -> None:
        await self._idempotency.forget(person_id)


def _way(way: WayIn) -> dict[str, Any]:
    return {"kind": way.kind.name, "value": way.value, "addedAt": way.added_at.isoformat()}


def _session(session: Session) -> dict[str, Any]:
    return {
        "app": session.app,
        "createdAt": session.created_at.isoformat(),
        "refreshedAt": session.rotated_at.isoformat(),
        "expiresAt": session.expires_at.isoformat(),
        "endedAt": _moment(session.ended_at),
    }


def _consent(row: Consent) -> dict[str, Any]:
    text = text_of(row.purpose, row.version, row.language)
    return {
        "purpose": row.purpose.name,
        "dependant": row.subject_id,
        "state": row.state.name,
        "at": row.at.isoformat(),
        "dependantAgreed": row.dependant_agreed,
        "version": row.version,
        "language": row.language,
        "title": text.title,
        "text": text.text,
        "textDigest": row.text_digest,
    }


def _export(export: DataExport) -> dict[str, Any]:
    return {
        "requestedAt": export.requested_at.isoformat(),
        "readyAt": _moment(export.ready_at),
        "expiresAt": export.expires_at.isoformat(),
        "bytes": export.size,
    }


def _text(text: KeptText, own: Container[str]) -> dict[str, Any]:
    message = text.message
    read = message if message and message.to in own else None
    return {
        "channel": text.channel.name,
        "language": text.language,
        "state": text.state.name,
        "queuedAt": text.queued_at.isoformat(),
        "settledAt": _moment(text.settled_at),
        "to": message.to if message else None,
        "subject": read.subject if read else None,
        "body": read.body if read else None,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
