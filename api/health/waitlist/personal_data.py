"""For what a person waits and waited, to be handed over and to be forgotten."""

from typing import Any

from api.accounts.people.repository import AccountRepository
from api.accounts.privacy.purposes import ConsentPurpose
from api.health.waitlist.repository import WaitlistRepository
from api.health.waitlist.wish import Wish
from api.kit.errors import N_


class WaitlistData:
    """PersonalData, and RestsOnConsent. Offered places go with the appointments that hold them."""

    name = "health-waitlist"
    explanation = N_("For which places at hospitals and clinics you wait, or waited.")

    def __init__(self, waitlist: WaitlistRepository, accounts: AccountRepository) -> None:
        self._waitlist = waitlist
        self._accounts = accounts

    async def held_of(self, person_id: str) -> list[dict[str, Any]]:
        return list(map(_told, await self._waitlist.of_person(person_id)))

    async def erase(self, person_id: str) -> None:
        await self._waitlist.remove_of_person(person_id)

    async def consent_withdrawn(
        self, person_id: str, subject_id: str | None, purpose: ConsentPurpose
    ) -> None:
        """Wait no more for whom health data may not be used; joins the open transaction."""
        if purpose is not ConsentPurpose.HEALTH:
            return
        # Whoever joins holds the account too, so none can come in beside this.
        await self._accounts.hold(person_id)
        await self._waitlist.remove_of_patient(person_id, subject_id)

    async def dependant_removed(self, person_id: str, dependant_id: str) -> None:
        """Wait for them no more; joins the open transaction (KeepsOfDependants)."""
        await self._waitlist.remove_of_patient(person_id, dependant_id)


def _told(wish: Wish) -> dict[str, Any]:
    return {
        "id": wish.id,
        "dependant": wish.dependant_id,
        "facility": wish.facility_id,
        "specialty": wish.specialty,
        "service": wish.service_id,
        "first": wish.first.isoformat(),
        "last": wish.last.isoformat(),
        "partOfDay": wish.part_of_day.name,
        "language": wish.language,
        "state": wish.state.name,
        "joinedAt": wish.joined_at.isoformat(),
        "missedOffers": wish.missed,
    }
