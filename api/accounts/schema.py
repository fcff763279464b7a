"""What the slice adds to the roots of the contract."""

import strawberry

from api.accounts.account_error import AccountErrors
from api.accounts.audit_reading.schema import AuditQuery
from api.accounts.devices.schema import DevicesMutation, DevicesQuery
from api.accounts.people.schema import PeopleQuery
from api.accounts.sign_in.schema import SignInMutation
from api.accounts.staff.schema import StaffMutation, StaffQuery

__all__ = ["AccountErrors", "AccountsMutation", "AccountsQuery"]


@strawberry.type
class AccountsQuery(DevicesQuery, PeopleQuery, StaffQuery, AuditQuery):
    pass


@strawberry.type
class AccountsMutation(DevicesMutation, SignInMutation, StaffMutation):
    pass
