"""What the slice adds to the roots of the contract."""

import strawberry

from api.accounts.account_error import AccountErrors
from api.accounts.devices.schema import DevicesMutation, DevicesQuery
from api.accounts.people.schema import PeopleQuery
from api.accounts.sign_in.provider_schema import ProviderMutation
from api.accounts.sign_in.schema import SignInMutation

__all__ = ["AccountErrors", "AccountsMutation", "AccountsQuery"]


@strawberry.type
class AccountsQuery(DevicesQuery, PeopleQuery):
    pass


@strawberry.type
class AccountsMutation(DevicesMutation, SignInMutation, ProviderMutation):
    pass
