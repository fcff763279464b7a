"""Tells that a queue changed: those who look at it, and whoever reminds those who do not.

Both in the transaction of the change, so that nothing is told that did not happen, nor forgotten.
"""

from api.kit.events import Events
from api.kit.jobs import Jobs

CHANGES = "health.queues"
QUEUE_MOVED = "health.queue_moved"
"""The job's payload: `session_id`. Its handler is that of the reminders."""


class QueueMoves:
    def __init__(self, events: Events, jobs: Jobs) -> None:
        self._events = events
        self._jobs = jobs

    async def changed(self, session_id: str) -> None:
        """Tell those who look; joins the open transaction. The last step but the audit log."""
        await self._events.publish(CHANGES, {"session_id": session_id})

    async def moved(self, session_id: str) -> None:
        """Tell also that others may be nearer to their turn; joins the open transaction."""
        await self._jobs.enqueue(QUEUE_MOVED, {"session_id": session_id})
        await self.changed(session_id)
