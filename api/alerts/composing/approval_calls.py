"""Tells those who may approve a draft that it waits for them: which hazard, level and place, no more."""

from datetime import datetime, timedelta

from api.alerts.composing.hazards import HazardLibrary
from api.alerts.composing.manuscript import Manuscript
from api.alerts.composing.speakers import AlertStaff
from api.kit.errors import N_
from api.kit.ids import derived_id
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

TITLE = N_("A warning waits for your approval")
BODY = N_("{hazard}, {level}: {place}")
_WAITS_FOR = timedelta(hours=24)


class ApprovalCalls:
    def __init__(
        self, staff: AlertStaff, hazards: HazardLibrary, notifications: Notifications
    ) -> None:
        self._staff = staff
        self._hazards = hazards
        self._notifications = notifications

    async def call(self, manuscript: Manuscript, now: datetime) -> int:
        """Queue a notice for each approver but those who wrote on it; joins the open transaction.

        Once for each version of the draft. Returns how many those are.
        """
        draft = manuscript.draft
        approvers = await self._staff.approvers(draft.agency_id)
        called = [one for one in approvers if one not in draft.editors]
        for approver in called:
            await self._notifications.tell(self._notice(manuscript, approver, now), approver)
        return len(called)

    def _notice(self, manuscript: Manuscript, person_id: str, now: datetime) -> Notice:
        draft = manuscript.draft
        is_pressing = manuscript.needs_second_person
        return Notice(
            id=derived_id("draft waits", draft.id, str(draft.version), person_id),
            thread=derived_id("draft waits", draft.id),
            texts={language: self._text(manuscript, language) for language in AVAILABLE},
            priority=Priority.SEVERE if is_pressing else Priority.NORMAL,
            overrides_quiet_hours=is_pressing,
            expires_at=now + _WAITS_FOR,
            data={"type": "alertDraftWaits", "draftId": draft.id, "agencyId": draft.agency_id},
        )

    def _text(self, manuscript: Manuscript, language: str) -> Text:
        translate = translator(language)
        hazard = self._hazards.hazard(manuscript.draft.content.hazard)
        told = manuscript.texts.told
        place = (told.get(language) or told["vi"]).area
        level = hazard.level(manuscript.draft.content.level).names[language]
        body = translate(BODY).format(hazard=hazard.names[language], level=level, place=place)
        return Text(translate(TITLE), body)
