"""Trips that do not open, counted: somebody should look why."""

from prometheus_client import Counter

from api.kit.seeing import Seeing


class TripMeters:
    """Made once a process (Seeing.once). A reading that is done again counts twice."""

    def __init__(self, seeing: Seeing) -> None:
        self._not_opened = Counter(
            "laocai_trips_not_opened",
            "Readings of trips that did not open: their content only, or nothing of them.",
            ["part"],
            registry=seeing.registry,
        )
        for part in ("content", "all"):
            self._not_opened.labels(part)

    def content_not_opened(self) -> None:
        self._not_opened.labels("content").inc()

    def nothing_opened(self) -> None:
        self._not_opened.labels("all").inc()
