"""A product as staff describe it."""

from collections.abc import Mapping
from typing import Any

from tests.tourist_cards.cards import CAVE

A_PRODUCT: Mapping[str, Any] = {
    "id": "caves",
    "names": [{"language": "vi", "text": "Thẻ hang động"}, {"language": "en", "text": "Cave card"}],
    "descriptions": [],
    "price": 90_000,
    "people": ["ADULT"],
    "validity": {"calendarDays": 2},
    "entitlements": [
        {
            "id": "caves",
            "kind": "VISIT",
            "names": [
                {"language": "vi", "text": "Hang động"},
                {"language": "en", "text": "Caves"},
            ],
            "placeIds": [CAVE],
            "uses": 2,
        }
    ],
    "wholeRefundDays": 7,
    "refundFeePercent": 10,
    "state": "ON_SALE",
}


AN_ENTITLEMENT: Mapping[str, Any] = A_PRODUCT["entitlements"][0]
