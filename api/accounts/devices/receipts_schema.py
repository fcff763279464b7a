from typing import Annotated

import strawberry

from api.accounts.account_error import AccountError
from api.context import Info


@strawberry.input
class NoticeOpenedInput:
    notice_id: strawberry.ID = strawberry.field(
        description="`noticeId` of the data that the message came with."
    )
    device_id: strawberry.ID
    device_secret: str


@strawberry.type
class NoticeOpenedSuccess:
    notice_id: strawberry.ID


NoticeOpenedResult = Annotated[
    NoticeOpenedSuccess | AccountError, strawberry.union("NoticeOpenedResult")
]


@strawberry.type
class ReceiptsMutation:
    @strawberry.mutation(
        description="Tell that a message was opened on this phone, so that whoever warned sees how many"
        " read it. Told again, it changes nothing."
    )
    async def notice_opened(self, info: Info, input: NoticeOpenedInput) -> NoticeOpenedResult:
        services = info.context.services
        device = await services.devices.owned(input.device_id, input.device_secret)
        await services.notifications.note_opened(input.notice_id, device.id)
        return NoticeOpenedSuccess(notice_id=input.notice_id)
