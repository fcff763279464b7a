"""Tells the alert authors of an agency what became of an episode."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Protocol

from api.accounts.caller import Grant, Role, Scope, ScopeKind
from api.conditions.thresholds.repository import Episode
from api.conditions.thresholds.rule import Rule
from api.kit.clock import Clock
from api.kit.errors import N_
from api.kit.ids import derived_id
from locales import AVAILABLE, translator
from notifications.notice import Notice, Priority, Text
from notifications.service import Notifications

_WORTH_TELLING = timedelta(hours=6)
_AT_ONCE = 200
_CALLS = N_("Measured values call for a warning")
_BACK = N_("Measured values are back to normal")


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    body: str
    is_urgent: bool


class News(Enum):
    """`is_urgent`: it rings in quiet hours."""

    DRAFT_WAITS = _Words(_CALLS, N_("{rule}: please look at the draft."), is_urgent=True)
    ISSUED = _Words(
        N_("A warning was issued by a rule"), N_("{rule}: please check the warning now."), True
    )
    ALL_CLEAR_WAITS = _Words(_BACK, N_("{rule}: please look at the draft of the all-clear."), False)
    OVER = _Words(_BACK, N_("{rule}: no warning of it is in force."), False)


class Holders(Protocol):
    """Who holds a role: Grants, in the product."""

    async def holders(
        self, grants: Sequence[Grant], *, limit: int | None = None, after: str = ""
    ) -> list[str]: ...


class AuthorTelling:
    def __init__(self, holders: Holders, notifications: Notifications, clock: Clock) -> None:
        self._holders = holders
        self._notifications = notifications
        self._clock = clock

    async def tell(self, news: News, episode: Episode, rule: Rule, draft_id: str) -> None:
        """Tell each of them once, however often this runs for the same news of the episode."""
        scope = Scope(ScopeKind.AGENCY, episode.agency_id)
        grants = (Grant(Role.ALERT_AUTHOR, scope),)
        data = {
            "type": "threshold",
            "episode": episode.id,
            "draftId": draft_id,
            "agencyId": episode.agency_id,
        }
        after = ""
        while found := await self._holders.holders(grants, limit=_AT_ONCE, after=after):
            for person_id in found:
                notice = self._notice(news, episode, rule, person_id, data)
                await self._notifications.tell(notice, person_id)
            after = found[-1]

    def _notice(
        self, news: News, episode: Episode, rule: Rule, person_id: str, data: Mapping[str, str]
    ) -> Notice:
        words = news.value
        return Notice(
            id=derived_id("threshold notice", news.name, episode.id, person_id),
            thread=derived_id("threshold thread", episode.id),
            texts={language: _text(words, rule, language) for language in AVAILABLE},
            priority=Priority.SEVERE if words.is_urgent else Priority.NORMAL,
            overrides_quiet_hours=words.is_urgent,
            expires_at=self._clock() + _WORTH_TELLING,
            data=data,
        )


def _text(words: _Words, rule: Rule, language: str) -> Text:
    translate = translator(language)
    return Text(translate(words.title), translate(words.body).format(rule=rule.name))
