"""After a warning: who is safe, who needs help, counted by commune.

Everybody answers once a warning; the last answer counts.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from api.accounts.caller import Caller
from api.alerts.open_alerts import AlertView
from api.kit.audit_log import Details
from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.ids import derived_id
from api.kit.store import Store
from api.kit.transactions import transact
from api.safety.askers import Askers, ShownDevice
from api.safety.desks import RescueDesks
from api.safety.errors import AlertNotFound, NotInProvince
from api.safety.plain_words import plain_words
from api.safety.safe.expected import Expected
from api.safety.safe.records import Answered, Muster, MusterAnswer, MusterCount
from api.safety.safe.repository import MusterRepository
from api.safety.sos.raising import Communes

NOTE_CHARACTERS_AT_MOST = 300


class Alerts(Protocol):
    """Which warnings there are: AlertService, in the product."""

    async def get(self, alert_id: str) -> AlertView | None: ...


@dataclass(frozen=True, slots=True, repr=False)
class NewAnswer:
    alert_id: str
    answer: MusterAnswer
    position: Position
    note: str | None


class MusterService:
    def __init__(
        self,
        store: Store,
        musters: MusterRepository,
        askers: Askers,
        alerts: Alerts,
        communes: Communes,
        desks: RescueDesks,
        expected: Expected,
        clock: Clock,
    ) -> None:
        self._store = store
        self._musters = musters
        self._askers = askers
        self._alerts = alerts
        self._communes = communes
        self._desks = desks
        self._expected = expected
        self._clock = clock

    async def answer(
        self, caller: Caller, device: ShownDevice | None, new: NewAnswer
    ) -> MusterAnswer:
        """Take an answer in. Sent again, it changes nothing.

        Of whoever is safe only the commune is kept. Raises NotSignedIn, DeviceNotFound, AlertNotFound,
        NotInProvince and InvalidText.
        """
        asker = await self._askers.of(caller, device)
        if await self._alerts.get(new.alert_id) is None:
            raise AlertNotFound
        commune_code = self._communes.at(new.position)
        if commune_code is None:
            raise NotInProvince
        needs_help = new.answer is MusterAnswer.NEED_HELP
        note = plain_words(new.note, "note", NOTE_CHARACTERS_AT_MOST) if new.note else None
        answered = Answered(
            id=derived_id("muster answer", new.alert_id, asker.key),
            alert_id=new.alert_id,
            who=asker.key,
            answer=new.answer,
            commune_code=commune_code,
            at=self._clock(),
            position=new.position if needs_help else None,
            note=note if needs_help else None,
        )
        await transact(self._store, lambda: self._musters.put(answered))
        return new.answer

    async def counts(self, caller: Caller, desk_id: str, alert_id: str) -> Muster:
        """Return how many are expected and how many said what where the desk sees.

        Raises NotSignedIn, NotAllowed, AlertNotFound.
        """
        desk = self._desks.of(caller, desk_id)
        if await self._alerts.get(alert_id) is None:
            raise AlertNotFound
        expected = await self._expected.of(alert_id)
        said = await self._musters.counts(alert_id, desk.commune_code)
        by_code = {one.commune_code: one for one in said}
        codes = sorted(code for code in {*by_code, *expected.people} if desk.sees([code]))
        counts = (
            replace(
                by_code.get(code, MusterCount(code, 0, 0)), expected=expected.people.get(code, 0)
            )
            for code in codes
        )
        return Muster(expected.devices, tuple(counts))

    async def totals(self, alert_id: str) -> tuple[int, int]:
        """Return how many said that they are safe, and how many that they need help: no commune, nobody."""
        said = await self._musters.counts(alert_id, None)
        return sum(one.safe for one in said), sum(one.need_help for one in said)

    async def needing_help(self, caller: Caller, desk_id: str, alert_id: str) -> list[Answered]:
        """Return who last said to need help where the desk sees; the reading is audited.

        Raises NotSignedIn, NotAllowed.
        """
        desk = self._desks.of(caller, desk_id)
        found = await self._musters.needing_help(alert_id, desk.commune_code)
        details: Details = {"answers": len(found), "alert": alert_id[:64]}
        await self._desks.audit.append(desk.entry("muster.help", desk.id, details))
        return found
