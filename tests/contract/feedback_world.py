"""The reports of the authorization matrix: the owner's, at the desk of a commune."""

from dataclasses import dataclass

import httpx

from api.accounts.caller import Scope, ScopeKind
from api.context import Services
from api.feedback.life.closing import RATE
from api.feedback.reports.code import code_of
from api.media.blurring.service import BLUR_PHOTO
from api.media.records import BlurBox
from tests.accounts.families import caller_of
from tests.accounts.people import SignedInPerson, new_key
from tests.conftest import MovableClock
from tests.feedback.reporting import SA_PA_WARD, a_photo, do, fixed, in_progress, step, submitted


@dataclass(frozen=True, slots=True)
class FeedbackThings:
    """Codes of reports by their state; all but one are public. `proof_id`: a photo of the clerk's.

    `rating_id`: what the reporter may rate; `office_code_id`: of a code at the clerk's desk;
    `blurred_id`: a photo that proved a fix, and was blurred once.
    """

    received: str
    accepted: str
    in_progress: str
    private_fixed: str
    merged: str
    proof_id: str
    blurred_id: str
    rating_id: str
    office_code_id: str


async def feedback_things(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    *,
    reporter: SignedInPerson,
    clerk: SignedInPerson,
) -> FeedbackThings:
    """Let somebody report seven times, and the clerk act."""
    now = clock().isoformat()
    received, accepted, going_on, private, lead, merged, refused = [
        (
            await submitted(
                client,
                reporter,
                capturedAt=now,
                visibility="PRIVATE" if number == 3 else "PUBLIC",
            )
        )["code"]
        for number in range(7)
    ]
    await step(client, clerk, "AcceptReport", accepted, "RECEIVED")
    await in_progress(client, clerk, going_on)
    blurred_id = await fixed(client, services, clerk, private, clock)
    await services.media.blurring.blur(blurred_id, 0, [BlurBox(0.1, 0.1, 0.2, 0.2)])
    await services.media.handlers()[BLUR_PHOTO]({"media": blurred_id, "version": 1})
    joined = {"agencyId": SA_PA_WARD, "leadCode": lead, "codes": [merged]}
    merging = await do(client, "MergeReports", {**joined, "idempotencyKey": new_key()}, clerk)
    assert merging["__typename"] == "MergeReportsSuccess", merging
    return FeedbackThings(
        received=received,
        accepted=accepted,
        in_progress=going_on,
        private_fixed=private,
        merged=merged,
        blurred_id=blurred_id,
        proof_id=await a_photo(client, services, clerk, clock),
        rating_id=await _asked_to_rate(client, services, reporter, clerk, refused),
        office_code_id=await _office_code(services, clerk),
    )


async def _asked_to_rate(
    client: httpx.AsyncClient,
    services: Services,
    reporter: SignedInPerson,
    clerk: SignedInPerson,
    code: str,
) -> str:
    """Refuse a report, and return the id of what its reporter may rate."""
    said = {"reason": "NOT_OURS", "words": "Không thuộc thẩm quyền.", "language": "vi"}
    await step(client, clerk, "RefuseReport", code, "RECEIVED", **said)
    report = await services.feedback.reports.coded(code_of(code) or "")
    assert report is not None
    satisfaction = services.feedback.satisfaction
    await satisfaction.inviting.handlers()[RATE]({"report": report.id})
    page = await satisfaction.giving.mine(await caller_of(services, reporter), None, 1, None)
    (rating,) = page.items
    return rating.id


async def _office_code(services: Services, clerk: SignedInPerson) -> str:
    keeping, caller = services.feedback.satisfaction.keeping_codes, await caller_of(services, clerk)
    office = Scope(ScopeKind.AGENCY, SA_PA_WARD)
    return (await keeping.create(caller, office, "Quầy 1", new_key())).id
