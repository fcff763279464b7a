"""Products: what the province sells. Of a product that changed, passes sold before keep their terms."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from api.kit.errors import N_
from api.tourist_cards.errors import InvalidProduct
from api.tourist_cards.terms import (
    CalendarDays,
    Entitlement,
    EntitlementKind,
    RefundRule,
    RollingHours,
    Terms,
    Texts,
)

PRICE_DONG_AT_MOST = 100_000_000
PEOPLE_AT_MOST = 10
ENTITLEMENTS_AT_MOST = 30
PLACES_AT_MOST = 50
HOURS_OR_DAYS_AT_MOST = 366
USES_AT_MOST = 1_000
_LANGUAGES_NEEDED = ("vi", "en")
NAME_CHARACTERS_AT_MOST = 120
DESCRIPTION_CHARACTERS_AT_MOST = 1_000
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class SaleState(StrEnum):
    """A DRAFT was never sold; what is WITHDRAWN is sold no more, its passes hold."""

    DRAFT = auto()
    ON_SALE = auto()
    WITHDRAWN = auto()


class AgeGroup(StrEnum):
    """For whom a pass is: the gate looks."""

    ADULT = auto()
    CHILD = auto()


@dataclass(frozen=True, slots=True)
class Product:
    """`people`: a pass is made for each; more than one make a family card, sold and refunded whole."""

    id: str
    names: Texts
    descriptions: Texts
    price_dong: int
    people: tuple[AgeGroup, ...]
    terms: Terms
    state: SaleState
    version: int = 1


NEEDED_IN = N_("is needed in Vietnamese and English")
OUT_OF_RANGE = N_("is out of range")
TOO_LONG = N_("is too long")
TWICE = N_("is there twice")
PERCENT_OF_DISCOUNTS = N_("belongs to discounts, which need it")
NO_PLACES = N_("names no place, or too many")
UNKNOWN_PLACE = N_("names a place that is not there")
BAD_ID = N_("has 1 to 64 small letters, digits and hyphens")


def check_product(product: Product) -> None:
    """Raise InvalidProduct, which names the first part that cannot be sold."""
    for field, reason in _wrong(product):
        raise InvalidProduct(field=field, reason=reason)


def _wrong(product: Product) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(product.id):
        yield "id", BAD_ID
    yield from _wrong_names("names", product.names)
    yield from _wrong_descriptions(product.descriptions)
    if not 0 <= product.price_dong <= PRICE_DONG_AT_MOST:
        yield "price", OUT_OF_RANGE
    if not 1 <= len(product.people) <= PEOPLE_AT_MOST:
        yield "people", OUT_OF_RANGE
    if not 1 <= _length(product.terms.validity) <= HOURS_OR_DAYS_AT_MOST:
        yield "validity", OUT_OF_RANGE
    yield from _wrong_refund(product.terms.refund)
    yield from _wrong_entitlements(product.terms.entitlements)


def _length(validity: RollingHours | CalendarDays) -> int:
    return validity.hours if isinstance(validity, RollingHours) else validity.days


def _wrong_names(field: str, names: Texts) -> Iterator[tuple[str, str]]:
    if not all(names.get(language, "").strip() for language in _LANGUAGES_NEEDED):
        yield field, NEEDED_IN
    if any(len(name) > NAME_CHARACTERS_AT_MOST for name in names.values()):
        yield field, TOO_LONG


def _wrong_descriptions(descriptions: Texts) -> Iterator[tuple[str, str]]:
    if any(len(it) > DESCRIPTION_CHARACTERS_AT_MOST for it in descriptions.values()):
        yield "descriptions", TOO_LONG


def _wrong_refund(rule: RefundRule) -> Iterator[tuple[str, str]]:
    if not 0 <= rule.whole_for_days <= 730:
        yield "wholeRefundDays", OUT_OF_RANGE
    if not 0 <= rule.fee_percent_after <= 100:
        yield "refundFeePercent", OUT_OF_RANGE


def _wrong_entitlements(entitlements: Sequence[Entitlement]) -> Iterator[tuple[str, str]]:
    if not 1 <= len(entitlements) <= ENTITLEMENTS_AT_MOST:
        yield "entitlements", OUT_OF_RANGE
    if len({it.id for it in entitlements}) < len(entitlements):
        yield "entitlements.id", TWICE
    for entitlement in entitlements:
        yield from _wrong_entitlement(entitlement)


def _wrong_entitlement(entitlement: Entitlement) -> Iterator[tuple[str, str]]:
    if not _ID.fullmatch(entitlement.id):
        yield "entitlements.id", BAD_ID
    yield from _wrong_names("entitlements.names", entitlement.names)
    if not 1 <= len(entitlement.place_ids) <= PLACES_AT_MOST:
        yield "entitlements.placeIds", NO_PLACES
    if len(set(entitlement.place_ids)) < len(entitlement.place_ids):
        yield "entitlements.placeIds", TWICE
    limits = (entitlement.uses, entitlement.uses_per_day, entitlement.uses_per_place)
    if not all(limit is None or 1 <= limit <= USES_AT_MOST for limit in limits):
        yield "entitlements.uses", OUT_OF_RANGE
    if not 0 <= entitlement.minutes_between <= 24 * 60:
        yield "entitlements.minutesBetween", OUT_OF_RANGE
    is_discount = entitlement.kind is EntitlementKind.DISCOUNT
    percent = entitlement.discount_percent
    if is_discount != (percent is not None) or (percent is not None and not 1 <= percent <= 100):
        yield "entitlements.discountPercent", PERCENT_OF_DISCOUNTS
