"""Who may see and do what: a row for every root field and every field of every type of the contract.

A root field has a Row: who may call it, and what the others are answered. A type is PUBLIC, or it is
of somebody: then no root field that is for anyone may lead to it.
"""

from collections.abc import Callable

from tests.alerts.stays.staying import a_stay
from tests.contract.booking_rows import BOOKING_ROWS, BOOKING_TYPES
from tests.contract.channel_rows import CHANNEL_ROWS, CHANNEL_TYPES
from tests.contract.composing_rows import COMPOSING_ROWS, COMPOSING_TYPES
from tests.contract.condition_rows import CONDITION_ROWS, CONDITION_TYPES
from tests.contract.feedback_rows import FEEDBACK_ROWS, FEEDBACK_TYPES
from tests.contract.handoff_rows import HANDOFF_ROWS, HANDOFF_TYPES
from tests.contract.operations_rows import OPERATIONS_ROWS, OPERATIONS_TYPES
from tests.contract.place_rows import PLACE_ROWS, PLACE_TYPES
from tests.contract.queue_rows import QUEUE_ROWS, QUEUE_TYPES
from tests.contract.record_rows import RECORD_ROWS, RECORD_TYPES
from tests.contract.rows import EVERYBODY, SIGNED_IN, Row, Sight, Variables
from tests.contract.safety_rows import SAFETY_ROWS, SAFETY_TYPES
from tests.contract.school_rows import SCHOOL_ROWS, SCHOOL_TYPES
from tests.contract.waiting_rows import WAITING_ROWS, WAITING_TYPES
from tests.contract.world import CABLE_CAR, CHARGED, HERE, LEFT_IN_WALLET, Actor, World
from tests.guide.narrations.narrating import SPOKEN
from tests.tourism.editing.editors import A_PLACE
from tests.tourism.events.events import AN_EVENT, FIRST_DAY
from tests.tourism.reviews.reviewers import said
from tests.tourist_cards.products import A_PRODUCT, AN_ENTITLEMENT

OWNER = frozenset({Actor.OWNER})


def for_anyone(operation: str) -> Row:
    return Row(operation, EVERYBODY)


def of_the_signed_in(operation: str, variables: Callable[[World], Variables]) -> Row:
    """Return the row of what everybody does with their own things only."""
    return Row(operation, SIGNED_IN, "NOT_SIGNED_IN", variables=variables)


def of_the_owner(operation: str, variables: Callable[[World], Variables]) -> Row:
    """Return the row of what is reached by an id, which tells others nothing."""
    return Row(operation, OWNER, "NOT_FOUND", "NOT_SIGNED_IN", variables)


def of_a_device(operation: str, variables: Callable[[World], Variables]) -> Row:
    """Return the row of what needs the secret that only the device has, whoever is signed in."""
    return Row(operation, frozenset(), "DEVICE_NOT_FOUND", variables=variables)


def of_administrators(operation: str, variables: Callable[[World], Variables]) -> Row:
    administrators = frozenset({Actor.ADMINISTRATOR})
    return Row(operation, administrators, "NOT_ALLOWED", "NOT_SIGNED_IN", variables)


def of_editors(operation: str, variables: Callable[[World], Variables]) -> Row:
    editors = frozenset({Actor.CONTENT_EDITOR})
    return Row(operation, editors, "NOT_ALLOWED", "NOT_SIGNED_IN", variables)


def of_the_merchant(operation: str, variables: Callable[[World], Variables]) -> Row:
    return Row(operation, frozenset({Actor.MERCHANT}), "NOT_ALLOWED", "NOT_SIGNED_IN", variables)


def of_the_clerk(operation: str, variables: Callable[[World], Variables]) -> Row:
    """Return the row of what is done at the counter HERE."""
    return Row(operation, frozenset({Actor.CLERK_HERE}), "NOT_ALLOWED", "NOT_SIGNED_IN", variables)


def of_moderators(operation: str, variables: Callable[[World], Variables]) -> Row:
    moderators = frozenset({Actor.MODERATOR})
    return Row(operation, moderators, "NOT_ALLOWED", "NOT_SIGNED_IN", variables)


def _waiting(world: World) -> Variables:
    return {"id": world.waiting_review_id, "idempotencyKey": "authorization-matrix-14"}


GUIDE_QUESTION = {
    "tour": "sa-pa-town",
    "position": {"latitude": 22.335, "longitude": 103.842},
    "accuracy": 10.0,
    "heard": list[str](),
}


_AT_THE_GATE = frozenset({Actor.GATEKEEPER_HERE})
_OF_THE_GATE = frozenset({Actor.CLERK_HERE, Actor.ADMINISTRATOR})


def of_a_gate(
    operation: str, allowed: frozenset[Actor], variables: Callable[[World], Variables]
) -> Row:
    """Return the row of what concerns one gate, which tells others nothing."""
    return Row(operation, allowed, "NOT_FOUND", "NOT_SIGNED_IN", variables)


_REVIEWERS = frozenset({Actor.AUDITOR, Actor.ADMINISTRATOR})

ROOT_FIELDS: dict[str, Row] = {
    "Query.activeAlerts": for_anyone("alerts/ActiveAlerts"),
    "Query.alert": for_anyone("alerts/Alert"),
    "Query.emergencyNumbers": for_anyone("tourism/EmergencyNumbers"),
    "Query.commune": for_anyone("tourism/Commune"),
    "Query.communes": for_anyone("tourism/Communes"),
    "Query.device": Row(
        "accounts/Device",
        frozenset(),
        variables=lambda world: {"id": world.device_id, "secret": "0" * 64},
    ),
    "Query.marketsOn": for_anyone("tourism/MarketsOn"),
    "Query.me": Row("accounts/Me", SIGNED_IN),
    "Query.place": for_anyone("tourism/Place"),
    "Query.places": for_anyone("tourism/Places"),
    "Query.tours": for_anyone("guide/Tours"),
    "Query.tour": Row("guide/Tour", EVERYBODY, variables=lambda _: {"id": "sa-pa-town"}),
    "Query.guideAt": Row("guide/GuideAt", EVERYBODY, variables=lambda _: GUIDE_QUESTION),
    "Query.offlinePack": for_anyone("guide/OfflinePack"),
    "Query.similarPlaces": Row(
        "tourism/SimilarPlaces", EVERYBODY, variables=lambda _: {"id": "P001"}
    ),
    "Query.search": Row("guide/Search", EVERYBODY, variables=lambda _: {"text": "sapa"}),
    "Mutation.addAddress": Row(
        "accounts/AddAddress",
        OWNER,
        "CODE_ENDED",
        "NOT_SIGNED_IN",
        lambda world: {
            "codeId": world.address_code_id,
            "code": world.address_code,
            "idempotencyKey": "authorization-matrix-1",
        },
    ),
    "Mutation.endSession": of_the_owner(
        "accounts/EndSession", lambda world: {"id": world.other_session_id}
    ),
    "Mutation.refreshSession": for_anyone("accounts/RefreshSession"),
    "Mutation.registerDevice": for_anyone("accounts/RegisterDevice"),
    "Mutation.removeAddress": of_the_owner(
        "accounts/RemoveAddress", lambda world: {"id": world.second_address_id}
    ),
    "Mutation.requestAddressCode": of_the_signed_in(
        "accounts/RequestAddressCode",
        lambda _: {"address": "new@example.com", "idempotencyKey": "authorization-matrix-2"},
    ),
    "Mutation.requestCode": for_anyone("accounts/RequestCode"),
    # An unguessable id opens a conversation again.
    "Mutation.sendChatMessage": for_anyone("bot/SendChatMessage"),
    # For the assistant alone, under the ticket of the message that it answers.
    "Mutation.keepChatWords": Row(
        "bot/KeepChatWords",
        frozenset(),
        "NOT_IN_CONVERSATION",
        variables=lambda _: {"text": "The lamp is broken."},
    ),
    "Query.chatWords": Row("bot/ChatWords", frozenset(), variables=lambda _: {"id": "a" * 26}),
    "Mutation.signIn": for_anyone("accounts/SignIn"),
    "Mutation.signOut": of_the_signed_in("accounts/SignOut", lambda _: {}),
    "Mutation.signOutEverywhere": of_the_signed_in("accounts/SignOutEverywhere", lambda _: {}),
    "Mutation.unregisterDevice": of_a_device(
        "accounts/UnregisterDevice", lambda world: {"id": world.device_id, "secret": "0" * 64}
    ),
    "Query.myWarningSms": of_the_signed_in("alerts/MyWarningSms", lambda _: {}),
    "Mutation.setWarningSms": of_the_signed_in(
        "alerts/SetWarningSms", lambda _: {"communes": ["02683"], "consent": True}
    ),
    "Query.myStays": of_the_signed_in("alerts/MyStays", lambda _: {}),
    "Mutation.addStay": of_the_signed_in(
        "alerts/AddStay",
        lambda _: a_stay(idempotencyKey="authorization-matrix-of-stays"),
    ),
    "Mutation.removeStay": of_the_owner("alerts/RemoveStay", lambda world: {"id": world.stay_id}),
    "Mutation.noticeOpened": of_a_device(
        "accounts/NoticeOpened",
        lambda world: {
            "noticeId": "authorization-matrix",
            "deviceId": world.device_id,
            "deviceSecret": "0" * 64,
        },
    ),
    "Mutation.updateDevice": of_a_device(
        "accounts/UpdateDevice",
        lambda world: {"id": world.device_id, "secret": "0" * 64, "language": "ja"},
    ),
    "Query.auditEntries": Row("accounts/AuditEntries", _REVIEWERS, "NOT_ALLOWED", "NOT_SIGNED_IN"),
    "Query.consentPurposes": for_anyone("accounts/ConsentPurposes"),
    "Query.dataExport": Row(
        "accounts/DataExport", OWNER, variables=lambda world: {"id": world.export_id}
    ),
    "Query.dependant": Row(
        "accounts/Dependant",
        OWNER,
        None,
        "NOT_SIGNED_IN",
        lambda world: {"id": world.dependant_id},
    ),
    "Query.personByIdentityPaper": Row(
        "accounts/PersonByIdentityPaper",
        frozenset(
            {
                Actor.CLERK_HERE,
                Actor.CLERK_ELSEWHERE,
                Actor.SCHOOL_CLERK,
                Actor.SCHOOL_CLERK_ELSEWHERE,
            }
        ),
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda _: {"kind": "PASSPORT", "number": "E12345678", "reason": "ADMISSION"},
    ),
    "Query.staff": Row(
        "accounts/Staff",
        _REVIEWERS,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda _: {"scopeKind": "PROVINCE"},
    ),
    "Query.staffInvitations": Row(
        "accounts/StaffInvitations",
        _REVIEWERS,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda _: {"scopeKind": "PROVINCE"},
    ),
    "Mutation.acceptInvitation": of_the_owner(
        "accounts/AcceptInvitation",
        lambda world: {"id": world.invitation_id, "idempotencyKey": "authorization-matrix-3"},
    ),
    "Mutation.addDependant": of_the_signed_in(
        "accounts/AddDependant",
        lambda _: {
            "name": "Lý A Páo",
            "bornOn": "2018-01-01",
            "relation": "CHILD",
            "idempotencyKey": "authorization-matrix-4",
        },
    ),
    "Mutation.completeProviderSignIn": for_anyone("accounts/CompleteProviderSignIn"),
    # The owner has money in the wallet.
    "Mutation.deleteMyAccount": Row(
        "accounts/DeleteMyAccount", SIGNED_IN - OWNER, "MONEY_LEFT", "NOT_SIGNED_IN"
    ),
    "Mutation.exportMyData": of_the_signed_in("accounts/ExportMyData", lambda _: {}),
    "Mutation.giveConsent": of_the_owner(
        "accounts/GiveConsent",
        lambda world: {
            "purpose": "HEALTH",
            "version": 1,
            "language": "vi",
            "dependantId": world.dependant_id,
            "dependantAgrees": True,
            "idempotencyKey": "authorization-matrix-5",
        },
    ),
    "Mutation.inviteStaff": of_administrators(
        "accounts/InviteStaff",
        lambda _: {
            "address": "new.clerk@example.com",
            "role": "CLERK",
            "scopeKind": "SCHOOL",
            "scopeId": "s07",
            "idempotencyKey": "authorization-matrix-6",
        },
    ),
    "Mutation.linkDevice": of_the_signed_in(
        "accounts/LinkDevice",
        lambda world: {**world.free_device, "idempotencyKey": "authorization-matrix-7"},
    ),
    # No provider is configured here; tests/accounts/provider/ has one.
    "Mutation.linkProvider": Row(
        "accounts/LinkProvider",
        frozenset(),
        "PROVIDER_NOT_CONFIGURED",
        variables=lambda _: {
            "state": "s" * 43,
            "code": "c",
            "attempt": "a" * 43,
            "idempotencyKey": "authorization-matrix-8",
        },
    ),
    "Mutation.startProviderSignIn": for_anyone("accounts/StartProviderSignIn"),
    "Mutation.putIdentityPaper": of_the_owner(
        "accounts/PutIdentityPaper",
        lambda world: {
            "subjectId": world.dependant_id,
            "kind": "PASSPORT",
            "number": "E87654321",
        },
    ),
    "Mutation.removeDependant": of_the_owner(
        "accounts/RemoveDependant", lambda world: {"id": world.dependant_id}
    ),
    "Mutation.removeIdentityPaper": of_the_owner(
        "accounts/RemoveIdentityPaper",
        lambda world: {"subjectId": world.dependant_id, "kind": "PASSPORT"},
    ),
    "Mutation.revokeRole": Row(
        "accounts/RevokeRole",
        frozenset({Actor.CLERK_HERE, Actor.ADMINISTRATOR}),
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda world: {
            "personId": world.clerk_id,
            "role": "CLERK",
            "scopeKind": "FACILITY",
            "scopeId": HERE.id,
        },
    ),
    "Mutation.unlinkDevice": of_the_owner(
        "accounts/UnlinkDevice", lambda world: {"id": world.device_id}
    ),
    "Mutation.updateDependant": of_the_owner(
        "accounts/UpdateDependant", lambda world: {"id": world.dependant_id, "name": "Ai khác"}
    ),
    "Mutation.updateProfile": of_the_signed_in("accounts/UpdateProfile", lambda _: {"name": "Mai"}),
    "Mutation.withdrawConsent": of_the_owner(
        "accounts/WithdrawConsent",
        lambda world: {"purpose": "IDENTITY_PAPERS", "dependantId": world.dependant_id},
    ),
    "Mutation.withdrawInvitation": of_administrators(
        "accounts/WithdrawInvitation", lambda world: {"id": world.invitation_id}
    ),
    "Subscription.alerts": for_anyone("alerts/Alerts"),
    "Query.closure": for_anyone("tourism/Closure"),
    "Query.closures": for_anyone("tourism/Closures"),
    "Query.roads": for_anyone("tourism/Roads"),
    "Query.trail": for_anyone("tourism/Trail"),
    "Query.trails": for_anyone("tourism/Trails"),
    "Mutation.closeWay": of_editors(
        "tourism/CloseWay",
        lambda _: {
            "way": "ROAD",
            "wayId": "QL4D",
            "reason": [{"language": "vi", "text": "Sạt lở."}],
            "source": "Công an tỉnh",
            "idempotencyKey": "authorization-matrix-closures-1",
        },
    ),
    "Mutation.changeClosure": of_editors(
        "tourism/ChangeClosure",
        lambda world: {
            "id": world.closure_id,
            "expectedVersion": 1,
            "source": "Sở Xây dựng",
            "idempotencyKey": "authorization-matrix-closures-2",
        },
    ),
    "Mutation.liftClosure": of_editors(
        "tourism/LiftClosure",
        lambda world: {
            "id": world.closure_id,
            "expectedVersion": 1,
            "idempotencyKey": "authorization-matrix-closures-3",
        },
    ),
    "Mutation.importTrail": of_editors(
        "tourism/ImportTrail",
        lambda _: {
            "document": '{"type": "LineString", "coordinates": [[103.84, 22.33], [103.84, 22.34]]}',
            "format": "GEOJSON",
            "facts": {"names": [{"language": "vi", "text": "Đường thử"}]},
            "idempotencyKey": "authorization-matrix-trails-1",
        },
    ),
    "Mutation.changeTrail": of_editors(
        "tourism/ChangeTrail",
        lambda world: {
            "id": world.trail_id,
            "expectedVersion": 1,
            "facts": {"needsPermit": True},
            "idempotencyKey": "authorization-matrix-trails-2",
        },
    ),
    "Mutation.withdrawTrail": of_editors(
        "tourism/WithdrawTrail",
        lambda world: {
            "id": world.trail_id,
            "expectedVersion": 1,
            "idempotencyKey": "authorization-matrix-trails-3",
        },
    ),
    "Mutation.attachNarration": of_editors(
        "guide/AttachNarration",
        lambda world: {
            "spoken": {**SPOKEN, "language": "en"},
            "mediaId": world.sound_id,
            "idempotencyKey": "authorization-matrix-attach",
        },
    ),
    "Mutation.removeNarration": of_editors(
        "guide/RemoveNarration",
        lambda _: {"spoken": SPOKEN, "idempotencyKey": "authorization-matrix-detach"},
    ),
    "Query.placeDrafts": of_editors("tourism/PlaceDrafts", lambda _: {}),
    "Query.placeHistory": of_editors(
        "tourism/PlaceHistory", lambda world: {"placeId": world.place_id}
    ),
    "Query.placePreview": of_editors(
        "tourism/PlacePreview", lambda world: {"draftId": world.draft_id}
    ),
    "Query.placesMissing": of_editors("tourism/PlacesMissing", lambda _: {"language": "ko"}),
    "Mutation.addPlace": of_editors(
        "tourism/AddPlace",
        lambda _: {"place": A_PLACE, "idempotencyKey": "authorization-matrix-9"},
    ),
    "Mutation.confirmPlaceName": of_editors(
        "tourism/ConfirmPlaceName",
        lambda world: {
            "placeId": world.place_id,
            "language": "vi",
            "name": "Thác Bạc",
            "idempotencyKey": "authorization-matrix-10",
        },
    ),
    "Mutation.discardPlaceDraft": of_editors(
        "tourism/DiscardPlaceDraft", lambda world: {"id": world.draft_id}
    ),
    "Mutation.proposePlaceChange": of_editors(
        "tourism/ProposePlaceChange",
        lambda world: {"placeId": world.place_id, "changes": {"altitude": 1_800}},
    ),
    "Mutation.publishPlaceChange": of_editors(
        "tourism/PublishPlaceChange",
        lambda world: {"draftId": world.draft_id, "idempotencyKey": "authorization-matrix-11"},
    ),
    "Mutation.retirePlace": of_editors(
        "tourism/RetirePlace",
        lambda world: {"placeId": world.place_id, "idempotencyKey": "authorization-matrix-12"},
    ),
    "Mutation.takeDownPicture": of_editors(
        "tourism/TakeDownPicture",
        lambda world: {
            "mediaId": world.picture_id,
            "idempotencyKey": "authorization-matrix-picture",
        },
    ),
    "Mutation.revertPlace": of_editors(
        "tourism/RevertPlace",
        lambda world: {
            "placeId": world.place_id,
            "version": 1,
            "newestVersion": 2,
            "idempotencyKey": "authorization-matrix-13",
        },
    ),
    "Query.media": Row("media/Media", OWNER, variables=lambda world: {"id": world.media_id}),
    "Mutation.requestUpload": of_the_signed_in(
        "media/RequestUpload",
        lambda _: {
            "kind": "PHOTO",
            "byteCount": 1_000,
            "contentType": "image/jpeg",
            "idempotencyKey": "authorization-matrix-9",
        },
    ),
    "Mutation.completeUpload": of_the_owner(
        "media/CompleteUpload", lambda world: {"id": world.media_id}
    ),
    "Mutation.removeMedia": of_the_owner("media/RemoveMedia", lambda world: {"id": world.media_id}),
    "Query.moderationQueue": of_moderators("tourism/ModerationQueue", lambda _: {}),
    "Query.myReviews": of_the_signed_in("tourism/MyReviews", lambda _: {}),
    "Mutation.appealReview": of_the_owner(
        "tourism/AppealReview", lambda world: {"id": world.review_id, "text": "I was there."}
    ),
    "Mutation.approveReview": of_moderators(
        "tourism/ApproveReview", lambda world: {**_waiting(world), "version": 1}
    ),
    "Mutation.changeReview": of_the_owner(
        "tourism/ChangeReview",
        lambda world: {
            "id": world.review_id,
            "review": said(rating=1),
            "idempotencyKey": "authorization-matrix-15",
        },
    ),
    "Mutation.claimReview": of_moderators(
        "tourism/ClaimReview", lambda world: {"id": world.waiting_review_id}
    ),
    "Mutation.refuseReview": of_moderators(
        "tourism/RefuseReview",
        lambda world: {**_waiting(world), "version": 1, "reason": "SPAM"},
    ),
    "Mutation.releaseReview": of_moderators(
        "tourism/ReleaseReview", lambda world: {"id": world.waiting_review_id}
    ),
    "Mutation.removeReview": of_the_owner(
        "tourism/RemoveReview", lambda world: {"id": world.review_id}
    ),
    "Mutation.replyToReview": of_editors(
        "tourism/ReplyToReview",
        lambda world: {
            "id": world.shown_review_id,
            "text": "Thank you!",
            "language": "en",
            "idempotencyKey": "authorization-matrix-16",
        },
    ),
    "Mutation.reportReview": of_the_signed_in(
        "tourism/ReportReview",
        lambda world: {
            "id": world.shown_review_id,
            "reason": "SPAM",
            "idempotencyKey": "authorization-matrix-17",
        },
    ),
    "Mutation.writeReview": of_the_signed_in(
        "tourism/WriteReview",
        lambda world: {
            "subjectKind": "PLACE",
            "subjectId": world.place_id,
            "review": said(),
            "idempotencyKey": "authorization-matrix-18",
        },
    ),
    "Query.event": Row("tourism/Event", EVERYBODY, variables=lambda world: {"id": world.event_id}),
    "Query.events": for_anyone("tourism/Events"),
    "Mutation.addEvent": of_editors(
        "tourism/AddEvent",
        lambda _: {"event": AN_EVENT, "idempotencyKey": "authorization-matrix-14"},
    ),
    "Mutation.changeEvent": of_editors(
        "tourism/ChangeEvent",
        lambda world: {
            "id": world.event_id,
            "version": 1,
            "changes": {"website": "https://example.com"},
            "idempotencyKey": "authorization-matrix-15",
        },
    ),
    "Mutation.changeEventOccurrence": of_editors(
        "tourism/ChangeEventOccurrence",
        lambda world: {
            "eventId": world.event_id,
            "version": 1,
            "occurrence": {"plannedOn": FIRST_DAY, "status": "SCHEDULED"},
            "idempotencyKey": "authorization-matrix-16",
        },
    ),
    "Mutation.removeEvent": of_editors(
        "tourism/RemoveEvent",
        lambda world: {
            "id": world.event_id,
            "version": 1,
            "idempotencyKey": "authorization-matrix-17",
        },
    ),
    "Query.planTrip": Row(
        "guide/PlanTrip",
        EVERYBODY,
        variables=lambda _: {
            "input": {
                "start": "2026-05-02T08:00:00+07:00",
                "end": "2026-05-02T18:00:00+07:00",
                "from": {"latitude": 22.336, "longitude": 103.842},
            }
        },
    ),
    "Query.cardProducts": for_anyone("tourist_cards/CardProducts"),
    "Query.cardProduct": Row(
        "tourist_cards/CardProduct", EVERYBODY, variables=lambda world: {"id": world.product_id}
    ),
    "Query.cardProductPlaces": Row(
        "tourist_cards/CardProductPlaces",
        EVERYBODY,
        variables=lambda world: {"productId": world.product_id},
    ),
    "Query.allCardProducts": of_administrators("tourist_cards/AllCardProducts", lambda _: {}),
    "Query.myPasses": of_the_signed_in("tourist_cards/MyPasses", lambda _: {}),
    "Query.passPlaces": of_the_owner(
        "tourist_cards/PassPlaces", lambda world: {"passId": world.pass_id}
    ),
    "Mutation.buyPass": of_the_signed_in(
        "tourist_cards/BuyPass",
        lambda world: {
            "productId": world.product_id,
            "price": 0,
            "idempotencyKey": "authorization-matrix-cards-1",
        },
    ),
    "Mutation.refundPass": of_the_owner(
        "tourist_cards/RefundPass",
        lambda world: {
            "passId": world.pass_id,
            "idempotencyKey": "authorization-matrix-cards-2",
        },
    ),
    "Mutation.offerPass": of_the_owner(
        "tourist_cards/OfferPass",
        lambda world: {
            "passId": world.pass_id,
            "idempotencyKey": "authorization-matrix-cards-3",
        },
    ),
    "Mutation.withdrawPassOffer": of_the_owner(
        "tourist_cards/WithdrawPassOffer", lambda world: {"passId": world.pass_id}
    ),
    # Whoever has the code may take the pass.
    "Mutation.acceptPass": of_the_signed_in(
        "tourist_cards/AcceptPass",
        lambda world: {
            "offerCode": world.offer_code,
            "idempotencyKey": "authorization-matrix-cards-4",
        },
    ),
    "Mutation.putCardProduct": of_administrators(
        "tourist_cards/PutCardProduct",
        lambda world: {
            **A_PRODUCT,
            "entitlements": [{**AN_ENTITLEMENT, "placeIds": [world.place_id]}],
            "idempotencyKey": "authorization-matrix-cards-5",
        },
    ),
    "Query.wallet": Row("wallet/Wallet", SIGNED_IN, "NOT_SIGNED_IN"),
    "Query.charge": Row(
        "wallet/Charge",
        frozenset({Actor.OWNER, Actor.MERCHANT}),
        None,
        "NOT_SIGNED_IN",
        lambda world: {"id": world.paid_charge_id},
    ),
    "Query.merchantDay": of_the_merchant(
        "wallet/MerchantDay", lambda _: {"merchantId": CABLE_CAR.id, "date": "2026-05-01"}
    ),
    "Query.suspendedPayments": Row(
        "wallet/SuspendedPayments", _REVIEWERS, "NOT_ALLOWED", "NOT_SIGNED_IN"
    ),
    "Mutation.topUp": of_the_signed_in(
        "wallet/TopUp",
        lambda _: {"amount": 50_000, "idempotencyKey": "authorization-matrix-wallet-1"},
    ),
    "Mutation.charge": of_the_merchant(
        "wallet/RequestCharge",
        lambda _: {
            "merchantId": CABLE_CAR.id,
            "amount": 50_000,
            "idempotencyKey": "authorization-matrix-wallet-2",
        },
    ),
    # Everybody may confirm what they are shown, with money of their own.
    "Mutation.confirmCharge": Row(
        "wallet/ConfirmCharge",
        OWNER,
        "NOT_ENOUGH_MONEY",
        "NOT_SIGNED_IN",
        lambda world: {
            "id": world.charge_id,
            "amount": CHARGED,
            "idempotencyKey": "authorization-matrix-wallet-3",
        },
    ),
    "Mutation.refundPayment": of_the_merchant(
        "wallet/RefundPayment",
        lambda world: {
            "paymentId": world.payment_id,
            "amount": 1,
            "idempotencyKey": "authorization-matrix-wallet-4",
        },
    ),
    "Mutation.topUpAtCounter": of_the_clerk(
        "wallet/TopUpAtCounter",
        lambda world: {
            "scopeKind": HERE.kind.name,
            "scopeId": HERE.id,
            "walletId": world.wallet_id,
            "amount": 1,
            "idempotencyKey": "authorization-matrix-wallet-5",
        },
    ),
    "Mutation.payOutAtCounter": of_the_clerk(
        "wallet/PayOutAtCounter",
        lambda _: {
            "scopeKind": HERE.kind.name,
            "scopeId": HERE.id,
            "amount": 1,
            "idempotencyKey": "authorization-matrix-wallet-6",
        },
    ),
    "Mutation.forfeitBalance": Row(
        "wallet/ForfeitBalance",
        OWNER,
        "NOT_ENOUGH_MONEY",
        "NOT_SIGNED_IN",
        lambda _: {
            "amount": LEFT_IN_WALLET,
            "idempotencyKey": "authorization-matrix-wallet-7",
        },
    ),
    "Query.replanTrip": Row(
        "guide/ReplanTrip",
        EVERYBODY,
        variables=lambda _: {
            "input": {
                "trip": {
                    "start": "2026-05-02T08:00:00+07:00",
                    "end": "2026-05-02T18:00:00+07:00",
                    "from": {"latitude": 22.336, "longitude": 103.842},
                },
                "position": {"latitude": 22.336, "longitude": 103.842},
                "planned": [],
            }
        },
    ),
    "Query.myCredentials": of_the_signed_in("credentials/MyCredentials", lambda _: {}),
    "Query.gates": Row(
        "credentials/Gates",
        _OF_THE_GATE | _AT_THE_GATE,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda _: {"scopeKind": "FACILITY", "scopeId": HERE.id},
    ),
    "Query.gateBundle": of_a_gate(
        "credentials/GateBundle",
        _AT_THE_GATE,
        lambda world: {"gate": world.gate_id, "secret": world.gate_secret},
    ),
    "Query.scanFlags": of_a_gate(
        "credentials/ScanFlags", _OF_THE_GATE, lambda world: {"gate": world.gate_id}
    ),
    "Query.scanCounts": of_a_gate(
        "credentials/ScanCounts",
        _OF_THE_GATE,
        lambda world: {
            "gate": world.gate_id,
            "since": "2026-05-01T00:00:00+07:00",
            "until": "2026-06-01T00:00:00+07:00",
        },
    ),
    "Mutation.addGate": Row(
        "credentials/AddGate",
        _OF_THE_GATE,
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
        lambda _: {
            "names": [{"language": "vi", "text": "Cổng sau"}],
            "scopeKind": "FACILITY",
            "scopeId": HERE.id,
            "idempotencyKey": "authorization-matrix-cards-1",
        },
    ),
    "Mutation.retireGate": of_a_gate(
        "credentials/RetireGate", _OF_THE_GATE, lambda world: {"id": world.gate_id}
    ),
    "Mutation.rotateGateKeys": of_administrators(
        "credentials/RotateGateKeys", lambda _: {"kind": "TOURIST_PASS"}
    ),
    "Mutation.scan": of_a_gate(
        "credentials/Scan",
        _AT_THE_GATE,
        lambda world: {
            "id": "scan-of-the-matrix-1",
            "gate": world.gate_id,
            "shown": world.shown,
            "purpose": "EXIT",
        },
    ),
    "Mutation.recordScans": of_a_gate(
        "credentials/RecordScans",
        _AT_THE_GATE,
        lambda world: {
            "gate": world.gate_id,
            "scans": [
                {
                    "id": "scan-of-the-matrix-2",
                    "shown": world.shown,
                    "purpose": "ENTRY",
                    "scannedAt": "2026-05-01T09:30:00Z",
                }
            ],
        },
    ),
    "Mutation.resolveScanFlag": of_a_gate(
        "credentials/ResolveScanFlag",
        _OF_THE_GATE,
        lambda world: {"id": world.flag_id, "note": "A menu was scanned."},
    ),
    "Mutation.takeCredential": of_the_owner(
        "credentials/TakeCredential",
        lambda world: {
            "id": world.card_id,
            "device": world.device_id,
            "idempotencyKey": "authorization-matrix-cards-2",
        },
    ),
    "Mutation.reissueCredential": of_the_owner(
        "credentials/ReissueCredential",
        lambda world: {"id": world.card_id, "idempotencyKey": "authorization-matrix-cards-3"},
    ),
    **{
        f"Mutation.{verb}Credential": of_a_gate(
            f"credentials/{verb.capitalize()}Credential",
            frozenset({Actor.ADMINISTRATOR}),
            lambda world: {"id": world.card_id},
        )
        for verb in ("suspend", "reinstate", "print")
    },
    "Mutation.revokeCredential": of_a_gate(
        "credentials/RevokeCredential",
        frozenset({Actor.ADMINISTRATOR}),
        lambda world: {"id": world.card_id, "reason": "LOST"},
    ),
}


TYPES: dict[str, tuple[Sight, str]] = {
    "Credential": (
        Sight.OWN,
        "id kind subjectId state validFrom validUntil issuedAt generation",
    ),
    "CredentialError": (Sight.PUBLIC, "message code field"),
    "MyCredential": (Sight.OWN, "credential deviceId takenAt token"),
    "MyCredentialConnection": (Sight.OWN, "edges pageInfo"),
    "MyCredentialEdge": (Sight.OWN, "node cursor"),
    "TakeCredentialSuccess": (Sight.OWN, "credential token key"),
    "ReissueCredentialSuccess": (Sight.OWN, "credential"),
    "SuspendCredentialSuccess": (Sight.STAFF, "credential"),
    "ReinstateCredentialSuccess": (Sight.STAFF, "credential"),
    "RevokeCredentialSuccess": (Sight.STAFF, "credential"),
    "PrintCredentialSuccess": (Sight.STAFF, "credential token qrCode"),
    "Gate": (
        Sight.STAFF,
        "id name scopeKind scopeId reads placeId position listMinutesAtMost whenListOld addedAt "
        "retiredAt",
    ),
    "GateConnection": (Sight.STAFF, "edges pageInfo"),
    "GateEdge": (Sight.STAFF, "node cursor"),
    "GateBundle": (Sight.STAFF, "token statusLists expiresAt"),
    "GateStatusList": (Sight.STAFF, "url token"),
    "AddGateSuccess": (Sight.STAFF, "gate secret"),
    "RetireGateSuccess": (Sight.STAFF, "gate"),
    "RotateGateKeysSuccess": (Sight.STAFF, "epoch"),
    "Scan": (
        Sight.STAFF,
        "id credentialId kind purpose scannedAt isPrinted message faults",
    ),
    "ScanSuccess": (Sight.STAFF, "scan"),
    "RecordedScan": (Sight.STAFF, "id scan wasKnown error"),
    "RecordScansSuccess": (Sight.STAFF, "scans"),
    "ScanFlag": (
        Sight.STAFF,
        "id fault credentialId scanId scannedAt raisedAt otherScanId since resolvedAt note scan otherScan",
    ),
    "ScanEvidence": (
        Sight.STAFF,
        "id gateId gateName placeId purpose scannedAt toldAt isOnline isPrinted cardEnding shownDigest",
    ),
    "ScanFlagConnection": (Sight.STAFF, "edges pageInfo"),
    "ScanFlagEdge": (Sight.STAFF, "node cursor"),
    "ResolveScanFlagSuccess": (Sight.STAFF, "flag"),
    "ScanCounts": (Sight.STAFF, "total printed late flagged byFault"),
    "FaultCount": (Sight.STAFF, "fault count"),
    "AccountError": (Sight.PUBLIC, "message code retryAfter"),
    "Alert": (
        Sight.PUBLIC,
        "id identifier sender sent status msgType msgTypeLabel scope state event "
        "headline description instruction urgency urgencyLabel severity "
        "severityLabel certainty certaintyLabel effective onset expires areas "
        "senderName web contact",
    ),
    "AlertArea": (Sight.PUBLIC, "description polygons circles geocodes"),
    "AlertCircle": (Sight.PUBLIC, "centre radius"),
    "AlertConnection": (Sight.PUBLIC, "edges pageInfo"),
    "AlertEdge": (Sight.PUBLIC, "node cursor"),
    "AttachNarrationSuccess": (Sight.PUBLIC, "recording"),
    "RemoveNarrationSuccess": (Sight.PUBLIC, "tourId stopId"),
    "AlertGeocode": (Sight.PUBLIC, "name value"),
    "ChatConversation": (Sight.PUBLIC, "id"),
    "ChatError": (Sight.PUBLIC, "message code"),
    "ChatLink": (Sight.PUBLIC, "title url"),
    "ChatWords": (Sight.OWN, "id text"),
    "KeepChatWordsSuccess": (Sight.OWN, "words"),
    "ChatReply": (Sight.PUBLIC, "text language links choices steps points"),
    "ChatChoice": (Sight.PUBLIC, "title"),
    "ChatPoint": (Sight.PUBLIC, "name position"),
    "Commune": (
        Sight.PUBLIC,
        "code name namesUnchecked kind kindName formerNames formerDistrict "
        "formerProvince position area",
    ),
    "CommuneConnection": (Sight.PUBLIC, "edges pageInfo"),
    "CommuneEdge": (Sight.PUBLIC, "node cursor"),
    "ConsentPurposes": (Sight.PUBLIC, "texts"),
    "ConsentText": (Sight.PUBLIC, "purpose version language title text digest"),
    "EmergencyNumber": (Sight.PUBLIC, "number url name when callText"),
    "EmergencyNumbers": (Sight.PUBLIC, "numbers"),
    "LocalizedText": (Sight.PUBLIC, "text language"),
    "Market": (
        Sight.PUBLIC,
        "id name description weekdays weekdayNames place distance commune confidence",
    ),
    "MarketConnection": (Sight.PUBLIC, "edges pageInfo"),
    "MarketEdge": (Sight.PUBLIC, "node cursor"),
    "SearchResult": (
        Sight.PUBLIC,
        "kind id label name nameSegments foundAs summary around position distance",
    ),
    "SearchResultConnection": (Sight.PUBLIC, "edges pageInfo"),
    "SearchResultEdge": (Sight.PUBLIC, "node cursor"),
    "TextSegment": (Sight.PUBLIC, "text isMatch"),
    "Tour": (
        Sight.PUBLIC,
        "id name textsUnchecked summary advice walkingMinutes climb length zonesSurveyed "
        "distance stops rating reviews",
    ),
    "TourConnection": (Sight.PUBLIC, "edges pageInfo"),
    "TourEdge": (Sight.PUBLIC, "node cursor"),
    "TourStop": (
        Sight.PUBLIC,
        "id name position zones shortText longText directions placeId recordings",
    ),
    "StopRecording": (
        Sight.PUBLIC,
        "text language url contentType byteCount sha256 seconds synthetic",
    ),
    "TriggerZone": (Sight.PUBLIC, "centre radius corners"),
    "Guidance": (
        Sight.PUBLIC,
        "warnings state text tell brief likelihood next heardCount stopCount",
    ),
    "NextStop": (
        Sight.PUBLIC,
        "stop distance distanceText bearing turn turnText directions",
    ),
    "OfflinePack": (
        Sight.PUBLIC,
        "areaKind areaId language version itemCount download",
    ),
    "PackDownload": (
        Sight.PUBLIC,
        "url urlExpiresAt since itemCount byteCount sha256 signature",
    ),
    "Accessibility": (Sight.PUBLIC, "steps"),
    "PlaceOpening": (Sight.PUBLIC, "isOpen nextChange text holiday"),
    "Wifi": (Sight.PUBLIC, "ssid access password instructions joinCode"),
    "PageInfo": (Sight.PUBLIC, "hasNextPage hasPreviousPage startCursor endCursor"),
    "Place": (
        Sight.PUBLIC,
        "id name names namesUnchecked otherNames description category categoryName "
        "position positionAccuracy altitude distance commune formerUnit "
        "formerProvince openingNote confidence openingHours visitMinutes phone website "
        "accessibility opening pictures wifi markets nearby rating reviews",
    ),
    "PlacePicture": (Sight.PUBLIC, "media alt author licence licenceName licenceUrl"),
    "PlaceConnection": (Sight.PUBLIC, "edges pageInfo"),
    "PlaceEdge": (Sight.PUBLIC, "node cursor"),
    "Position": (Sight.PUBLIC, "latitude longitude"),
    "Address": (Sight.OWN, "id kind value addedAt"),
    "Consent": (Sight.OWN, "purpose dependantId state counts version language at"),
    "DataExport": (Sight.OWN, "id state requestedAt readyAt expiresAt size downloadUrl"),
    "Dependant": (Sight.OWN, "id name bornOn relation needs createdAt identityPapers"),
    "Device": (
        Sight.OWN,
        "id platform language quietHours homeCommunes position exactPosition preferences createdAt"
        " updatedAt",
    ),
    "DeviceExactPosition": (Sight.OWN, "position accuracy expiresAt"),
    "AddStaySuccess": (Sight.OWN, "stay warnings"),
    "StayWarning": (Sight.OWN, "alertId headline"),
    "RemoveStaySuccess": (Sight.OWN, "id"),
    "Stay": (Sight.OWN, "id communeCode placeId firstDay lastDay"),
    "Stays": (Sight.OWN, "stays"),
    "SetWarningSmsSuccess": (Sight.OWN, "warningSms"),
    "WarningSms": (Sight.OWN, "communes agreedAt"),
    "NoticeOpenedSuccess": (Sight.OWN, "noticeId"),
    "WarningPreferences": (Sight.OWN, "mutedHazards leastLevel"),
    "DevicePosition": (Sight.OWN, "cell observedAt expiresAt"),
    "HeldRole": (Sight.OWN, "role scopeKind scopeId"),
    "IdentityPaper": (Sight.OWN, "kind maskedNumber number registeredAt"),
    "Invitation": (Sight.OWN, "id sentTo role invitedAt expiresAt"),
    "Person": (
        Sight.OWN,
        "consents dataExports roles invitations id name bornOn language needs "
        "createdAt dependants identityPapers devices sessions addresses",
    ),
    "QuietHours": (Sight.OWN, "start end timeZone"),
    "SentCode": (Sight.OWN, "id sentTo expiresAt"),
    "Session": (Sight.OWN, "id app isThisOne createdAt refreshedAt expiresAt"),
    "SessionTokens": (Sight.OWN, "accessToken accessExpiresAt refreshToken refreshExpiresAt"),
    "AcceptInvitationSuccess": (Sight.OWN, "role"),
    "AddAddressSuccess": (Sight.OWN, "kind value"),
    "AddDependantSuccess": (Sight.OWN, "dependant"),
    "DeleteMyAccountSuccess": (Sight.OWN, "receipt requestedAt"),
    "EndSessionSuccess": (Sight.OWN, "sessionId"),
    "ExportMyDataSuccess": (Sight.OWN, "export"),
    "GiveConsentSuccess": (Sight.OWN, "consent"),
    "InviteStaffSuccess": (Sight.OWN, "invitation"),
    "LinkDeviceSuccess": (Sight.OWN, "device"),
    "PutIdentityPaperSuccess": (Sight.OWN, "paper"),
    "RefreshSessionSuccess": (Sight.OWN, "tokens"),
    "RegisterDeviceSuccess": (Sight.OWN, "device secret"),
    "RemoveAddressSuccess": (Sight.OWN, "id"),
    "RemoveDependantSuccess": (Sight.OWN, "id"),
    "RemoveIdentityPaperSuccess": (Sight.OWN, "kind"),
    "RequestAddressCodeSuccess": (Sight.OWN, "sentCode"),
    "RequestCodeSuccess": (Sight.OWN, "sentCode"),
    "RevokeRoleSuccess": (Sight.OWN, "personId role"),
    "SendChatMessageSuccess": (Sight.OWN, "conversation replies answeredBy"),
    "CompleteProviderSignInSuccess": (Sight.OWN, "tokens isNew"),
    "LinkProviderSuccess": (Sight.OWN, "kind value"),
    "StartProviderSignInSuccess": (Sight.OWN, "authorizationUrl attempt expiresAt"),
    "SignInSuccess": (Sight.OWN, "tokens isNew"),
    "SignOutEverywhereSuccess": (Sight.OWN, "sessions"),
    "SignOutSuccess": (Sight.OWN, "sessionId"),
    "UnlinkDeviceSuccess": (Sight.OWN, "id"),
    "UnregisterDeviceSuccess": (Sight.OWN, "id"),
    "UpdateDependantSuccess": (Sight.OWN, "dependant"),
    "UpdateDeviceSuccess": (Sight.OWN, "device"),
    "UpdateProfileSuccess": (Sight.OWN, "person"),
    "WithdrawConsentSuccess": (Sight.OWN, "consent"),
    "WithdrawInvitationSuccess": (Sight.OWN, "id"),
    "AuditDetail": (Sight.STAFF, "name value"),
    "AuditEntry": (Sight.STAFF, "id at actor action subject right details"),
    "AuditEntryConnection": (Sight.STAFF, "edges pageInfo"),
    "AuditEntryEdge": (Sight.STAFF, "node cursor"),
    "InvitationConnection": (Sight.STAFF, "edges pageInfo"),
    "InvitationEdge": (Sight.STAFF, "node cursor"),
    "PaperHolder": (Sight.STAFF, "id name bornOn maskedNumber"),
    "PaperHolders": (Sight.STAFF, "holders truncated"),
    "StaffMember": (Sight.STAFF, "personId name addresses roles"),
    "StaffMemberConnection": (Sight.STAFF, "edges pageInfo"),
    "StaffMemberEdge": (Sight.STAFF, "node cursor"),
    "BoundingBox": (Sight.PUBLIC, "south west north east"),
    "ClosedPart": (Sight.PUBLIC, "centre radius"),
    "Closure": (
        Sight.PUBLIC,
        "id way wayId wayName area reason reasons starts ends liftedAt source distance version",
    ),
    "ClosureConnection": (Sight.PUBLIC, "edges pageInfo"),
    "ClosureEdge": (Sight.PUBLIC, "node cursor"),
    "RoadConnection": (Sight.PUBLIC, "edges pageInfo"),
    "RoadEdge": (Sight.PUBLIC, "node cursor"),
    "Road": (
        Sight.PUBLIC,
        "code name namesUnchecked kind partOf communeCodes description confidence",
    ),
    "Trail": (
        Sight.PUBLIC,
        "id name names namesUnchecked description notes lineKind lineAccuracy lineRemark start end "
        "bounds lineLength length ascent descent highest lowest walkingMinutes difficulty "
        "difficultyName difficultyIsProposed guide guideText needsPermit bestMonths distance "
        "confidence gpx geojson changedAt version startPlace endPlace closure closures line profile "
        "rating reviews",
    ),
    "TrailConnection": (Sight.PUBLIC, "edges pageInfo"),
    "TrailEdge": (Sight.PUBLIC, "node cursor"),
    "TrailLine": (Sight.PUBLIC, "encoded points tolerance"),
    "TrailProfile": (Sight.PUBLIC, "distances elevations"),
    "CloseWaySuccess": (Sight.PUBLIC, "closure"),
    "ChangeClosureSuccess": (Sight.PUBLIC, "closure"),
    "LiftClosureSuccess": (Sight.PUBLIC, "closure"),
    "ImportTrailSuccess": (Sight.PUBLIC, "trail"),
    "ChangeTrailSuccess": (Sight.PUBLIC, "trail"),
    "WithdrawTrailSuccess": (Sight.PUBLIC, "id"),
    "TourismError": (Sight.PUBLIC, "message code field retryAfter"),
    "AddPlaceSuccess": (Sight.PUBLIC, "place version"),
    "TakeDownPictureSuccess": (Sight.PUBLIC, "mediaId"),
    "ConfirmPlaceNameSuccess": (Sight.PUBLIC, "place version"),
    "DiscardPlaceDraftSuccess": (Sight.OWN, "id"),
    "IncompletePlace": (Sight.PUBLIC, "place missing"),
    "IncompletePlaceConnection": (Sight.PUBLIC, "edges pageInfo"),
    "IncompletePlaceEdge": (Sight.PUBLIC, "node cursor"),
    "PlaceConflict": (Sight.STAFF, "field changedBy changedByName changedAt"),
    "PlaceConflictError": (Sight.STAFF, "message code conflicts"),
    "PlaceDifference": (Sight.OWN, "field language before after"),
    "PlaceDraft": (Sight.OWN, "id placeId baseVersion fields startedAt changedAt"),
    "PlaceDraftConnection": (Sight.OWN, "edges pageInfo"),
    "PlaceDraftEdge": (Sight.OWN, "node cursor"),
    "PlacePreview": (Sight.OWN, "draft place differences conflicts"),
    "PlaceVersion": (Sight.STAFF, "number kind at by byName isRetired differences place"),
    "PlaceVersionConnection": (Sight.STAFF, "edges pageInfo"),
    "PlaceVersionEdge": (Sight.STAFF, "node cursor"),
    "ProposePlaceChangeSuccess": (Sight.OWN, "preview"),
    "PublishPlaceChangeSuccess": (Sight.PUBLIC, "place version"),
    "RetirePlaceSuccess": (Sight.PUBLIC, "placeId version"),
    "RevertPlaceSuccess": (Sight.PUBLIC, "place version"),
    "MediaError": (Sight.PUBLIC, "message code"),
    "MediaFile": (Sight.PUBLIC, "size contentType url width height byteCount"),
    "ShownMedia": (Sight.PUBLIC, "id kind duration files expiresAt"),
    "Media": (Sight.OWN, "id kind state createdAt keptUntil refusal shown upload"),
    "MediaRefusal": (Sight.OWN, "code message"),
    "MediaUpload": (Sight.OWN, "url method fields parts expiresAt"),
    "MediaUploadPart": (Sight.OWN, "number byteCount url hasArrived"),
    "UploadField": (Sight.OWN, "name value"),
    "CompleteUploadSuccess": (Sight.OWN, "media"),
    "RemoveMediaSuccess": (Sight.OWN, "id"),
    "RequestUploadSuccess": (Sight.OWN, "media upload"),
    "Rating": (Sight.PUBLIC, "average count histogram"),
    "Review": (
        Sight.PUBLIC,
        "id rating text language visitedOn author writtenAt reply photos",
    ),
    "ReviewConnection": (Sight.PUBLIC, "edges pageInfo"),
    "ReviewEdge": (Sight.PUBLIC, "node cursor"),
    "ReviewReply": (Sight.PUBLIC, "text language at"),
    "ReviewSubject": (Sight.PUBLIC, "kind id name"),
    "MyReview": (
        Sight.OWN,
        "id subject state submitted shown refusal canAppeal appealedAt createdAt",
    ),
    "MyReviewConnection": (Sight.OWN, "edges pageInfo"),
    "MyReviewEdge": (Sight.OWN, "node cursor"),
    "ReviewRefusal": (Sight.OWN, "code message note at"),
    "ReviewVersion": (
        Sight.OWN,
        "number rating text language visitedOn displayName writtenAt photos",
    ),
    "AppealReviewSuccess": (Sight.OWN, "review"),
    "ChangeReviewSuccess": (Sight.OWN, "review"),
    "RemoveReviewSuccess": (Sight.OWN, "id"),
    "ReportReviewSuccess": (Sight.OWN, "id"),
    "WriteReviewSuccess": (Sight.OWN, "review"),
    "ModeratedReview": (
        Sight.STAFF,
        "id subject state waitsFor waitsSince submitted shown notices reports refusal appeal "
        "appealedAt claimedUntil isClaimedByYou",
    ),
    "ModeratedReviewConnection": (Sight.STAFF, "edges pageInfo"),
    "ModeratedReviewEdge": (Sight.STAFF, "node cursor"),
    "ReviewConflictError": (Sight.STAFF, "message code review"),
    "ReviewReportCount": (Sight.STAFF, "reason count"),
    "ApproveReviewSuccess": (Sight.STAFF, "review"),
    "ClaimReviewSuccess": (Sight.STAFF, "review"),
    "RefuseReviewSuccess": (Sight.STAFF, "review"),
    "ReleaseReviewSuccess": (Sight.STAFF, "id"),
    "ReplyToReviewSuccess": (Sight.PUBLIC, "review"),
    "AddEventSuccess": (Sight.PUBLIC, "event"),
    "ChangeEventOccurrenceSuccess": (Sight.PUBLIC, "event"),
    "ChangeEventSuccess": (Sight.PUBLIC, "event"),
    "Event": (
        Sight.PUBLIC,
        "id version name names namesUnchecked description kind kindName ruleText datesAreAnnounced place position"
        " commune organiser priceNote website confidence next occurrences",
    ),
    "EventConflictError": (Sight.STAFF, "message code version changedBy changedByName changedAt"),
    "EventOccurrence": (
        Sight.PUBLIC,
        "id event plannedOn firstDay lastDay start end isAllDay isConfirmed daysText status statusName statusReason"
        " place position commune distance",
    ),
    "EventDate": (
        Sight.PUBLIC,
        "id plannedOn firstDay lastDay start end isAllDay isConfirmed daysText status statusName statusReason"
        " place position commune distance",
    ),
    "EventOccurrenceConnection": (Sight.PUBLIC, "edges pageInfo"),
    "EventOccurrenceEdge": (Sight.PUBLIC, "node cursor"),
    "RemoveEventSuccess": (Sight.PUBLIC, "id"),
    "Charge": (Sight.OWN, "id purpose place amount state paymentId expiresAt"),
    "ChargeSuccess": (Sight.OWN, "charge"),
    "ConfirmChargeSuccess": (Sight.OWN, "charge"),
    "ForfeitBalanceSuccess": (Sight.OWN, "receipt"),
    "MerchantDay": (Sight.OWN, "day balance total sums control entries"),
    "MerchantDaySum": (Sight.OWN, "kind change count"),
    "Money": (Sight.PUBLIC, "amount text"),
    "PayOutAtCounterSuccess": (Sight.OWN, "charge"),
    "RefundPaymentSuccess": (Sight.OWN, "receipt"),
    "SuspendedPayment": (Sight.STAFF, "id provider reference orderId amount reason at"),
    "SuspendedPaymentConnection": (Sight.STAFF, "edges pageInfo"),
    "SuspendedPaymentEdge": (Sight.STAFF, "node cursor"),
    "TopUp": (Sight.OWN, "id amount state checkoutUrl expiresAt"),
    "TopUpAtCounterSuccess": (Sight.OWN, "receipt"),
    "TopUpSuccess": (Sight.OWN, "topUp"),
    "AcceptPassSuccess": (Sight.OWN, "pass"),
    "BuyPassSuccess": (Sight.OWN, "passes"),
    "OfferPassSuccess": (Sight.OWN, "pass offerCode"),
    "RefundPassSuccess": (Sight.OWN, "passes"),
    "WithdrawPassOfferSuccess": (Sight.OWN, "pass"),
    "PutCardProductSuccess": (Sight.PUBLIC, "product"),
    "CardEntitlement": (
        Sight.PUBLIC,
        "id kind name placeIds uses usesPerDay usesPerPlace minutesBetween discountPercent",
    ),
    "CardError": (Sight.PUBLIC, "message code field paymentCode"),
    "CardPass": (
        Sight.OWN,
        "id productId credentialId name person state boughtAt unusedUntil firstUse endsAt validity "
        "left purchase refund offeredUntil",
    ),
    "CardPurchase": (Sight.OWN, "id price passCount refund"),
    "CardPassConnection": (Sight.OWN, "edges pageInfo"),
    "CardPassEdge": (Sight.OWN, "node cursor"),
    "CardPlace": (Sight.PUBLIC, "place entitlements distance"),
    "CardPlaceConnection": (Sight.PUBLIC, "edges pageInfo"),
    "CardPlaceEdge": (Sight.PUBLIC, "node cursor"),
    "CardProduct": (
        Sight.PUBLIC,
        "id name description price people validity entitlements wholeRefundDays refundFeePercent "
        "state version",
    ),
    "CardProductConnection": (Sight.PUBLIC, "edges pageInfo"),
    "CardProductEdge": (Sight.PUBLIC, "node cursor"),
    "CardValidity": (Sight.PUBLIC, "rollingHours calendarDays"),
    "EntitlementLeft": (Sight.OWN, "entitlement uses usesToday text"),
    "Wallet": (Sight.OWN, "id balance available spendingLimit paidToday statement"),
    "WalletEntry": (Sight.OWN, "number kind paymentId change balance at"),
    "WalletEntryConnection": (Sight.OWN, "edges pageInfo"),
    "WalletEntryEdge": (Sight.OWN, "node cursor"),
    "WalletError": (Sight.PUBLIC, "message code"),
    "WalletPlace": (Sight.PUBLIC, "kind id"),
    "WalletReceipt": (Sight.OWN, "paymentId kind amount at"),
    "TripDay": (Sight.PUBLIC, "date starts ends items"),
    "TripItem": (
        Sight.PUBLIC,
        "kind starts ends place roads isMust usualMinutes includesMeal reasons notes",
    ),
    "TripLeftOut": (Sight.PUBLIC, "reason place road alertId closureId roadEventId"),
    "TripNearest": (Sight.PUBLIC, "plan without starts ends position"),
    "TripPlan": (Sight.PUBLIC, "days leftOut notes travelSource"),
    "TripRefusal": (Sight.PUBLIC, "message code field retryAfter unmet nearest"),
    "TripRemark": (Sight.PUBLIC, "code text"),
    "TripUnmet": (Sight.PUBLIC, "placeId reason nextPossible excludedBy"),
}


PROVE_THEMSELVES = frozenset(
    {
        "Query.device",
        "Mutation.cancelAppointmentByTicket",
        "Mutation.completeProviderSignIn",
        "Mutation.noticeOpened",
        "Mutation.refreshSession",
        "Mutation.registerDevice",
        "Mutation.requestCode",
        "Mutation.sendChatMessage",
        "Mutation.signIn",
        "Mutation.startProviderSignIn",
        "Mutation.unregisterDevice",
        "Mutation.updateDevice",
    }
)
"""Need nobody signed in and lead to what is somebody's: they take a secret, or make what they show."""

ROOT_FIELDS.update(SCHOOL_ROWS)
ROOT_FIELDS.update(FEEDBACK_ROWS)
ROOT_FIELDS.update(CHANNEL_ROWS)
TYPES.update(SCHOOL_TYPES)
TYPES.update(FEEDBACK_TYPES)
ROOT_FIELDS.update(SAFETY_ROWS)
TYPES.update(SAFETY_TYPES)
TYPES.update(CHANNEL_TYPES)
ROOT_FIELDS.update(PLACE_ROWS)
TYPES.update(PLACE_TYPES)
ROOT_FIELDS.update(WAITING_ROWS)
TYPES.update(WAITING_TYPES)
ROOT_FIELDS.update(QUEUE_ROWS)
TYPES.update(QUEUE_TYPES)
ROOT_FIELDS.update(RECORD_ROWS)
TYPES.update(RECORD_TYPES)
ROOT_FIELDS.update(BOOKING_ROWS)
TYPES.update(BOOKING_TYPES)
ROOT_FIELDS.update(CONDITION_ROWS)
TYPES.update(CONDITION_TYPES)
ROOT_FIELDS.update(COMPOSING_ROWS)
TYPES.update(COMPOSING_TYPES)
ROOT_FIELDS.update(HANDOFF_ROWS)
ROOT_FIELDS.update(OPERATIONS_ROWS)
TYPES.update(HANDOFF_TYPES)
TYPES.update(OPERATIONS_TYPES)
