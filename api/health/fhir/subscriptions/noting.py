"""Each change of an appointment becomes an event of the subscriptions that ask for it, in its transaction."""

from urllib.parse import parse_qsl

import structlog

from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.fhir.appointment_search import PARAMETERS, AppointmentSearch, Test, statuses_of
from api.health.fhir.errors import FhirProblem, SubscriptionRefused
from api.health.fhir.search_parameters import SearchQuery
from api.health.fhir.subscriptions.records import Subscription, SubscriptionStatus
from api.health.fhir.subscriptions.repository import SubscriptionRepository
from api.kit.clock import Clock
from api.kit.ids import derived_id
from api.kit.jobs import Jobs

DELIVER = "fhir.deliver"
"""The job's payload: `subscription`, and `run`, which names the job."""
_BEGINS = "Appointment?"
CRITERIA_CHARACTERS_AT_MOST = 1_000

log = structlog.get_logger()


class Noting:
    """Listens to the changes of appointments (api.health.appointments.changes)."""

    def __init__(
        self,
        subscriptions: SubscriptionRepository,
        search: AppointmentSearch,
        jobs: Jobs,
        clock: Clock,
    ) -> None:
        self._subscriptions = subscriptions
        self._search = search
        self._jobs = jobs
        self._clock = clock

    async def appointment_changed(
        self, appointment: Appointment, was: AppointmentStatus | None
    ) -> None:
        """Add an event where one is wanted; of what people merely hold nobody is told."""
        if appointment.booked_at is None and appointment.booker_id is not None:
            return
        now = self._clock()
        for one in await self._subscriptions.of_facility(appointment.facility_id):
            is_over = one.ends_at is not None and one.ends_at <= now
            if not is_over and self._is_met(one, appointment):
                number = await self._subscriptions.note(
                    one, appointment.id, appointment.version, now, is_new=was is None
                )
                await self.ask(one, f"event {number}")

    async def ask(self, one: Subscription, why: str) -> None:
        """Have what is new delivered; joins the open transaction. `why`: the same for the same reason."""
        if one.status is not SubscriptionStatus.ACTIVE:
            return
        run = derived_id(DELIVER, one.id, why)
        run_at = max(self._clock(), one.not_before) if one.not_before else None
        await self._jobs.enqueue(
            DELIVER, {"subscription": one.id, "run": run}, id=run, run_at=run_at
        )

    def check(self, criteria: str) -> None:
        """Raise FhirProblem unless it is a search of appointments that can be made."""
        self._test(criteria)

    def _is_met(self, one: Subscription, appointment: Appointment) -> bool:
        try:
            return self._test(one.criteria)(appointment)
        except FhirProblem as problem:
            # Accepted by an earlier release: no reason for refusing somebody an appointment.
            log.error("criteria not understood", subscription=one.id, code=problem.code.name)
            return False

    def _test(self, criteria: str) -> Test:
        query = _query(criteria)
        period, statuses = query.period("date"), statuses_of(query)
        others = self._search.test(query)
        return lambda it: (
            it.status in statuses and period.since <= it.start < period.until and others(it)
        )


def _query(criteria: str) -> SearchQuery:
    """Return the search in a criteria. Raises FhirProblem."""
    if not criteria.startswith(_BEGINS) or len(criteria) > CRITERIA_CHARACTERS_AT_MOST:
        raise SubscriptionRefused(name="criteria", expression="Subscription.criteria")
    try:
        pairs = parse_qsl(criteria.removeprefix(_BEGINS), keep_blank_values=True, max_num_fields=40)
    except ValueError as error:
        raise SubscriptionRefused(name="criteria", expression="Subscription.criteria") from error
    return SearchQuery(tuple(pairs), PARAMETERS, strict=True)
