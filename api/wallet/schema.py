"""What the slice adds to the roots of the contract."""

import strawberry

from api.wallet.counter.schema import CounterMutation
from api.wallet.holders.schema import HoldersMutation, HoldersQuery
from api.wallet.merchants.schema import MerchantsMutation, MerchantsQuery
from api.wallet.payments.schema import PaymentsMutation, PaymentsQuery


@strawberry.type
class WalletQuery(HoldersQuery, PaymentsQuery, MerchantsQuery):
    pass


@strawberry.type
class WalletMutation(HoldersMutation, PaymentsMutation, MerchantsMutation, CounterMutation):
    pass
