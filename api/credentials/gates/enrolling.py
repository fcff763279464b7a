"""Gates: set up by whoever answers for the place, retired, and given what they need without a network."""

import hashlib
import hmac
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from api.accounts.caller import Caller, Role, Scope
from api.credentials.gates.bundle import SignedBundle
from api.credentials.gates.bundling import Bundling
from api.credentials.gates.errors import (
    GateNamesMissing,
    GateNotFound,
    InvalidGate,
    NoGateThere,
    NoSuchPlace,
    TooManyGates,
    WrongListAge,
)
from api.credentials.gates.gate_keys import GateKeys
from api.credentials.gates.records import DEFAULT_POLICY, Gate, OldListPolicy, audience_for
from api.credentials.gates.repository import GateRepository
from api.credentials.gates.rights import ADMINISTRATION, GateRights, required_right
from api.credentials.records import Audience
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.geo import Position
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id
from api.kit.pages import Listing, Page, checked_first
from api.kit.sealing import Sealer
from api.kit.store import Store
from api.kit.transactions import transact
from locales import AVAILABLE

GATES_OF_A_SCOPE_AT_MOST = 200
NAME_CHARACTERS_AT_MOST = 80
OLD_KEYS_ACCEPTED_FOR = timedelta(days=30)
LIST_AGE_LEAST = timedelta(minutes=5)
LIST_AGE_MOST = timedelta(days=7)
_NEWEST_FIRST = Listing("gates", (datetime, str))
_PLACE_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_PLAIN = re.compile(
    r"[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>\ud800-\udfff]+"
)


@dataclass(frozen=True, slots=True)
class NewGate:
    """`names`: by BCP 47 tag, Vietnamese among them."""

    names: Mapping[str, str]
    scope: Scope
    place_id: str | None = None
    position: Position | None = None
    policy: OldListPolicy = DEFAULT_POLICY


class KnownPlaces(Protocol):
    """The places of the guide, which another slice of this floor keeps."""

    async def places_known(self, place_ids: Collection[str]) -> Mapping[str, Any]:
        """Return those of the ids that are places, by id."""
        ...


class Enrolling:
    def __init__(
        self,
        store: Store,
        gates: GateRepository,
        places: KnownPlaces,
        rights: GateRights,
        gate_keys: GateKeys,
        bundling: Bundling,
        sealer: Sealer,
        audit: AuditLog,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._store = store
        self._gates = gates
        self._places = places
        self._rights = rights
        self._gate_keys = gate_keys
        self._bundling = bundling
        self._sealer = sealer
        self._audit = audit
        self._idempotency = idempotency
        self._clock = clock

    async def add(self, caller: Caller, new: NewGate, idempotency_key: str) -> tuple[Gate, str]:
        """Set a gate up and return it with the secret that only the gate keeps.

        The same call again answers the same. Raises NotSignedIn, NotAllowed, InvalidGate (also for a
        place that is not there) and IdempotencyProblem.
        """
        right = required_right(caller, new.scope)
        person_id, audience = caller.person(), _checked_audience(new)

        async def work() -> dict[str, Any]:
            gate = self._new(new, audience, person_id)
            await self._check_place(new.place_id)
            await self._check_number(new.scope)
            await self._gates.add(gate)
            await self._note(person_id, "gate.added", gate.id, str(right), {"at": str(new.scope)})
            return {"gate": gate.id}

        result = await self._idempotency.once(
            person_id, "addGate", idempotency_key, _asked(new), work
        )
        gate = await self._gates.get(result["gate"])
        if gate is None:
            raise GateNotFound
        return gate, self._secret(gate.id)

    async def retire(self, caller: Caller, gate_id: str) -> Gate:
        """Let a gate scan no more, and fetch no more keys; retired already, nothing happens.

        Keys that it has stay good: `rotate_keys` when it was lost. Raises NotSignedIn, GateNotFound.
        """

        async def work() -> Gate:
            gate = await self._rights.to_manage(caller, gate_id)
            if gate.retired_at is not None:
                return gate
            right = required_right(caller, gate.scope)
            retired = await self._gates.replace(replace(gate, retired_at=self._clock()))
            await self._note(caller.person(), "gate.retired", gate.id, str(right), {})
            return retired

        return await transact(self._store, work)

    async def rotate_keys(self, caller: Caller, audience: Audience) -> int:
        """Begin an epoch of gate keys, and return its number; for administrators.

        Cards from before are shown for OLD_KEYS_ACCEPTED_FOR, and have to be re-issued by then. Raises
        NotSignedIn and NotAllowed.
        """
        person_id = caller.require(ADMINISTRATION.role, ADMINISTRATION.scope)

        async def work() -> int:
            until = self._clock() + OLD_KEYS_ACCEPTED_FOR
            epoch = await self._gate_keys.rotate(audience, until)
            details: Details = {"audience": str(audience), "epoch": epoch}
            await self._note(
                person_id, "gate.keys_rotated", audience.tag, str(ADMINISTRATION), details
            )
            return epoch

        return await transact(self._store, work)

    async def of_scope(
        self, caller: Caller, scope: Scope, first: int, after: str | None
    ) -> Page[Gate]:
        """Return the gates of a scope, the newest first; its gatekeepers see them too.

        Raises NotSignedIn, NotAllowed and PageProblem.
        """
        caller.person()
        if not caller.holds(Role.GATEKEEPER, scope):
            required_right(caller, scope)
        found = await self._gates.of_scope(
            scope, _NEWEST_FIRST.values(after), checked_first(first) + 1
        )
        return _NEWEST_FIRST.page(
            found, first=first, after=after, values=lambda gate: (gate.added_at, gate.id)
        )

    async def bundle(self, caller: Caller, gate_id: str, secret: str) -> SignedBundle:
        """Return what an enrolled gate needs to decide without a network.

        Needs a gatekeeper of the gate and the gate's own secret. Raises NotSignedIn and GateNotFound.
        """
        gate = await self._rights.to_scan(caller, gate_id, is_late=False)
        if not hmac.compare_digest(_digest(secret), gate.secret_digest):
            raise GateNotFound
        return await self._bundling.bundle(gate)

    async def _check_place(self, place_id: str | None) -> None:
        if place_id is not None and place_id not in await self._places.places_known([place_id]):
            raise NoSuchPlace("placeId")

    async def _check_number(self, scope: Scope) -> None:
        there = await self._gates.of_scope(scope, None, GATES_OF_A_SCOPE_AT_MOST)
        if len(there) == GATES_OF_A_SCOPE_AT_MOST:
            raise TooManyGates("scopeId", most=GATES_OF_A_SCOPE_AT_MOST)

    def _new(self, new: NewGate, audience: Audience, person_id: str) -> Gate:
        gate_id = new_id()
        return Gate(
            id=gate_id,
            names=dict(new.names),
            scope=new.scope,
            audience=audience,
            place_id=new.place_id,
            position=new.position,
            policy=new.policy,
            added_at=self._clock(),
            added_by=person_id,
            secret_digest=_digest(self._secret(gate_id)),
        )

    def _secret(self, gate_id: str) -> str:
        return self._sealer.digest("secret of a gate", gate_id)

    async def _note(
        self, actor: str, action: str, subject: str, right: str, details: Details
    ) -> None:
        await self._audit.append(AuditEntry(actor, action, subject, right, details))


def _checked_audience(new: NewGate) -> Audience:
    audience = audience_for(new.scope)
    if audience is None:
        raise NoGateThere("scopeKind")
    names = new.names
    if (
        "vi" not in names
        or not all(map(_is_name, names.values()))
        or not set(names) <= {*AVAILABLE}
    ):
        raise GateNamesMissing("names", most=NAME_CHARACTERS_AT_MOST)
    if new.place_id is not None and not _PLACE_ID.fullmatch(new.place_id):
        raise InvalidGate("placeId")
    if not LIST_AGE_LEAST <= new.policy.max_age <= LIST_AGE_MOST:
        least, most = (int(age.total_seconds()) // 60 for age in (LIST_AGE_LEAST, LIST_AGE_MOST))
        raise WrongListAge("listMinutesAtMost", least=least, most=most)
    return audience


def _is_name(text: str) -> bool:
    return len(text) <= NAME_CHARACTERS_AT_MOST and _PLAIN.fullmatch(text) is not None


def _asked(new: NewGate) -> dict[str, Any]:
    position = new.position
    return {
        "names": dict(new.names),
        "scope": str(new.scope),
        "place": new.place_id,
        "position": [position.latitude, position.longitude] if position else None,
        "max_age": new.policy.max_age.total_seconds(),
        "rule": new.policy.rule.value,
    }


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
