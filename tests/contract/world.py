"""The people of the authorization matrix: somebody with things of her own, and everybody else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

import httpx

from api.accounts.caller import PROVINCE, Grant, Role, Scope, ScopeKind
from api.context import Services
from api.credentials.scans.repository import ScanRepository
from api.feedback.agencies.agency import PROVINCE_OFFICE
from api.health.schedules.records import Absence
from tests.accounts import phones
from tests.accounts.families import caller_of
from tests.accounts.people import (
    SignedInPerson,
    call,
    code_sent,
    grant,
    me,
    new_key,
    signed_in,
)
from tests.alerts.stays.staying import add_stay
from tests.conftest import MovableClock, send
from tests.contract.booking_world import BookingThings, booking_things
from tests.contract.channel_world import ChannelThings, channel_things
from tests.contract.composing_world import ComposingThings, composing_things
from tests.contract.condition_world import ConditionThings, condition_things
from tests.contract.feedback_world import FeedbackThings, feedback_things
from tests.contract.queue_world import QueueThings, queue_things
from tests.contract.record_world import RecordThings, record_things
from tests.contract.safety_world import SafetyThings, safety_things
from tests.contract.school_world import SchoolThings, school_things
from tests.contract.waiting_world import WaitingThings, waiting_things
from tests.credentials import cards
from tests.feedback.reporting import SA_PA_WARD
from tests.guide.narrations.narrating import a_narration
from tests.health.places import Clinic, a_clinic
from tests.media import uploading
from tests.media.picture_files import jpeg
from tests.students import school as schools
from tests.tourism.closures.ways_to_close import closed
from tests.tourism.editing.editors import a_draft, add, an_edited_place
from tests.tourism.editing.picturing import a_picture
from tests.tourism.events import events
from tests.tourism.reviews import reviewers
from tests.tourism.trails.walks import imported
from tests.tourist_cards import buyers
from tests.wallet import paying

HERE = Scope(ScopeKind.FACILITY, "bvdk-tinh-lao-cai")
ELSEWHERE = Scope(ScopeKind.FACILITY, "bvdk-tinh-yen-bai")
ABSENCE = Absence("an-absence-of-the-matrix", date(2026, 7, 1), date(2026, 7, 2), "")
AGENCY = Scope(ScopeKind.AGENCY, "civil-defence")
CABLE_CAR = Scope(ScopeKind.MERCHANT, "cable-car")
SCHOOL = Scope(ScopeKind.SCHOOL, schools.SCHOOL)
REPORT_DESK = Scope(ScopeKind.AGENCY, SA_PA_WARD)
OFFICE = Scope(ScopeKind.AGENCY, PROVINCE_OFFICE)
SCHOOL_ELSEWHERE = Scope(ScopeKind.SCHOOL, schools.ELSEWHERE)


class Actor(Enum):
    """Who calls. All but ANONYMOUS are signed in."""

    ANONYMOUS = auto()
    OWNER = auto()
    STRANGER = auto()
    CLERK_HERE = auto()
    CLERK_ELSEWHERE = auto()
    ALERT_AUTHOR = auto()
    ALERT_APPROVER = auto()
    MERCHANT = auto()
    GATEKEEPER_HERE = auto()
    GATEKEEPER_ELSEWHERE = auto()
    CONTENT_EDITOR = auto()
    MODERATOR = auto()
    AUDITOR = auto()
    ADMINISTRATOR = auto()
    SCHOOL_CLERK = auto()
    SCHOOL_CLERK_ELSEWHERE = auto()
    SCHOOL_GATEKEEPER = auto()
    REPORT_CLERK = auto()
    """Of the agency that has the owner's reports."""
    RESCUER = auto()
    """Of the rescue desk of the province."""
    OFFICE_CLERK = auto()
    """Of the province's office, which watches over the channels."""
    OTHER_GUARDIAN = auto()
    """Of another pupil of the school whose pupil rows name; the owner is that one's guardian."""


GRANTS = {
    Actor.CLERK_HERE: Grant(Role.CLERK, HERE),
    Actor.CLERK_ELSEWHERE: Grant(Role.CLERK, ELSEWHERE),
    Actor.ALERT_AUTHOR: Grant(Role.ALERT_AUTHOR, AGENCY),
    Actor.ALERT_APPROVER: Grant(Role.ALERT_APPROVER, AGENCY),
    Actor.MERCHANT: Grant(Role.MERCHANT, CABLE_CAR),
    Actor.GATEKEEPER_HERE: Grant(Role.GATEKEEPER, HERE),
    Actor.GATEKEEPER_ELSEWHERE: Grant(Role.GATEKEEPER, ELSEWHERE),
    Actor.CONTENT_EDITOR: Grant(Role.CONTENT_EDITOR, PROVINCE),
    Actor.MODERATOR: Grant(Role.MODERATOR, PROVINCE),
    Actor.AUDITOR: Grant(Role.AUDITOR, PROVINCE),
    Actor.ADMINISTRATOR: Grant(Role.ADMINISTRATOR, PROVINCE),
    Actor.SCHOOL_CLERK: Grant(Role.CLERK, SCHOOL),
    Actor.SCHOOL_CLERK_ELSEWHERE: Grant(Role.CLERK, SCHOOL_ELSEWHERE),
    Actor.SCHOOL_GATEKEEPER: Grant(Role.GATEKEEPER, SCHOOL),
    Actor.REPORT_CLERK: Grant(Role.CLERK, REPORT_DESK),
    Actor.RESCUER: Grant(Role.CLERK, Scope(ScopeKind.AGENCY, "rescue")),
    Actor.OFFICE_CLERK: Grant(Role.CLERK, OFFICE),
}


CHARGED, LEFT_IN_WALLET = 20_000, 180_000


@dataclass(slots=True)
class World:
    """`people` by actor; the rest are the owner's things, and what rows need besides."""

    people: Mapping[Actor, SignedInPerson]
    device_id: str
    other_session_id: str
    second_address_id: str
    address_code_id: str
    address_code: str
    free_device: Mapping[str, str]
    dependant_id: str
    export_id: str
    invitation_id: str
    clerk_id: str
    closure_id: str
    trail_id: str
    place_id: str
    """Of a place of two versions."""
    draft_id: str
    media_id: str
    review_id: str
    """Of the owner's review, which was refused."""
    waiting_review_id: str
    shown_review_id: str
    """Of the deputy's."""
    picture_id: str
    """Of a published picture of a place."""
    sound_id: str
    """Of a recording of the editor's, which tells SPOKEN already."""
    event_id: str
    """Of an event that begins on FIRST_DAY."""
    stay_id: str
    """Of the owner's."""
    card_id: str
    """Of a tourist pass of the owner's, which is on no phone."""
    gate_id: str
    """Of a gate HERE."""
    gate_secret: str
    shown: str
    """What a phone shows at this moment."""
    flag_id: str
    product_id: str
    """Of a tourist card that costs nothing."""
    pass_id: str
    """Of the owner's, unused."""
    offer_code: str
    """Of a pass that the deputy gives away."""
    wallet_id: str
    """Of the owner's wallet, with LEFT_IN_WALLET in it."""
    charge_id: str
    paid_charge_id: str
    """Of one that the owner paid."""
    payment_id: str
    school: SchoolThings
    feedback: FeedbackThings
    safety: SafetyThings
    channels: ChannelThings
    waiting: WaitingThings
    clinic: Clinic
    """Of the facility HERE; ABSENCE is in its schedule."""
    queue: QueueThings
    record: RecordThings
    booking: BookingThings
    conditions: ConditionThings
    composing: ComposingThings

    def headers(self, actor: Actor) -> dict[str, str] | None:
        return None if actor is Actor.ANONYMOUS else self.people[actor].headers


async def a_world(client: httpx.AsyncClient, services: Services, clock: MovableClock) -> World:
    """Let everybody sign in, and give the owner two sessions, two addresses and a device."""
    people: dict[Actor, SignedInPerson] = {
        actor: await signed_in(client, services, f"{actor.name.lower()}@example.com")
        for actor in Actor
        if actor is not Actor.ANONYMOUS
    }
    for actor, held in GRANTS.items():
        await grant(services, people[actor], held)
    # The last administrator may do less than others.
    deputy = await signed_in(client, services, "deputy@example.com")
    await grant(services, deputy, GRANTS[Actor.ADMINISTRATOR])
    owner = people[Actor.OWNER]
    second = await _code_for(client, services, owner, "second@example.com")
    await call(client, "AddAddress", {**second, "idempotencyKey": new_key()}, owner)
    clock.advance(minutes=2)
    elsewhere = await signed_in(client, services, owner.address, app="Elsewhere")
    mine = await me(client, owner)
    assert mine is not None
    third = await _code_for(client, services, owner, "third@example.com")
    owned = await _device(client, "owned")
    await call(client, "LinkDevice", {**owned, "idempotencyKey": new_key()}, owner)
    clerk = await services.accounts.sessions.caller_of(
        people[Actor.CLERK_HERE].tokens["accessToken"]
    )
    editor = people[Actor.CONTENT_EDITOR]
    place_id = await an_edited_place(client, editor)
    moderator = people[Actor.MODERATOR]
    review_id = await reviewers.written(client, owner, place_id)
    await reviewers.refuse(client, moderator, review_id)
    elsewhere_id = str((await add(client, editor))["place"]["id"])
    owner_id = (await services.accounts.sessions.caller_of(owner.tokens["accessToken"])).person()
    card = await cards.a_card(
        services.credentials,
        holder=owner_id,
        valid_from=clock() - timedelta(hours=1),
        valid_until=clock() + timedelta(days=2),
    )
    _, phone = await cards.a_phone(services.credentials)
    gate, gate_secret = await cards.a_gate_with_secret(services.credentials, HERE)
    await cards.told(services.credentials, gate, cards.a_scan("a forgery", at=clock()))
    (flag,) = await ScanRepository(services.store).flags_of(gate.id, None, 1, is_open=True)
    dependant_id = await _parent(client, owner)
    return World(
        people=people,
        device_id=owned["id"],
        other_session_id=elsewhere.tokens["refreshToken"].split(".")[0],
        second_address_id=mine["addresses"][1]["id"],
        address_code_id=third["codeId"],
        address_code=third["code"],
        free_device=await _device(client, "free"),
        dependant_id=dependant_id,
        export_id=(await call(client, "ExportMyData", person=owner))["export"]["id"],
        invitation_id=await _invitation(client, people[Actor.ADMINISTRATOR], owner.address),
        clerk_id=clerk.person(),
        closure_id=await _closure(client, people[Actor.CONTENT_EDITOR]),
        trail_id=await _trail(client, people[Actor.CONTENT_EDITOR]),
        place_id=place_id,
        draft_id=await a_draft(client, editor, place_id, {"altitude": 1_700}),
        media_id=await _arrived_media(client, owner),
        review_id=review_id,
        waiting_review_id=await reviewers.written(client, deputy, elsewhere_id),
        shown_review_id=await reviewers.approved(client, deputy, moderator, place_id),
        picture_id=await a_picture(client, services, editor, elsewhere_id),
        sound_id=await a_narration(client, services, editor),
        event_id=(await events.add(client, editor))["event"]["id"],
        stay_id=(await add_stay(client, owner))["stay"]["id"],
        card_id=card.id,
        gate_id=gate.id,
        gate_secret=gate_secret,
        shown=phone.shows(clock()),
        flag_id=flag.id,
        **await _payments(client, people),
        **await _passes(client, services, owner, deputy),
        school=await school_things(
            client,
            services,
            clock,
            clerk=people[Actor.SCHOOL_CLERK],
            clerk_there=people[Actor.SCHOOL_CLERK_ELSEWHERE],
            guardian=people[Actor.OWNER],
            other=people[Actor.OTHER_GUARDIAN],
        ),
        feedback=await feedback_things(
            client,
            services,
            clock,
            reporter=owner,
            clerk=people[Actor.REPORT_CLERK],
        ),
        safety=await safety_things(client, services, clock, owner),
        channels=await channel_things(
            services, await caller_of(services, people[Actor.OFFICE_CLERK])
        ),
        waiting=await waiting_things(
            services, clock, HERE.id, owner=owner, dependant_id=dependant_id
        ),
        clinic=await a_clinic(services.store, HERE.id, absences=[ABSENCE]),
        queue=await queue_things(services, clock, HERE.id, owner),
        record=await record_things(
            client,
            services,
            owner=owner,
            dependant_id=dependant_id,
            clerk=people[Actor.CLERK_HERE],
            facility_id=HERE.id,
        ),
        booking=await booking_things(client, services, owner, dependant_id),
        conditions=await condition_things(
            services, AGENCY, REPORT_DESK, await caller_of(services, owner), clock()
        ),
        composing=await composing_things(services, clock, author=people[Actor.ALERT_AUTHOR]),
    )


async def _payments(
    client: httpx.AsyncClient, people: Mapping[Actor, SignedInPerson]
) -> dict[str, str]:
    """Let the owner pay in at the counter here, pay the merchant once, and be asked once more."""
    owner, merchant = people[Actor.OWNER], people[Actor.MERCHANT]
    paid_in = CHARGED + LEFT_IN_WALLET
    await paying.cash_in(client, people[Actor.CLERK_HERE], owner, paid_in, HERE)
    first, second = [await paying.charged(client, merchant, CHARGED, CABLE_CAR) for _ in range(2)]
    confirmed = await paying.confirm(client, owner, first)
    return {
        "wallet_id": (await paying.wallet_of(client, owner))["id"],
        "charge_id": second["id"],
        "paid_charge_id": first["id"],
        "payment_id": confirmed["charge"]["paymentId"],
    }


async def _passes(
    client: httpx.AsyncClient, services: Services, owner: SignedInPerson, giver: SignedInPerson
) -> dict[str, str]:
    """Let the owner hold a pass, and somebody give another away."""
    product = await buyers.a_product(services, price=0)
    (held,) = await buyers.bought(client, owner, product)
    (given,) = await buyers.bought(client, giver, product)
    offer = {"passId": given["id"], "idempotencyKey": new_key()}
    offered = await buyers.do(client, giver, "OfferPass", offer)
    return {
        "product_id": product.id,
        "pass_id": held["id"],
        "offer_code": offered["offerCode"],
    }


async def _arrived_media(client: httpx.AsyncClient, owner: SignedInPerson) -> str:
    """Return the id of a photo whose bytes have come, and are not said to be complete."""
    requested = await uploading.request(client, owner)
    await uploading.put(client, requested["upload"]["url"], jpeg())
    media_id: str = requested["media"]["id"]
    return media_id


async def _device(client: httpx.AsyncClient, name: str) -> dict[str, str]:
    registered = await phones.register(client, new_key(), registration=f"fcm-registration-{name}")
    return {"id": registered["device"]["id"], "secret": registered["secret"]}


async def _parent(client: httpx.AsyncClient, owner: SignedInPerson) -> str:
    """Return the id of somebody with a passport for whom the owner acts."""
    # Worlds of one test share the owner, who may act for a few only.
    mine = await send(client, "accounts/MyDependants", headers=owner.headers)
    for earlier in mine["me"]["dependants"]:
        await call(client, "RemoveDependant", {"id": earlier["id"]}, owner)
    parent = {"name": "Lý Văn Sơn", "bornOn": "1960-02-03", "relation": "PARENT"}
    added = await call(client, "AddDependant", {**parent, "idempotencyKey": new_key()}, owner)
    dependant_id: str = added["dependant"]["id"]
    consent = {
        "purpose": "IDENTITY_PAPERS",
        "version": 1,
        "language": "vi",
        "dependantAgrees": True,
    }
    for subject in (None, dependant_id):
        given = {**consent, "dependantId": subject, "idempotencyKey": new_key()}
        result = await call(client, "GiveConsent", given, owner)
        assert result["__typename"] == "GiveConsentSuccess", result
        paper = {"subjectId": subject, "kind": "PASSPORT", "number": "E12345678"}
        await call(client, "PutIdentityPaper", paper, owner)
    return dependant_id


async def _invitation(client: httpx.AsyncClient, inviter: SignedInPerson, address: str) -> str:
    values = {"address": address, "role": "AUDITOR", "scopeKind": "PROVINCE"}
    result = await call(client, "InviteStaff", {**values, "idempotencyKey": new_key()}, inviter)
    invitation_id: str = result["invitation"]["id"]
    return invitation_id


async def _closure(client: httpx.AsyncClient, editor: SignedInPerson) -> str:
    """Return the id of a closure of a road."""
    return str((await closed(client, editor, wayId="QL32"))["id"])


async def _trail(client: httpx.AsyncClient, editor: SignedInPerson) -> str:
    return str((await imported(client, editor))["id"])


async def _code_for(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson, address: str
) -> dict[str, str]:
    values = {"address": address, "idempotencyKey": new_key()}
    result = await call(client, "RequestAddressCode", values, person)
    code_id = result["sentCode"]["id"]
    return {"codeId": code_id, "code": await code_sent(services, code_id)}
