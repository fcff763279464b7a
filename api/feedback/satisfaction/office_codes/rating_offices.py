"""Rating an office by the code at its desk: one a day for a device, and for each person it stands for."""

from dataclasses import dataclass
from typing import Any

from api.accounts.caller import Caller
from api.accounts.devices.service import DeviceService
from api.accounts.errors import DeviceNotFound
from api.feedback.reports.records import Reporter, ReporterKind
from api.feedback.reports.reporters import ShownDevice
from api.feedback.satisfaction.errors import OfficeCodeNotFound, RatedToday, TooManyRatings
from api.feedback.satisfaction.office_codes.office_code import OfficeCode, OfficeCodeProofs
from api.feedback.satisfaction.office_codes.repository import OfficeCodeRepository, RatingTurns
from api.feedback.satisfaction.offices import Offices
from api.feedback.satisfaction.rating import Said
from api.feedback.satisfaction.records import CHANGEABLE_FOR, RatedKind, Rating
from api.feedback.satisfaction.repository import RatingRepository
from api.feedback.satisfaction.tallies import TallyRepository
from api.kit.clock import Clock
from api.kit.formats import day_in_vietnam
from api.kit.idempotency import Idempotency, check_key
from api.kit.ids import new_id
from api.kit.limits import Allowance, Limits
from api.kit.request_refusals import TooManyRequests
from notifications.devices import Device

_DAY = 24 * 3600
BY_ONE_DEVICE = Allowance(10, _DAY)
"""Offices in a day."""
FROM_ONE_ADDRESS = Allowance(60, _DAY)
"""Of one office: whoever sits in its waiting room may share its network; a farm of devices ends here."""


@dataclass(frozen=True, slots=True, repr=False)
class Visitor:
    """Who stands at a desk: a registered device, and perhaps somebody who is signed in on it."""

    caller: Caller
    device: ShownDevice
    address: str
    language: str


class RatingOffices:
    def __init__(
        self,
        codes: OfficeCodeRepository,
        proofs: OfficeCodeProofs,
        turns: RatingTurns,
        ratings: RatingRepository,
        tallies: TallyRepository,
        offices: Offices,
        devices: DeviceService,
        limits: Limits,
        idempotency: Idempotency,
        clock: Clock,
    ) -> None:
        self._codes = codes
        self._proofs = proofs
        self._turns = turns
        self._ratings = ratings
        self._tallies = tallies
        self._offices = offices
        self._devices = devices
        self._limits = limits
        self._idempotency = idempotency
        self._clock = clock

    async def rate(self, visitor: Visitor, scanned: str, said: Said, key: str) -> Rating:
        """Rate the office of a code.

        Raises DeviceNotFound, OfficeCodeNotFound, RatedToday, TooManyRatings, OwnOffice, IdempotencyProblem
        and what `Said.opinion` raises.
        """
        check_key(key)
        device = await self._device(visitor.device)
        people = sorted({visitor.caller.person_id, device.person_id} - {None}, key=str)

        async def work() -> dict[str, Any]:
            code = await self._code(scanned)
            for person_id in filter(None, people):
                await self._offices.check_is_not_own(person_id, code.office)
            rating = self._rating(visitor, device, code, said)
            await self._take_turns(
                code, [f"device:{device.id}", *(f"person:{it}" for it in people)]
            )
            await self._count(device, visitor.address, code)
            await self._ratings.add(rating)
            await self._tallies.move(None, rating)
            return {"rating": rating.id}

        asked = {"code": scanned, **said.asked()}
        scope = f"rating device:{device.id}"
        result = await self._idempotency.once(scope, "rateOffice", key, asked, work)
        rating = await self._ratings.get(result["rating"])
        if rating is None:
            raise OfficeCodeNotFound
        return rating

    async def _device(self, shown: ShownDevice) -> Device:
        device = await self._devices.find(shown.id, shown.secret)
        if device is None or device.retired_at is not None:
            raise DeviceNotFound
        return device

    async def _code(self, scanned: str) -> OfficeCode:
        read = self._proofs.read(scanned)
        code = await self._codes.get(read.id) if read else None
        is_held = code is not None and code.revoked_at is None
        if read is None or code is None or not is_held or code.version != read.version:
            raise OfficeCodeNotFound
        return code

    async def _count(self, device: Device, address: str, code: OfficeCode) -> None:
        # After the turns, their own first: whoever is refused must not use up what others behind the address have.
        try:
            await self._limits.check("feedback.rate_offices", device.id, BY_ONE_DEVICE)
            if address:
                subject = f"{code.office} {address}"
                await self._limits.check("feedback.rate_office", subject, FROM_ONE_ADDRESS)
        except TooManyRequests as refused:
            raise TooManyRatings(refused.retry_after_seconds) from refused

    async def _take_turns(self, code: OfficeCode, everybody: list[str]) -> None:
        now = self._clock()
        for who in everybody:
            if not await self._turns.take(code.office, day_in_vietnam(now), who, now):
                raise RatedToday(days=CHANGEABLE_FOR.days)

    def _rating(self, visitor: Visitor, device: Device, code: OfficeCode, said: Said) -> Rating:
        now = self._clock()
        person_id = visitor.caller.person_id or device.person_id
        rater = (
            Reporter(ReporterKind.PERSON, person_id)
            if person_id
            else Reporter(ReporterKind.DEVICE, device.id)
        )
        return Rating(
            id=new_id(),
            kind=RatedKind.OFFICE,
            subject=code.id,
            office=code.office,
            rater=rater,
            dependant_id=None,
            language=visitor.language,
            asked_at=now,
            opinion=said.opinion(RatedKind.OFFICE),
            rated_at=now,
        )
