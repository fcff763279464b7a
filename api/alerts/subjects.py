"""What a warning is of, in the terms that people choose by on their devices."""

from api.alerts.bulletins import Bulletin
from api.alerts.cap_message import Severity
from notifications.preferences import HazardKind, Subject, WarningLevel

HAZARD_CODE = "laocai:hazard"
"""The name of the eventCode by which a message of ours tells its hazard."""

_LEVELS = {
    Severity.EXTREME: WarningLevel.EXTREME,
    Severity.SEVERE: WarningLevel.SEVERE,
    Severity.MODERATE: WarningLevel.MODERATE,
    Severity.MINOR: WarningLevel.MINOR,
}
_HAZARDS = {kind.value: kind for kind in HazardKind}


def subject_of(bulletin: Bulletin) -> Subject:
    """Return it; a bulletin that names several hazards, or none, is of no hazard that can be muted."""
    codes = {
        code.value
        for info in bulletin.infos
        for code in info.event_codes
        if code.name == HAZARD_CODE
    }
    hazard = _HAZARDS.get(codes.pop()) if len(codes) == 1 else None
    return Subject(hazard, _LEVELS.get(bulletin.severity))
