"""The drafts of the authorization matrix: of the civil defence, in every state that a step needs."""

from dataclasses import dataclass, replace
from datetime import timedelta

from api.alerts.composing.draft import Content, Draft, Purpose
from api.alerts.composing.issuing import Seen
from api.alerts.relays.records import Relay, RelayKind, Target
from api.context import Services
from api.kit.geo import Position
from api.kit.ids import new_id
from notifications.preferences import WarningLevel
from tests.accounts.people import SignedInPerson, new_key
from tests.conftest import MovableClock

AGENCY_ID = "civil-defence"
CONFIRMATION = "Lũ quét"
_RING = ((22.30, 103.80), (22.30, 103.88), (22.38, 103.88), (22.30, 103.80))


@dataclass(frozen=True, slots=True)
class ComposingThings:
    """Drafts, and the id of a warning that was issued."""

    minor: Draft
    severe: Draft
    waiting: Draft
    alert_id: str
    expires: str
    relay_id: str


async def composing_things(
    services: Services, clock: MovableClock, *, author: SignedInPerson
) -> ComposingThings:
    """Let the author write three drafts and issue a fourth."""
    caller = await services.accounts.sessions.caller_of(author.tokens["accessToken"])
    composing = services.composing
    severe = Content(
        hazard="flash-flood",
        level="3",
        expires=clock() + timedelta(days=6),
        polygons=(tuple(Position(*corner) for corner in _RING),),
        slots={"rain": "120", "hours": "3"},
    )

    async def composed(content: Content) -> Draft:
        return await composing.drafting.compose(
            caller, AGENCY_ID, Purpose.ACTUAL, content, new_key()
        )

    minor = replace(severe, level="1")
    waiting = await composed(severe)
    issued = await composed(minor)
    return ComposingThings(
        minor=await composed(minor),
        severe=await composed(severe),
        waiting=await composing.issuing.submit(caller, _seen(waiting)),
        alert_id=str((await composing.issuing.issue(caller, _seen(issued))).alert_id),
        expires=severe.expires.isoformat(),
        relay_id=await _a_relay(services, clock),
    )


async def _a_relay(services: Services, clock: MovableClock) -> str:
    relay = Relay(
        new_id(), RelayKind.WEBHOOK, "Loa thôn", "03006", "vi", WarningLevel.SEVERE, clock()
    )
    target = Target("https://relay.example/hook", "secret-of-the-relay", "")
    await services.relays.repository.add(relay, target)
    return relay.id


def _seen(draft: Draft) -> Seen:
    return Seen(draft.agency_id, draft.id, draft.digest)
