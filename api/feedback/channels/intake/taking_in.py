"""Taking an item in: once, with its issue, in one transaction.

So an item is there if and only if it is counted in its issue, whatever dies when; and as every
transaction of the kind writes the same turn, two workers at once make no twin issues.
"""

from datetime import datetime

from api.feedback.channels.intake.item_text import kept
from api.feedback.channels.issues.grouping import Grouping
from api.feedback.channels.issues.repository import IssueRepository
from api.feedback.channels.records import (
    ITEMS_KEPT_FOR,
    Item,
    ItemWords,
    NewItem,
    Understood,
)
from api.feedback.channels.understanding.understanding import Understanding
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.store import Store
from api.kit.transactions import transact


class TakingIn:
    def __init__(
        self,
        store: Store,
        understanding: Understanding,
        grouping: Grouping,
        issues: IssueRepository,
        clock: Clock,
    ) -> None:
        self._store = store
        self._understanding = understanding
        self._grouping = grouping
        self._issues = issues
        self._clock = clock

    async def take(self, source_id: str, raw: NewItem) -> bool:
        """Tell whether it is new: not known, not older than what is kept, and not without words."""
        item_id = derived_id("channel item", source_id, raw.external_id)
        now = self._clock()
        published_at = _moment(raw.published_at, now)
        if published_at <= now - ITEMS_KEPT_FOR or await self._issues.has_item(item_id):
            return False
        new = kept(raw)
        if not (new.title or new.text):
            return False
        understood = await self._understanding.of(new)

        async def work() -> bool:
            await self._grouping.take_turn(item_id)
            if await self._issues.has_item(item_id):
                return False
            issue_id = await self._grouping.issue_for(item_id, understood, published_at)
            item = _item(item_id, source_id, issue_id, new, understood, published_at, now)
            await self._issues.add_item(item, understood.signature)
            return True

        return await transact(self._store, work)


def _moment(published_at: datetime | None, now: datetime) -> datetime:
    """Return when it was published, to the millisecond; never in the future, whatever a source's clock says."""
    moment = min(published_at or now, now)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _item(
    item_id: str,
    source_id: str,
    issue_id: str,
    new: NewItem,
    understood: Understood,
    published_at: datetime,
    now: datetime,
) -> Item:
    return Item(
        id=item_id,
        source_id=source_id,
        issue_id=issue_id,
        words=ItemWords(new.title, new.text, new.url),
        language=understood.language,
        topic=understood.topic,
        place_key=understood.place.key if understood.place else None,
        sentiment=understood.sentiment,
        published_at=published_at,
        received_at=now,
    )
