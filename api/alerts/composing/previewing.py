"""What would happen if a draft went out now: the message, the map, the phones, and how many."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shapely.geometry import mapping

from api.alerts.bulletins import Bulletin, Communes
from api.alerts.composing.chain import Chain, Chains
from api.alerts.composing.draft import Draft
from api.alerts.composing.errors import ComposingProblem
from api.alerts.composing.manuscript import Manuscript, Manuscripts
from api.alerts.composing.speakers import AlertStaff
from api.alerts.intake import Arrival
from api.alerts.notices import audience_of, preview_notice
from api.kit.clock import Clock
from notifications.devices import Platform
from notifications.notice import Notice
from notifications.service import Notifications, Reckoning

if TYPE_CHECKING:
    from notifications.payload import Payload

_MAP_DEGREES = 0.0005
"""About 50 m: a map for people, not for rescue."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a platform shows of a language. `is_cut`: the body did not fit the platform's message."""

    language: str
    platform: Platform
    title: str
    body: str
    byte_count: int
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """`problem`: why it cannot go out as it is; without it, the rest is what would go out.

    `area`: GeoJSON geometry, somewhat simplified.
    """

    manuscript: Manuscript
    problem: ComposingProblem | None
    cap: str
    area: Mapping[str, Any] | None
    screens: tuple[Screen, ...]
    reckoning: Reckoning


class Previewing:
    def __init__(
        self,
        staff: AlertStaff,
        chains: Chains,
        manuscripts: Manuscripts,
        communes: Communes,
        notifications: Notifications,
        clock: Clock,
    ) -> None:
        self._staff = staff
        self._chains = chains
        self._manuscripts = manuscripts
        self._communes = communes
        self._notifications = notifications
        self._clock = clock

    def seconds_since(self, moment: datetime) -> int:
        """Return how old something is; 0 for what a clock ahead of ours said."""
        return max(0, int((self._clock() - moment).total_seconds()))

    async def manuscript(self, draft: Draft) -> Manuscript:
        """Return its words and what it needs, also of a draft that cannot go out any more."""
        chain, _ = await self._chain(draft)
        return await self._manuscripts.of(draft, chain)

    async def of(self, draft: Draft) -> Preview:
        """Return what would go out. Nothing is kept, and no device is named."""
        now = self._clock()
        chain, problem = await self._chain(draft)
        manuscript = await self._manuscripts.of(draft, chain)
        cap = self._manuscripts.cap(manuscript, now).decode()
        if problem is not None:
            return Preview(manuscript, problem, cap, None, (), Reckoning(0, 0))
        try:
            arrival = await self._manuscripts.arrival(manuscript, now)
        except ComposingProblem as refusal:
            return Preview(manuscript, refusal, cap, None, (), Reckoning(0, 0))
        return await self._whole(manuscript, arrival, cap)

    async def _whole(self, manuscript: Manuscript, arrival: Arrival, cap: str) -> Preview:
        if not arrival.bulletins:
            return Preview(manuscript, None, cap, None, (), Reckoning(0, 0))
        bulletin = arrival.bulletins[0]
        audience = await asyncio.to_thread(audience_of, bulletin, self._communes)
        return Preview(
            manuscript,
            None,
            cap,
            await asyncio.to_thread(_map, bulletin),
            self._screens(preview_notice(arrival.record(arrival.message.id), bulletin)),
            await self._notifications.reckon(audience, bulletin.expires),
        )

    async def _chain(self, draft: Draft) -> tuple[Chain, ComposingProblem | None]:
        sender = self._staff.speaker(draft.agency_id).sender
        try:
            return await self._chains.of(draft, sender, self._clock()), None
        except ComposingProblem as problem:
            return Chain(), problem

    def _screens(self, notice: Notice) -> tuple[Screen, ...]:
        # Imported here, because firebase-admin costs memory that only officers need to spend.
        from notifications.payload import Payload

        now = self._clock()
        return tuple(
            _screen(Payload(notice, language, platform, now), notice, platform)
            for language in notice.texts
            for platform in Platform
        )


def _screen(payload: "Payload", notice: Notice, platform: Platform) -> Screen:
    return Screen(
        language=payload.language,
        platform=platform,
        title=payload.text.title,
        body=payload.text.body,
        byte_count=payload.byte_count,
        is_cut=payload.text != notice.texts[payload.language],
    )


def _map(bulletin: Bulletin) -> Mapping[str, Any]:
    found: Mapping[str, Any] = mapping(bulletin.reach.area.geometry.simplify(_MAP_DEGREES))
    return found
