"""Tells the clerks of the province's office: the role that watches over the channels."""

from collections.abc import Mapping
from datetime import datetime

from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.feedback.agencies.staff import AgencyStaff
from api.kit.ids import derived_id
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications


class OfficeNotices:
    def __init__(self, staff: AgencyStaff, notifications: Notifications) -> None:
        self._staff = staff
        self._notifications = notifications

    async def tell(
        self,
        notice_id: str,
        texts: Mapping[str, Text],
        data: Mapping[str, str],
        expires_at: datetime,
    ) -> None:
        """Queue it for each clerk, once by `notice_id`; joins the open transaction."""
        for person_id in await self._staff.clerks_of((PROVINCE_OFFICE,)):
            notice = Notice(
                id=derived_id(notice_id, person_id),
                thread=derived_id("channels thread", notice_id),
                texts=texts,
                priority=Priority.NORMAL,
                overrides_quiet_hours=False,
                expires_at=expires_at,
                data=data,
            )
            await self._notifications.tell(notice, person_id)
