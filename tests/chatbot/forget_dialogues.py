"""Run by the bot's Python: puts an old and a new dialogue into the tracker store of the endpoints.

Then the old ones are forgotten, then one by its id. Prints the senders that are kept after each step as JSON.
"""

import asyncio
import json
import time

import project

project.prepare_environment()

from components.tracker_store import KEPT_DAYS  # noqa: E402
from rasa.core.tracker_store import TrackerStore  # noqa: E402
from rasa.core.utils import AvailableEndpoints  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted  # noqa: E402

DAY = 24 * 3600


async def main() -> None:
    endpoints = AvailableEndpoints.read_endpoints(str(project.endpoints()))
    wrapped = TrackerStore.create(endpoints.tracker_store, Domain.load("domain.yml"))
    store = getattr(wrapped, "_tracker_store", wrapped)
    now = time.time()
    for sender, days in (("old", [40, KEPT_DAYS + 1]), ("kept", [40, 1]), ("new", [0])):
        tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
        for age in days:
            listened = ActionExecuted("action_listen", timestamp=now - age * DAY)
            tracker.update(listened, store.domain)
        await store.save(tracker)
    kept = [sorted(await store.keys())]
    store.forget_old(now - KEPT_DAYS * DAY)
    kept.append(sorted(await store.keys()))
    store.forget("kept")
    kept.append(sorted(await store.keys()))
    print(json.dumps(kept))  # noqa: T201 - its answer


asyncio.run(main())
