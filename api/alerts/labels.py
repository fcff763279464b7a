"""The words of the standard's terms, for readers."""

from collections.abc import Mapping

from api.alerts.cap_message import Certainty, MsgType, Severity, Urgency
from api.kit.errors import N_

MSG_TYPES: Mapping[MsgType, str] = {
    MsgType.ALERT: N_("Warning"),
    MsgType.UPDATE: N_("Updated warning"),
    MsgType.CANCEL: N_("Warning lifted"),
    MsgType.ACK: N_("Acknowledgement"),
    MsgType.ERROR: N_("Error report"),
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.EXTREME: N_("Extreme danger"),
    Severity.SEVERE: N_("Severe danger"),
    Severity.MODERATE: N_("Moderate danger"),
    Severity.MINOR: N_("Minor danger"),
    Severity.UNKNOWN: N_("Danger not known"),
}
URGENCIES: Mapping[Urgency, str] = {
    Urgency.IMMEDIATE: N_("Act now"),
    Urgency.EXPECTED: N_("Act within the hour"),
    Urgency.FUTURE: N_("Prepare soon"),
    Urgency.PAST: N_("No action needed any more"),
    Urgency.UNKNOWN: N_("Time to act not known"),
}
CERTAINTIES: Mapping[Certainty, str] = {
    Certainty.OBSERVED: N_("Happening or confirmed"),
    Certainty.LIKELY: N_("Likely"),
    Certainty.POSSIBLE: N_("Possible"),
    Certainty.UNLIKELY: N_("Unlikely"),
    Certainty.UNKNOWN: N_("Likelihood not known"),
}
