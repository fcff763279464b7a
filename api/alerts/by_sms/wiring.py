"""Builds what sends warnings by SMS."""

from dataclasses import dataclass
from datetime import timedelta

from api.accounts.people.repository import AccountRepository
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn
from api.alerts.bulletins import Communes
from api.alerts.by_sms.choosing import ChoosingSms
from api.alerts.by_sms.personal_data import SmsWishData
from api.alerts.by_sms.spending import WARNING_SMS, WARNING_SMS_COSTS, SmsSpending
from api.alerts.by_sms.telling import People, SmsJobs
from api.alerts.by_sms.wishes import SMS_WISHES, SmsWishes
from api.alerts.service import AlertService
from api.foundations import Foundations
from api.kit.jobs import Handler
from notifications.device_repository import DeviceRepository
from notifications.receipts import Receipts

SMS_COLLECTIONS = (SMS_WISHES, WARNING_SMS, WARNING_SMS_COSTS)


@dataclass(frozen=True, slots=True)
class SmsTerms:
    """When SMS go out and what they may cost: `segments_at_most` a warning, each `price` (VND)."""

    after: timedelta
    segments_at_most: int
    price: int


@dataclass(frozen=True, slots=True)
class SmsServices:
    choosing: ChoosingSms
    jobs: SmsJobs
    spending: SmsSpending
    data: SmsWishData
    price: int

    def handlers(self) -> dict[str, Handler]:
        return self.jobs.handlers()


def by_sms_on(
    on: Foundations, alerts: AlertService, communes: Communes, caps: SendCaps, terms: SmsTerms
) -> SmsServices:
    """Build the services, and let them hear of what was told."""
    store, wishes = on.store, SmsWishes(on.store)
    accounts = AccountRepository(store, on.sealer)
    people = People(accounts, WaysIn(store, on.sealer), DeviceRepository(store), Receipts(store))
    spending = SmsSpending(store, terms.segments_at_most)
    jobs = SmsJobs(
        store,
        alerts.records,
        alerts.open_alerts,
        communes,
        wishes,
        people,
        spending,
        caps,
        on.texts,
        on.jobs,
        on.clock,
        terms.after,
    )
    alerts.after_telling(jobs.ask)
    choosing = ChoosingSms(store, wishes, accounts, communes, on.clock)
    return SmsServices(choosing, jobs, spending, SmsWishData(wishes), terms.price)
