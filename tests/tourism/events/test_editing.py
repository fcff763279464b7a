"""Editors add, change, announce, cancel and remove events, through the contract."""

from typing import Any

import httpx
import pytest

from api.context import Services
from api.kit.audit_log import AuditEntry
from api.tourism.events.repository import PROVINCE_EVENTS
from tests.accounts.people import Answer, SignedInPerson, call, new_key, signed_in
from tests.conftest import MovableClock
from tests.tourism.editing.editors import an_editor, texts
from tests.tourism.events.events import FIRST_DAY, SA_PA, add, change, event, listed, remove, say

MIDSUMMER = {"from_": "2026-06-01", "to": "2026-07-31"}


async def an_event_of(client: httpx.AsyncClient, editor: SignedInPerson, **said: Any) -> str:  # noqa: ANN401
    result = await add(client, editor, **said)
    assert result["__typename"] == "AddEventSuccess", result
    return str(result["event"]["id"])


async def stored(services: Services) -> list[dict[str, Any]]:
    return await services.store[PROVINCE_EVENTS].find({})


async def test_an_added_event_is_there_for_everybody(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    added = await add(
        client,
        editor,
        descriptions=texts(en="Two days of stalls.", vi="Hai ngày hội chợ."),
        organisers=texts(vi="UBND phường Sa Pa"),
        priceNotes=texts(vi="Miễn phí", fr="Gratuit"),
        website="https://example.com/hoi-cho?nam=2026",
        startsAt="08:00",
        endsAt="17:30",
        datesAreAnnounced=False,
    )

    found = added["event"]
    assert found["version"] == 1
    assert (found["kindName"], found["confidence"]) == ("Fair", "MEDIUM")
    assert found["commune"]["code"] == "03006"
    assert found["priceNote"] == {"text": "Miễn phí", "language": "vi"}
    (occurrence,) = await listed(client, **MIDSUMMER)
    assert occurrence["event"]["id"] == found["id"]
    assert occurrence["start"] == "2026-06-06T08:00:00+07:00"
    assert occurrence["end"] == "2026-06-07T17:30:00+07:00"


@pytest.mark.parametrize(
    ("schedule", "days", "rule"),
    [
        ({"yearly": {"month": 6, "day": 20, "days": 2}}, ["2026-06-20"], "Every year from June 20"),
        ({"lunar": {"month": 5, "day": 5}}, ["2026-06-19"], "Every year on day 5 of lunar month 5"),
        (
            {"lunarAnimal": {"month": 5, "animal": "HORSE", "days": 2}},
            ["2026-06-25"],
            "Every year on the first day of the Horse (Ngọ) in lunar month 5",
        ),
        (
            {"weekly": {"weekdays": ["SUNDAY", "SATURDAY"], "season": {"first": {"month": 7, "day": 20}, "last": {"month": 7, "day": 27}}}},
            ["2026-07-25", "2026-07-26"],
            "Every week from July 20 to July 27: Saturday, Sunday",
        ),
    ],
)  # fmt: skip
async def test_an_event_comes_round_by_each_kind_of_rule(
    client: httpx.AsyncClient, editor: SignedInPerson, schedule: Answer, days: list[str], rule: str
) -> None:
    added = await add(client, editor, schedule=schedule)

    found = await listed(client, **MIDSUMMER)

    assert [it["firstDay"] for it in found] == days
    assert added["event"]["ruleText"] == rule


async def test_a_change_leaves_what_it_does_not_name(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    event_id = await an_event_of(client, editor, descriptions=texts(vi="Hội chợ.", en="A fair."))
    changes = {
        "names": texts(en="Sa Pa fair", ko="사파 장터"),
        "descriptions": texts(en=None),
        "kind": "FESTIVAL",
    }

    result = await change(client, editor, event_id, 1, changes)

    found = result["event"]
    assert found["version"] == 2
    assert found["kind"] == "FESTIVAL"
    assert {it["language"]: it["text"] for it in found["names"]} == {
        "vi": "Hội chợ Sa Pa",
        "en": "Sa Pa fair",
        "ko": "사파 장터",
    }
    assert found["description"] == {"text": "Hội chợ.", "language": "vi"}
    assert found["position"] == SA_PA


async def test_a_place_takes_the_position_away_and_the_other_way_round(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    event_id = await an_event_of(client, editor)

    at_a_place = await change(client, editor, event_id, 1, {"placeId": "P055"})
    elsewhere = await change(client, editor, event_id, 2, {"position": SA_PA})

    assert at_a_place["event"]["place"]["id"] == "P055"
    assert at_a_place["event"]["commune"]["code"] == "02839"
    assert elsewhere["event"]["place"] is None
    assert elsewhere["event"]["commune"]["code"] == "03006"


async def test_who_saw_an_older_version_is_told_who_changed_it_and_when(
    client: httpx.AsyncClient,
    services: Services,
    editor: SignedInPerson,
    other: SignedInPerson,
    clock: MovableClock,
) -> None:
    await call(client, "UpdateProfile", {"name": "Vàng A Sùng"}, other)
    event_id = await an_event_of(client, editor)
    await change(client, other, event_id, 1, {"website": "https://example.com/a"})
    changed_at = clock().isoformat()
    clock.advance(minutes=3)

    for result in (
        await change(client, editor, event_id, 1, {"website": "https://example.com/b"}),
        await say(client, editor, event_id, 1, status="CANCELLED", reasons=texts(vi="Bão")),
        await remove(client, editor, event_id, 1),
    ):
        assert result["__typename"] == "EventConflictError"
        assert (result["code"], result["version"]) == ("EDIT_CONFLICT", 2)
        assert (result["changedByName"], result["changedAt"]) == ("Vàng A Sùng", changed_at)

    assert (await event(client, event_id) or {})["website"] == "https://example.com/a"


async def test_announced_days_take_the_place_of_those_by_the_rule(
    client: httpx.AsyncClient, editor: SignedInPerson, festivals: None
) -> None:
    said = {"plannedOn": "2026-06-01", "firstDay": "2026-06-06", "lastDay": "2026-06-07"}

    result = await say(client, editor, "E007", 1, status="SCHEDULED", **said)

    assert result["event"]["version"] == 2
    (found,) = await listed(client, search="bac ha", **MIDSUMMER)
    assert (found["plannedOn"], found["firstDay"]) == ("2026-06-01", "2026-06-06")
    assert found["isConfirmed"] is True
    assert found["daysText"] == "Saturday, June 6, 2026 to Sunday, June 7, 2026"


@pytest.mark.parametrize(("status", "named"), [("CANCELLED", "Đã hủy"), ("POSTPONED", "Đã hoãn")])
async def test_what_is_called_off_is_told_with_the_reason_and_is_not_next(
    client: httpx.AsyncClient, editor: SignedInPerson, status: str, named: str
) -> None:
    event_id = await an_event_of(client, editor)

    await say(
        client, editor, event_id, 1, status=status, reasons=texts(vi="Bão số 3", en="Typhoon 3")
    )

    (found,) = await listed(client, language="vi", **MIDSUMMER)
    assert (found["status"], found["statusName"]) == (status, named)
    assert found["statusReason"] == {"text": "Bão số 3", "language": "vi"}
    assert found["firstDay"] == FIRST_DAY
    assert (await event(client, event_id) or {})["next"] is None


async def test_an_occurrence_is_moved_to_other_days_and_another_place(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    event_id = await an_event_of(client, editor)

    await say(
        client,
        editor,
        event_id,
        1,
        status="MOVED",
        firstDay="2026-07-04",
        placeId="P055",
        reasons=texts(vi="Sân đang sửa"),
    )

    (found,) = await listed(client, **MIDSUMMER)
    assert (found["firstDay"], found["lastDay"]) == ("2026-07-04", "2026-07-04")
    assert found["place"]["id"] == "P055"
    assert (await event(client, event_id) or {})["place"] is None


async def test_what_was_said_is_taken_back(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    event_id = await an_event_of(client, editor)
    await say(client, editor, event_id, 1, status="CANCELLED", reasons=texts(vi="Bão"))

    await say(client, editor, event_id, 2, status=None)

    (found,) = await listed(client, **MIDSUMMER)
    assert (found["status"], found["isConfirmed"]) == ("SCHEDULED", False)


async def test_a_removed_event_is_gone(client: httpx.AsyncClient, editor: SignedInPerson) -> None:
    event_id = await an_event_of(client, editor)

    result = await remove(client, editor, event_id, 1)

    assert result == {"__typename": "RemoveEventSuccess", "id": event_id}
    assert await event(client, event_id) is None
    assert await listed(client, **MIDSUMMER) == []
    again = await remove(client, editor, event_id, 2)
    assert (again["__typename"], again["code"]) == ("TourismError", "NOT_FOUND")


async def test_what_is_sent_twice_happens_once(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    key = new_key()

    first = await add(client, editor, key=key)
    second = await add(client, editor, key=key)
    reused = await add(client, editor, key=key, website="https://example.com")

    assert first == second
    assert reused["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert len(await stored(services)) == 1


async def test_every_change_is_in_the_audit_log(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    event_id = await an_event_of(client, editor)
    await change(client, editor, event_id, 1, {"kind": "SPORT"})
    await say(client, editor, event_id, 2, status="CANCELLED", reasons=texts(vi="Bão"))
    await remove(client, editor, event_id, 3)

    rows = (await services.audit.entries(100, None, subject=event_id)).items

    entries = [row.entry for row in reversed(rows)]
    who = entries[0].actor if entries[0] else ""
    right = "content_editor province"
    assert entries == [
        AuditEntry(who, "event.added", event_id, right, {"version": 1}),
        AuditEntry(who, "event.changed", event_id, right, {"version": 2}),
        AuditEntry(
            who,
            "event.occurrence_changed",
            event_id,
            right,
            {"version": 3, "planned": FIRST_DAY, "status": "cancelled"},
        ),
        AuditEntry(who, "event.removed", event_id, right, {"version": 4}),
    ]


WEEKLY = {"weekdays": ["MONDAY"]}
BAD_EVENTS: list[tuple[Answer, str, str | None]] = [
    ({"names": texts(en="Fair")}, "INVALID_EVENT", "names.vi"),
    ({"names": texts(vi=" ")}, "INVALID_EVENT", "names.vi"),
    ({"names": texts(vi="x" * 201)}, "INVALID_EVENT", "names.vi"),
    ({"names": texts(vi="<b>Hội</b>")}, "INVALID_EVENT", "names.vi"),
    ({"names": texts(vi="Hội\u202e")}, "INVALID_EVENT", "names.vi"),
    ({"names": texts(vi="Hội", xx="Fair")}, "UNKNOWN_LANGUAGE", None),
    ({"names": [*texts(vi="Hội"), *texts(vi="Chợ")]}, "INVALID_EVENT", "names"),
    ({"descriptions": texts(vi="x" * 4_001)}, "INVALID_EVENT", "descriptions.vi"),
    ({"kind": None}, "INVALID_EVENT", "kind"),
    ({"schedule": None}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"dates": []}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"dates": [{"first": "2026-06-02", "last": "2026-06-01"}]}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"dates": [{"first": "2026-06-01", "last": "2026-07-31"}]}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"dates": [{"first": "1999-06-01", "last": "1999-06-01"}]}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"dates": [{"first": "9999-12-31", "last": "9999-12-31"}]}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"dates": [{"first": "2026-06-01", "last": "2026-06-01"}] * 101}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"yearly": {"month": 2, "day": 30}}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"yearly": {"month": 13, "day": 1}}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"lunar": {"month": 1, "day": 31}}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"lunar": {"month": 1, "day": 1, "days": 61}}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"weekly": {"weekdays": []}}}, "INVALID_EVENT", "schedule"),
    ({"schedule": {"weekly": {**WEEKLY, "season": {"first": {"month": 4, "day": 31}, "last": {"month": 5, "day": 1}}}}}, "INVALID_EVENT", "schedule"),
    ({"endsAt": "10:00"}, "INVALID_EVENT", "endsAt"),
    ({"startsAt": "10:00:30"}, "INVALID_EVENT", "startsAt"),
    ({"position": None}, "INVALID_EVENT", "placeId"),
    ({"placeId": "P055"}, "INVALID_EVENT", "position"),
    ({"position": None, "placeId": "P999"}, "INVALID_EVENT", "placeId"),
    ({"position": None, "placeId": "../x"}, "INVALID_EVENT", "placeId"),
    ({"position": {"latitude": 21.03, "longitude": 105.85}}, "OUTSIDE_PROVINCE", "position"),
    ({"position": {"latitude": 95.0, "longitude": 105.85}}, "INVALID_POSITION", None),
    ({"website": "javascript:alert(1)"}, "INVALID_EVENT", "website"),
    ({"website": "https://example.com/\u0001"}, "INVALID_EVENT", "website"),
    ({"website": "https://example.com/" + "x" * 500}, "INVALID_EVENT", "website"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "code", "field"), BAD_EVENTS)
async def test_what_no_event_can_be_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    editor: SignedInPerson,
    said: Answer,
    code: str,
    field: str | None,
) -> None:
    result = await add(client, editor, **said)

    assert result["__typename"] == "TourismError", result
    assert (result["code"], result["field"]) == (code, field)
    assert await stored(services) == []


BAD_OCCURRENCES: list[tuple[Answer, str, str | None]] = [
    ({"plannedOn": "2026-06-07", "status": "SCHEDULED"}, "NOT_FOUND", None),
    ({"plannedOn": "0001-01-01", "status": "SCHEDULED"}, "NOT_FOUND", None),
    ({"plannedOn": "9999-12-31", "status": "SCHEDULED"}, "NOT_FOUND", None),
    ({"status": "CANCELLED"}, "INVALID_EVENT", "reasons.vi"),
    ({"status": "POSTPONED", "reasons": texts(en="Rain")}, "INVALID_EVENT", "reasons.vi"),
    ({"status": "MOVED", "reasons": texts(vi="Mưa")}, "INVALID_EVENT", "firstDay"),
    ({"status": "CANCELLED", "reasons": texts(vi="Mưa"), "firstDay": FIRST_DAY}, "INVALID_EVENT", "firstDay"),
    ({"status": "CANCELLED", "reasons": texts(vi="Mưa"), "placeId": "P055"}, "INVALID_EVENT", "placeId"),
    ({"status": "SCHEDULED", "placeId": "P055"}, "INVALID_EVENT", "placeId"),
    ({"status": "SCHEDULED", "lastDay": FIRST_DAY}, "INVALID_EVENT", "lastDay"),
    ({"status": "SCHEDULED", "firstDay": "2026-06-08", "lastDay": "2026-06-07"}, "INVALID_EVENT", "firstDay"),
    ({"status": "SCHEDULED", "firstDay": "2026-04-30"}, "INVALID_EVENT", "firstDay"),
    ({"status": "SCHEDULED", "firstDay": "2028-06-06"}, "INVALID_EVENT", "firstDay"),
    ({"status": "SCHEDULED", "firstDay": "9999-12-31"}, "INVALID_EVENT", "firstDay"),
    ({"status": "MOVED", "placeId": "P999", "reasons": texts(vi="Mưa")}, "INVALID_EVENT", "placeId"),
    ({"status": "CANCELLED", "reasons": texts(vi="x" * 501)}, "INVALID_EVENT", "reasons.vi"),
    ({"status": "CANCELLED", "reasons": texts(vi="Mưa", xx="?")}, "UNKNOWN_LANGUAGE", None),
]  # fmt: skip


@pytest.mark.parametrize(("said", "code", "field"), BAD_OCCURRENCES)
async def test_what_cannot_be_said_of_an_occurrence_is_refused(
    client: httpx.AsyncClient,
    services: Services,
    editor: SignedInPerson,
    said: Answer,
    code: str,
    field: str | None,
) -> None:
    event_id = await an_event_of(client, editor)
    before = await stored(services)

    result = await say(client, editor, event_id, 1, **said)

    assert result["__typename"] == "TourismError", result
    assert (result["code"], result["field"]) == (code, field)
    assert await stored(services) == before


async def test_what_is_over_stays_as_it_was(
    client: httpx.AsyncClient, editor: SignedInPerson, clock: MovableClock
) -> None:
    dates = {"dates": [{"first": "2026-04-29", "last": "2026-04-30"}]}
    event_id = await an_event_of(client, editor, schedule=dates)

    result = await say(client, editor, event_id, 1, plannedOn="2026-04-29", status="SCHEDULED")

    assert result["code"] == "OCCURRENCE_OVER"


async def test_nothing_is_said_of_what_lies_many_years_ahead(
    client: httpx.AsyncClient, editor: SignedInPerson, festivals: None
) -> None:
    near = await say(client, editor, "E007", 1, plannedOn="2028-06-01", status="SCHEDULED")
    far = await say(client, editor, "E007", 2, plannedOn="2030-06-01", status="SCHEDULED")

    assert near["__typename"] == "ChangeEventOccurrenceSuccess"
    assert (far["code"], far["field"]) == ("INVALID_EVENT", "plannedOn")


async def test_what_was_said_is_forgotten_when_nobody_can_ask_for_it_any_more(
    client: httpx.AsyncClient,
    services: Services,
    editor: SignedInPerson,
    festivals: None,
    clock: MovableClock,
) -> None:
    await say(client, editor, "E007", 1, plannedOn="2026-06-01", status="SCHEDULED")
    clock.advance(days=600)
    again = await an_editor(client, services, "later.editor@example.com")

    await say(client, again, "E007", 2, plannedOn="2028-06-01", status="SCHEDULED")

    document = await services.store[PROVINCE_EVENTS].get("E007")
    assert document is not None
    assert list(document["changes"]) == ["2028-06-01"]


@pytest.mark.parametrize("event_id", ["E999", "", "x" * 5_000, "../E001"])
async def test_an_unknown_event_cannot_be_changed(
    client: httpx.AsyncClient, editor: SignedInPerson, event_id: str
) -> None:
    for result in (
        await change(client, editor, event_id, 1, {"kind": "FAIR"}),
        await say(client, editor, event_id, 1, status="SCHEDULED"),
        await remove(client, editor, event_id, 1),
    ):
        assert (result["__typename"], result["code"]) == ("TourismError", "NOT_FOUND")


async def test_a_refusal_is_in_the_reader_s_language(
    client: httpx.AsyncClient, editor: SignedInPerson
) -> None:
    result = await add(client, editor, names=texts(en="Fair"), language="vi")

    assert result["message"] == "Sự kiện cần có tên bằng tiếng Việt."


async def test_others_can_change_nothing(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    event_id = await an_event_of(client, editor)
    before = await stored(services)
    visitor = await signed_in(client, services, "visitor@example.com")

    for person, code in ((visitor, "NOT_ALLOWED"), (None, "NOT_SIGNED_IN")):
        for result in (
            await add(client, person),
            await change(client, person, event_id, 1, {"kind": "SPORT"}),
            await say(client, person, event_id, 1, status="SCHEDULED"),
            await remove(client, person, event_id, 1),
        ):
            assert (result["__typename"], result["code"]) == ("TourismError", code)

    assert await stored(services) == before


async def test_who_leaves_is_not_named_any_more(
    client: httpx.AsyncClient, services: Services, editor: SignedInPerson
) -> None:
    from api.tourism.events.personal_data import EventEditingData
    from api.tourism.events.repository import EventRepository

    event_id = await an_event_of(client, editor)
    (document,) = await stored(services)
    data = EventEditingData(EventRepository(services.store))

    held = await data.held_of(document["changed_by"])
    await data.erase(document["changed_by"])

    assert held == [{"event": event_id, "version": 1, "at": "2026-05-01T09:30:00+00:00"}]
    (left,) = await stored(services)
    assert left == {**document, "changed_by": None}
