"""Rows of the live state: for administrators, and nobody's things."""

from tests.contract.rows import Row, Sight
from tests.contract.world import Actor

OPERATIONS_ROWS: dict[str, Row] = {
    "Query.operations": Row(
        "operations/Operations",
        frozenset({Actor.ADMINISTRATOR}),
        "NOT_ALLOWED",
        "NOT_SIGNED_IN",
    ),
}
OPERATIONS_TYPES: dict[str, tuple[Sight, str]] = {
    "Operations": (
        Sight.STAFF,
        "at version storeMilliseconds redis botIsThere lanes jobs activeAlerts alerts feeds"
        " stations silentStations overdueReports certificates smsCaps",
    ),
    "OperationsLane": (Sight.STAFF, "name depth oldestSeconds leased"),
    "OperationsJobs": (Sight.STAFF, "due oldestSeconds leased parked"),
    "OperationsAlert": (
        Sight.STAFF,
        "id devices queued accepted refused retired expired opened safe needHelp",
    ),
    "OperationsFeed": (Sight.STAFF, "id agencyId polledAt succeededAt failures lastError"),
    "OperationsCertificate": (Sight.STAFF, "id agencyId endsAt"),
    "OperationsSmsCap": (Sight.STAFF, "name used most"),
    "OperationsOverdueReports": (Sight.STAFF, "accept answer fix"),
}
