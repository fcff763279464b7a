"""Says something to a person on the first way there is: devices, phone number, e-mail address.

The first run of a message finds the devices, and its fan-out is kept under the message's id, with how
many they were; so are an SMS or e-mail. Whatever asks for it again, after a kill or when a phone has
come or gone meanwhile, takes the same way, and queues nothing there.
"""

from collections.abc import Awaitable, Callable

from api.accounts.sign_in.addresses import Address
from api.accounts.sign_in.errors import TooManyCodes
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn
from api.health.reaching.message import Message
from api.kit.clock import Clock
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications
from notifications.text_message import Channel, TextMessage
from notifications.texts import Texts

Find = Callable[[], Awaitable[Message | None]]


class Reaching:
    def __init__(
        self,
        store: Store,
        notifications: Notifications,
        texts: Texts,
        ways: WaysIn,
        caps: SendCaps,
        clock: Clock,
    ) -> None:
        self._store = store
        self._notifications = notifications
        self._texts = texts
        self._ways = ways
        self._caps = caps
        self._clock = clock

    async def say(self, find: Find) -> None:
        """Say what `find` returns, once; not to be called in a transaction.

        `find` runs within the one that queues it, so it is still true then; None: there is nothing to
        say any more. Where the day's SMS are used up it goes by e-mail.
        """
        try:
            await transact(self._store, lambda: self._say(find, by_sms=True))
        except TooManyCodes:
            await transact(self._store, lambda: self._say(find, by_sms=False))

    async def _say(self, find: Find, *, by_sms: bool) -> None:
        message = await find()
        if message is None or message.expires_at <= self._clock():
            return
        if await self._notifications.tell(_notice(message), message.person_id):
            return
        address = await self._address_of(message.person_id, by_sms=by_sms)
        if address is None:
            return
        if address.channel is Channel.SMS:
            await self._caps.count_notice(address, self._clock())
        await self._texts.queue(_text(message, address))

    async def _address_of(self, person_id: str, *, by_sms: bool) -> Address | None:
        """Return where to write to: a phone number before an e-mail address, the oldest first."""
        ways = [way.address for _, way in await self._ways.of_person(person_id)]
        channels = (Channel.SMS, Channel.EMAIL) if by_sms else (Channel.EMAIL,)
        found = [one for channel in channels for one in ways if one and one.channel is channel]
        return next(iter(found), None)


def _notice(message: Message) -> Notice:
    return Notice(
        id=message.id,
        thread=message.thread,
        texts={message.language: Text(message.title, message.brief)},
        priority=Priority.NORMAL,
        overrides_quiet_hours=False,
        expires_at=message.expires_at,
        data=message.data,
    )


def _text(message: Message, address: Address) -> TextMessage:
    is_letter = address.channel is Channel.EMAIL
    parts = (message.letter if is_letter else message.brief, message.footer)
    return TextMessage(
        id=message.id,
        channel=address.channel,
        to=address.value,
        subject=message.title,
        body=("\n\n" if is_letter else " ").join(filter(None, parts)),
        language=message.language,
        expires_at=message.expires_at,
        person_id=message.person_id,
    )
