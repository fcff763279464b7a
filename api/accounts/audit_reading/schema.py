from datetime import datetime
from typing import Annotated

import strawberry

from api.context import Info
from api.kit.audit_log import AuditRow
from api.kit.pagination import Connection


@strawberry.type
class AuditDetail:
    name: str
    value: str | None

    @classmethod
    def of(cls, name: str, value: str | int | bool | None) -> "AuditDetail":
        if isinstance(value, bool):
            return cls(name=name, value="true" if value else "false")
        return cls(name=name, value=None if value is None else str(value))


@strawberry.type(
    description="What staff read or wrote. What is null is not as it was written: somebody changed it"
    " in the store."
)
class AuditEntry:
    id: strawberry.ID
    at: datetime | None
    actor: str | None = strawberry.field(description="A person's id; `cli`: the operator.")
    action: str | None
    subject: str | None = strawberry.field(description="An id, or a place as `kind:id`.")
    right: str | None = strawberry.field(description="What gave the actor the right to it.")
    details: list[AuditDetail]

    @classmethod
    def of(cls, row: AuditRow) -> "AuditEntry":
        entry = row.entry
        details = sorted(entry.details.items()) if entry else []
        return cls(
            id=strawberry.ID(row.id),
            at=row.at,
            actor=entry.actor if entry else None,
            action=entry.action if entry else None,
            subject=entry.subject if entry else None,
            right=entry.scope if entry else None,
            details=[AuditDetail.of(name, value) for name, value in details],
        )


@strawberry.type
class AuditQuery:
    @strawberry.field(
        description="What staff read and wrote, the newest first. For administrators and auditors;"
        " noted in the audit log."
    )
    async def audit_entries(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        subject: Annotated[
            str | None, strawberry.argument(description="Only what concerns it.")
        ] = None,
        actor: Annotated[str | None, strawberry.argument(description="Only what they did.")] = None,
    ) -> Connection[AuditEntry]:
        page = await info.context.services.accounts.audit_reading.entries(
            info.context.caller, first, after, subject=subject, actor=actor
        )
        return Connection[AuditEntry].of(page, AuditEntry.of)
