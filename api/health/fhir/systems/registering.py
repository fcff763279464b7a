"""Which system speaks for a facility: registered and revoked by whoever operates the product, and audited."""

from collections.abc import Sequence

from api.health.directory.facility import FacilityLibrary
from api.health.fhir.systems.errors import InvalidScopes, InvalidSystemName, SystemNotFound
from api.health.fhir.systems.key_sets import key_set_of
from api.health.fhir.systems.repository import HealthSystem, SystemRepository
from api.health.fhir.systems.scopes import ALL, scopes_of, text_of
from api.kit.audit_log import AuditEntry, AuditLog, Details
from api.kit.clock import Clock
from api.kit.ids import new_id
from api.kit.store import Store
from api.kit.transactions import transact

NAME_CHARACTERS_AT_MOST = 100
OPERATOR = "cli"
"""Who acts, and by which right, in the audit log."""


class SystemRegistry:
    def __init__(
        self,
        store: Store,
        systems: SystemRepository,
        library: FacilityLibrary,
        audit: AuditLog,
        clock: Clock,
    ) -> None:
        self._store = store
        self._systems = systems
        self._library = library
        self._audit = audit
        self._clock = clock

    async def add(
        self, facility_id: str, name: str, key_set: str, scopes: Sequence[str] = ()
    ) -> HealthSystem:
        """Register a system by its JSON Web Key Set; without `scopes` it may do whatever a system may.

        Raises FacilityNotFound, InvalidSystemName, InvalidKeySet, InvalidScopes.
        """
        facility = self._library.facility(facility_id)
        name = name.strip()
        if not 0 < len(name) <= NAME_CHARACTERS_AT_MOST or not name.isprintable():
            raise InvalidSystemName(most=NAME_CHARACTERS_AT_MOST)
        granted = scopes_of(scopes) if scopes else ALL
        if not granted:
            raise InvalidScopes
        keys = key_set_of(key_set)
        now = self._clock()
        system = HealthSystem(
            new_id(), facility.id, name, keys, text_of(granted), now, revoked_at=None
        )

        async def work() -> None:
            await self._systems.add(system)
            await self._note("fhir_system.add", system)

        await transact(self._store, work)
        return system

    async def all(self) -> list[HealthSystem]:
        """Return every system, revoked ones too, the oldest first."""
        return await self._systems.all()

    async def revoke(self, system_id: str) -> HealthSystem:
        """End a system at once, its access tokens too. Raises SystemNotFound, also for an ended one."""

        async def work() -> HealthSystem:
            system = await self._systems.revoke(system_id, self._clock())
            if system is None:
                raise SystemNotFound
            await self._note("fhir_system.revoke", system)
            return system

        return await transact(self._store, work)

    async def _note(self, action: str, system: HealthSystem) -> None:
        scope = self._library.facility(system.facility_id).scope
        details: Details = {
            "facility": str(scope),
            "scopes": system.scopes,
            "keys": len(system.keys),
        }
        await self._audit.append(AuditEntry(OPERATOR, action, system.id, OPERATOR, details))
