"""What an editor cannot say of a closure. Nothing is kept of it."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from api.kit.store import Store
from api.tourism.closures.repository import CLOSURES
from tests.accounts.people import SignedInPerson
from tests.conftest import NOW
from tests.tourism.closures.ways_to_close import a_closure, closed, edit, part, refused


def after(**duration: float) -> str:
    return (NOW + timedelta(**duration)).isoformat()


def in_vietnamese(text: str) -> dict[str, Any]:
    return {"reason": [{"language": "vi", "text": text}]}


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"wayId": "QL1"}, "NOT_FOUND", "wayId"),
        ({"wayId": "ql4d"}, "NOT_FOUND", "wayId"),
        ({"way": "PLACE", "wayId": "P999"}, "NOT_FOUND", "wayId"),
        ({"way": "PLACE", "wayId": "P" * 1_000}, "NOT_FOUND", "wayId"),
        ({"way": "PLACE", "wayId": "$ne"}, "NOT_FOUND", "wayId"),
        ({"way": "TRAIL", "wayId": "QL4D"}, "NOT_FOUND", "wayId"),
        ({"area": part(9.9)}, "INVALID_CLOSED_PART", "area"),
        ({"area": part(100_001)}, "INVALID_CLOSED_PART", "area"),
        ({"area": part(-1)}, "INVALID_CLOSED_PART", "area"),
        ({"area": part(100, latitude=91)}, "INVALID_POSITION", None),
        ({"area": part(100, latitude=21.0)}, "CLOSURE_ELSEWHERE", "area"),
        ({"area": part(1_000, 22.539, 104.292)}, "CLOSURE_ELSEWHERE", "area"),
        ({"way": "PLACE", "wayId": "P022", "area": part(1_000)}, "CLOSURE_ELSEWHERE", "area"),
        ({"wayId": "Đường sắt", "area": part(100, 21.0, 105.8)}, "CLOSURE_ELSEWHERE", "area"),
        ({"ends": after(seconds=-1)}, "INVALID_PERIOD", "ends"),
        ({"ends": NOW.isoformat()}, "INVALID_PERIOD", "ends"),
        ({"starts": after(days=2), "ends": after(days=1)}, "INVALID_PERIOD", "ends"),
        ({"starts": after(days=-2), "ends": after(days=-1)}, "INVALID_PERIOD", "ends"),
        ({"starts": after(days=-3_000)}, "INVALID_PERIOD", "ends"),
        ({"starts": after(days=3_000)}, "INVALID_PERIOD", "ends"),
        ({"ends": after(days=3_000)}, "INVALID_PERIOD", "ends"),
        ({"ends": "2027-01-01T00:00:00"}, "INVALID_MOMENT", None),
        ({"starts": "0001-01-01T00:00:00+14:00"}, "INVALID_MOMENT", None),
        ({"ends": "9999-12-31T23:59:59-12:00"}, "INVALID_MOMENT", None),
        ({"reason": []}, "INVALID_TEXT", "reason"),
        ({"reason": [{"language": "en", "text": "Slip"}]}, "INVALID_TEXT", "reason"),
        ({"reason": [{"language": "tlh", "text": "x"}]}, "INVALID_TEXT", "reason"),
        ({"reason": [{"language": "vi", "text": "a"}] * 2}, "INVALID_TEXT", "reason"),
        (in_vietnamese(" \n"), "INVALID_TEXT", "reason"),
        (in_vietnamese("x" * 501), "INVALID_TEXT", "reason"),
        (in_vietnamese("Sạt\u202elở"), "INVALID_TEXT", "reason"),
        (in_vietnamese("Sạt\u0007lở"), "INVALID_TEXT", "reason"),
        (in_vietnamese("Sạt lở <script>alert(1)</script>"), "INVALID_TEXT", "reason"),
        (in_vietnamese("\u3164"), "INVALID_TEXT", "reason"),
        ({"source": ""}, "INVALID_TEXT", "source"),
        ({"source": "a\nb"}, "INVALID_TEXT", "source"),
        ({"source": "x" * 201}, "INVALID_TEXT", "source"),
        ({"idempotencyKey": "short"}, "INVALID_IDEMPOTENCY_KEY", None),
    ],
)
async def test_it_is_refused_and_nothing_is_kept(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    said: dict[str, Any],
    code: str,
    field: str | None,
) -> None:
    result = await edit(client, "CloseWay", a_closure(**said), editor)

    assert (result.get("code"), result.get("field")) == (code, field)
    assert await store[CLOSURES].count({}) == 0


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"starts": after(days=2), "ends": after(days=1)}, "INVALID_PERIOD"),
        ({"ends": after(seconds=-1)}, "INVALID_PERIOD"),
        ({"area": part(1_000, 22.539, 104.292)}, "CLOSURE_ELSEWHERE"),
        ({"reason": []}, "INVALID_TEXT"),
        ({"id": "a" * 26}, "NOT_FOUND"),
        ({"expectedVersion": 2}, "CHANGED_MEANWHILE"),
        ({"expectedVersion": -1}, "CHANGED_MEANWHILE"),
    ],
)
async def test_a_change_is_refused_and_nothing_changes(
    client: httpx.AsyncClient,
    store: Store,
    editor: SignedInPerson,
    said: dict[str, Any],
    code: str,
) -> None:
    closure = await closed(client, editor)
    before = await store[CLOSURES].find({})
    change = {"id": closure["id"], "expectedVersion": 1, "idempotencyKey": "change-it-for-once"}

    result = await edit(client, "ChangeClosure", {**change, **said}, editor)

    assert result.get("code") == code
    assert await store[CLOSURES].find({}) == before


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"at": "2026-05-01T07:00:00"}, "INVALID_MOMENT"),
        ({"at": "1999-12-31T23:59:59+00:00"}, "INVALID_MOMENT"),
        ({"at": "9999-12-31T23:59:59-12:00"}, "INVALID_MOMENT"),
        ({"within": 1_000}, "DISTANCE_WITHOUT_POSITION"),
        ({"near": {"latitude": 22, "longitude": 103}, "within": 0}, "INVALID_DISTANCE"),
        ({"near": {"latitude": 99, "longitude": 103}}, "INVALID_POSITION"),
        ({"first": 0}, "INVALID_PAGE_SIZE"),
        ({"first": 101}, "INVALID_PAGE_SIZE"),
        ({"after": "abc"}, "INVALID_CURSOR"),
    ],
)
async def test_a_question_is_refused(
    client: httpx.AsyncClient, asked: dict[str, Any], code: str
) -> None:
    assert await refused(client, **asked) == code
