"""A severe warning that one person issued alone: every administrator is told in the same moment."""

from datetime import datetime, timedelta

from api.accounts.staff.grants import ADMINISTRATION, Grants
from api.alerts.composing.draft import Draft
from api.alerts.composing.hazards import HazardLibrary
from api.alerts.composing.speakers import Speaker
from api.kit.errors import N_
from api.kit.ids import derived_id
from api.kit.store import Store
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

REASON_CHARACTERS_AT_LEAST = 20
REASON_CHARACTERS_AT_MOST = 500
TITLE = N_("A severe warning went out without a second person")
BODY = N_("{agency} issued “{hazard}” alone. Read the reason and check the warning now.")
_MATTERS_FOR = timedelta(hours=24)


class BreakGlass:
    def __init__(self, store: Store, hazards: HazardLibrary, notifications: Notifications) -> None:
        self._grants = Grants(store)
        self._hazards = hazards
        self._notifications = notifications

    async def tell_administrators(self, draft: Draft, speaker: Speaker, now: datetime) -> int:
        """Queue a notice for every administrator; joins the open transaction. Returns how many."""
        administrators = await self._grants.holders([ADMINISTRATION])
        for administrator in administrators:
            await self._notifications.tell(
                self._notice(draft, speaker, administrator, now), administrator
            )
        return len(administrators)

    def _notice(self, draft: Draft, speaker: Speaker, person_id: str, now: datetime) -> Notice:
        return Notice(
            id=derived_id("break glass", draft.id, person_id),
            thread=derived_id("break glass", draft.id),
            texts={language: self._text(draft, speaker, language) for language in AVAILABLE},
            priority=Priority.SEVERE,
            overrides_quiet_hours=True,
            expires_at=now + _MATTERS_FOR,
            data={"type": "alertBreakGlass", "draftId": draft.id, "agencyId": speaker.id},
        )

    def _text(self, draft: Draft, speaker: Speaker, language: str) -> Text:
        translate = translator(language)
        hazard = self._hazards.hazard(draft.content.hazard)
        body = translate(BODY).format(agency=speaker.names[language], hazard=hazard.names[language])
        return Text(translate(TITLE), body)
