"""Builds what people declare their stays with."""

from dataclasses import dataclass

from api.accounts.people.repository import AccountRepository
from api.alerts.bulletins import Communes
from api.alerts.stays.declaring import DeclaringStays, Places
from api.alerts.stays.personal_data import StayData
from api.alerts.stays.repository import StayRepository
from api.foundations import Foundations


@dataclass(frozen=True, slots=True)
class StayServices:
    declaring: DeclaringStays
    data: StayData


def stays_on(on: Foundations, communes: Communes, places: Places) -> StayServices:
    """Build the services."""
    stays, accounts = StayRepository(on.store), AccountRepository(on.store, on.sealer)
    declaring = DeclaringStays(stays, accounts, communes, places, on.idempotency, on.clock)
    return StayServices(declaring, StayData(stays, on.clock))
