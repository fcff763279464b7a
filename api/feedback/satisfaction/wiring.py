"""Builds what is asked, counted and published of satisfaction."""

from dataclasses import dataclass

from api.accounts.devices.service import DeviceService
from api.feedback.agencies.agency import AgencyLibrary
from api.feedback.following.followers import FollowerRepository
from api.feedback.following.telling import Senders
from api.feedback.reports.reporters import Reporters
from api.feedback.reports.repository import ReportRepository
from api.feedback.satisfaction.desk.keeping_codes import KeepingCodes
from api.feedback.satisfaction.desk.reading import OfficeReading
from api.feedback.satisfaction.inviting import Inviting
from api.feedback.satisfaction.office_codes.office_code import OfficeCodeProofs
from api.feedback.satisfaction.office_codes.rating_offices import RatingOffices
from api.feedback.satisfaction.office_codes.repository import (
    OFFICE_CODES,
    RATING_TURNS,
    OfficeCodeRepository,
    RatingTurns,
)
from api.feedback.satisfaction.offices import Institutions, Offices
from api.feedback.satisfaction.personal_data import RatingData
from api.feedback.satisfaction.rating import GivingRatings
from api.feedback.satisfaction.recounting import Recounting
from api.feedback.satisfaction.repository import RATINGS, RatingRepository
from api.feedback.satisfaction.results.publishing import Publishing
from api.feedback.satisfaction.tallies import TALLIES, TallyRepository
from api.feedback.satisfaction.tickets import RatingTickets
from api.foundations import Foundations
from api.kit.clock import Clock
from api.kit.jobs import Handler
from api.kit.resealing import Resealed

SATISFACTION_COLLECTIONS = (RATINGS, TALLIES, OFFICE_CODES, RATING_TURNS)


@dataclass(frozen=True, slots=True)
class SatisfactionBelow:
    """What it stands on of the rest of the slice, and of lower floors."""

    devices: DeviceService
    agencies: AgencyLibrary
    institutions: Institutions
    reports: ReportRepository
    followers: FollowerRepository
    reporters: Reporters
    senders: Senders


@dataclass(frozen=True, slots=True)
class SatisfactionServices:
    """`inviting`: also for slices that tell of what has ended; `data`: what is kept of people."""

    offices: Offices
    inviting: Inviting
    tickets: RatingTickets
    giving: GivingRatings
    proofs: OfficeCodeProofs
    rating_offices: RatingOffices
    keeping_codes: KeepingCodes
    reading: OfficeReading
    publishing: Publishing
    recounting: Recounting
    data: RatingData
    resealed: tuple[Resealed, ...]
    clock: Clock

    def handlers(self) -> dict[str, Handler]:
        return self.inviting.handlers()


class _Parts:
    """What the services share, each once."""

    def __init__(self, on: Foundations, below: SatisfactionBelow) -> None:
        self.ratings = RatingRepository(on.store, on.sealer)
        self.tallies = TallyRepository(on.store)
        self.offices = Offices(on.store, below.agencies, below.institutions)
        self.codes = OfficeCodeRepository(on.store)
        self.proofs = OfficeCodeProofs(on.sealer)
        self.tickets = RatingTickets(on.sealer, on.public_url.rstrip("/"))


def satisfaction_on(on: Foundations, below: SatisfactionBelow) -> SatisfactionServices:
    """Build the services."""
    store, clock, parts = on.store, on.clock, _Parts(on, below)
    ratings, tallies, offices = parts.ratings, parts.tallies, parts.offices
    return SatisfactionServices(
        offices=offices,
        inviting=_inviting(on, below, parts),
        tickets=parts.tickets,
        giving=GivingRatings(
            store,
            ratings,
            tallies,
            offices,
            below.reporters,
            parts.tickets,
            on.idempotency,
            clock,
        ),
        proofs=parts.proofs,
        rating_offices=_rating_offices(on, below, parts),
        keeping_codes=KeepingCodes(parts.codes, offices, on.audit, on.idempotency, clock),
        reading=OfficeReading(ratings, offices, on.sealer, on.audit, clock),
        publishing=Publishing(tallies, clock),
        recounting=Recounting(store, ratings, tallies, clock),
        data=RatingData(store, ratings),
        resealed=(ratings,),
        clock=clock,
    )


def _inviting(on: Foundations, below: SatisfactionBelow, parts: _Parts) -> Inviting:
    return Inviting(
        on.store,
        parts.ratings,
        below.reports,
        below.followers,
        parts.offices,
        parts.tickets,
        below.senders,
        on.jobs,
        on.clock,
    )


def _rating_offices(on: Foundations, below: SatisfactionBelow, parts: _Parts) -> RatingOffices:
    return RatingOffices(
        parts.codes,
        parts.proofs,
        RatingTurns(on.store),
        parts.ratings,
        parts.tallies,
        parts.offices,
        below.devices,
        on.limits,
        on.idempotency,
        on.clock,
    )
