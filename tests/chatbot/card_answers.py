"""Answers of the API on cards, the wallet and pupils, in the shape of the published documents."""

from typing import Any

Answer = dict[str, Any]


def text(words: str) -> Answer:
    return {"text": words, "language": "en"}


def money(dong: int) -> Answer:
    return {"amount": dong, "text": f"₫{dong:,}"}


def page(*nodes: Answer) -> Answer:
    edges = [{"node": node, "cursor": str(at)} for at, node in enumerate(nodes)]
    return {"edges": edges, "pageInfo": {"hasNextPage": False, "endCursor": None}}


def promise(key: str, name: str, *places: str, **limits: int | str | None) -> Answer:
    usual = {"uses": None, "usesPerDay": None, "usesPerPlace": None, "minutesBetween": 0}
    return {
        "id": key,
        "kind": "VISIT",
        "name": text(name),
        "placeIds": list(places),
        "discountPercent": None,
        **usual,
        **limits,
    }


def card(key: str, name: str, price: int, people: tuple[str, ...] = ("ADULT",)) -> Answer:
    return {
        "id": key,
        "name": text(name),
        "description": None,
        "price": price,
        "people": list(people),
        "validity": {"rollingHours": 48, "calendarDays": None},
        "entitlements": [
            promise("museum", "Sa Pa Museum", "P009"),
            promise("sights", "Sights of Sa Pa", "P005", "P010", uses=4),
            promise("cable-car", "Cable car", "P002", kind="DISCOUNT", discountPercent=10, uses=1),
        ],
        "wholeRefundDays": 7,
        "refundFeePercent": 10,
        "state": "ON_SALE",
        "version": 1,
    }


TWO_DAYS = card("sa-pa-48h", "Sa Pa Card, 48 hours", 220_000)
FAMILY = card(
    "sa-pa-family-48h", "Sa Pa Family Card", 590_000, ("ADULT", "ADULT", "CHILD", "CHILD")
)
BAC_HA = {
    **card("bac-ha-weekend", "Bac Ha Weekend Card", 100_000),
    "validity": {"rollingHours": None, "calendarDays": 2},
    "entitlements": [promise("bac-ha", "Bac Ha", "P056")],
}


def on_sale(*cards: Answer) -> Answer:
    return {"cardProducts": page(*cards)}


def card_pass(key: str = "x1", **changed: Any) -> Answer:  # noqa: ANN401 - any field
    usual = {
        "id": key,
        "productId": "sa-pa-48h",
        "credentialId": f"c-{key}",
        "name": text("Sa Pa Card, 48 hours"),
        "person": "ADULT",
        "state": "UNUSED",
        "boughtAt": "2026-11-30T01:00:00Z",
        "unusedUntil": "2028-11-29T17:00:00Z",
        "firstUse": None,
        "endsAt": None,
        "validity": {"rollingHours": 48, "calendarDays": None},
        "left": [],
        "purchase": None,
        "refund": None,
        "offeredUntil": None,
    }
    return {**usual, **changed}


def left(words: str) -> Answer:
    entitlement = {"id": "sights", "kind": "VISIT", "discountPercent": None}
    return {"entitlement": entitlement, "uses": 3, "usesToday": None, "text": words}


def bought(*passes: Answer) -> Answer:
    return {"buyPass": {"__typename": "BuyPassSuccess", "passes": list(passes)}}


def refused(field: str, code: str, message: str) -> Answer:
    return {field: {"__typename": "Error", "code": code, "message": message, "field": None}}


def wallet(balance: int, available: int | None = None, limit: int | None = None) -> Answer:
    return {
        "wallet": {
            "id": "w1",
            "balance": money(balance),
            "available": money(balance if available is None else available),
            "spendingLimit": None if limit is None else money(limit),
            "paidToday": money(0),
            "statement": page(),
        }
    }


def place(key: str, name: str, distance: float | None = None) -> Answer:
    position = {"latitude": 22.33, "longitude": 103.84}
    return {
        "place": {"id": key, "name": text(name), "position": position},
        "entitlements": [],
        "distance": distance,
    }


def pupil(key: str, name: str, **changed: Any) -> Answer:  # noqa: ANN401 - any field
    usual = {
        "id": key,
        "name": name,
        "leftOn": None,
        "school": {"id": "s07", "name": text("Kim Đồng")},
        "schoolClass": {"name": "2A", "shift": "MORNING"},
    }
    return {**usual, **changed}


def pupils(*some: Answer) -> Answer:
    return {"myPupils": {"pupils": list(some)}}


def days(*some: Answer) -> Answer:
    return {"attendance": {"days": list(some)}}


def school_day(state: str, **changed: Any) -> Answer:  # noqa: ANN401 - any field
    usual = {
        "pupilId": "p1",
        "day": "2026-11-30",
        "state": state,
        "isLate": False,
        "arrivedAt": None,
        "leftAt": None,
        "note": None,
    }
    return {**usual, **changed}


def school(kind: str) -> Answer:
    day = {"kind": kind, "holiday": None, "reason": None}
    return {"school": {"id": "s07", "name": text("Kim Đồng"), "calendar": None, "day": day}}


def pupil_card(state: str) -> Answer:
    until = "2027-07-30T17:00:00Z"
    return {"studentCard": {"pupilId": "p1", "state": state, "validUntil": until}}


def meal_money(balance: int, a_day: int | None = None) -> Answer:
    return {
        "mealMoney": {
            "pupilId": "p1",
            "accountId": "a1",
            "balance": money(balance),
            "aDay": None if a_day is None else money(a_day),
            "spentToday": money(0),
        }
    }


def loans(*due: str) -> Answer:
    usual = {"state": "LENT", "lentAt": "2026-11-20T01:00:00Z", "endedAt": None}
    some = [{"id": f"l{at}", "item": f"B{at}", "dueOn": day, **usual} for at, day in enumerate(due)]
    return {"bookLoans": {"loans": some}}
