"""All questions that the slice asks of the store about SOS. Every change of state is one conditional write.

`open_key` is unique: whoever calls while their last call is open finds that one. It is the caller's while the
call is open, and the call's own id afterwards.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from api.kit.geo import Position
from api.kit.ids import is_id
from api.kit.resealing import seal_anew
from api.kit.sealing import Sealer
from api.kit.store import CollectionSpec, Document, Filter, Index, Store
from api.safety.sos.records import OPEN, Sos, SosContent, SosKind, SosOutcome, SosState, SosStep
from api.safety.tracks import TrackPoint

SOS = CollectionSpec(
    "safety_sos",
    (
        Index(("open_key",), unique=True),
        Index(("code",)),
        Index(("raiser", "raised_at")),
        Index(("state", "raised_at")),
        Index(("communes",), many=True),
        Index(("actors",), many=True),
    ),
)
LISTED_AT_MOST = 500
_GOING_ON = sorted(state.value for state in OPEN)


class SosRepository:
    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._sos = store[SOS]
        self._sealer = sealer

    async def add(self, sos: Sos, open_key: str) -> None:
        """Insert it. Raises DuplicateKey when a call of `open_key` is open."""
        await self._sos.insert(
            {
                "_id": sos.id,
                "open_key": open_key,
                "code": sos.code,
                "raiser": sos.raiser,
                "kind": sos.kind.value,
                "commune_code": sos.commune_code,
                "communes": list(sos.communes),
                "content": self.sealed(sos.id, sos.content) if sos.content else None,
                "state": sos.state.value,
                "raised_at": sos.raised_at,
                "heard_at": sos.heard_at,
                "state_since": sos.state_since,
                "steps": [step_fields(step) for step in sos.steps],
                "actors": [],
                "points": sos.points,
                "is_by_sms": sos.is_by_sms,
                "says_safe_at": sos.says_safe_at,
                "eta_minutes": sos.eta_minutes,
                "outcome": None,
            }
        )

    async def get(self, sos_id: str) -> Sos | None:
        return self._or_none(await self._sos.get(sos_id) if is_id(sos_id) else None)

    async def open_of(self, open_key: str) -> Sos | None:
        """Return the call of somebody that is open."""
        return self._or_none(
            await self._sos.find_one({"open_key": open_key, "state": {"$in": _GOING_ON}})
        )

    async def coded(self, code: str) -> list[Sos]:
        """Return the calls with a code, the first one first: more than one only if somebody took another's."""
        return list(
            map(self._record, await self._sos.find({"code": code}, sort=[("raised_at", 1)]))
        )

    async def by(self, raiser: str) -> list[Sos]:
        found = await self._sos.find({"raiser": raiser}, sort=[("raised_at", -1)])
        return list(map(self._record, found))

    async def acted_on_by(self, person_id: str) -> list[Sos]:
        found = await self._sos.find({"actors": person_id}, sort=[("raised_at", -1)])
        return list(map(self._record, found))

    async def listed(self, states: Iterable[SosState], commune_code: str | None) -> list[Sos]:
        """Return the newest calls in these states, of a commune or of all, at most LISTED_AT_MOST."""
        wanted: Filter = {"state": {"$in": sorted(one.value for one in states)}}
        if commune_code is not None:
            wanted = {**wanted, "communes": commune_code}
        found = await self._sos.find(wanted, sort=[("raised_at", -1)], limit=LISTED_AT_MOST)
        return list(map(self._record, found))

    async def count_false_alarms(self, commune_code: str | None) -> int:
        """Return how many were taken back, or ended as false alarms."""
        wanted: Filter = {
            "$or": [
                {"state": SosState.CANCELLED.value},
                {"outcome": SosOutcome.FALSE_ALARM.value},
            ]
        }
        return await self._sos.count(
            wanted if commune_code is None else {**wanted, "communes": commune_code}
        )

    async def change(
        self,
        sos_id: str,
        states: Iterable[SosState],
        fields: Mapping[str, Any],
        *,
        guard: Filter | None = None,
        step: SosStep | None = None,
        points: int = 0,
        commune_code: str | None = None,
    ) -> Sos | None:
        """Write in one step while it is in one of the states. None: it is not, and nothing was written."""
        wanted: Filter = {
            "_id": sos_id,
            "state": {"$in": sorted(one.value for one in states)},
            **(guard or {}),
        }
        update: dict[str, Mapping[str, Any]] = {}
        if fields:
            update["$set"] = fields
        if points:
            update["$inc"] = {"points": points}
        if step is not None:
            update["$push"] = {"steps": step_fields(step)}
        added = {"communes": commune_code, "actors": step.actor if step else None}
        if sets := {name: value for name, value in added.items() if value is not None}:
            update["$addToSet"] = sets
        return self._or_none(await self._sos.update_one(wanted, update))

    async def forget(self, sos_id: str) -> None:
        """Remove what the phone told, and who that was; kind, commune, states and times stay."""
        fields = {"content": None, "raiser": None, "open_key": sos_id, "code": ""}
        await self._sos.update_one({"_id": sos_id}, {"$set": fields})

    async def forget_actor(self, person_id: str) -> None:
        """Make the steps of somebody nobody's in particular."""
        for document in await self._sos.find({"actors": person_id}):
            own = [
                number
                for number, step in enumerate(document["steps"])
                if step["actor"] == person_id
            ]
            update: dict[str, Mapping[str, Any]] = {"$pull": {"actors": person_id}}
            if own:
                update["$set"] = {f"steps.{number}.actor": None for number in own}
            await self._sos.update_one({"_id": document["_id"]}, update)

    def sealed(self, sos_id: str, content: SosContent) -> str:
        packed = [content.point and content.point.packed(), content.note, content.number]
        return self._sealer.seal(packed, _place(sos_id))

    async def seal_anew(self) -> int:
        """Seal some contents anew, as Resealed has it."""
        return await seal_anew(self._sos, self._sealer, "content", _place)

    def _or_none(self, document: Document | None) -> Sos | None:
        return self._record(document) if document else None

    def _record(self, document: Document) -> Sos:
        outcome = document["outcome"]
        return Sos(
            id=document["_id"],
            code=document["code"],
            raiser=document["raiser"],
            kind=SosKind(document["kind"]),
            commune_code=document["commune_code"],
            communes=tuple(document["communes"]),
            content=self._content(document),
            state=SosState(document["state"]),
            raised_at=document["raised_at"],
            heard_at=document["heard_at"],
            state_since=document["state_since"],
            steps=tuple(map(_step, document["steps"])),
            points=document["points"],
            is_by_sms=document["is_by_sms"],
            says_safe_at=document["says_safe_at"],
            eta_minutes=document["eta_minutes"],
            outcome=SosOutcome(outcome) if outcome else None,
        )

    def _content(self, document: Document) -> SosContent | None:
        if document["content"] is None:
            return None
        point, note, number = self._sealer.open(document["content"], _place(document["_id"]))
        return SosContent(TrackPoint.of(point) if point else None, note, number)


def step_fields(step: SosStep) -> Document:
    return {"state": step.state.value, "at": step.at, "actor": step.actor}


def position_of(sos: Sos) -> Position | None:
    """Return where whoever called was last."""
    point = sos.content.point if sos.content else None
    return point.position if point else None


def _step(fields: Document) -> SosStep:
    return SosStep(SosState(fields["state"]), fields["at"], fields["actor"])


def _place(sos_id: str) -> str:
    return f"safety_sos/{sos_id}/content"
