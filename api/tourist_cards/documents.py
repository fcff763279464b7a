"""Products, purchases, passes and their uses as documents, and back."""

from api.kit.store import Document
from api.tourist_cards.passes import Offer, Pass, Purchase
from api.tourist_cards.products import AgeGroup, Product, SaleState
from api.tourist_cards.terms import (
    CalendarDays,
    Entitlement,
    EntitlementKind,
    RefundRule,
    RollingHours,
    Terms,
    Validity,
)
from api.tourist_cards.usage import PassUse

_ROLLING, _CALENDAR = "rolling_hours", "calendar_days"


def product_document(product: Product) -> Document:
    return {
        "_id": product.id,
        "names": dict(product.names),
        "descriptions": dict(product.descriptions),
        "price_dong": product.price_dong,
        "people": [person.value for person in product.people],
        "terms": terms_document(product.terms),
        "state": product.state.value,
        "version": product.version,
    }


def product_of(document: Document) -> Product:
    return Product(
        id=document["_id"],
        names=document["names"],
        descriptions=document["descriptions"],
        price_dong=document["price_dong"],
        people=tuple(AgeGroup(person) for person in document["people"]),
        terms=terms_of(document["terms"]),
        state=SaleState(document["state"]),
        version=document["version"],
    )


def terms_document(terms: Terms) -> Document:
    return {
        "validity": _validity_document(terms.validity),
        "entitlements": [_entitlement_document(it) for it in terms.entitlements],
        "whole_refund_days": terms.refund.whole_for_days,
        "refund_fee_percent": terms.refund.fee_percent_after,
    }


def terms_of(document: Document) -> Terms:
    return Terms(
        validity=_validity_of(document["validity"]),
        entitlements=tuple(map(_entitlement_of, document["entitlements"])),
        refund=RefundRule(document["whole_refund_days"], document["refund_fee_percent"]),
    )


def purchase_document(purchase: Purchase) -> Document:
    return {
        "_id": purchase.id,
        "buyer_id": purchase.buyer_id,
        "product_id": purchase.product_id,
        "product_version": purchase.product_version,
        "price_dong": purchase.price_dong,
        "payment_id": purchase.payment_id,
        "bought_at": purchase.bought_at,
        "refunded_at": purchase.refunded_at,
        "version": purchase.version,
    }


def purchase_of(document: Document) -> Purchase:
    return Purchase(
        id=document["_id"],
        buyer_id=document["buyer_id"],
        product_id=document["product_id"],
        product_version=document["product_version"],
        price_dong=document["price_dong"],
        payment_id=document["payment_id"],
        bought_at=document["bought_at"],
        refunded_at=document["refunded_at"],
        version=document["version"],
    )


def pass_document(held: Pass) -> Document:
    return {
        "_id": held.id,
        "purchase_id": held.purchase_id,
        "product_id": held.product_id,
        "credential_id": held.credential_id,
        "holder_id": held.holder_id,
        "person": held.person.value,
        "names": dict(held.names),
        "terms": terms_document(held.terms),
        "bought_at": held.bought_at,
        "first_use": held.first_use,
        "ends_at": held.ends_at,
        "offer": held.offer and {"code_hash": held.offer.code_hash, "until": held.offer.until},
        "is_refunded": held.is_refunded,
        "was_given": held.was_given,
        "version": held.version,
    }


def pass_of(document: Document) -> Pass:
    offer = document["offer"]
    return Pass(
        id=document["_id"],
        purchase_id=document["purchase_id"],
        product_id=document["product_id"],
        credential_id=document["credential_id"],
        holder_id=document["holder_id"],
        person=AgeGroup(document["person"]),
        names=document["names"],
        terms=terms_of(document["terms"]),
        bought_at=document["bought_at"],
        first_use=document["first_use"],
        ends_at=document["ends_at"],
        offer=offer and Offer(offer["code_hash"], offer["until"]),
        is_refunded=document["is_refunded"],
        was_given=document.get("was_given", False),
        version=document["version"],
    )


def use_document(pass_id: str, use: PassUse) -> Document:
    return {
        "_id": use.id,
        "pass_id": pass_id,
        "at": use.at,
        "place_id": use.place_id,
        "kinds": sorted(kind.value for kind in use.kinds),
    }


def use_of(document: Document) -> PassUse:
    return PassUse(
        id=document["_id"],
        at=document["at"],
        place_id=document["place_id"],
        kinds=frozenset(EntitlementKind(kind) for kind in document["kinds"]),
    )


def _validity_document(validity: Validity) -> Document:
    if isinstance(validity, RollingHours):
        return {"kind": _ROLLING, "length": validity.hours}
    return {"kind": _CALENDAR, "length": validity.days}


def _validity_of(document: Document) -> Validity:
    if document["kind"] == _ROLLING:
        return RollingHours(document["length"])
    return CalendarDays(document["length"])


def _entitlement_document(entitlement: Entitlement) -> Document:
    return {
        "id": entitlement.id,
        "kind": entitlement.kind.value,
        "names": dict(entitlement.names),
        "place_ids": list(entitlement.place_ids),
        "uses": entitlement.uses,
        "uses_per_day": entitlement.uses_per_day,
        "uses_per_place": entitlement.uses_per_place,
        "minutes_between": entitlement.minutes_between,
        "discount_percent": entitlement.discount_percent,
    }


def _entitlement_of(document: Document) -> Entitlement:
    return Entitlement(
        id=document["id"],
        kind=EntitlementKind(document["kind"]),
        names=document["names"],
        place_ids=tuple(document["place_ids"]),
        uses=document["uses"],
        uses_per_day=document["uses_per_day"],
        uses_per_place=document["uses_per_place"],
        minutes_between=document["minutes_between"],
        discount_percent=document["discount_percent"],
    )
