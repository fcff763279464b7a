"""Places, markets and communes as documents of the store, and back."""

from typing import Any

from api.kit.geo import Position
from api.kit.near_cells import indexed_cells
from api.kit.store import Document
from api.tourism.records import (
    Accessibility,
    Commune,
    CommuneKind,
    Confidence,
    Market,
    Picture,
    PictureLicence,
    Place,
    PlaceCategory,
    Steps,
    Weekday,
    Wifi,
    WifiAccess,
)


def place_document(place: Place) -> Document:
    return {
        "_id": place.id,
        "names": dict(place.names),
        "names_unchecked": list(place.names_unchecked),
        "other_names": list(place.other_names),
        "category": place.category.value,
        "position": point_of(place.position),
        "cells": indexed_cells(place.position),
        "position_accuracy_metres": place.position_accuracy_metres,
        "altitude_metres": place.altitude_metres,
        "commune_code": place.commune_code,
        "former_unit": place.former_unit,
        "former_province": place.former_province,
        "descriptions": dict(place.descriptions),
        "opening_note": dict(place.opening_note),
        "confidence": place.confidence.value,
        "opening_hours": place.opening_hours,
        "visit_minutes": place.visit_minutes,
        "phone": place.phone,
        "website": place.website,
        "pictures": [_picture_document(picture) for picture in place.pictures],
        "wifi": _wifi_document(place.wifi),
        "accessibility": _accessibility_document(place.accessibility),
    }


def place_of(document: Document) -> Place:
    return Place(
        id=document["_id"],
        names=document["names"],
        names_unchecked=tuple(document["names_unchecked"]),
        other_names=tuple(document["other_names"]),
        category=PlaceCategory(document["category"]),
        position=position_of(document["position"]),
        position_accuracy_metres=document["position_accuracy_metres"],
        altitude_metres=document["altitude_metres"],
        commune_code=document["commune_code"],
        former_unit=document["former_unit"],
        former_province=document["former_province"],
        descriptions=document["descriptions"],
        opening_note=document["opening_note"],
        confidence=Confidence(document["confidence"]),
        opening_hours=document["opening_hours"],
        visit_minutes=document["visit_minutes"],
        phone=document["phone"],
        website=document["website"],
        pictures=tuple(_picture_of(picture) for picture in document.get("pictures") or ()),
        wifi=_wifi_of(document["wifi"]),
        accessibility=_accessibility_of(document.get("accessibility")),
    )


def _picture_document(picture: Picture) -> Document:
    return {
        "media_id": picture.media_id,
        "alt": dict(picture.alt),
        "author": picture.author,
        "licence": picture.licence.value,
    }


def _picture_of(document: Document) -> Picture:
    return Picture(
        media_id=document["media_id"],
        alt=document["alt"],
        author=document["author"],
        licence=PictureLicence(document["licence"]),
    )


def _wifi_document(wifi: Wifi | None) -> Document | None:
    if wifi is None:
        return None
    return {"ssid": wifi.ssid, "access": wifi.access.value, "password": wifi.password}


def _wifi_of(document: Document | None) -> Wifi | None:
    if document is None:
        return None
    return Wifi(document["ssid"], WifiAccess(document["access"]), document["password"])


def _accessibility_document(accessibility: Accessibility) -> Document | None:
    """Return what is known of it: None for nothing, as in rows."""
    if accessibility.steps is Steps.UNKNOWN:
        return None
    return {"steps": accessibility.steps.value}


def _accessibility_of(document: Document | None) -> Accessibility:
    """Return what a document says; those of the first releases say nothing."""
    return Accessibility() if document is None else Accessibility(Steps(document["steps"]))


def market_document(market: Market) -> Document:
    return {
        "_id": market.id,
        "place_id": market.place_id,
        "position": point_of(market.position),
        "names": dict(market.names),
        "names_unchecked": list(market.names_unchecked),
        "weekdays": [weekday.value for weekday in market.weekdays],
        "commune_code": market.commune_code,
        "descriptions": dict(market.descriptions),
        "confidence": market.confidence.value,
    }


def market_of(document: Document) -> Market:
    return Market(
        id=document["_id"],
        place_id=document["place_id"],
        position=position_of(document["position"]),
        names=document["names"],
        names_unchecked=tuple(document["names_unchecked"]),
        weekdays=tuple(map(Weekday, document["weekdays"])),
        commune_code=document["commune_code"],
        descriptions=document["descriptions"],
        confidence=Confidence(document["confidence"]),
    )


def commune_document(commune: Commune) -> Document:
    return {
        "_id": commune.code,
        "names": dict(commune.names),
        "names_unchecked": list(commune.names_unchecked),
        "kind": commune.kind.value,
        "former_names": list(commune.former_names),
        "former_district": commune.former_district,
        "former_province": commune.former_province,
        "position": point_of(commune.position),
        "area_square_kilometres": commune.area_square_kilometres,
    }


def commune_of(document: Document) -> Commune:
    return Commune(
        code=document["_id"],
        names=document["names"],
        names_unchecked=tuple(document["names_unchecked"]),
        kind=CommuneKind(document["kind"]),
        former_names=tuple(document["former_names"]),
        former_district=document["former_district"],
        former_province=document["former_province"],
        position=position_of(document["position"]),
        area_square_kilometres=document["area_square_kilometres"],
    )


def point_of(position: Position) -> dict[str, float]:
    return {"latitude": position.latitude, "longitude": position.longitude}


def position_of(point: dict[str, Any]) -> Position:
    return Position(point["latitude"], point["longitude"])
