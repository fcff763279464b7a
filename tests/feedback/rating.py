"""Ratings, offices and their clerks, as tests need them."""

from collections import Counter
from datetime import datetime
from typing import Any

import httpx

from api.accounts.caller import Caller, Grant, Role, Scope, ScopeKind
from api.accounts.people.repository import Account, AccountRepository, Profile
from api.context import Services
from api.feedback.reports.records import Reporter, ReporterKind
from api.feedback.reports.reporters import ShownDevice
from api.feedback.satisfaction.inviting import EndedVisit
from api.feedback.satisfaction.office_codes.office_code import OfficeCode
from api.feedback.satisfaction.office_codes.rating_offices import Visitor
from api.feedback.satisfaction.rating import Said
from api.feedback.satisfaction.records import Grade, RatedKind, Rating, Reason
from api.feedback.satisfaction.repository import rating_id
from api.feedback.satisfaction.tallies import TALLIES
from api.kit.ids import new_id
from tests.accounts.families import person_id_of
from tests.accounts.people import Answer, SignedInPerson, new_key
from tests.conftest import NOW
from tests.feedback.reporting import SA_PA_WARD, a_device, do

WARD = Scope(ScopeKind.AGENCY, SA_PA_WARD)
HOSPITAL = Scope(ScopeKind.FACILITY, "bvdk-khu-vuc-sa-pa")
LUNG_HOSPITAL = Scope(ScopeKind.FACILITY, "bv-phoi-yen-bai")


def said(
    grade: Grade = Grade.SATISFIED, *reasons: Reason, words: str | None = None, language: str = "vi"
) -> Said:
    return Said(grade, reasons, words, language)


async def a_person(services: Services, *grants: Grant) -> Caller:
    """Return somebody with an account and these roles."""
    held = frozenset(grants)
    account = Account(new_id(), "vi", Profile(name=None), held, NOW)
    await AccountRepository(services.store, services.sealer).add(account)
    return Caller(account.id, grants=held)


async def a_clerk_of(services: Services, office: Scope = WARD) -> Caller:
    return await a_person(services, Grant(Role.CLERK, office))


async def an_ended_visit(
    services: Services,
    caller: Caller,
    office: Scope = HOSPITAL,
    *,
    at: datetime = NOW,
    dependant_id: str | None = None,
    language: str = "vi",
) -> str:
    """Let a visit end as health tells of it, and return the id of its rating."""
    person_id, visit_id = caller.person(), new_id()
    visit = EndedVisit(visit_id, office, person_id, dependant_id, language, at)
    await services.feedback.satisfaction.inviting.visit_ended(visit)
    return rating_id(RatedKind.VISIT, visit_id, Reporter(ReporterKind.PERSON, person_id))


async def gives(
    services: Services, caller: Caller, rating: str, what: Said, key: str | None = None
) -> Rating:
    giving = services.feedback.satisfaction.giving
    return await giving.give(caller, None, rating, what, key or new_key())


async def has_rated(
    services: Services, grade: Grade, *reasons: Reason, office: Scope = HOSPITAL
) -> tuple[Caller, str]:
    """Let somebody new rate a visit; return who, and the id of the rating."""
    caller = await a_person(services)
    at = services.feedback.satisfaction.clock()
    rating = await an_ended_visit(services, caller, office, at=at)
    await gives(services, caller, rating, said(grade, *reasons))
    return caller, rating


async def a_code(services: Services, office: Scope = WARD, label: str = "Quầy 1") -> OfficeCode:
    clerk = await a_clerk_of(services, office)
    keeping = services.feedback.satisfaction.keeping_codes
    return await keeping.create(clerk, office, label, new_key())


async def an_office_code(services: Services) -> str:
    """Return what the QR code at a desk of the ward holds."""
    return services.feedback.satisfaction.proofs.text(await a_code(services))


async def scans(
    services: Services,
    device: Answer,
    scanned: str,
    what: Said,
    *,
    caller: Caller | None = None,
    address: str = "",
    key: str | None = None,
) -> Rating:
    """Let a device rate by a code."""
    shown = ShownDevice(device["id"], device["secret"])
    visitor = Visitor(caller or Caller(), shown, address, "vi")
    offices = services.feedback.satisfaction.rating_offices
    return await offices.rate(visitor, scanned, what, key or new_key())


async def devices(client: httpx.AsyncClient, count: int) -> list[Answer]:
    return [await a_device(client, f"waiting-{number}") for number in range(count)]


async def counts(services: Services) -> dict[str, Counter[str]]:
    """Return what every tally counts, by office, month and source."""
    found = await services.store[TALLIES].find({})
    return {
        f"{one['office']} {one['month']} {one['source']}": Counter(
            {
                "total": one["total"],
                **{
                    f"{part}.{name}": count
                    for part in ("grades", "praised", "criticised")
                    for name, count in one[part].items()
                    if count
                },
            }
        )
        for one in found
    }


async def visited(services: Services, person: SignedInPerson) -> str:
    """Return the id of what somebody who is signed in may rate."""
    return await an_ended_visit(services, Caller(await person_id_of(services, person)))


async def rated(
    client: httpx.AsyncClient,
    operation: str,
    person: SignedInPerson | None,
    **values: Any,  # noqa: ANN401
) -> Answer:
    """Send Rate or RateOffice and return the rating."""
    result = await do(client, operation, {"idempotencyKey": new_key(), **values}, person)
    assert result["__typename"] == f"{operation}Success", result
    rating: Answer = result["rating"]
    return rating
