"""Each change of an appointment becomes an event of the subscriptions that ask for it, in its transaction."""

from urllib.parse import parse_qsl

from api.health.appointments.records import Appointment, AppointmentStatus
from api.health.fhir.appointment_search import PARAMETERS, AppointmentSearch, statuses_of
from api.health.fhir.errors import SubscriptionRefused
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
            if not is_over and self._is_met(one.criteria, appointment):
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

    def _is_met(self, criteria: str, appointment: Appointment) -> bool:
        query = criteria_query(criteria)
        period = query.period("date")
        return (
            appointment.status in statuses_of(query)
            and period.since <= appointment.start < period.until
            and self._search.test(query)(appointment)
        )


def criteria_query(criteria: str) -> SearchQuery:
    """Return the search in a criteria. Raises FhirProblem."""
    if not criteria.startswith(_BEGINS) or len(criteria) > CRITERIA_CHARACTERS_AT_MOST:
        raise SubscriptionRefused(name="criteria", expression="Subscription.criteria")
    try:
        pairs = parse_qsl(criteria.removeprefix(_BEGINS), keep_blank_values=True, max_num_fields=40)
    except ValueError as error:
        raise SubscriptionRefused(name="criteria", expression="Subscription.criteria") from error
    return SearchQuery(tuple(pairs), PARAMETERS, strict=True)
