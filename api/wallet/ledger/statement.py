"""What happened on an account, the newest first, each entry with the balance after it."""

from api.kit.pages import Listing, Page, checked_first
from api.wallet.ledger.entry_repository import EntryRepository
from api.wallet.ledger.records import Entry

_NEWEST_FIRST = Listing("wallet.statement", (int,))


class Statements:
    def __init__(self, entries: EntryRepository) -> None:
        self._entries = entries

    async def page(
        self, account_id: str, first: int, after: str | None, day: str | None = None
    ) -> Page[Entry]:
        """Return entries, of one day of the books if asked. Raises InvalidPageSize, InvalidCursor."""
        start = _NEWEST_FIRST.values(after)
        limit = checked_first(first) + 1
        found = await self._entries.newest_first(account_id, start, limit, day)
        return _NEWEST_FIRST.page(
            found, first=first, after=after, values=lambda entry: (entry.number,)
        )

    async def whole_day(self, account_id: str, day: str) -> list[Entry]:
        """Return every entry of an account on a day, the newest first."""
        return await self._entries.newest_first(account_id, None, None, day)

    async def every_entry(self, account_id: str) -> list[Entry]:
        """Return every entry of an account, the newest first: for its holder's copy of the data."""
        return await self._entries.newest_first(account_id, None, None)
