"""Trails and their lines as documents of the store, and back."""

from typing import Any

from api.kit.geo import Position
from api.kit.store import Document
from api.tourism.documents import position_of
from api.tourism.records import Confidence
from api.tourism.trails.line import Line, LinePoint
from api.tourism.trails.trail import (
    Bounds,
    Course,
    GuideNeed,
    LineKind,
    Trail,
    TrailFacts,
    TrailOrigin,
)
from api.tourism.trails.walking import Difficulty, Measures

_DEGREE, _METRE = 1_000_000, 10
"""Points are kept as whole numbers: millionths of a degree, tenths of a metre."""


def trail_document(trail: Trail) -> Document:
    facts = trail.facts
    return {
        "_id": trail.id,
        "names": dict(facts.names),
        "names_unchecked": list(facts.names_unchecked),
        "descriptions": dict(facts.descriptions),
        "notes": dict(facts.notes),
        "start_place_id": facts.start_place_id,
        "end_place_id": facts.end_place_id,
        "stated_length_metres": facts.stated_length_metres,
        "stated_minutes": facts.stated_minutes,
        "decided_difficulty": facts.difficulty and facts.difficulty.value,
        "difficulty": trail.difficulty.value,
        "guide": facts.guide.value,
        "needs_permit": facts.needs_permit,
        "best_months": list(facts.best_months),
        "confidence": facts.confidence.value,
        "cells": list(trail.course.cells),
        "length_metres": trail.length_metres,
        "course": _course_document(trail.course),
        "origin": trail.origin.value,
        "changed_at": trail.changed_at,
        "is_withdrawn": trail.is_withdrawn,
        "version": trail.version,
    }


def _course_document(course: Course) -> Document:
    bounds, measures = course.bounds, course.measures
    return {
        "kind": course.kind.value,
        "accuracy_metres": course.accuracy_metres,
        "outline": [{"latitude": it.latitude, "longitude": it.longitude} for it in course.outline],
        "outline_metres": course.outline_metres,
        "bounds": {
            "south": bounds.south,
            "west": bounds.west,
            "north": bounds.north,
            "east": bounds.east,
        },
        "points": course.points,
        "line_metres": measures.length_metres,
        "minutes": measures.minutes,
        "proposed": measures.proposed.value,
        "ascent_metres": measures.ascent_metres,
        "descent_metres": measures.descent_metres,
        "highest_metres": measures.highest_metres,
        "lowest_metres": measures.lowest_metres,
    }


def trail_of(document: Document) -> Trail:
    decided = document["decided_difficulty"]
    return Trail(
        id=document["_id"],
        facts=TrailFacts(
            names=document["names"],
            names_unchecked=tuple(document["names_unchecked"]),
            descriptions=document["descriptions"],
            notes=document["notes"],
            start_place_id=document["start_place_id"],
            end_place_id=document["end_place_id"],
            stated_length_metres=document["stated_length_metres"],
            stated_minutes=document["stated_minutes"],
            difficulty=None if decided is None else Difficulty(decided),
            guide=GuideNeed(document["guide"]),
            needs_permit=document["needs_permit"],
            best_months=tuple(document["best_months"]),
            confidence=Confidence(document["confidence"]),
        ),
        course=_course(document),
        origin=TrailOrigin(document["origin"]),
        changed_at=document["changed_at"],
        is_withdrawn=document["is_withdrawn"],
        version=document["version"],
    )


def _course(document: Document) -> Course:
    kept = document["course"]
    return Course(
        kind=LineKind(kept["kind"]),
        accuracy_metres=kept["accuracy_metres"],
        outline=tuple(map(position_of, kept["outline"])),
        outline_metres=kept["outline_metres"],
        bounds=Bounds(**kept["bounds"]),
        points=kept["points"],
        measures=Measures(
            length_metres=kept["line_metres"],
            minutes=kept["minutes"],
            proposed=Difficulty(kept["proposed"]),
            ascent_metres=kept["ascent_metres"],
            descent_metres=kept["descent_metres"],
            highest_metres=kept["highest_metres"],
            lowest_metres=kept["lowest_metres"],
        ),
        cells=tuple(document["cells"]),
    )


def line_document(trail_id: str, line: Line) -> Document:
    return {
        "_id": trail_id,
        "latitudes": [round(it.latitude * _DEGREE) for it in line.points],
        "longitudes": [round(it.longitude * _DEGREE) for it in line.points],
        "elevations": [
            None if it.elevation is None else round(it.elevation * _METRE) for it in line.points
        ],
    }


def line_of(document: Document) -> Line:
    columns = (document["latitudes"], document["longitudes"], document["elevations"])
    return Line(tuple(_point(*row) for row in zip(*columns, strict=True)))


def _point(latitude: int, longitude: int, elevation: int | None) -> LinePoint:
    metres = None if elevation is None else elevation / _METRE
    return LinePoint(latitude / _DEGREE, longitude / _DEGREE, metres)


def positions(document: Document) -> list[Position]:
    """Return the outline in a trail's document, and nothing else of it."""
    kept: list[dict[str, Any]] = document["course"]["outline"]
    return list(map(position_of, kept))
