"""What is kept of people and their dependants, to be handed over and to be forgotten (PersonalData)."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from api.accounts.identity_papers.repository import IdentityPaper, IdentityPaperRepository
from api.accounts.people.dependant_repository import Dependant, DependantRepository
from api.accounts.people.repository import AccountRepository, Profile
from api.kit.errors import N_
from api.kit.personal_data import PersonalData
from api.kit.store import Store
from api.kit.transactions import transact
from notifications.device_repository import DeviceRepository
from notifications.devices import Device, ExactPosition


class ProfileData:
    """The account stays, empty, until whoever erases it removes it last."""

    name = "profile"
    explanation = N_("What you told of yourself: name, birth date, language and what you need.")

    def __init__(self, accounts: AccountRepository) -> None:
        self._accounts = accounts

    async def held_of(self, person_id: str) -> dict[str, Any] | None:
        account = await self._accounts.get(person_id)
        if account is None:
            return None
        born_on = account.profile.born_on
        return {
            "id": account.id,
            "name": account.profile.name,
            "bornOn": born_on and born_on.isoformat(),
            "language": account.language,
            "needs": [need.name for need in sorted(account.profile.needs)],
            "roles": sorted(map(str, account.grants)),
            "createdAt": _text(account.created_at),
        }

    async def erase(self, person_id: str) -> None:
        while account := await self._accounts.get(person_id):
            if account.profile == Profile():
                return
            if await self._accounts.replace(replace(account, profile=Profile())):
                return


class DependantsData:
    name = "dependants"
    explanation = N_("Those for whom you act, as you described them.")

    def __init__(
        self, store: Store, accounts: AccountRepository, dependants: DependantRepository
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._dependants = dependants

    async def held_of(self, person_id: str) -> list[dict[str, Any]]:
        return list(map(_dependant, await self._dependants.all_of(person_id)))

    async def erase(self, person_id: str) -> None:
        async def work() -> None:
            removed = await self._dependants.remove_all(person_id)
            await self._accounts.discount_dependants(person_id, removed)

        await transact(self._store, work)


class IdentityPapersData:
    name = "identity-papers"
    explanation = N_("Numbers of identity papers, yours and of those for whom you act.")

    def __init__(self, papers: IdentityPaperRepository) -> None:
        self._papers = papers

    async def held_of(self, person_id: str) -> list[dict[str, Any]]:
        return list(map(_paper, await self._papers.all_of(person_id)))

    async def erase(self, person_id: str) -> None:
        await self._papers.remove_all(person_id)


class DevicesData:
    """Linked devices. Registrations stay out of what is handed over: whoever has one is the device."""

    name = "devices"
    explanation = N_("Devices on which you are signed in.")

    def __init__(self, devices: DeviceRepository) -> None:
        self._devices = devices

    async def held_of(self, person_id: str) -> list[dict[str, Any]]:
        return list(map(_device, await self._devices.linked(person_id)))

    async def erase(self, person_id: str) -> None:
        await self._devices.remove_linked(person_id)


def holders_of_people(
    store: Store,
    accounts: AccountRepository,
    dependants: DependantRepository,
    papers: IdentityPaperRepository,
    devices: DeviceRepository,
) -> tuple[PersonalData, ...]:
    """Return the holders, to be erased in this order: a paper may come as long as its subject is there."""
    return (
        DependantsData(store, accounts, dependants),
        ProfileData(accounts),
        IdentityPapersData(papers),
        DevicesData(devices),
    )


def _dependant(dependant: Dependant) -> dict[str, Any]:
    return {
        "id": dependant.id,
        "name": dependant.name,
        "bornOn": dependant.born_on.isoformat(),
        "relation": dependant.relation.name,
        "needs": [need.name for need in sorted(dependant.needs)],
        "createdAt": _text(dependant.created_at),
    }


def _paper(paper: IdentityPaper) -> dict[str, Any]:
    return {
        "subjectId": paper.subject_id,
        "kind": paper.number.kind.name,
        "number": paper.number.value,
        "registeredAt": _text(paper.registered_at),
    }


def _device(device: Device) -> dict[str, Any]:
    profile, quiet = device.profile, device.profile.quiet_hours
    position = profile.position
    return {
        "id": device.id,
        "platform": profile.platform.name,
        "language": profile.language,
        "quietHours": quiet
        and {
            "start": quiet.start.isoformat("minutes"),
            "end": quiet.end.isoformat("minutes"),
            "timeZone": quiet.time_zone,
        },
        "homeCommunes": sorted(profile.home_communes),
        "position": position and {"cell": position.cell, "observedAt": _text(position.observed_at)},
        "exactPosition": profile.exact and _exact(profile.exact),
        "mutedHazards": sorted(kind.name for kind in profile.preferences.muted),
        "leastLevel": profile.preferences.least.name,
        "createdAt": _text(device.created_at),
        "updatedAt": _text(device.updated_at),
    }


def _exact(exact: ExactPosition) -> dict[str, Any]:
    return {
        "latitude": exact.position.latitude,
        "longitude": exact.position.longitude,
        "accuracy": exact.accuracy_metres,
        "observedAt": _text(exact.observed_at),
    }


def _text(moment: datetime) -> str:
    return moment.isoformat()
