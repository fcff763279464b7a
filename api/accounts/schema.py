"""What the slice adds to the roots of the contract."""

import strawberry

from api.accounts.account_error import AccountErrors
from api.accounts.audit_reading.schema import AuditQuery
from api.accounts.devices.receipts_schema import ReceiptsMutation
from api.accounts.devices.schema import DevicesMutation, DevicesQuery
from api.accounts.identity_papers.schema import IdentityPapersMutation, IdentityPapersQuery
from api.accounts.people.schema import PeopleMutation, PeopleQuery
from api.accounts.privacy.schema import PrivacyMutation, PrivacyQuery
from api.accounts.sign_in.provider_schema import ProviderMutation
from api.accounts.sign_in.schema import SignInMutation
from api.accounts.staff.schema import StaffMutation, StaffQuery

__all__ = ["AccountErrors", "AccountsMutation", "AccountsQuery"]


@strawberry.type
class AccountsQuery(
    DevicesQuery, PeopleQuery, IdentityPapersQuery, PrivacyQuery, StaffQuery, AuditQuery
):
    pass


@strawberry.type
class AccountsMutation(
    DevicesMutation,
    ReceiptsMutation,
    SignInMutation,
    ProviderMutation,
    PeopleMutation,
    IdentityPapersMutation,
    PrivacyMutation,
    StaffMutation,
):
    pass
