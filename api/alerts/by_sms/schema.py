from datetime import datetime
from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.accounts.devices.requests import HOME_COMMUNES_AT_MOST
from api.alerts.by_sms.wishes import SmsWish
from api.context import Info


@strawberry.type(
    description="Extreme warnings come by SMS as well, when they are opened on no device for some minutes."
)
class WarningSms:
    communes: list[strawberry.ID] = strawberry.field(
        description="Codes of the communes for whose warnings they come; empty: none come."
    )
    agreed_at: datetime | None

    @classmethod
    def of(cls, wish: SmsWish | None) -> "WarningSms":
        if wish is None:
            return cls(communes=[], agreed_at=None)
        return cls(
            communes=[strawberry.ID(code) for code in sorted(wish.communes)],
            agreed_at=wish.agreed_at,
        )


@strawberry.input
class SetWarningSmsInput:
    communes: list[strawberry.ID] = strawberry.field(
        description=f"Codes, at most {HOME_COMMUNES_AT_MOST}; empty: no SMS any more."
    )
    consent: bool = strawberry.field(
        description="That the person agreed to SMS on the oldest number they sign in with."
    )


@strawberry.type
class SetWarningSmsSuccess:
    warning_sms: WarningSms


SetWarningSmsResult = Annotated[
    SetWarningSmsSuccess | AccountError, strawberry.union("SetWarningSmsResult")
]


@strawberry.type
class WarningSmsQuery:
    @strawberry.field(description="Your wish for warnings by SMS.")
    async def my_warning_sms(self, info: Info) -> WarningSms:
        choosing = info.context.services.by_sms.choosing
        return WarningSms.of(await choosing.of(info.context.caller))


@strawberry.type
class WarningSmsMutation:
    @strawberry.mutation(description="Choose whether extreme warnings come by SMS too.")
    async def set_warning_sms(self, info: Info, input: SetWarningSmsInput) -> SetWarningSmsResult:
        wish = await info.context.services.by_sms.choosing.choose(
            info.context.caller, input.communes, input.consent
        )
        return SetWarningSmsSuccess(warning_sms=WarningSms.of(wish))
