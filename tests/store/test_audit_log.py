"""The audit log on every engine: what is read back is what was sealed."""

from datetime import timedelta

from api.kit.audit_log import AUDIT_HEAD, AUDIT_ROWS, AuditEntry, AuditLog, Details
from tests.conftest import NOW
from tests.kit.audit_writer import KEY
from tests.store.conftest import Opener

DETAILS: Details = {
    "text": "Bắc Hà \U0001f304",
    "large": 2**62,
    "small": -1,
    "yes": True,
    "none": None,
}


async def test_rows_come_back_as_they_were_sealed(open_store: Opener) -> None:
    store = await open_store(AUDIT_ROWS, AUDIT_HEAD)
    log = AuditLog(store, KEY, lambda: NOW + timedelta(microseconds=7_999))
    written = AuditEntry("staff-1", "person.read", "person-1", "all", DETAILS)

    for _ in range(3):
        await log.append(written)

    found = await log.verify()
    page = await log.entries(1, None, subject="person-1")
    assert (found.head.count, found.faults) == (3, ())
    assert (page.items[0].entry, page.items[0].at) == (written, NOW + timedelta(milliseconds=7))
    assert [row.id[-1] for row in (await log.entries(5, page.cursors[0])).items] == ["2", "1"]


async def test_a_row_changed_by_one_millisecond_is_found(open_store: Opener) -> None:
    store = await open_store(AUDIT_ROWS, AUDIT_HEAD)
    log = AuditLog(store, KEY, lambda: NOW)
    await log.append(AuditEntry("staff-1", "person.read", "person-1", "all", DETAILS))

    await store[AUDIT_ROWS].update_many({}, {"$set": {"at": NOW + timedelta(milliseconds=1)}})

    assert [fault.kind.name for fault in (await log.verify()).faults] == ["EDITED"]
