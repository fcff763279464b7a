"""What people asks of the consents: whether one is given. The ledger is another part's."""

from typing import Protocol

IDENTITY_PAPERS = "IDENTITY_PAPERS"
"""The purpose under which identity papers are kept and shown to clerks."""


class ConsentCheck(Protocol):
    """Tells whether a person consents to a purpose at this moment."""

    async def is_given(self, person_id: str, purpose: str) -> bool: ...


class NobodyConsented:
    """Where no ledger is wired, nobody has consented to anything."""

    async def is_given(self, person_id: str, purpose: str) -> bool:
        return False
