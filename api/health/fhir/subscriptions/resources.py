"""Subscriptions as resources, and what their endpoints are sent."""

from uuid import NAMESPACE_URL, uuid5

import orjson

from api.health.fhir.exchange import FHIR_JSON, Resource
from api.health.fhir.subscriptions.records import (
    Subscription,
    SubscriptionEvent,
    SubscriptionStatus,
)
from api.health.fhir.terms import Terms, instant, reference


def subscription_resource(
    terms: Terms, one: Subscription, *, with_secret: bool = False
) -> Resource:
    """`with_secret`: in the answer to its making, and never again."""
    channel: Resource = {"type": "rest-hook", "endpoint": one.endpoint}
    if one.has_payload:
        channel["payload"] = FHIR_JSON
    resource: Resource = {
        "resourceType": "Subscription",
        "id": one.id,
        "meta": {"versionId": str(one.version), "lastUpdated": instant(one.changed_at)},
        "status": one.status.value,
        "reason": one.reason,
        "criteria": one.criteria,
        "channel": channel,
    }
    if one.ends_at is not None:
        resource["end"] = instant(one.ends_at)
    if one.status is SubscriptionStatus.ERROR and one.failing_since is not None:
        since = instant(one.failing_since)
        resource["error"] = f"Not reached since {since}; event {one.delivered + 1} is next."
    if with_secret:
        resource["extension"] = [{"url": secret_extension(terms), "valueString": one.secret}]
    return resource


def secret_extension(terms: Terms) -> str:
    return f"{terms.base}/StructureDefinition/subscription-secret"


def notification(terms: Terms, one: Subscription, event: SubscriptionEvent) -> bytes:
    """Return the body that tells of an event by ids alone: a history Bundle, empty without payload.

    It is shaped like those of the Subscriptions R5 Backport guide for R4, of which R4 has Parameters
    where R4B has SubscriptionStatus.
    """
    if not one.has_payload:
        return b""
    url = f"{terms.base}/Appointment/{event.appointment_id}"
    status = _status(one, event)
    bundle: Resource = {
        "resourceType": "Bundle",
        "id": str(uuid5(NAMESPACE_URL, f"{one.id}.{event.number}")),
        "type": "history",
        "timestamp": instant(event.at),
        "entry": [
            {
                "fullUrl": f"urn:uuid:{status['id']}",
                "resource": status,
                "request": {"method": "GET", "url": f"Subscription/{one.id}/$status"},
                "response": {"status": "200"},
            },
            {
                "fullUrl": url,
                "request": {
                    "method": "POST" if event.is_new else "PUT",
                    "url": "Appointment" if event.is_new else f"Appointment/{event.appointment_id}",
                },
                "response": {
                    "status": "201" if event.is_new else "200",
                    "etag": f'W/"{event.version}"',
                },
            },
        ],
    }
    return orjson.dumps(bundle)


def _status(one: Subscription, event: SubscriptionEvent) -> Resource:
    return {
        "resourceType": "Parameters",
        "id": str(uuid5(NAMESPACE_URL, f"{one.id}.{event.number}.status")),
        "parameter": [
            {"name": "subscription", "valueReference": reference("Subscription", one.id)},
            {"name": "status", "valueCode": one.status.value},
            {"name": "type", "valueCode": "event-notification"},
            {"name": "events-since-subscription-start", "valueString": str(event.number)},
            {
                "name": "notification-event",
                "part": [
                    {"name": "event-number", "valueString": str(event.number)},
                    {"name": "timestamp", "valueInstant": instant(event.at)},
                    {
                        "name": "focus",
                        "valueReference": reference("Appointment", event.appointment_id),
                    },
                ],
            },
        ],
    }
