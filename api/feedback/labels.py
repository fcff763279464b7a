"""The words people read for our enumerations; msgids, translated when shown."""

from collections.abc import Mapping

from api.feedback.reports.records import RefusalReason, ReportState, RouteReason
from api.kit.errors import N_

STATE_LABELS: Mapping[ReportState, str] = {
    ReportState.RECEIVED: N_("Received"),
    ReportState.ACCEPTED: N_("Accepted"),
    ReportState.ASSIGNED: N_("Given to somebody to mend"),
    ReportState.IN_PROGRESS: N_("Being worked on"),
    ReportState.ANSWERED: N_("Answered with words"),
    ReportState.FIXED: N_("Fixed, with proof"),
    ReportState.REOPENED: N_("Opened again"),
    ReportState.CONFIRMED: N_("Confirmed by the reporter"),
    ReportState.CLOSED: N_("Closed, nobody objected"),
    ReportState.REFUSED: N_("Refused, with a reason"),
}
REFUSAL_LABELS: Mapping[RefusalReason, str] = {
    RefusalReason.NOT_ENOUGH_KNOWN: N_("Too little is known to act on it."),
    RefusalReason.NOT_OURS: N_("No authority of the province is in charge of it."),
    RefusalReason.NO_PUBLIC_MATTER: N_("It is a private matter, or one before a court."),
    RefusalReason.DENUNCIATION: N_("It accuses somebody: denunciations have their own procedure."),
    RefusalReason.ABUSE: N_("It insults, advertises or deceives."),
}
ROUTE_LABELS: Mapping[RouteReason, str] = {
    RouteReason.COMMUNE: N_("It lies in this commune, whose People’s Committee is in charge."),
    RouteReason.PROVINCE_WIDE: N_("This agency is in charge of it in the whole province."),
    RouteReason.ROAD_OWNER: N_("This agency looks after the road {road}."),
    RouteReason.SENT_ON: N_("It was sent on by {agency}."),
}
