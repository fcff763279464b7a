from api.health.errors import HealthErrorCode, HealthProblem
from api.kit.errors import N_


class InvalidText(HealthProblem):
    code = HealthErrorCode.INVALID_RECORD
    message = N_("Write plain text, at most {most} characters.")

    def __init__(self, field: str, most: int) -> None:
        super().__init__(most=most)
        self.field = field


class InvalidYear(HealthProblem):
    code = HealthErrorCode.INVALID_RECORD
    field = "since"
    message = N_("Give a year that has begun, such as 2019.")


class InvalidPhone(HealthProblem):
    code = HealthErrorCode.INVALID_RECORD
    field = "contactPhone"
    message = N_("This is no telephone number that can be called.")


class AllergyNotFound(HealthProblem):
    code = HealthErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no allergy with this id in the record.")


class TooManyAllergies(HealthProblem):
    code = HealthErrorCode.LIMIT_REACHED
    message = N_(
        "A record can have {most} allergies. Remove one first, or write it into the notes."
    )


class CardConsentMissing(HealthProblem):
    code = HealthErrorCode.CONSENT_MISSING
    field = "patientId"
    message = N_("Agree to the emergency card (purpose {purpose}) for this patient first.")


class CardNotFound(HealthProblem):
    code = HealthErrorCode.NOT_FOUND
    field = "patientId"
    message = N_("The emergency card is switched off.")


class DocumentNotFound(HealthProblem):
    """Also the answer to whoever may not see the document, so that ids cannot be tried out."""

    code = HealthErrorCode.NOT_FOUND
    field = "id"
    message = N_("There is no document with this id that you may see.")


class NotForDocuments(HealthProblem):
    """Also for an appointment of another facility, and for one to which nobody came yet."""

    code = HealthErrorCode.NOT_FOUND
    field = "appointmentId"
    message = N_("There is no appointment with this id to which a patient with an account came.")


class PatientTakesNone(HealthProblem):
    code = HealthErrorCode.CONSENT_MISSING
    field = "appointmentId"
    message = N_("The patient has not agreed to receive documents here. Hand them over on paper.")


class InvalidDocument(HealthProblem):
    code = HealthErrorCode.INVALID_DOCUMENT
    message = N_("Send a PDF or a JPEG of {most} bytes at most, exactly as it was announced.")


class TooManyDocuments(HealthProblem):
    code = HealthErrorCode.LIMIT_REACHED
    field = "appointmentId"
    message = N_("An appointment can have {most} documents.")


class DocumentClosed(HealthProblem):
    code = HealthErrorCode.DOCUMENT_CLOSED
    message = N_("This document has its content already, or waited for it too long.")
