"""What a scan does is said by the slice of the card's kind, which wiring gives: nothing is imported upwards."""

from collections.abc import Sequence
from typing import Protocol

from api.credentials.records import CredentialKind
from api.credentials.scans.records import CheckedScan, Use
from api.kit.errors import N_


class CredentialUse(Protocol):
    """One kind of card."""

    @property
    def kind(self) -> CredentialKind: ...

    async def used(self, scan: CheckedScan) -> Use:
        """Use what the card stands for, in the scan's transaction, which may run again from its start.

        Online, a DomainError refuses, and nothing is written. A late scan (`is_late`) has happened:
        it is never refused, and `Use.faults` tell what is wrong with it, such as OVERDRAWN.
        """
        ...


class OnlyShown:
    """A kind for which a good card is all there is to say."""

    def __init__(self, kind: CredentialKind) -> None:
        self.kind = kind

    async def used(self, scan: CheckedScan) -> Use:
        return Use(N_("This card is good."))


class Uses:
    """One use for each kind; the kinds that nobody speaks for are only shown."""

    def __init__(self, uses: Sequence[CredentialUse]) -> None:
        self._uses: dict[CredentialKind, CredentialUse] = {
            kind: OnlyShown(kind) for kind in CredentialKind
        }
        self._uses.update({use.kind: use for use in uses})

    async def used(self, scan: CheckedScan) -> Use:
        return await self._uses[scan.kind].used(scan)
