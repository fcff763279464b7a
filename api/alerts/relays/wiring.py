"""Builds what passes warnings on in communes."""

from dataclasses import dataclass

from api.alerts.bulletins import Communes
from api.alerts.ends import Ends
from api.alerts.relays.ending import RelayEnds
from api.alerts.relays.managing import ManagingRelays
from api.alerts.relays.passing import Passing
from api.alerts.relays.repository import RELAY_OUTCOMES, RELAYS, RelayRepository
from api.alerts.relays.standings import RelayStandings
from api.alerts.relays.telling import RelayJobs
from api.alerts.service import AlertService
from api.alerts.shown import ShownChains
from api.foundations import Foundations
from api.kit.endpoints import Endpoints
from api.kit.jobs import Handler

RELAY_COLLECTIONS = (RELAYS, RELAY_OUTCOMES)


@dataclass(frozen=True, slots=True)
class RelayServices:
    managing: ManagingRelays
    jobs: RelayJobs
    repository: RelayRepository
    standings: RelayStandings

    def handlers(self) -> dict[str, Handler]:
        return self.jobs.handlers()


def relays_on(on: Foundations, alerts: AlertService, communes: Communes) -> RelayServices:
    """Build the services, and let them hear of what was told."""
    repository = RelayRepository(on.store, on.sealer)
    endpoints = Endpoints(loopback=not on.public_url.startswith("https://"))
    chains = ShownChains(alerts.records, alerts.open_alerts, on.notifications)
    passing = Passing(on.store, repository, endpoints, on.jobs, on.clock)
    ends = RelayEnds(
        alerts.records,
        Ends(alerts.records, alerts.open_alerts, chains, on.clock),
        repository,
        passing,
    )
    jobs = RelayJobs(
        alerts.records,
        alerts.open_alerts,
        chains,
        communes,
        repository,
        passing,
        ends,
        on.clock,
    )
    alerts.after_telling(jobs.ask)
    alerts.after_cancellation(ends.after_cancellation)
    alerts.after_update(ends.after_update)
    managing = ManagingRelays(
        on.store,
        repository,
        communes,
        endpoints.may_be_called,
        on.audit,
        on.idempotency,
        on.clock,
    )
    standings = RelayStandings(alerts.records, alerts.open_alerts, chains, repository, on.clock)
    return RelayServices(managing, jobs, repository, standings)
