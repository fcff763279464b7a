"""What a gate's scan does to a pass (CredentialUse): it starts it, and draws on what it promises."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from api.credentials.issuing import Issuing
from api.credentials.records import CredentialKind, CredentialState
from api.credentials.scans.records import CheckedScan, ScanPurpose, Use
from api.credentials.scans.records import Fault as ScanFault
from api.kit.errors import N_
from api.tourist_cards.errors import PassNotHeld
from api.tourist_cards.passes import Pass
from api.tourist_cards.refusals import REFUSALS, PassUnknown
from api.tourist_cards.repository import CardRepository
from api.tourist_cards.terms import EntitlementKind
from api.tourist_cards.usage import Fault, PassUse, Usage, judged

_AT_A_GATE = frozenset({EntitlementKind.VISIT, EntitlementKind.RIDE})
KINDS_OF_PURPOSES: Final[Mapping[ScanPurpose, frozenset[EntitlementKind]]] = MappingProxyType(
    {
        ScanPurpose.ENTRY: _AT_A_GATE,
        ScanPurpose.RIDE: frozenset({EntitlementKind.RIDE}),
        ScanPurpose.DISCOUNT: frozenset({EntitlementKind.DISCOUNT}),
    }
)
SCAN_FAULTS: Final[Mapping[Fault, ScanFault]] = MappingProxyType(
    {
        Fault.NOT_COVERED: ScanFault.NOT_HONOURED,
        Fault.WAITED_TOO_LONG: ScanFault.EXPIRED,
        Fault.OVER: ScanFault.EXPIRED,
    }
)
"""All others are OVERDRAWN."""

WELCOME = N_("Welcome.")
DISCOUNT_GIVEN = N_("Discount: {percent}%.")
GOODBYE = N_("Goodbye.")
NOTED = N_("Noted.")


class PassUsing:
    """Implements CredentialUse for tourist passes."""

    kind = CredentialKind.TOURIST_PASS

    def __init__(self, cards: CardRepository, issuing: Issuing) -> None:
        self._cards = cards
        self._issuing = issuing

    async def used(self, scan: CheckedScan) -> Use:
        """Draw on the pass. Online, a scan that nothing covers is refused by a CardProblem.

        A late scan of the holder's counts whatever it finds; what it makes of other uses is flagged with it.
        """
        if scan.purpose is ScanPurpose.EXIT:
            return Use(GOODBYE)
        held = await self._cards.held(scan.subject_id)
        if held is None or held.is_refunded:
            return _unknown(scan, held)
        if _is_somebody_elses(scan, held):
            return Use(NOTED)  # flagged with the fault that it has
        before = await self._cards.uses_of(held.id)
        use = _use(scan)
        usage = judged(held.terms, held.bought_at, [*before, use])
        fault = usage.fault_of(use.id)
        if fault is not None and not scan.is_late:
            raise REFUSALS[fault]
        await self._keep(held, use, usage, scan)
        known = judged(held.terms, held.bought_at, before).faults()
        new = {it for scan_id, it in usage.faults().items() if known.get(scan_id) != it}
        return _told(use, usage, frozenset(map(_scan_fault, new)))

    async def _keep(self, held: Pass, use: PassUse, usage: Usage, scan: CheckedScan) -> None:
        await self._cards.add_use(held.id, use)
        # Written even when nothing changes: two gates at once collide here, not in the count.
        await self._cards.replace_pass(
            replace(held, first_use=usage.first_use, ends_at=usage.ends_at, offer=None)
        )
        if usage.ends_at is not None and usage.ends_at != held.ends_at:
            await self._shorten(held.credential_id, usage.ends_at, scan.scanned_at)

    async def _shorten(self, credential_id: str, ends_at: datetime, now: datetime) -> None:
        credential = await self._issuing.get(credential_id)
        # A late scan may be of a card that was revoked since; that one stays as it is.
        if credential is not None and credential.state is not CredentialState.REVOKED:
            await self._issuing.renew(credential_id, ends_at, now)


def _unknown(scan: CheckedScan, held: Pass | None) -> Use:
    if not scan.is_late:
        raise PassUnknown if held is None else PassNotHeld
    return Use(NOTED, faults=frozenset({ScanFault.NOT_HONOURED}))


def _is_somebody_elses(scan: CheckedScan, held: Pass) -> bool:
    """Tell whether a late scan must take nothing from who holds the pass now.

    Who gave it away may show the phone of before at a gate that has not heard of it, and a gate that was
    lost makes codes for any time, also for one before the pass was bought.
    """
    is_givers = held.was_given and ScanFault.REPLACED in scan.faults
    return is_givers or ScanFault.NOT_YET_VALID in scan.faults


def _use(scan: CheckedScan) -> PassUse:
    kinds = KINDS_OF_PURPOSES.get(scan.purpose, frozenset())
    return PassUse(scan.scan_id, scan.scanned_at, scan.gate.place_id, kinds)


def _scan_fault(fault: Fault) -> ScanFault:
    return SCAN_FAULTS.get(fault, ScanFault.OVERDRAWN)


def _told(use: PassUse, usage: Usage, faults: frozenset[ScanFault]) -> Use:
    entitlement = next(it.entitlement for it in usage.judged if it.use.id == use.id)
    if entitlement is None:
        return Use(NOTED, faults=faults)
    if entitlement.discount_percent is not None:
        return Use(
            DISCOUNT_GIVEN, {"percent": entitlement.discount_percent}, entitlement.id, faults
        )
    return Use(WELCOME, let_in=entitlement.id, faults=faults)
