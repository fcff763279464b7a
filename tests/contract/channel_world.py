"""The channels of the authorization matrix: a source that sends, one that is paused, an issue."""

from dataclasses import dataclass

from api.accounts.caller import Caller
from api.context import Services
from api.feedback.channels.issues.reading import IssueQuery
from api.feedback.channels.records import NewItem
from tests.accounts.people import new_key

EVERY_ISSUE = IssueQuery()


@dataclass(frozen=True, slots=True)
class ChannelThings:
    source_id: str
    paused_id: str
    issue_id: str


async def channel_things(services: Services, clerk: Caller) -> ChannelThings:
    """Let the office add two sources, of which one has sent something."""
    sources = services.feedback.channels.sources
    sending = (await sources.add_webhook(clerk, "Tổng đài", new_key())).source
    paused = (await sources.add_webhook(clerk, "Báo cũ", new_key())).source
    await sources.pause(clerk, paused.id)
    item = NewItem("1", None, "", "Rác chất đống ba ngày nay ở chợ, hôi lắm.", None)
    await services.feedback.channels.taking_in.take(sending.id, item)
    page = await services.feedback.channels.issues.page(clerk, EVERY_ISSUE, 1, None)
    return ChannelThings(sending.id, paused.id, page.items[0].id)
