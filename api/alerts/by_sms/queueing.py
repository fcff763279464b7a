"""Queues an SMS for a person: noted, counted and queued in one transaction, or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.errors import TooManyCodes
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WayKind, WaysIn
from api.alerts.by_sms.spending import AllowanceUsedUp, SmsSpending
from api.alerts.by_sms.told import SmsRecords, SmsTold
from api.alerts.by_sms.wishes import SmsWishes
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.notice import Notice, Text
from notifications.shortening import shortened
from notifications.sms_length import sms_segments
from notifications.text_message import Channel, TextMessage
from notifications.texts import Texts

SEGMENTS_AT_MOST = 3
"""Of one SMS: what stands first is what to do, and each segment costs as much again."""


@dataclass(frozen=True, slots=True)
class People:
    """Where a person's wish, language and number are found."""

    wishes: SmsWishes
    accounts: AccountRepository
    ways: WaysIn


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be said. `is_end`: that a warning is over, which is cheaper to lose than a warning."""

    notice: Notice
    is_end: bool = False


class SmsQueue:
    def __init__(
        self,
        store: Store,
        people: People,
        records: SmsRecords,
        spending: SmsSpending,
        caps: SendCaps,
        texts: Texts,
        clock: Clock,
    ) -> None:
        self._store = store
        self._people = people
        self._records = records
        self._spending = spending
        self._caps = caps
        self._texts = texts
        self._clock = clock

    async def say(
        self, saying: Saying, person_id: str, language: str | None, puts: Sequence[str]
    ) -> bool:
        """Queue the SMS once, however often asked; False when caps forbid it.

        `puts`: the notices as which it counts in threads. `language`: None for the person's own. Whoever has
        no number, has left, or wants no SMS any more is told by nobody here. Raises NoticeOver.
        """
        try:
            await transact(self._store, lambda: self._queue(saying, person_id, language, puts))
        except (TooManyCodes, AllowanceUsedUp):
            return False
        return True

    async def _queue(
        self, saying: Saying, person_id: str, language: str | None, puts: Sequence[str]
    ) -> None:
        # Held, so that nothing is noted of somebody who is being erased.
        wish = await self._people.wishes.get(person_id)
        if wish is None or not await self._people.accounts.hold(person_id):
            return
        message = await self._message(saying.notice, person_id, language)
        if message is None:
            return
        until = saying.notice.expires_at
        told = [
            SmsTold(put, person_id, message.id, message.language, wish.communes, until)
            for put in puts
        ]
        if not any([await self._records.add(one) for one in told]):
            return
        await self._spending.spend(saying.notice.id, sms_segments(message.body))
        address = Address(Channel.SMS, message.to)
        count = self._caps.count_spare_notice if saying.is_end else self._caps.count_notice
        await count(address, self._clock())
        await self._texts.queue(message)

    async def _message(
        self, notice: Notice, person_id: str, language: str | None
    ) -> TextMessage | None:
        account = await self._people.accounts.get(person_id)
        ways = await self._people.ways.of_person(person_id)
        numbers = [way.value for _, way in ways if way.kind is WayKind.PHONE]
        if account is None or not numbers:
            return None
        told_in, text = notice.text_for(language or account.language)
        return TextMessage(
            id=derived_id("warning by sms", notice.id, person_id),
            channel=Channel.SMS,
            to=numbers[0],
            subject="",
            body=sms_of(text),
            language=told_in,
            expires_at=notice.expires_at,
            person_id=person_id,
        )


def sms_of(text: Text) -> str:
    """Return the title and as much of the body as SEGMENTS_AT_MOST hold, cut between words."""
    whole = f"{text.title}\n{text.body}"
    fitting, too_many = 0, len(whole.encode()) + 1
    while too_many - fitting > 1:
        tried = (fitting + too_many) // 2
        if sms_segments(shortened(whole, tried)) <= SEGMENTS_AT_MOST:
            fitting = tried
        else:
            too_many = tried
    return shortened(whole, fitting)
