"""The reports of the authorization matrix: the owner's, at the desk of a commune."""

from dataclasses import dataclass

import httpx

from api.context import Services
from api.media.records import BlurBox
from tests.accounts.exporting import run_jobs
from tests.accounts.people import SignedInPerson, new_key
from tests.conftest import MovableClock
from tests.feedback.reporting import SA_PA_WARD, a_photo, do, fixed, in_progress, step, submitted


@dataclass(frozen=True, slots=True)
class FeedbackThings:
    """Codes of reports by their state; all but one are public. `proof_id`: a photo of the clerk's; `blurred_id`: one that
    proved a fix, and was blurred once.
    """

    received: str
    accepted: str
    in_progress: str
    private_fixed: str
    merged: str
    proof_id: str
    blurred_id: str


async def feedback_things(
    client: httpx.AsyncClient,
    services: Services,
    clock: MovableClock,
    *,
    reporter: SignedInPerson,
    clerk: SignedInPerson,
) -> FeedbackThings:
    """Let somebody report six times, and the clerk act."""
    now = clock().isoformat()
    received, accepted, going_on, private, lead, merged = [
        (
            await submitted(
                client,
                reporter,
                capturedAt=now,
                visibility="PRIVATE" if number == 3 else "PUBLIC",
            )
        )["code"]
        for number in range(6)
    ]
    await step(client, clerk, "AcceptReport", accepted, "RECEIVED")
    await in_progress(client, clerk, going_on)
    blurred_id = await fixed(client, services, clerk, private, clock)
    await services.media.blurring.blur(blurred_id, 0, [BlurBox(0.1, 0.1, 0.2, 0.2)])
    await run_jobs(services, clock)
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
    )
