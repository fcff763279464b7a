"""A gate's report that is killed: `python -m tests.credentials.recording_process FOLDER [unguarded]`.

FOLDER holds `left.db`, a store with a gate and cards, and the keys; REPORT names what the gate tells. For
each write in turn a process of its own tells it and kills itself (SIGKILL) just before that write; then
another one tells the same again. Prints, for each kill, what was half there, and what is there in the end.
"""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from api.accounts.caller import Scope
from api.credentials.cards.card_token import PURPOSE
from api.credentials.cards.signing import CardSigning
from api.credentials.gates.gate_keys import GateKeys
from api.credentials.gates.repository import GateRepository
from api.credentials.gates.rights import GateRights
from api.credentials.issuing import VALID_AT_MOST
from api.credentials.scans.checking import Checking
from api.credentials.scans.records import ScanPurpose
from api.credentials.scans.repository import SCAN_FLAGS, SCANS, USED_CODES
from api.credentials.scans.scanning import AskedScan, Scanning
from api.credentials.scans.uses import Uses
from api.credentials.status.repository import StatusRepository
from api.credentials.wiring import CREDENTIAL_COLLECTIONS
from api.kit.sealing import KeyFile, Sealer
from api.kit.signing_keys import SIGNING_KEYS, SigningKeys
from api.kit.store import Store
from api.kit.store.sqlite import SqliteStore
from tests.accounts.erasing_process import in_a_child, kill_before
from tests.conftest import MovableClock
from tests.credentials.cards import keeper_of

WRITES_AT_MOST = 60
Task = Callable[[Store, Scanning], Awaitable[Any]]


async def run(folder: Path, task: Task) -> Any:  # noqa: ANN401
    """Do it with no more of the product than it needs, for each process opens it anew."""
    store, now = SqliteStore(folder / "recording.db"), MovableClock()
    await store.open((*CREDENTIAL_COLLECTIONS, SIGNING_KEYS))
    sealer = Sealer(KeyFile(folder / "keys.json"))
    statuses = StatusRepository(store)
    gate_keys = GateKeys(store, statuses, sealer)
    keys = SigningKeys(store, sealer, now, PURPOSE, verifies_for=VALID_AT_MOST)
    checking = Checking(store, CardSigning(keys, gate_keys), gate_keys)
    rights = GateRights(GateRepository(store))
    result = await task(store, Scanning(store, rights, checking, Uses(()), now))
    await store.close()
    return result


async def tell(_: Store, scanning: Scanning) -> None:
    report = json.loads(os.environ["REPORT"])
    scans = [
        AskedScan(one["id"], one["shown"], ScanPurpose.ENTRY, False, _moment(one["at"]))
        for one in report["scans"]
    ]
    keeper = keeper_of(Scope.of(report["scope"]))
    await scanning.record(keeper, report["gate"], scans)


async def torn(store: Store, _: Scanning) -> dict[str, int]:
    """Count the facts, and those of which only a part is there."""
    scans = {one["_id"]: one for one in await store[SCANS].find({})}
    flags, codes = await store[SCAN_FLAGS].find({}), await store[USED_CODES].find({})
    flagged = {flag["scan_id"] for flag in flags}
    used = {code["scan_id"] for code in codes}
    halves = [one for one in (*flagged, *used) if one not in scans]
    halves += [name for name, one in scans.items() if bool(one["faults"]) != (name in flagged)]
    halves += [name for name, one in scans.items() if not one["faults"] and name not in used]
    return {"scans": len(scans), "torn": len(halves)}


async def in_pieces(self: Any, work: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401
    """Do what `transact` must not: write one thing after the other."""
    return await work()


def main(folder: Path, *, guarded: bool) -> None:
    if not guarded:
        setattr(sys.modules[Scanning.__module__], "transact", in_pieces)  # noqa: B010 - the control
    results: list[dict[str, int]] = []
    for number in range(1, WRITES_AT_MOST):
        for file in folder.glob("recording.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "recording.db")

        def killed_report(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, tell))

        if not in_a_child(killed_report):
            break
        left = asyncio.run(run(folder, torn))
        in_a_child(lambda: asyncio.run(run(folder, tell)))
        after = asyncio.run(run(folder, torn))
        results.append({"torn": left["torn"], "kept": left["scans"], "in_the_end": after["scans"]})
    print(json.dumps(results))  # noqa: T201 - its answer


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]), guarded="unguarded" not in sys.argv[2:])
