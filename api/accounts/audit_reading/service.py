"""The audit log, for those who may read it; that they read it is in the log too."""

import re

from api.accounts.caller import Caller
from api.accounts.staff.grants import right_to_read
from api.kit.audit_log import AuditEntry, AuditLog, AuditRow
from api.kit.pages import Page

THE_LOG = "audit"
"""The subject of a reading that asks for no subject."""
_ID = re.compile(r"[a-z0-9][a-z0-9:-]{0,99}")
_NOTHING = ""


class AuditReading:
    def __init__(self, audit: AuditLog) -> None:
        self._audit = audit

    async def entries(
        self,
        caller: Caller,
        first: int,
        after: str | None,
        *,
        subject: str | None = None,
        actor: str | None = None,
    ) -> Page[AuditRow]:
        """Return rows of the log, the newest first, of a subject, an actor, both or all.

        Raises NotSignedIn, NotAllowed and PageProblem.
        """
        right = right_to_read(caller)
        subject, actor = _asked(subject), _asked(actor)
        page = await self._audit.entries(first, after, subject=subject, actor=actor)
        details = {"actor": actor, "found": len(page.items)}
        await self._audit.append(
            AuditEntry(caller.person(), "audit.read", subject or THE_LOG, str(right), details)
        )
        return page


def _asked(text: str | None) -> str | None:
    # What is no id finds nothing, and is not noted down: it may be somebody's name or number.
    return text if text is None or _ID.fullmatch(text) else _NOTHING
