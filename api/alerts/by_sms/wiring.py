"""Builds what sends warnings by SMS."""

from dataclasses import dataclass
from datetime import timedelta

from api.accounts.people.repository import AccountRepository
from api.accounts.sign_in.send_caps import SendCaps
from api.accounts.sign_in.ways_in import WaysIn
from api.alerts.bulletins import Communes
from api.alerts.by_sms.choosing import ChoosingSms
from api.alerts.by_sms.ending import SmsEnds
from api.alerts.by_sms.hearing import Hearing
from api.alerts.by_sms.personal_data import SmsWishData
from api.alerts.by_sms.queueing import People, SmsQueue
from api.alerts.by_sms.spending import WARNING_SMS_COSTS, SmsSpending
from api.alerts.by_sms.telling import SmsJobs
from api.alerts.by_sms.told import WARNING_SMS, SmsRecords
from api.alerts.by_sms.wishes import SMS_WISHES, SmsWishes
from api.alerts.ends import Ends
from api.alerts.service import AlertService
from api.alerts.shown import ShownChains
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
    ends: SmsEnds
    spending: SmsSpending
    data: SmsWishData
    price: int

    def handlers(self) -> dict[str, Handler]:
        return {**self.jobs.handlers(), **self.ends.handlers()}


def by_sms_on(
    on: Foundations, alerts: AlertService, communes: Communes, caps: SendCaps, terms: SmsTerms
) -> SmsServices:
    """Build the services, and let them hear of what was told."""
    store, wishes = on.store, SmsWishes(on.store)
    accounts = AccountRepository(store, on.sealer)
    records = SmsRecords(store, on.texts)
    spending = SmsSpending(store, terms.segments_at_most)
    people = People(wishes, accounts, WaysIn(store, on.sealer))
    queue = SmsQueue(store, people, records, spending, caps, on.texts, on.clock)
    chains = ShownChains(alerts.records, alerts.open_alerts, on.notifications)
    jobs = SmsJobs(
        alerts.records,
        alerts.open_alerts,
        chains,
        communes,
        wishes,
        Hearing(DeviceRepository(store), Receipts(store)),
        records,
        queue,
        spending,
        on.jobs,
        on.clock,
        terms.after,
    )
    ends = SmsEnds(
        alerts.records,
        alerts.open_alerts,
        chains,
        Ends(alerts.records, alerts.open_alerts, chains, on.clock),
        communes,
        records,
        queue,
        spending,
        on.jobs,
        on.clock,
    )
    alerts.after_telling(jobs.ask)
    alerts.after_telling(ends.after_telling)
    alerts.after_cancellation(ends.after_cancellation)
    alerts.after_update(ends.after_update)
    choosing = ChoosingSms(store, wishes, accounts, communes, on.clock)
    return SmsServices(choosing, jobs, ends, spending, SmsWishData(wishes, records), terms.price)
