"""Every reason for which a message, a caller or a source is refused."""

from enum import StrEnum, auto

from api.kit.errors import N_, DomainError


class AlertErrorCode(StrEnum):
    """Stable across releases: agencies' systems switch on it."""

    NOT_WELL_FORMED = auto()
    ENCODING_NOT_SUPPORTED = auto()
    TOO_LARGE = auto()
    FORBIDDEN_XML = auto()
    TOO_DEEP = auto()
    TOO_MANY = auto()
    WRONG_NAMESPACE = auto()
    NOT_CAP = auto()
    COMMENT_IN_VALUE = auto()
    ELEMENT_MISSING = auto()
    ELEMENT_NOT_EXPECTED = auto()
    VALUE_NOT_ALLOWED = auto()
    INVALID_IDENTIFIER = auto()
    INVALID_TIME = auto()
    INVALID_REFERENCES = auto()
    INVALID_POLYGON = auto()
    INVALID_CIRCLE = auto()
    FOREIGN_REFERENCES = auto()
    SENT_IN_FUTURE = auto()
    SIGNATURE_REQUIRED = auto()
    SIGNATURE_INVALID = auto()
    SIGNATURE_ALGORITHM_REFUSED = auto()
    SIGNER_NOT_TRUSTED = auto()
    ENVELOPE_REFUSED = auto()
    CONFLICTING_MESSAGE = auto()
    KEY_MISSING = auto()
    KEY_REFUSED = auto()
    SENDER_NOT_ALLOWED = auto()
    MEDIA_TYPE_NOT_SUPPORTED = auto()
    SOURCE_NOT_READABLE = auto()
    ENTRY_WITHOUT_MESSAGE = auto()
    FEED_EMPTY = auto()
    INVALID_AGENCY_KEY = auto()
    AGENCY_KEY_NOT_FOUND = auto()
    INVALID_CERTIFICATE = auto()
    TOO_MANY_CERTIFICATES = auto()
    CERTIFICATE_NOT_FOUND = auto()
    INVALID_FEED = auto()
    FEED_NOT_FOUND = auto()
    ALERT_NOT_FOUND = auto()


class AlertProblem(DomainError):
    """Any refusal of this slice. `params` may hold `element` (a CAP element) and `line`."""

    @property
    def element(self) -> str | None:
        """The name of the CAP element that is wrong or missing."""
        name = self.params.get("element")
        return str(name) if name is not None else None

    @property
    def line(self) -> int | None:
        """Where in the document, counted from 1."""
        line = self.params.get("line")
        return line if isinstance(line, int) else None


class NotWellFormed(AlertProblem):
    code = AlertErrorCode.NOT_WELL_FORMED
    message = N_("The document is not well-formed XML.")


class EncodingNotSupported(AlertProblem):
    code = AlertErrorCode.ENCODING_NOT_SUPPORTED
    message = N_("The document must be in UTF-8, UTF-16, US-ASCII or ISO-8859-1.")


class DocumentTooLarge(AlertProblem):
    code = AlertErrorCode.TOO_LARGE
    message = N_("The document is larger than {kibibytes} KiB.")


class ForbiddenXml(AlertProblem):
    code = AlertErrorCode.FORBIDDEN_XML
    message = N_("The document declares a document type or an entity, which is never accepted.")


class TooDeep(AlertProblem):
    code = AlertErrorCode.TOO_DEEP
    message = N_("The element {element} is nested too deep.")


class TooMany(AlertProblem):
    code = AlertErrorCode.TOO_MANY
    message = N_("The document has too many of the element {element}: at most {limit}.")


class TooManyCorners(AlertProblem):
    code = AlertErrorCode.TOO_MANY
    message = N_("The areas have too many corners in the element {element}: at most {limit}.")


class WrongNamespace(AlertProblem):
    code = AlertErrorCode.WRONG_NAMESPACE
    message = N_(
        "The element {element} is in the namespace “{found}”, but CAP 1.2 is “{expected}”."
    )


class NotCap(AlertProblem):
    code = AlertErrorCode.NOT_CAP
    message = N_("The document begins with the element {element}; a CAP message begins with alert.")


class CommentInValue(AlertProblem):
    code = AlertErrorCode.COMMENT_IN_VALUE
    message = N_("The value of the element {element} holds a comment or a processing instruction.")


class ElementMissing(AlertProblem):
    code = AlertErrorCode.ELEMENT_MISSING
    message = N_("The element {element} is missing.")


class ElementRequired(AlertProblem):
    """Missing because of what another element says."""

    code = AlertErrorCode.ELEMENT_MISSING
    message = N_("The element {element} is missing: it is required when {other} is {value}.")


class ElementNotExpected(AlertProblem):
    code = AlertErrorCode.ELEMENT_NOT_EXPECTED
    message = N_("The element {element} is not expected in this place.")


class ValueNotAllowed(AlertProblem):
    code = AlertErrorCode.VALUE_NOT_ALLOWED
    message = N_("The element {element} has a value that CAP 1.2 does not allow.")


class InvalidIdentifier(AlertProblem):
    code = AlertErrorCode.INVALID_IDENTIFIER
    message = N_(
        "The element {element} must not be empty, longer than {limit} characters, or hold a space,"
        " a comma, < or &."
    )


class InvalidTime(AlertProblem):
    code = AlertErrorCode.INVALID_TIME
    message = N_("The element {element} is not a time on the calendar.")


class EndsTooEarly(AlertProblem):
    code = AlertErrorCode.INVALID_TIME
    message = N_("The time in the element {element} must be later than sent and effective.")


class InvalidReferences(AlertProblem):
    code = AlertErrorCode.INVALID_REFERENCES
    message = N_("The element {element} must list earlier messages as sender,identifier,sent.")


class InvalidPolygon(AlertProblem):
    code = AlertErrorCode.INVALID_POLYGON
    message = N_(
        "The element {element} must list four or more latitude,longitude pairs on the earth, the"
        " last one equal to the first."
    )


class InvalidCircle(AlertProblem):
    code = AlertErrorCode.INVALID_CIRCLE
    message = N_(
        "The element {element} must hold latitude,longitude on the earth and a radius in"
        " kilometres."
    )


class ForeignReferences(AlertProblem):
    code = AlertErrorCode.FOREIGN_REFERENCES
    message = N_("The element {element} names only messages of other senders.")


class SentInFuture(AlertProblem):
    code = AlertErrorCode.SENT_IN_FUTURE
    message = N_("The time in the element {element} is more than {minutes} minutes ahead of ours.")


class SignatureRequired(AlertProblem):
    code = AlertErrorCode.SIGNATURE_REQUIRED
    message = N_("This agency's messages must be signed: the element {element} is missing.")


class SignatureInvalid(AlertProblem):
    code = AlertErrorCode.SIGNATURE_INVALID
    message = N_(
        "The signature is not valid for the whole message: none of the agency's certificates made it,"
        " or the message was changed."
    )


class SignatureAlgorithmRefused(AlertProblem):
    code = AlertErrorCode.SIGNATURE_ALGORITHM_REFUSED
    message = N_(
        "The signature uses an algorithm that is never accepted, in the element {element}."
    )


class SignerNotTrusted(AlertProblem):
    code = AlertErrorCode.SIGNER_NOT_TRUSTED
    message = N_("The agency has no certificate that is valid now to hold the signature against.")


class EnvelopeRefused(AlertProblem):
    code = AlertErrorCode.ENVELOPE_REFUSED
    message = N_("The EDXL envelope's element {element} does not agree with the message in it.")


class EnvelopeWithoutMessage(AlertProblem):
    code = AlertErrorCode.ENVELOPE_REFUSED
    message = N_("The EDXL envelope must hold one CAP message, and holds {count}.")


class ConflictingMessage(AlertProblem):
    code = AlertErrorCode.CONFLICTING_MESSAGE
    message = N_(
        "Another message with this sender, identifier and sent time was accepted before; give a"
        " new message an {element} of its own."
    )


class KeyMissing(AlertProblem):
    code = AlertErrorCode.KEY_MISSING
    message = N_("An agency key is needed, as a bearer token.")


class KeyRefused(AlertProblem):
    code = AlertErrorCode.KEY_REFUSED
    message = N_("No agency has this key.")


class SenderNotAllowed(AlertProblem):
    code = AlertErrorCode.SENDER_NOT_ALLOWED
    message = N_("This agency key may not send what the element {element} names: {value}.")


class MediaTypeNotSupported(AlertProblem):
    code = AlertErrorCode.MEDIA_TYPE_NOT_SUPPORTED
    message = N_(
        "Send the message as application/cap+xml, application/xml or text/xml, not compressed."
    )


class SourceNotReadable(AlertProblem):
    code = AlertErrorCode.SOURCE_NOT_READABLE
    message = N_("{source} cannot be read.")


class SourceAddressRefused(AlertProblem):
    code = AlertErrorCode.SOURCE_NOT_READABLE
    message = N_("{source} leads to an address that is not http or https, or not public.")


class SourceAnswered(AlertProblem):
    code = AlertErrorCode.SOURCE_NOT_READABLE
    message = N_("{source} answered with status {status}.")


class EntryWithoutMessage(AlertProblem):
    code = AlertErrorCode.ENTRY_WITHOUT_MESSAGE
    message = N_("The feed's entry {entry} only points to a message and does not hold it.")


class FeedEmpty(AlertProblem):
    code = AlertErrorCode.FEED_EMPTY
    message = N_("The feed has no entries.")


class InvalidAgencyKey(AlertProblem):
    code = AlertErrorCode.INVALID_AGENCY_KEY
    message = N_("An agency key needs a name and at least one sender without spaces or commas.")


class AgencyKeyNotFound(AlertProblem):
    code = AlertErrorCode.AGENCY_KEY_NOT_FOUND
    message = N_("No agency key has this id.")


class InvalidCertificate(AlertProblem):
    code = AlertErrorCode.INVALID_CERTIFICATE
    message = N_(
        "This is no X.509 certificate that may sign: RSA of 2,048 bits or more, or the curves P-256,"
        " P-384 or P-521, and not expired."
    )


class TooManyCertificates(AlertProblem):
    code = AlertErrorCode.TOO_MANY_CERTIFICATES
    message = N_("The agency has {limit} certificates already; revoke one first.")


class CertificateNotFound(AlertProblem):
    code = AlertErrorCode.CERTIFICATE_NOT_FOUND
    message = N_("No certificate has this id.")


class InvalidFeed(AlertProblem):
    code = AlertErrorCode.INVALID_FEED
    message = N_(
        "A feed needs an http or https address without a name or password, an agency, and a pause of"
        " {least} to {most} seconds."
    )


class FeedNotFound(AlertProblem):
    code = AlertErrorCode.FEED_NOT_FOUND
    message = N_("No feed has this id.")


class AlertNotFound(AlertProblem):
    code = AlertErrorCode.ALERT_NOT_FOUND
    message = N_("There is no public warning with this id.")
