"""What a person does with stays: says where and when, looks at them, takes one back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from api.accounts.caller import Caller
from api.accounts.errors import NotFound, NotSignedIn
from api.accounts.people.repository import AccountRepository
from api.alerts.bulletins import Communes
from api.alerts.stays.errors import InvalidStay, StayConsentMissing, TooManyStays
from api.alerts.stays.records import Stay
from api.alerts.stays.repository import StayRepository
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency
from api.kit.ids import new_id

STAYS_AT_MOST = 20
DAYS_AT_MOST = 90
_AHEAD_AT_MOST = timedelta(days=365)


class PlaceThere(Protocol):
    @property
    def commune_code(self) -> str | None: ...


class Places(Protocol):
    """Which places there are: PlaceService, in the product."""

    async def places_known(self, place_ids: Collection[str]) -> Mapping[str, PlaceThere]: ...


@dataclass(frozen=True, slots=True, repr=False)
class NewStay:
    """A stay as it came. `has_agreed`: to have it kept, and to be warned there."""

    commune_code: str | None
    place_id: str | None
    first_day: date
    last_day: date
    has_agreed: bool

    def asked(self) -> dict[str, Any]:
        """Return what makes two requests the same."""
        return {
            "commune": self.commune_code,
            "place": self.place_id,
            "first": self.first_day.isoformat(),
            "last": self.last_day.isoformat(),
        }


class DeclaringStays:
    def __init__(
        self,
        stays: StayRepository,
        accounts: AccountRepository,
        communes: Communes,
        places: Places,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._stays = stays
        self._accounts = accounts
        self._communes = communes
        self._places = places
        self._idempotency = idempotency
        self._clock = clock

    async def of(self, caller: Caller) -> list[Stay]:
        """Return the caller's stays that have not ended, the next one first. Raises NotSignedIn."""
        return await self._stays.of(caller.person(), self._clock())

    async def add(self, caller: Caller, new: NewStay, key: str) -> Stay:
        """Keep a stay.

        Raises NotSignedIn, StayConsentMissing, InvalidStay, TooManyStays, IdempotencyProblem, and NotFound
        for a repeated call after the stay was removed or has ended.
        """
        person_id = caller.person()
        if not new.has_agreed:
            raise StayConsentMissing
        # Looked up before: each step of a transaction keeps others waiting.
        commune_code = await self._commune_of(new)
        result = await self._idempotency.once(
            person_id, "addStay", key, new.asked(), lambda: self._keep(person_id, commune_code, new)
        )
        stay = await self._stays.get(result["stay"])
        if stay is None:
            raise NotFound
        return stay

    async def remove(self, caller: Caller, stay_id: str) -> None:
        """Forget a stay of the caller's; warnings for there come no more. Raises NotSignedIn, NotFound."""
        if not await self._stays.remove(caller.person(), stay_id):
            raise NotFound

    async def _keep(self, person_id: str, commune_code: str, new: NewStay) -> dict[str, Any]:
        # Also keeps two calls at once from being one too many together.
        if not await self._accounts.hold(person_id):
            raise NotSignedIn
        now = self._clock()
        stay = Stay(
            id=new_id(),
            person_id=person_id,
            commune_code=commune_code,
            place_id=new.place_id,
            first_day=new.first_day,
            last_day=new.last_day,
            declared_at=now,
        )
        _check_days(stay, day_in_vietnam(now))
        if await self._stays.count(person_id, now) >= STAYS_AT_MOST:
            raise TooManyStays(most=STAYS_AT_MOST)
        await self._stays.add(stay)
        return {"stay": stay.id}

    async def _commune_of(self, new: NewStay) -> str:
        """Return the code of the one commune that is named, or of the place's. Raises InvalidStay."""
        code = new.commune_code
        if new.place_id is not None:
            known = await self._places.places_known([new.place_id])
            place = known.get(new.place_id)
            code = place.commune_code if place and new.commune_code is None else None
        if code is None or code not in self._communes.codes:
            raise InvalidStay(most=DAYS_AT_MOST)
        return code


def _check_days(stay: Stay, today: date) -> None:
    is_in_order = stay.first_day <= stay.last_day < stay.first_day + timedelta(days=DAYS_AT_MOST)
    is_soon = stay.last_day >= today and stay.first_day <= today + _AHEAD_AT_MOST
    if not (is_in_order and is_soon):
        raise InvalidStay(most=DAYS_AT_MOST)
