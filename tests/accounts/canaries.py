"""A unique value in every field into which a person may put something, and where it may be found.

A field that the contract gains fails test_canary.py until it has a line here.
"""

from dataclasses import dataclass
from enum import Enum, auto

from graphql import GraphQLInputObjectType, build_schema

from api.kit.geo import COARSE_RESOLUTION, Position, cell_of
from api.schema import schema
from tests.media.picture_files import MARK


class Fate(Enum):
    """What becomes of a value while its owner has an account."""

    TOLD = auto()
    """It is kept, and is in the copy of the person's data."""
    CHOICE = auto()
    """The same, but many people have the same value: no use to look for it in bytes."""
    PROOF = auto()
    """It proves something to us, and is kept as a digest or sealed, or not at all; it is never told."""
    PASSING = auto()
    """It is used and kept nowhere."""


@dataclass(frozen=True, slots=True)
class Canary:
    """`kept_as`: what is kept instead of the value."""

    value: str
    fate: Fate
    kept_as: str = ""

    @property
    def is_told(self) -> bool:
        return self.fate in (Fate.TOLD, Fate.CHOICE)

    @property
    def sought(self) -> str:
        """What to look for in bytes."""
        return self.kept_as or self.value


PHONE, EMAIL = "+84912000417", "canary.way.in.0417@example.com"
UNUSED = "canary.unused.0417@example.com"
LATITUDE, LONGITUDE = 22.3364417, 103.8438417
ASKED_LATITUDE, ASKED_LONGITUDE = 22.4817417, 103.9713417
HOME_COMMUNE = "02683"
CELL = cell_of(Position(LATITUDE, LONGITUDE), COARSE_RESOLUTION)
REGISTRATION = "canary-registration-of-the-phone-0417"

IDEMPOTENCY_KEY = Canary("canary-idempotency-key-0417", Fate.PASSING)
_QUIET_START, _QUIET_END = Canary("22:13", Fate.CHOICE), Canary("06:17", Fate.CHOICE)
_DEVICE_LANGUAGE = Canary("ko", Fate.CHOICE)

_APP = Canary("Canary Phone 0417", Fate.TOLD)
_CONTENT_S = Canary("(public, of no person)", Fate.PASSING)
_STAFF_S = Canary("(about somebody else)", Fate.PASSING)
_OF_A_PLACE = Canary("(about a place)", Fate.PASSING)
_OF_AN_EVENT = Canary("(about an event)", Fate.PASSING)
_PROVIDER_S = Canary("(the provider's)", Fate.PROOF)
_OF_A_GATE = Canary("(about a gate)", Fate.PASSING)
_OF_A_PUPIL = Canary("(of a pupil, whose data is the school's: tests/students)", Fate.PASSING)
_OF_A_MAP = Canary("(of a map that is looked at)", Fate.PASSING)
_OF_A_TRIP = Canary("(of a trip, which is kept nowhere)", Fate.PASSING)

CANARIES = {
    "AcceptInvitationInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AddAddressInput.code": Canary("(six digits)", Fate.PROOF),
    "AddAddressInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AddDependantInput.bornOn": Canary("2017-09-23", Fate.TOLD),
    "AddDependantInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AddDependantInput.name": Canary("Canary Lò Văn Bé", Fate.TOLD),
    "AddDependantInput.relation": Canary("CHILD", Fate.CHOICE),
    "CompleteProviderSignInInput.app": _APP,
    "CompleteProviderSignInInput.attempt": _PROVIDER_S,
    "CompleteProviderSignInInput.code": _PROVIDER_S,
    "CompleteProviderSignInInput.idempotencyKey": IDEMPOTENCY_KEY,
    "CompleteProviderSignInInput.iss": _PROVIDER_S,
    "CompleteProviderSignInInput.state": _PROVIDER_S,
    "GiveConsentInput.idempotencyKey": IDEMPOTENCY_KEY,
    "GiveConsentInput.language": Canary("fr", Fate.CHOICE),
    "GiveConsentInput.purpose": Canary("IDENTITY_PAPERS", Fate.CHOICE),
    "GiveConsentInput.version": Canary("1", Fate.CHOICE),
    "InviteStaffInput.address": _STAFF_S,
    "InviteStaffInput.idempotencyKey": IDEMPOTENCY_KEY,
    "InviteStaffInput.language": _STAFF_S,
    "InviteStaffInput.role": _STAFF_S,
    "InviteStaffInput.scopeKind": _STAFF_S,
    "LinkDeviceInput.idempotencyKey": IDEMPOTENCY_KEY,
    "LinkDeviceInput.secret": Canary("(the device's)", Fate.PROOF),
    "LinkProviderInput.attempt": _PROVIDER_S,
    "LinkProviderInput.code": _PROVIDER_S,
    "LinkProviderInput.idempotencyKey": IDEMPOTENCY_KEY,
    "LinkProviderInput.iss": _PROVIDER_S,
    "LinkProviderInput.state": _PROVIDER_S,
    "PositionInput.latitude": Canary(f"{LATITUDE}", Fate.TOLD, kept_as=CELL),
    "PositionInput.longitude": Canary(f"{LONGITUDE}", Fate.TOLD, kept_as=CELL),
    "PutIdentityPaperInput.kind": Canary("CCCD", Fate.CHOICE),
    "PutIdentityPaperInput.number": Canary("010183904417", Fate.TOLD),
    "QuietHoursInput.end": _QUIET_END,
    "QuietHoursInput.start": _QUIET_START,
    "QuietHoursInput.timeZone": Canary("Asia/Seoul", Fate.CHOICE),
    "RefreshSessionInput.refreshToken": Canary("(the session's)", Fate.PROOF),
    "RegisterDeviceInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RegisterDeviceInput.language": _DEVICE_LANGUAGE,
    "RegisterDeviceInput.platform": Canary("ANDROID", Fate.CHOICE),
    # Whoever has it is the device, so it is not told; but it is kept in clear, to send with.
    "RegisterDeviceInput.registration": Canary(REGISTRATION, Fate.PROOF, kept_as=REGISTRATION),
    "RegisterDeviceInput.registrationKind": Canary("TOKEN", Fate.PROOF),
    "RemoveIdentityPaperInput.kind": Canary("CCCD", Fate.CHOICE),
    "RequestUploadInput.byteCount": Canary("4170417", Fate.CHOICE),
    "RequestUploadInput.contentType": Canary("image/avif", Fate.CHOICE),
    "RequestUploadInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RequestUploadInput.kind": Canary("PHOTO", Fate.CHOICE),
    "RequestCodeInput.address": Canary(PHONE, Fate.TOLD),
    "RequestCodeInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RequestCodeInput.language": Canary("en", Fate.CHOICE),
    "RevokeRoleInput.role": _STAFF_S,
    "RevokeRoleInput.scopeKind": _STAFF_S,
    "SendChatMessageInput.idempotencyKey": IDEMPOTENCY_KEY,
    "SendChatMessageInput.language": Canary("en", Fate.CHOICE),
    "SendChatMessageInput.text": Canary("canary chat message 0417", Fate.TOLD),
    "SignInInput.app": _APP,
    "SignInInput.code": Canary("(six digits)", Fate.PROOF),
    "SignInInput.idempotencyKey": IDEMPOTENCY_KEY,
    "StartProviderSignInInput.idempotencyKey": IDEMPOTENCY_KEY,
    "StartProviderSignInInput.language": Canary("en", Fate.CHOICE),
    "StartProviderSignInInput.redirectUri": _PROVIDER_S,
    "UnregisterDeviceInput.secret": Canary("(the device's)", Fate.PROOF),
    "UpdateDependantInput.bornOn": Canary("2017-09-24", Fate.TOLD),
    "UpdateDependantInput.name": Canary("Canary Lò Văn Lớn", Fate.TOLD),
    "UpdateDependantInput.needs": Canary("WHEELCHAIR", Fate.CHOICE),
    "UpdateDependantInput.relation": Canary("CHILD", Fate.CHOICE),
    "UpdateDeviceInput.language": _DEVICE_LANGUAGE,
    "UpdateDeviceInput.registration": Canary(REGISTRATION, Fate.PROOF, kept_as=REGISTRATION),
    "UpdateDeviceInput.registrationKind": Canary("TOKEN", Fate.PROOF),
    "UpdateDeviceInput.secret": Canary("(the device's)", Fate.PROOF),
    "UpdateProfileInput.bornOn": Canary("1983-11-27", Fate.TOLD),
    "UpdateProfileInput.language": Canary("vi", Fate.CHOICE),
    "UpdateProfileInput.name": Canary("Canary Nguyễn Thị Hồng Ngát", Fate.TOLD),
    "UpdateProfileInput.needs": Canary("DEAF", Fate.CHOICE),
    "WithdrawConsentInput.purpose": Canary("LOCATION", Fate.CHOICE),
    "ChangeClosureInput.ends": _CONTENT_S,
    "ChangeClosureInput.expectedVersion": _CONTENT_S,
    "ChangeClosureInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ChangeClosureInput.source": _CONTENT_S,
    "ChangeClosureInput.starts": _CONTENT_S,
    "ChangeTrailInput.expectedVersion": _CONTENT_S,
    "ChangeTrailInput.idempotencyKey": IDEMPOTENCY_KEY,
    "CloseWayInput.ends": _CONTENT_S,
    "CloseWayInput.idempotencyKey": IDEMPOTENCY_KEY,
    "CloseWayInput.source": _CONTENT_S,
    "CloseWayInput.starts": _CONTENT_S,
    "CloseWayInput.way": _CONTENT_S,
    "ClosedPartInput.radius": _CONTENT_S,
    "ImportTrailInput.document": _CONTENT_S,
    "ImportTrailInput.expectedVersion": _CONTENT_S,
    "ImportTrailInput.format": _CONTENT_S,
    "ImportTrailInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ImportTrailInput.lineAccuracy": _CONTENT_S,
    "ImportTrailInput.lineKind": _CONTENT_S,
    "LiftClosureInput.expectedVersion": _CONTENT_S,
    "LiftClosureInput.idempotencyKey": IDEMPOTENCY_KEY,
    "TrailFactsInput.bestMonths": _CONTENT_S,
    "TrailFactsInput.confidence": _CONTENT_S,
    "TrailFactsInput.difficulty": _CONTENT_S,
    "TrailFactsInput.guide": _CONTENT_S,
    "TrailFactsInput.statedLength": _CONTENT_S,
    "TrailFactsInput.statedMinutes": _CONTENT_S,
    "WithdrawTrailInput.expectedVersion": _CONTENT_S,
    "WithdrawTrailInput.idempotencyKey": IDEMPOTENCY_KEY,
    "WrittenTextInput.language": _CONTENT_S,
    "WrittenTextInput.text": _CONTENT_S,
    "AddPlaceInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AttachNarrationInput.idempotencyKey": IDEMPOTENCY_KEY,
    "PictureInput.author": _OF_A_PLACE,
    "PictureInput.licence": _OF_A_PLACE,
    "RemoveNarrationInput.idempotencyKey": IDEMPOTENCY_KEY,
    "SpokenTextInput.language": _OF_A_PLACE,
    "SpokenTextInput.text": _OF_A_PLACE,
    "TakeDownPictureInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ConfirmPlaceNameInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ConfirmPlaceNameInput.language": _OF_A_PLACE,
    "ConfirmPlaceNameInput.name": _OF_A_PLACE,
    "PlaceChangesInput.altitude": _OF_A_PLACE,
    "PlaceChangesInput.category": _OF_A_PLACE,
    "PlaceChangesInput.confidence": _OF_A_PLACE,
    "PlaceChangesInput.openingHours": _OF_A_PLACE,
    "PlaceChangesInput.otherNames": _OF_A_PLACE,
    "PlaceChangesInput.phone": _OF_A_PLACE,
    "PlaceChangesInput.positionAccuracy": _OF_A_PLACE,
    "PlaceChangesInput.visitMinutes": _OF_A_PLACE,
    "PlaceChangesInput.website": _OF_A_PLACE,
    "PublishPlaceChangeInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RetirePlaceInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RevertPlaceInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RevertPlaceInput.newestVersion": _OF_A_PLACE,
    "RevertPlaceInput.version": _OF_A_PLACE,
    "TextInput.language": _OF_A_PLACE,
    "TextInput.text": _OF_A_PLACE,
    "AccessibilityInput.steps": _OF_A_PLACE,
    "WifiInput.access": _OF_A_PLACE,
    "WifiInput.password": _OF_A_PLACE,
    "WifiInput.ssid": _OF_A_PLACE,
    "AppealReviewInput.text": Canary("canary appeal 0417", Fate.TOLD),
    "ApproveReviewInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ApproveReviewInput.version": _STAFF_S,
    "ChangeReviewInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RefuseReviewInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RefuseReviewInput.note": _STAFF_S,
    "RefuseReviewInput.reason": _STAFF_S,
    "RefuseReviewInput.version": _STAFF_S,
    "ReplyToReviewInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ReplyToReviewInput.language": _STAFF_S,
    "ReplyToReviewInput.text": _STAFF_S,
    "ReportReviewInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ReportReviewInput.reason": Canary("SPAM", Fate.CHOICE),
    "ReviewInput.displayName": Canary("Canary Hoa Ban", Fate.TOLD),
    "ReviewInput.language": Canary("fr", Fate.CHOICE),
    "ReviewInput.rating": Canary("4", Fate.CHOICE),
    "ReviewInput.text": Canary("canary review 0417", Fate.TOLD),
    "ReviewInput.visitedOn": Canary("2024-11", Fate.CHOICE),
    "WriteReviewInput.idempotencyKey": IDEMPOTENCY_KEY,
    "WriteReviewInput.subjectKind": Canary("PLACE", Fate.CHOICE),
    "AddEventInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ChangeEventInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ChangeEventInput.version": _OF_AN_EVENT,
    "ChangeEventOccurrenceInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ChangeEventOccurrenceInput.version": _OF_AN_EVENT,
    "DayOfYearInput.day": _OF_AN_EVENT,
    "DayOfYearInput.month": _OF_AN_EVENT,
    "DaysInput.first": _OF_AN_EVENT,
    "DaysInput.last": _OF_AN_EVENT,
    "EventChangesInput.confidence": _OF_AN_EVENT,
    "EventChangesInput.endsAt": _OF_AN_EVENT,
    "EventChangesInput.kind": _OF_AN_EVENT,
    "EventChangesInput.startsAt": _OF_AN_EVENT,
    "EventChangesInput.website": _OF_AN_EVENT,
    "LunarAnimalInput.animal": _OF_AN_EVENT,
    "LunarAnimalInput.days": _OF_AN_EVENT,
    "LunarAnimalInput.month": _OF_AN_EVENT,
    "LunarInput.day": _OF_AN_EVENT,
    "LunarInput.days": _OF_AN_EVENT,
    "LunarInput.month": _OF_AN_EVENT,
    "OccurrenceChangeInput.firstDay": _OF_AN_EVENT,
    "OccurrenceChangeInput.lastDay": _OF_AN_EVENT,
    "OccurrenceChangeInput.plannedOn": _OF_AN_EVENT,
    "OccurrenceChangeInput.status": _OF_AN_EVENT,
    "RemoveEventInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RemoveEventInput.version": _OF_AN_EVENT,
    "WeeklyInput.weekdays": _OF_AN_EVENT,
    "YearlyInput.day": _OF_AN_EVENT,
    "YearlyInput.days": _OF_AN_EVENT,
    "YearlyInput.month": _OF_AN_EVENT,
    "AddGateInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AddGateInput.listMinutesAtMost": _OF_A_GATE,
    "AddGateInput.scopeKind": _OF_A_GATE,
    "AddGateInput.whenListOld": _OF_A_GATE,
    "GateNameInput.language": _OF_A_GATE,
    "GateNameInput.text": _OF_A_GATE,
    "PastScanInput.purpose": _STAFF_S,
    "PastScanInput.scannedAt": _STAFF_S,
    "PastScanInput.shown": _STAFF_S,
    "ReissueCredentialInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ResolveScanFlagInput.note": _STAFF_S,
    "RevokeCredentialInput.reason": _STAFF_S,
    "RotateGateKeysInput.kind": _OF_A_GATE,
    "ScanInput.purpose": _STAFF_S,
    "ScanInput.shown": _STAFF_S,
    "TakeCredentialInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AcceptGuardianshipInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AllowMealsInput.aDay": _OF_A_PUPIL,
    "ApplyRosterInput.digest": _STAFF_S,
    "ApplyRosterInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ApplyRosterInput.year": _STAFF_S,
    "ExplainAbsenceInput.ends": _OF_A_PUPIL,
    "ExplainAbsenceInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ExplainAbsenceInput.note": _OF_A_PUPIL,
    "ExplainAbsenceInput.starts": _OF_A_PUPIL,
    "GiveUpBookInput.item": _OF_A_PUPIL,
    "InviteGuardianInput.address": _STAFF_S,
    "InviteGuardianInput.idempotencyKey": IDEMPOTENCY_KEY,
    "InviteGuardianInput.language": _STAFF_S,
    "IssueStudentCardsInput.idempotencyKey": IDEMPOTENCY_KEY,
    "LendBookInput.dueOn": _OF_A_PUPIL,
    "LendBookInput.idempotencyKey": IDEMPOTENCY_KEY,
    "LendBookInput.item": _OF_A_PUPIL,
    "NoteArrivalInput.at": _OF_A_PUPIL,
    "NoteArrivalInput.idempotencyKey": IDEMPOTENCY_KEY,
    "OfferPupilInput.idempotencyKey": IDEMPOTENCY_KEY,
    "PayMealInput.amount": _OF_A_PUPIL,
    "PayMealInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RefundMealInput.amount": _OF_A_PUPIL,
    "RefundMealInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ReturnBookInput.item": _OF_A_PUPIL,
    "SchoolBellsInput.ends": _STAFF_S,
    "SchoolBellsInput.shift": _STAFF_S,
    "SchoolBellsInput.starts": _STAFF_S,
    "SchoolDayOffInput.ends": _STAFF_S,
    "SchoolDayOffInput.reason": _STAFF_S,
    "SchoolDayOffInput.starts": _STAFF_S,
    "SchoolNoticeInput.news": _OF_A_PUPIL,
    "SchoolNoticeInput.wish": _OF_A_PUPIL,
    "SchoolTermInput.ends": _STAFF_S,
    "SchoolTermInput.starts": _STAFF_S,
    "SetSchoolCalendarInput.extraDays": _STAFF_S,
    "SetSchoolCalendarInput.idempotencyKey": IDEMPOTENCY_KEY,
    "SetSchoolCalendarInput.lateAfter": _STAFF_S,
    "SetSchoolCalendarInput.version": _STAFF_S,
    "SetSchoolCalendarInput.weekdays": _STAFF_S,
    "SetSchoolCalendarInput.year": _STAFF_S,
    "SetSchoolNoticesInput.languages": _OF_A_PUPIL,
    "TakeBackMealMoneyInput.amount": _OF_A_PUPIL,
    "TakeBackMealMoneyInput.idempotencyKey": IDEMPOTENCY_KEY,
    "TakeInPupilInput.idempotencyKey": IDEMPOTENCY_KEY,
    "TopUpMealMoneyInput.amount": _OF_A_PUPIL,
    "TopUpMealMoneyInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ChargeInput.amount": _STAFF_S,
    "ChargeInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ConfirmChargeInput.amount": Canary("83417", Fate.CHOICE),
    "ConfirmChargeInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ForfeitBalanceInput.amount": Canary("272300", Fate.CHOICE),
    "ForfeitBalanceInput.idempotencyKey": IDEMPOTENCY_KEY,
    "PayOutAtCounterInput.amount": _STAFF_S,
    "PayOutAtCounterInput.idempotencyKey": IDEMPOTENCY_KEY,
    "PayOutAtCounterInput.scopeKind": _STAFF_S,
    "RefundPaymentInput.amount": _STAFF_S,
    "RefundPaymentInput.idempotencyKey": IDEMPOTENCY_KEY,
    "TopUpAtCounterInput.amount": _STAFF_S,
    "TopUpAtCounterInput.idempotencyKey": IDEMPOTENCY_KEY,
    "TopUpAtCounterInput.scopeKind": _STAFF_S,
    "AcceptPassInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AcceptPassInput.offerCode": Canary("(sixteen letters)", Fate.PROOF),
    "BuyPassInput.idempotencyKey": IDEMPOTENCY_KEY,
    "BuyPassInput.price": Canary("61700", Fate.CHOICE),
    "CardTextInput.language": _STAFF_S,
    "CardTextInput.text": _STAFF_S,
    "EntitlementInput.discountPercent": _STAFF_S,
    "EntitlementInput.kind": _STAFF_S,
    "EntitlementInput.minutesBetween": _STAFF_S,
    "EntitlementInput.uses": _STAFF_S,
    "EntitlementInput.usesPerDay": _STAFF_S,
    "EntitlementInput.usesPerPlace": _STAFF_S,
    "PassInput.idempotencyKey": IDEMPOTENCY_KEY,
    "PutCardProductInput.expectedVersion": _STAFF_S,
    "PutCardProductInput.idempotencyKey": IDEMPOTENCY_KEY,
    "PutCardProductInput.people": _STAFF_S,
    "PutCardProductInput.price": _STAFF_S,
    "PutCardProductInput.refundFeePercent": _STAFF_S,
    "PutCardProductInput.state": _STAFF_S,
    "PutCardProductInput.wholeRefundDays": _STAFF_S,
    "ValidityInput.calendarDays": _STAFF_S,
    "ValidityInput.rollingHours": _STAFF_S,
    "TopUpInput.amount": Canary("417417", Fate.CHOICE),
    "TopUpInput.idempotencyKey": IDEMPOTENCY_KEY,
    "PlanTripInput.budget": _OF_A_TRIP,
    "PlanTripInput.end": _OF_A_TRIP,
    "PlanTripInput.interests": _OF_A_TRIP,
    "PlanTripInput.mobility": _OF_A_TRIP,
    "PlanTripInput.pace": _OF_A_TRIP,
    "PlanTripInput.start": _OF_A_TRIP,
    "ReplanTripInput.now": _OF_A_TRIP,
    "AcceptReportInput.seenState": _STAFF_S,
    "AnswerReportInput.seenState": _STAFF_S,
    "AnswerReportInput.words": _STAFF_S,
    "AnswerReportInput.language": _STAFF_S,
    "AssignReportInput.seenState": _STAFF_S,
    "AssignReportInput.words": _STAFF_S,
    "AssignReportInput.language": _STAFF_S,
    "ProveFixInput.seenState": _STAFF_S,
    "ProveFixInput.words": _STAFF_S,
    "ProveFixInput.language": _STAFF_S,
    "RefuseReportInput.seenState": _STAFF_S,
    "RefuseReportInput.words": _STAFF_S,
    "RefuseReportInput.language": _STAFF_S,
    "RefuseReportInput.reason": _STAFF_S,
    "RerouteReportInput.seenState": _STAFF_S,
    "RerouteReportInput.words": _STAFF_S,
    "RerouteReportInput.language": _STAFF_S,
    "StartReportInput.seenState": _STAFF_S,
    "AcceptReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AnswerReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "AssignReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ProveFixInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RefuseReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "RerouteReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "StartReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ConfirmFixInput.idempotencyKey": IDEMPOTENCY_KEY,
    "JoinReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "LeaveReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "MergeReportsInput.idempotencyKey": IDEMPOTENCY_KEY,
    "ReopenReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "SubmitReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "UnmergeReportInput.idempotencyKey": IDEMPOTENCY_KEY,
    "BoundsInput.south": _OF_A_MAP,
    "BoundsInput.west": _OF_A_MAP,
    "BoundsInput.north": _OF_A_MAP,
    "BoundsInput.east": _OF_A_MAP,
    "ReopenReportInput.language": Canary("vi", Fate.CHOICE),
    "ReopenReportInput.words": Canary("canary reopening 0417", Fate.TOLD),
    "ReportFieldInput.code": Canary("pole", Fate.CHOICE),
    "ReportFieldInput.value": Canary("canary pole 0417", Fate.TOLD),
    "ReporterDeviceInput.secret": Canary("(the device's)", Fate.PROOF),
    "SubmitReportInput.accuracy": Canary("17.4174", Fate.TOLD),
    "SubmitReportInput.capturedAt": Canary("2026-04-29T04:17:04+00:00", Fate.CHOICE),
    "SubmitReportInput.displayName": Canary("Canary Hoa Mơ", Fate.TOLD),
    "SubmitReportInput.language": Canary("vi", Fate.CHOICE),
    "SubmitReportInput.text": Canary("canary report 0417", Fate.TOLD),
    "SubmitReportInput.visibility": Canary("PUBLIC", Fate.CHOICE),
}
SECOND_VALUES = (EMAIL, UNUSED, "HS4101020904417")
"""Further unique values: of addresses and papers, of which a person has several."""
NEVER_KEPT = (
    f"{ASKED_LATITUDE}",
    f"{ASKED_LONGITUDE}",
    f"{LATITUDE}",
    f"{LONGITUDE}",
    IDEMPOTENCY_KEY.value,
    MARK.decode(),  # what a camera wrote into a photo
)


def personal_fields() -> set[str]:
    """Return every field of the contract's inputs that holds something of its own.

    Ids are looked for as such, and a yes or no is nothing to look for.
    """
    kinds = build_schema(schema.as_str()).type_map
    inputs = {
        name: kind for name, kind in kinds.items() if isinstance(kind, GraphQLInputObjectType)
    }
    return {
        f"{kind}.{name}"
        for kind, fields in inputs.items()
        for name, field in fields.fields.items()
        if str(field.type).strip("[]!") not in {*inputs, "ID", "Boolean"}
    }
