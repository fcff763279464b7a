"""Which issue an item belongs to: that of the same story, else that of its topic and place at the time.

Incremental and deterministic: what was grouped stays, and the same items in the same order give the
same issues. The store finds candidates by index; the number of all items does not matter.
"""

from datetime import datetime, timedelta
from typing import Final

from api.feedback.channels.issues.repository import UNKNOWN_MOOD, IssueRepository
from api.feedback.channels.records import Issue, IssueState, Sentiment, Topic, Understood
from api.feedback.channels.sources.repository import CHANNEL_TURNS
from api.feedback.channels.understanding.story import SAME_STORY, likeness
from api.kit.ids import derived_id
from api.kit.store import Store

WINDOW: Final = timedelta(hours=72)
_GROUPING = "grouping"


class Grouping:
    def __init__(self, store: Store, issues: IssueRepository) -> None:
        self._turns = store[CHANNEL_TURNS]
        self._issues = issues

    async def take_turn(self, item_id: str) -> None:
        """Let no other item be grouped until the open transaction ends."""
        await self._turns.upsert({"_id": _GROUPING, "turn": item_id})

    async def issue_for(self, item_id: str, item: Understood, at: datetime) -> str:
        """Return the issue that an item published at `at` is counted in now, a new one if need be.

        Joins the open transaction, in which the turn was taken.
        """
        mood = item.sentiment.value if item.sentiment else UNKNOWN_MOOD
        found = await self._same_story(item, at) or await self._same_matter(item, at)
        if found is not None and await self._issues.grow(found, at, mood):
            return found
        issue = Issue(
            id=derived_id("channel issue", item_id),
            topic=item.topic,
            place=item.place,
            state=IssueState.OPEN,
            lead_item_id=item_id,
            began_at=at,
            first_at=at,
            last_at=at,
            items=1,
            moods=_moods(mood),
        )
        await self._issues.add_issue(issue, _slot(item))
        return issue.id

    async def _same_story(self, item: Understood, at: datetime) -> str | None:
        candidates = await self._issues.candidates(item.signature, at - WINDOW, at + WINDOW)
        likest = max(
            ((likeness(item.signature, other), issue_id) for issue_id, other in candidates),
            default=None,
        )
        return likest[1] if likest is not None and likest[0] >= SAME_STORY else None

    async def _same_matter(self, item: Understood, at: datetime) -> str | None:
        slot = _slot(item)
        found = await self._issues.in_slot(slot, at - WINDOW, at + WINDOW) if slot else None
        return found.id if found else None


def _slot(item: Understood) -> str | None:
    """Return what brings items of different words together; None where topic or place say nothing."""
    if item.topic is Topic.OTHER or item.place is None:
        return None
    return f"{item.topic.value} {item.place.key}"


def _moods(first: str) -> dict[str, int]:
    moods = dict.fromkeys([*(one.value for one in Sentiment), UNKNOWN_MOOD], 0)
    moods[first] = 1
    return moods
