"""Builds what people declare their stays with."""

from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.alerts.bulletins import Communes
from api.alerts.service import AlertService
from api.alerts.stays.declaring import DeclaringStays, Places
from api.alerts.stays.holding import HoldingWarnings
from api.alerts.stays.personal_data import StayData
from api.alerts.stays.repository import StayRepository
from api.foundations import Foundations


@dataclass(frozen=True, slots=True)
class StayServices:
    declaring: DeclaringStays
    holding: HoldingWarnings
    data: StayData


def stays_on(
    on: Foundations, alerts: AlertService, communes: Communes, places: Places
) -> StayServices:
    """Build the services."""
    stays, accounts = StayRepository(on.store), AccountRepository(on.store, on.sealer)
    declaring = DeclaringStays(stays, accounts, communes, places, on.idempotency, on.clock)
    holding = HoldingWarnings(alerts, communes, on.clock)
    return StayServices(declaring, holding, StayData(stays, on.clock))
