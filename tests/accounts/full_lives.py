"""Somebody who has used everything there is, with the canaries' values."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx

from api.accounts.caller import Caller, Grant, Role
from api.context import Services
from api.kit.geo import Position
from api.kit.ids import new_id
from api.tourism.repository import TourismRepository
from api.tourism.reviews.archive import ReviewArchive
from api.tourism.reviews.records import Fault, ReviewContent
from api.tourism.reviews.transitions import approved, refused
from tests.accounts import canaries
from tests.accounts.canaries import CANARIES
from tests.accounts.exporting import run_jobs
from tests.accounts.families import a_dependant, put_paper
from tests.accounts.people import Answer, SignedInPerson, call, code_sent, new_key, signed_in
from tests.accounts.phones import credentials, register
from tests.accounts.test_consents import give, withdraw
from tests.alerts.messages import alert, area, circle, info
from tests.alerts.stays import staying
from tests.conftest import NOW, send
from tests.feedback import rating, reporting
from tests.health import booking, records
from tests.health.places import FACILITY, MONDAY, a_clinic
from tests.media import uploading
from tests.media.picture_files import exif, gradient, saved
from tests.safety import rescue
from tests.tourism.content import a_place
from tests.tourism.reviews import reviewers
from tests.tourist_cards import buyers
from tests.wallet import paying

FAR_OFF = area(circle("21.71,104.87 1"))
"""Where a warning reaches no phone of a full life."""

_LIKED = ReviewContent(1, 5, "Good.", "en", "2026-04", (), None, NOW)


def value(field: str) -> str:
    return CANARIES[field].value


async def a_full_life(client: httpx.AsyncClient, services: Services) -> SignedInPerson:
    """Return the person, after all of it."""
    person = await signed_in(client, services, canaries.PHONE, app=value("SignInInput.app"))
    await _addresses(client, services, person)
    for purpose in ("IDENTITY_PAPERS", "ACCESSIBILITY_NEEDS"):
        await give(client, person, purpose, language=value("GiveConsentInput.language"))
    await _people(client, person)
    await _reports(client, services, person)
    await _safety(client, services, person)
    await _ratings(client, services, person)
    await _phone(client, person)
    await _chat(client, services, person)
    await _reviews(client, services, person)
    await _media(client, services, person)
    await _wallet(client, services, person)
    await _followed_route(client, person)
    await _stay(client, person)
    await _health_record(client, services, person)
    await _appointments(client, services, person)
    await _waiting(client, services, person)
    await give(client, person, "PHOTOS", idempotencyKey=canaries.IDEMPOTENCY_KEY.value)
    return person


async def _safety(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    """Call for help, plan a trip, answer after a warning, and say to be safe."""
    where = {"latitude": 22.54, "longitude": 104.29}
    point = {
        "position": where,
        "accuracy": float(value("TrackPointInput.accuracy")),
        "battery": int(value("TrackPointInput.battery")),
        "capturedAt": value("TrackPointInput.capturedAt"),
    }
    key = {"idempotencyKey": canaries.IDEMPOTENCY_KEY.value}
    call = {name: value(f"RaiseSosInput.{name}") for name in ("code", "kind", "note")}
    called = await rescue.do(client, "RaiseSos", {**call, "point": point, **key}, person)
    moved = {"id": called["sos"]["id"], "point": point, **key}
    await rescue.do(client, "AddSosPosition", moved, person)
    trek = {
        **{name: value(f"PlanTrekInput.{name}") for name in ("title", "called", "dueAt")},
        **{name: int(value(f"PlanTrekInput.{name}")) for name in ("people", "graceMinutes")},
        "names": [value("PlanTrekInput.names")],
        "points": [where],
        "contacts": [{name: value(f"TrekContactInput.{name}") for name in ("name", "number")}],
        "contactsAgreed": True,
        **key,
    }
    planned = await rescue.do(client, "PlanTrek", trek, person)
    trek_id = planned["trek"]["id"]
    await rescue.do(client, "CheckInTrek", {"id": trek_id, "point": point, **key}, person)
    later = {"id": trek_id, "dueAt": value("ExtendTrekInput.dueAt"), **key}
    await rescue.do(client, "ExtendTrek", later, person)
    warning = await services.alerts.import_cap(alert(info(areas=FAR_OFF)), "a full life")
    answer: Answer = {name: value(f"AnswerMusterInput.{name}") for name in ("answer", "note")}
    answer |= {"alertId": warning.id, "position": where}
    answered = await rescue.do(client, "AnswerMuster", answer, person)
    word = {name: value(f"ShareSafetyInput.{name}") for name in ("called", "note")}
    shared = await rescue.do(client, "ShareSafety", word, person)
    assert "url" in shared, (shared, answered)


async def _stay(client: httpx.AsyncClient, person: SignedInPerson) -> None:
    """Say where and when to be in the province."""
    days = {name: value(f"AddStayInput.{name}") for name in ("firstDay", "lastDay")}
    key = {"idempotencyKey": canaries.IDEMPOTENCY_KEY.value}
    added = await staying.add_stay(client, person, **days, **key)
    assert added["__typename"] == "AddStaySuccess", added


async def _reports(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    """Report a street light, and reopen what the commune answered."""
    report = await reporting.submitted(
        client,
        person,
        categoryCode="street-light",
        position={"latitude": 22.54, "longitude": 104.29},
        accuracy=float(value("SubmitReportInput.accuracy")),
        fields=[{"code": value("ReportFieldInput.code"), "value": value("ReportFieldInput.value")}],
        **{
            name: value(f"SubmitReportInput.{name}")
            for name in ("capturedAt", "displayName", "language", "text", "visibility")
        },
    )
    code, agency = report["code"], report["agency"]["id"]
    clerk = await reporting.a_clerk(client, services, agency)
    await reporting.step(client, clerk, "AcceptReport", code, "RECEIVED", agencyId=agency)
    said = {"agencyId": agency, **reporting.WORDS}
    await reporting.step(client, clerk, "AnswerReport", code, "ACCEPTED", **said)
    reopened = await reporting.do(
        client,
        "ReopenReport",
        {
            "code": code,
            "words": value("ReopenReportInput.words"),
            "language": value("ReopenReportInput.language"),
            "idempotencyKey": canaries.IDEMPOTENCY_KEY.value,
        },
        person,
    )
    assert reopened["__typename"] == "ReopenReportSuccess", reopened
    # Told now, in writing: notices to a phone keep its id for a while.
    await run_jobs(services, lambda: NOW)


async def _ratings(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    """Rate a visit, and an office by the code at its desk."""
    visited = await rating.visited(services, person)
    said = {
        kind: {
            "grade": value(f"{kind}.grade"),
            "reasons": [value(f"{kind}.reasons")],
            "words": value(f"{kind}.words"),
            "language": value(f"{kind}.language"),
        }
        for kind in ("RateInput", "RateOfficeInput")
    }
    rated = {"ratingId": visited, **said["RateInput"]}
    await rating.rated(client, "Rate", person, **rated)
    code = await rating.an_office_code(services)
    device = await reporting.a_device(client, "at-a-desk")
    scanned = {"code": code, "device": device, **said["RateOfficeInput"]}
    await rating.rated(client, "RateOffice", person, **scanned)
    await run_jobs(services, lambda: NOW)


async def _health_record(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson
) -> None:
    """Note an allergy, have a card that is read, and get a document from a clinic."""
    for purpose in ("HEALTH", "EMERGENCY_CARD"):
        await give(client, person, purpose)
    noted = {
        name: value(f"UpdateHealthRecordInput.{name}") for name in ("bloodGroup", "rhesus", "notes")
    }
    await records.done(client, "UpdateHealthRecord", noted, person)
    allergy = {
        name: value(f"AddAllergyInput.{name}") for name in ("substance", "reaction", "severity")
    }
    await records.add_allergy(client, person, **allergy, since=int(value("AddAllergyInput.since")))
    contact = {
        name: value(f"SwitchOnEmergencyCardInput.{name}")
        for name in ("contactName", "contactPhone")
    }
    card = await records.done(client, "SwitchOnEmergencyCard", contact, person)
    await client.get(card["card"]["url"])
    person_id = (await services.accounts.sessions.caller_of(person.tokens["accessToken"])).person()
    await records.put_document(services, person_id, value("ShareHealthDocumentInput.title"))


async def _appointments(
    client: httpx.AsyncClient, services: Services, person: SignedInPerson
) -> None:
    """Book a place, have another instead, and cancel one of another day; hold one, and let it go."""
    await give(client, person, "HEALTH", language=value("BookAppointmentInput.language"))
    days = [
        (await a_clinic(services.store, start=MONDAY + timedelta(days=day))).slots
        for day in range(3)
    ]
    values = {
        name: value(f"BookAppointmentInput.{name}") for name in ("reason", "payment", "language")
    }
    moved: list[str] = []
    for slots in days[:2]:
        held = await booking.held(client, person, slots[0])
        done = await booking.book(client, person, held["id"], **values)
        assert done["__typename"] == "BookAppointmentSuccess", done
        there = {"newSlotId": slots[1].id}
        result = await booking.change(client, "RescheduleAppointment", person, held["id"], **there)
        moved.append(result["appointment"]["id"])
    await booking.change(client, "CancelAppointment", person, moved[1])
    held = await booking.held(client, person, days[2][0])
    await booking.change(client, "ReleaseHold", person, held["id"])


async def _waiting(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    """Wait for a place, take one that is held, and want to hear less."""
    names = ("from", "to", "partOfDay", "specialty")
    wish = {name: value(f"JoinWaitlistInput.{name}") for name in names}
    key = {"idempotencyKey": canaries.IDEMPOTENCY_KEY.value}
    joined = {"facilityId": FACILITY, **wish, **key}
    result = await booking.call(client, "JoinWaitlist", {"input": joined}, person)
    assert result["__typename"] == "JoinWaitlistSuccess", result
    (slot,) = (await a_clinic(services.store, places=1, start=MONDAY + timedelta(days=9))).slots
    held = await booking.held(client, person, slot)
    how = {name: value(f"TakeOfferInput.{name}") for name in ("payment", "reason")}
    taken = {"appointmentId": held["id"], **how, **key}
    result = await booking.call(client, "TakeOffer", {"input": taken}, person)
    assert result["__typename"] == "TakeOfferSuccess", result
    off = {"off": [value("SetHealthRemindersInput.off")]}
    await booking.call(client, "SetHealthReminders", {"input": off}, person)


async def _addresses(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    codes: list[str] = []
    for address in (canaries.EMAIL, canaries.UNUSED):
        asked = {"address": address, "idempotencyKey": new_key()}
        sent = await call(client, "RequestAddressCode", asked, person)
        codes.append(sent["sentCode"]["id"])
    values = {
        "codeId": codes[0],
        "code": await code_sent(services, codes[0]),
        "idempotencyKey": new_key(),
    }
    added = await call(client, "AddAddress", values, person)
    assert added["__typename"] == "AddAddressSuccess", added


async def _people(client: httpx.AsyncClient, person: SignedInPerson) -> None:
    profile = {name: value(f"UpdateProfileInput.{name}") for name in ("name", "bornOn", "language")}
    needs = {"needs": [value("UpdateProfileInput.needs")]}
    told = await call(client, "UpdateProfile", {**profile, **needs}, person)
    assert told["__typename"] == "UpdateProfileSuccess", told
    await put_paper(client, person, "CCCD", value("PutIdentityPaperInput.number"))
    first, second = [
        await a_dependant(
            client,
            person,
            name=value("AddDependantInput.name"),
            bornOn=value("AddDependantInput.bornOn"),
        )
        for _ in range(2)
    ]
    for purpose in ("IDENTITY_PAPERS", "ACCESSIBILITY_NEEDS"):
        await give(client, person, purpose, dependantId=first["id"], dependantAgrees=True)
    changed = await call(
        client,
        "UpdateDependant",
        {
            "id": first["id"],
            "name": value("UpdateDependantInput.name"),
            "bornOn": value("UpdateDependantInput.bornOn"),
            "needs": [value("UpdateDependantInput.needs")],
        },
        person,
    )
    assert changed["__typename"] == "UpdateDependantSuccess", changed
    assert second["id"] != first["id"]
    put = await put_paper(client, person, "BHYT", canaries.SECOND_VALUES[2], first["id"])
    assert put["__typename"] == "PutIdentityPaperSuccess", put


async def _phone(client: httpx.AsyncClient, person: SignedInPerson) -> None:
    position = {"latitude": canaries.LATITUDE, "longitude": canaries.LONGITUDE}
    registered = await register(
        client,
        new_key(),
        registration=canaries.REGISTRATION,
        language=value("RegisterDeviceInput.language"),
        quietHours={
            name: value(f"QuietHoursInput.{name}") for name in ("start", "end", "timeZone")
        },
        homeCommunes=[canaries.HOME_COMMUNE],
        position={"position": position, "consent": True},
        preferences={
            "leastLevel": value("WarningPreferencesInput.leastLevel"),
            "mutedHazards": [value("WarningPreferencesInput.mutedHazards")],
        },
    )
    linking = {**credentials(registered), "idempotencyKey": new_key()}
    linked = await call(client, "LinkDevice", linking, person)
    assert linked["__typename"] == "LinkDeviceSuccess", linked
    await withdraw(client, person, "EXACT_LOCATION")


async def _media(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    """Send a photo that is finished by now, and open an upload whose bytes never come."""
    photo = saved(gradient(), "JPEG", exif=exif())
    media_id = await uploading.sent_in(client, person, photo)
    await run_jobs(services, lambda: NOW)
    found = await uploading.look(client, person, media_id)
    assert found is not None
    assert found["state"] == "READY", found
    await services.media.library.hold(media_id, "review:of-a-full-life")
    await uploading.request(
        client,
        person,
        byteCount=int(value("RequestUploadInput.byteCount")),
        contentType=value("RequestUploadInput.contentType"),
        kind=value("RequestUploadInput.kind"),
        idempotencyKey=new_key(),
    )


async def _reviews(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    """Write a review that is refused and appealed against, and report somebody else's."""
    place = a_place("P1", position=Position(22.54, 104.29))  # in no cell of the person's phone
    await TourismRepository(services.store).show(place)
    said = {
        "rating": int(value("ReviewInput.rating")),
        **{name: value(f"ReviewInput.{name}") for name in ("text", "language", "visitedOn")},
        "displayName": value("ReviewInput.displayName"),
    }
    review_id = await reviewers.written(client, person, place.id, **said)
    archive = ReviewArchive(services.store, services.media.library)
    review = await archive.reviews.get(review_id)
    assert review is not None
    await archive.change(
        review, refused(review, "a-moderator", NOW, Fault.FALSE, None, takes_down=False)
    )
    appeal = {"id": review_id, "text": value("AppealReviewInput.text")}
    await reviewers.do(client, "AppealReview", appeal, person)
    theirs = replace(review, id=new_id(), person_id="somebody-else", submitted=_LIKED, version=1)
    await archive.add(theirs)
    await archive.change(theirs, approved(theirs, "a-moderator", NOW))
    await reviewers.report(client, person, theirs.id, value("ReportReviewInput.reason"))


async def _wallet(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    """Pay in, pay somebody, and give up the rest."""
    amount = int(value("TopUpInput.amount"))
    order = await paying.ordered(client, person, amount)
    await paying.call_back(client, services, paying.report(order["id"], amount))
    merchant = Caller("a-merchant", grants=frozenset({Grant(Role.MERCHANT, paying.CAFE)}))
    spent = int(value("ConfirmChargeInput.amount"))
    charge = await services.wallet.charges.charge(merchant, paying.CAFE, spent, new_key())
    await paying.done(client, "ConfirmCharge", {"id": charge.id, "amount": spent}, person)
    await _passes(client, services, person)
    given_up = {"amount": int(value("ForfeitBalanceInput.amount"))}
    await paying.done(client, "ForfeitBalance", given_up, person)


async def _followed_route(client: httpx.AsyncClient, person: SignedInPerson) -> None:
    asked = {
        "points": [
            {"latitude": 22.335, "longitude": 103.84},
            {"latitude": 22.335, "longitude": 103.86},
        ],
        "until": value("FollowRouteInput.until"),
        "idempotencyKey": new_key(),
    }
    data = await send(client, "conditions/FollowRoute", {"input": asked}, headers=person.headers)
    assert data["followRoute"]["__typename"] == "FollowRouteSuccess", data


async def _passes(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    """Buy a card, and get another from somebody."""
    product = await buyers.a_product(services, price=int(value("BuyPassInput.price")))
    await buyers.bought(client, person, product)
    cards, friend = services.cards, Caller("a-friend")
    await buyers.an_account(services, friend)
    await buyers.with_money(services, friend.person(), product.price_dong)
    bought = await cards.buying.buy(friend, product.id, product.price_dong, new_key())
    offered = await cards.giving.offer(friend, bought.passes[0].id, new_key())
    taken = {"offerCode": offered.code, "idempotencyKey": new_key()}
    await buyers.do(client, person, "AcceptPass", taken)


async def _chat(client: httpx.AsyncClient, services: Services, person: SignedInPerson) -> None:
    asked: dict[str, Any] = {
        "text": value("SendChatMessageInput.text"),
        "position": {
            "latitude": canaries.ASKED_LATITUDE,
            "longitude": canaries.ASKED_LONGITUDE,
        },
        "idempotencyKey": new_key(),
    }
    data = await send(client, "bot/SendChatMessage", {"input": asked}, headers=person.headers)
    conversation_id = data["sendChatMessage"]["conversation"]["id"]
    ticket = services.tickets.issue(conversation_id, timedelta(minutes=1))
    called = {
        "conversationId": conversation_id,
        "phone": value("RequestCallbackInput.phone"),
        "starts": value("RequestCallbackInput.starts"),
        "idempotencyKey": value("RequestCallbackInput.idempotencyKey"),
    }
    callback = await send(client, "bot/RequestCallback", {"input": called})
    assert "callback" in callback["requestCallback"], callback
    dictated = {"input": {"text": value("KeepChatWordsInput.text")}}
    by_the_bot = {"authorization": f"Bearer {ticket}"}
    await send(client, "bot/KeepChatWords", dictated, headers=by_the_bot)
    question = {
        "words": value("ReportUnansweredInput.words"),
        "intent": value("ReportUnansweredInput.intent"),
        "idempotencyKey": value("ReportUnansweredInput.idempotencyKey"),
    }
    await send(client, "bot/ReportUnanswered", {"input": question}, headers=by_the_bot)
