"""Terms and uses as tests write them."""

from datetime import datetime, timedelta

from api.kit.formats import VIETNAM_TIME
from api.tourist_cards.terms import (
    Entitlement,
    EntitlementKind,
    RefundRule,
    RollingHours,
    Terms,
    Validity,
)
from api.tourist_cards.usage import PassUse

NINE = datetime(2026, 5, 1, 9, tzinfo=VIETNAM_TIME)
CABLE_CAR, CAVE, MUSEUM, SHOP = PLACES = "P002", "P022", "P009", "P008"
GATE_KINDS = frozenset({EntitlementKind.VISIT, EntitlementKind.RIDE})


def ride(**limits: int) -> Entitlement:
    return Entitlement(
        "cable-car", EntitlementKind.RIDE, {"en": "Cable car"}, (CABLE_CAR,), **limits
    )


def visits(*places: str, **limits: int) -> Entitlement:
    return Entitlement("sights", EntitlementKind.VISIT, {"en": "Sights"}, places, **limits)


def terms(*entitlements: Entitlement, validity: Validity | None = None) -> Terms:
    return Terms(validity or RollingHours(48), entitlements, RefundRule(7, 10))


def use(number: int, place: str | None = CABLE_CAR, **after: float) -> PassUse:
    """Return the use of a number, so long after nine on the first of May."""
    return PassUse(f"scan-{number:03}", NINE + timedelta(**after), place, GATE_KINDS)
