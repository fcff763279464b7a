"""Reports as documents. What the reporter says is sealed; a spot on the map is in clear, for it is public."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.feedback.reports.map_cells import cells_of
from api.feedback.reports.records import (
    Deadlines,
    RefusalReason,
    Report,
    ReportContent,
    Reporter,
    ReportState,
    Route,
    RouteReason,
    Visibility,
)
from api.kit.geo import Position
from api.kit.near_cells import indexed_cells
from api.kit.sealing import Sealer
from api.kit.store import Document


def report_document(report: Report, sealer: Sealer) -> Document:
    content, spot = report.content, report.spot
    return {
        "_id": report.id,
        "code": report.code,
        "category": report.category,
        "visibility": report.visibility.value,
        "is_shown": report.spot is not None,
        "commune_code": report.commune_code,
        "reporter": report.reporter.key if report.reporter else None,
        "content": sealer.seal(_packed(content), sealed_place(report.id)) if content else None,
        "photos": list(report.photos),
        "latitude": spot.latitude if spot else None,
        "longitude": spot.longitude if spot else None,
        "cells": indexed_cells(spot) if spot else [],
        **cells_of(spot),
        "agency_id": report.route.agency_id,
        "route": route_fields(report.route),
        "state": report.state.value,
        "received_at": report.received_at,
        "state_since": report.state_since,
        "due_accept": report.due.accept,
        "due_answer": report.due.answer,
        "due_fix": report.due.fix,
        "people": report.people,
        "steps": report.steps,
        "round": report.round,
        "level": report.level,
        "breached": {},  # by deadline, the round in which it was missed
        "accepted_at": report.accepted_at,
        "answered_at": report.answered_at,
        "fixed_at": report.fixed_at,
        "ended_at": report.ended_at,
        "refusal": report.refusal.value if report.refusal else None,
        "lead_id": report.lead_id,
        "merged_from": report.merged_from.value if report.merged_from else None,
        "merged_at": report.merged_at,
    }


def report_of(document: Document, sealer: Sealer) -> Report:
    sealed, latitude = document["content"], document["latitude"]
    refusal, merged_from = document["refusal"], document["merged_from"]
    return Report(
        id=document["_id"],
        code=document["code"],
        category=document["category"],
        visibility=Visibility(document["visibility"]),
        commune_code=document["commune_code"],
        reporter=Reporter.of(document["reporter"]) if document["reporter"] else None,
        content=_content(sealer.open(sealed, sealed_place(document["_id"]))) if sealed else None,
        photos=tuple(document["photos"]),
        spot=None if latitude is None else Position(latitude, document["longitude"]),
        route=_route(document["agency_id"], document["route"]),
        state=ReportState(document["state"]),
        received_at=document["received_at"],
        state_since=document["state_since"],
        due=Deadlines(document["due_accept"], document["due_answer"], document["due_fix"]),
        people=document["people"],
        steps=document["steps"],
        round=document["round"],
        level=document["level"],
        accepted_at=document["accepted_at"],
        answered_at=document["answered_at"],
        fixed_at=document["fixed_at"],
        ended_at=document["ended_at"],
        refusal=RefusalReason(refusal) if refusal else None,
        lead_id=document["lead_id"],
        merged_from=ReportState(merged_from) if merged_from else None,
        merged_at=document["merged_at"],
    )


def route_fields(route: Route) -> dict[str, Any]:
    return {
        "reason": route.reason.value,
        "road": route.road,
        "from_agency": route.from_agency,
    }


def sealed_place(report_id: str) -> str:
    return f"feedback_reports/{report_id}/content"


def _route(agency_id: str, fields: Mapping[str, Any]) -> Route:
    return Route(agency_id, RouteReason(fields["reason"]), fields["road"], fields["from_agency"])


def _packed(content: ReportContent) -> list[Any]:
    return [
        content.position.latitude,
        content.position.longitude,
        content.accuracy_metres,
        content.captured_at.isoformat(),
        content.text,
        content.language,
        content.display_name,
        dict(content.answers),
    ]


def _content(packed: list[Any]) -> ReportContent:
    latitude, longitude, accuracy, captured_at, text, language, display_name, answers = packed
    return ReportContent(
        Position(latitude, longitude),
        accuracy,
        datetime.fromisoformat(captured_at),
        text,
        language,
        display_name,
        answers,
    )
