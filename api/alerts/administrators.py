"""Says to all administrators, on their devices, that something about the agencies needs a person."""

from datetime import timedelta

from api.accounts.staff.grants import ADMINISTRATION, Grants
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.store import Store
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

_HOLDS_FOR = timedelta(days=2)


class AdministratorAlarms:
    def __init__(self, store: Store, notifications: Notifications, clock: Clock) -> None:
        self._grants = Grants(store)
        self._notifications = notifications
        self._clock = clock

    async def tell(self, about: tuple[str, ...], title: str, body: str, **fields: str) -> None:
        """Tell each administrator once of what `about` names. `title` and `body` are msgids."""
        texts = {
            one: Text(translator(one)(title), translator(one)(body).format(**fields))
            for one in AVAILABLE
        }
        for person_id in await self._grants.holders([ADMINISTRATION]):
            notice = Notice(
                id=derived_id("agency alarm", *about, person_id),
                thread=derived_id("agency alarm thread", *about[:2]),
                texts=texts,
                priority=Priority.SEVERE,
                overrides_quiet_hours=False,
                expires_at=self._clock() + _HOLDS_FOR,
                data={"type": "agencyAlarm"},
            )
            await self._notifications.tell(notice, person_id)
