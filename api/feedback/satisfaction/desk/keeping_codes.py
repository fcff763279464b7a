"""What clerks do with the codes of their office; each step is in the audit log."""

from collections.abc import Awaitable, Callable
from typing import Any

from api.accounts.caller import Caller, Scope
from api.feedback.reports.content import words_of
from api.feedback.satisfaction.errors import OfficeCodeChanged, TooManyOfficeCodes
from api.feedback.satisfaction.office_codes.office_code import OfficeCode
from api.feedback.satisfaction.office_codes.repository import OfficeCodeRepository
from api.feedback.satisfaction.offices import Offices, office_entry
from api.kit.audit_log import AuditLog
from api.kit.clock import Clock
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id

CODES_AT_MOST = 50
LABEL_CHARACTERS_AT_MOST = 60


class KeepingCodes:
    def __init__(
        self,
        codes: OfficeCodeRepository,
        offices: Offices,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._codes = codes
        self._offices = offices
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def of(self, caller: Caller, office: Scope) -> list[OfficeCode]:
        """Return the codes that hold, by number. Raises NotSignedIn, NotAllowed."""
        self._offices.clerk(caller, office)
        return await self._codes.of_office(office)

    async def create(self, caller: Caller, office: Scope, label: str, key: str) -> OfficeCode:
        """Make a code for a desk.

        Raises NotSignedIn, NotAllowed, InvalidText, TooManyOfficeCodes and IdempotencyProblem.
        """
        person_id = self._offices.clerk(caller, office)
        checked = words_of(label, "label", LABEL_CHARACTERS_AT_MOST)
        asked = {"office": str(office), "label": checked}

        async def make() -> OfficeCode:
            taken = {code.number for code in await self._codes.of_office(office)}
            number = min({*range(1, CODES_AT_MOST + 1)} - taken, default=None)
            if number is None:
                raise TooManyOfficeCodes(most=CODES_AT_MOST)
            now = self._clock()
            code = OfficeCode(new_id(), office, number, checked, created_at=now, changed_at=now)
            await self._codes.add(code)
            return code

        return await self._noted(person_id, office, "create", key, asked, make)

    async def replace(
        self, caller: Caller, office: Scope, code_id: str, seen_version: int, key: str
    ) -> OfficeCode:
        """Make what hangs there worthless, and another in its place.

        Raises NotSignedIn, NotAllowed, OfficeCodeChanged and IdempotencyProblem.
        """
        person_id = self._offices.clerk(caller, office)

        async def change() -> OfficeCode:
            now = self._clock()
            return _changed(await self._codes.replace(office, code_id, seen_version, now))

        asked = {"code": code_id, "version": seen_version}
        return await self._noted(person_id, office, "replace", key, asked, change)

    async def revoke(
        self, caller: Caller, office: Scope, code_id: str, seen_version: int, key: str
    ) -> OfficeCode:
        """Take a code back, for good. Raises as `replace` does."""
        person_id = self._offices.clerk(caller, office)

        async def change() -> OfficeCode:
            now = self._clock()
            return _changed(await self._codes.revoke(office, code_id, seen_version, now))

        asked = {"code": code_id, "version": seen_version}
        return await self._noted(person_id, office, "revoke", key, asked, change)

    async def _noted(
        self,
        person_id: str,
        office: Scope,
        action: str,
        key: str,
        asked: dict[str, Any],
        step: Callable[[], Awaitable[OfficeCode]],
    ) -> OfficeCode:
        """Make the step once, with its row of the audit log."""

        async def work() -> dict[str, Any]:
            await self._offices.hold_clerk(person_id, office)
            code = await step()
            details = {"version": code.version}
            entry = office_entry(person_id, f"office_code.{action}", code.id, office, details)
            await self._audit.append(entry)
            return {"code": code.id}

        scoped = {"office": str(office), **asked}
        result = await self._idempotency.once(person_id, f"{action}OfficeCode", key, scoped, work)
        return _changed(await self._codes.get(result["code"]))


def _changed(code: OfficeCode | None) -> OfficeCode:
    """Return it, or raise OfficeCodeChanged: another version holds, or none, or it is another office's."""
    if code is None:
        raise OfficeCodeChanged
    return code
