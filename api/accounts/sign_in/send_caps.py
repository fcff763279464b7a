"""How many codes are sent: to one address, one range of numbers, for one client, abroad, in all.

An SMS costs money, and SMS pumping earns it for whoever makes us send many. Counts are kept in the
store, so that they hold across processes and restarts; a subject is kept as a keyed digest only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.errors import TooManyCodes
from api.kit.ids import derived_id
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, DuplicateKey, Index, Store
from notifications.text_message import Channel

SEND_COUNTS = CollectionSpec("send_counts", (Index(("kept_until",), expire_after_seconds=0),))

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many in each period; periods follow each other without a gap since 1970."""

    most: int
    period: timedelta

    def window(self, now: datetime) -> int:
        return int(now.timestamp() // self.period.total_seconds())

    def ends_at(self, now: datetime) -> datetime:
        seconds = (self.window(now) + 1) * self.period.total_seconds()
        return datetime.fromtimestamp(seconds, UTC)


TO_ONE_ADDRESS = (Cap(2, _MINUTE), Cap(5, _HOUR), Cap(10, _DAY))
TO_ONE_RANGE = (Cap(30, _HOUR), Cap(100, _DAY))
FOR_ONE_CLIENT = (Cap(60, _HOUR), Cap(300, _DAY))
"""Generous: behind one address of a mobile network there are thousands of people."""


FROM_ONE_CLIENT = (Cap(6, _DAY),)
"""To one address: a stranger must not use up what its owner may ask for."""
ADDED_BY_ONE_PERSON = (Cap(5, _HOUR), Cap(10, _DAY))
INVITATIONS_TO_ONE_ADDRESS = (Cap(5, _DAY),)
INVITATIONS_BY_ONE_PERSON = (Cap(200, _DAY),)
NOTICES_TO_ONE_ADDRESS = (Cap(20, _DAY),)
"""To whoever proved the address: no range of numbers is to be guarded, only the bill."""

_Subject = tuple[str, str, tuple[Cap, ...]]
"""Kind and name of what is counted for, and how much it may get."""


@dataclass(frozen=True, slots=True)
class UsedCap:
    used: int
    most: int


class SendCaps:
    """`abroad_per_day`, `in_all_per_day`: SMS to foreign numbers, and SMS altogether."""

    def __init__(
        self, store: Store, sealer: Sealer, *, abroad_per_day: int, in_all_per_day: int
    ) -> None:
        self._counts = store[SEND_COUNTS]
        self._sealer = sealer
        self._abroad = (Cap(abroad_per_day, _DAY),)
        self._in_all = (Cap(in_all_per_day, _DAY),)
        self._of_a_day = {
            "codes": ("all", self._in_all),
            "codes_abroad": ("abroad", self._abroad),
            "notices": ("all notices", self._in_all),
            "notices_abroad": ("notices abroad", self._abroad),
        }

    async def count(self, address: Address, client: str, now: datetime) -> None:
        """Count one code to sign in with; joins the open transaction.

        Raises TooManyCodes, which must undo it.
        """
        subjects: list[_Subject] = [("address", address.mailbox, TO_ONE_ADDRESS)]
        if client:
            subjects.append(("address of a client", f"{address.mailbox} {client}", FROM_ONE_CLIENT))
        await self._count_all([*subjects, *self._of_all(address, client)], now)

    async def count_added(
        self, address: Address, person_id: str, client: str, now: datetime
    ) -> None:
        """Count one code to add an address with, apart from those that its owner signs in with.

        Joins the open transaction. Raises TooManyCodes, which must undo it.
        """
        subjects: list[_Subject] = [
            ("added address", address.mailbox, TO_ONE_ADDRESS),
            ("person who adds", person_id, ADDED_BY_ONE_PERSON),
        ]
        await self._count_all([*subjects, *self._of_all(address, client)], now)

    async def count_invitation(self, address: Address, inviter_id: str, now: datetime) -> None:
        """Count one invitation, apart from codes: it must keep nobody from signing in.

        Joins the open transaction. Raises TooManyCodes, which must undo it.
        """
        subjects: list[_Subject] = [
            ("invited address", address.mailbox, INVITATIONS_TO_ONE_ADDRESS),
            ("inviter", inviter_id, INVITATIONS_BY_ONE_PERSON),
        ]
        await self._count_all([*subjects, *self._of_sms(address)], now)

    async def count_notice(self, address: Address, now: datetime) -> None:
        """Count one SMS with a notice to somebody's own number, apart from codes, which must go on.

        There may be as many of them in all, and abroad, as with codes. Joins the open transaction.
        Raises TooManyCodes, which must undo it.
        """
        await self._count_all(self._of_notice(address), now)

    async def count_spare_notice(self, address: Address, now: datetime) -> None:
        """Count one SMS as `count_notice` does, but leave half of each cap to what is more urgent.

        Joins the open transaction. Raises TooManyCodes, which must undo it.
        """
        halves = [
            (name, subject, tuple(Cap(cap.most // 2, cap.period) for cap in caps))
            for name, subject, caps in self._of_notice(address)
        ]
        await self._count_all(halves, now)

    async def used_today(self, now: datetime) -> dict[str, "UsedCap"]:
        """Return how much of the caps on all SMS of a day is used, by what is counted."""
        used: dict[str, UsedCap] = {}
        for label, (name, caps) in self._of_a_day.items():
            digest = self._sealer.digest("send cap", name, "")
            for cap in caps:
                kept = await self._counts.get(_count_id(cap, digest, now))
                used[label] = UsedCap(kept["count"] if kept else 0, cap.most)
        return used

    async def _count_all(self, subjects: Sequence[_Subject], now: datetime) -> None:
        for name, subject, caps in subjects:
            digest = self._sealer.digest("send cap", name, subject)
            for cap in caps:
                await self._count(cap, digest, now)

    def _of_notice(self, address: Address) -> list[_Subject]:
        subjects: list[_Subject] = [
            ("noticed address", address.mailbox, NOTICES_TO_ONE_ADDRESS),
            ("all notices", "", self._in_all),
        ]
        if address.is_foreign_number:
            subjects.append(("notices abroad", "", self._abroad))
        return subjects

    def _of_all(self, address: Address, client: str) -> Iterator[_Subject]:
        if client:
            yield "client", client, FOR_ONE_CLIENT
        yield from self._of_sms(address)

    def _of_sms(self, address: Address) -> Iterator[_Subject]:
        if address.channel is not Channel.SMS:
            return
        yield "range", address.number_range or "", TO_ONE_RANGE
        if address.is_foreign_number:
            yield "abroad", "", self._abroad
        yield "all", "", self._in_all

    async def _count(self, cap: Cap, digest: str, now: datetime) -> None:
        count_id = _count_id(cap, digest, now)
        ends_at = cap.ends_at(now)
        try:
            if await self._counts.get(count_id) is None:
                await self._counts.insert(
                    {"_id": count_id, "count": 0, "kept_until": ends_at + _HOUR}
                )
        except DuplicateKey:
            pass  # somebody else's first one came in between
        free = {"_id": count_id, "count": {"$lt": cap.most}}
        if await self._counts.update_one(free, {"$inc": {"count": 1}}) is None:
            raise TooManyCodes(retry_after_seconds=int((ends_at - now).total_seconds()) + 1)


def _count_id(cap: Cap, digest: str, now: datetime) -> str:
    period, window = str(cap.period.total_seconds()), str(cap.window(now))
    return derived_id("send count", digest, period, window)
