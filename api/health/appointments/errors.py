from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class AppointmentNotFound(HealthProblem):
    """Also the answer to whoever may not see the appointment, so that ids cannot be tried out."""

    code = HealthErrorCode.NOT_FOUND
    field = "appointmentId"
    message = N_("There is no appointment with this id that you may see.")


class PatientNotFound(HealthProblem):
    """Also for another person's dependant."""

    code = HealthErrorCode.NOT_FOUND
    field = "patientId"
    message = N_("There is nobody with this id among those for whom you act.")


class PatientHasNoName(HealthProblem):
    code = HealthErrorCode.NAME_MISSING
    field = "patientId"
    message = N_("Write your name into your profile first: the clinic calls patients by name.")


class HealthConsentMissing(HealthProblem):
    code = HealthErrorCode.CONSENT_MISSING
    field = "patientId"
    message = N_(
        "Agree to the use of health data (purpose {purpose}) for this patient first: without it"
        " no appointment can be kept."
    )


class PlaceOver(HealthProblem):
    code = HealthErrorCode.NOT_FOUND
    field = "slotId"
    message = N_("This place has begun already. Choose a later one.")


class TooManyHolds(HealthProblem):
    code = HealthErrorCode.TOO_MANY_HOLDS
    field = "slotId"
    message = N_("You hold {most} places already. Book them or let one go first.")


class TooManyLetGo(HealthProblem):
    code = HealthErrorCode.TOO_MANY_HOLDS
    field = "slotId"
    message = N_("You let {most} places go today that you had held. Please try again tomorrow.")


class TooManyBooked(HealthProblem):
    code = HealthErrorCode.TOO_MANY_APPOINTMENTS
    message = N_("You have {most} appointments ahead already, which is the most a person can have.")


class TooManyPatients(HealthProblem):
    code = HealthErrorCode.TOO_MANY_APPOINTMENTS
    field = "patientId"
    message = N_("One person can book for {most} different patients a day.")


class SameSpecialtyBooked(HealthProblem):
    code = HealthErrorCode.TOO_MANY_APPOINTMENTS
    field = "slotId"
    message = N_(
        "This patient has an appointment of this specialty at this facility on that day already."
    )


class PatientDayFull(HealthProblem):
    code = HealthErrorCode.TOO_MANY_APPOINTMENTS
    field = "slotId"
    message = N_("This patient has {most} appointments on that day already.")


class BookingRestricted(HealthProblem):
    """`retry_after_seconds`: when every place can be booked again."""

    code = HealthErrorCode.BOOKING_RESTRICTED
    field = "slotId"
    message = N_(
        "This patient did not come to {missed} appointments within {window} days. For {days} days"
        " after the last of them, only places within the next {ahead} days can be booked."
    )

    def __init__(self, retry_after_seconds: int, **params: object) -> None:
        super().__init__(**params)
        self.retry_after_seconds = retry_after_seconds


class HoldOver(HealthProblem):
    code = HealthErrorCode.HOLD_OVER
    field = "appointmentId"
    message = N_("This place is no longer held for you. Choose one once more.")


class AppointmentOver(HealthProblem):
    """It has begun, or ended, or was cancelled: its state says which."""

    code = HealthErrorCode.APPOINTMENT_OVER
    field = "appointmentId"
    message = N_("This appointment cannot be changed any more.")


class PaymentNotOffered(HealthProblem):
    code = HealthErrorCode.PAYMENT_NOT_OFFERED
    field = "payment"
    message = N_("This service does not offer this way of paying.")


class InvalidReason(HealthProblem):
    code = HealthErrorCode.INVALID_REASON
    field = "reason"
    message = N_("Write the reason in at most {most} characters, without hidden signs.")


class OtherSpecialty(HealthProblem):
    code = HealthErrorCode.OTHER_SPECIALTY
    field = "newSlotId"
    message = N_("Choose a place of the same specialty, or book a new appointment.")


class SamePlace(HealthProblem):
    code = HealthErrorCode.SLOT_TAKEN
    field = "newSlotId"
    message = N_("This appointment has this very place already.")
