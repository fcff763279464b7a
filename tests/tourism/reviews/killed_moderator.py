"""An API that is killed while it decides or erases: `python -m tests.tourism.reviews.killed_moderator FOLDER TASK [unguarded]`.

FOLDER holds `left.db` with one review, an approved version and one that waits, and the keys; TASK is approve or
erase. For each write in turn a process begins and kills itself (SIGKILL) just before that write; then another one
looks at what is there, and does it again. Prints, for each kill, both as JSON.
"""

import asyncio
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from api.context import Services
from api.kit.store import Store
from api.media.repository import MEDIA
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.documents import review_of
from api.tourism.reviews.moderation.moderating import Verdict
from api.tourism.reviews.personal_data import ReviewData
from api.tourism.reviews.repository import REVIEWS
from tests.accounts.erasing_process import in_a_child, kill_before, run
from tests.conftest import NOW, MovableClock
from tests.tourism.editing.killed_editor import without_transactions
from tests.tourism.reviews.acting import LAN, MAI, kept_rating

_WRITES_AT_MOST = 300


async def approve(store: Store, services: Services) -> None:
    (document,) = await store[REVIEWS].find({})
    review = review_of(document)
    verdict = Verdict(review.id, review.submitted.number, None)
    await services.tourism.reviews.moderating.decide(LAN, verdict, "key-of-a-killed-moderator")


async def erase(store: Store, services: Services) -> None:
    archive = ReviewArchive(store, services.media.library)
    await ReviewData(archive).erase(MAI.person())


TASKS = {"approve": approve, "erase": erase}


async def look(store: Store, services: Services) -> dict[str, Any]:
    """Return what is shown, what is counted, how many photos are held, and how many rows are noted."""
    reviews = await store[REVIEWS].find({})
    media = await store[MEDIA].find({})
    rows = (await services.audit.entries(100, None)).items
    return {
        "shown": [review["shown"]["stars"] for review in reviews if review["shown"]],
        "waiting": [review["waiting"]["reason"] for review in reviews if review["waiting"]],
        "rating": list(await kept_rating(services)),
        "held": sorted(len(one["holders"]) for one in media),
        "noted": sum(
            row.entry is not None and row.entry.action == "review.approved" for row in rows
        ),
    }


def main(folder: Path, name: str, *, guarded: bool) -> None:
    if not guarded:
        without_transactions()
    results: list[dict[str, Any]] = []
    for number in range(1, _WRITES_AT_MOST):
        for file in folder.glob("erasing.db*"):
            file.unlink()
        shutil.copy(folder / "left.db", folder / "erasing.db")

        def killed_work(number: int = number) -> None:
            kill_before(number)
            asyncio.run(run(folder, MovableClock(NOW), TASKS[name]))

        if not in_a_child(killed_work):
            break
        found = asyncio.run(run(folder, MovableClock(NOW), look))
        if guarded:
            in_a_child(lambda: asyncio.run(run(folder, MovableClock(NOW), TASKS[name])))
        done = asyncio.run(run(folder, MovableClock(NOW), look))
        results.append({"found": found, "done": done})
    print(json.dumps(results))  # noqa: T201 - its answer


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], guarded="unguarded" not in sys.argv[3:])
