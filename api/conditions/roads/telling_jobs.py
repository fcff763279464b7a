"""When those who follow a route are to be told of an event: at each moment at which something changes for them."""

from datetime import datetime

from api.conditions.roads.road_event import RoadEvent
from api.kit.ids import derived_id
from api.kit.jobs import Jobs

TELL = "conditions.road_event"
"""The job that tells who follows a route how things are with an event."""


async def ask_to_tell(jobs: Jobs, event: RoadEvent, now: datetime) -> None:
    """Ask for it now, at the event's start and at its end; joins the open transaction.

    At the start, because who began to follow before it has neither seen it nor been told.
    """
    turns = {"start": event.starts, "end": event.until}
    to_come = {name: turn for name, turn in turns.items() if turn is not None and turn > now}
    for name, moment in {"now": now, **to_come}.items():
        job_id = derived_id(TELL, event.id, str(event.version), name)
        await jobs.enqueue(TELL, {"event": event.id}, id=job_id, run_at=moment)
