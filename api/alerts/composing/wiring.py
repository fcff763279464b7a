"""Builds what officers write, preview and issue warnings with."""

from dataclasses import dataclass

from api.accounts.devices.service import DeviceService
from api.accounts.identity_papers.repository import IdentityPaperRepository
from api.alerts.bulletins import Communes
from api.alerts.composing.approval_calls import ApprovalCalls
from api.alerts.composing.break_glass import BreakGlass
from api.alerts.composing.chain import Chains
from api.alerts.composing.drafting import Drafting
from api.alerts.composing.exercises import EXERCISE_DEVICES, ExerciseDevices, ExerciseJobs
from api.alerts.composing.hazards import HazardLibrary, shipped_hazards
from api.alerts.composing.issuing import Issuing
from api.alerts.composing.manuscript import CommuneNames, Manuscripts
from api.alerts.composing.personal_data import ComposingData
from api.alerts.composing.previewing import Previewing
from api.alerts.composing.progress import ProgressOfWarnings
from api.alerts.composing.repository import ALERT_DRAFTS, DraftRepository
from api.alerts.composing.rule_drafts import RuleDrafts
from api.alerts.composing.same_people import SamePeople
from api.alerts.composing.speakers import AlertStaff, shipped_speakers
from api.alerts.service import AlertService
from api.foundations import Foundations
from api.kit.jobs import Handler

COMPOSING_COLLECTIONS = (ALERT_DRAFTS, EXERCISE_DEVICES)


@dataclass(frozen=True, slots=True)
class Below:
    """What it stands on beside the foundations."""

    alerts: AlertService
    devices: DeviceService
    communes: Communes
    names: CommuneNames


@dataclass(frozen=True, slots=True)
class ComposingServices:
    hazards: HazardLibrary
    drafting: Drafting
    previewing: Previewing
    progress: ProgressOfWarnings
    issuing: Issuing
    rule_drafts: RuleDrafts
    same_people: SamePeople
    exercise_devices: ExerciseDevices
    exercise_jobs: ExerciseJobs
    data: ComposingData

    def handlers(self) -> dict[str, Handler]:
        return self.exercise_jobs.handlers()


def composing_on(on: Foundations, below: Below) -> ComposingServices:
    """Build the services."""
    store, clock, alerts = on.store, on.clock, below.alerts
    hazards, staff = shipped_hazards(), AlertStaff(store, shipped_speakers())
    drafts, chains = DraftRepository(store), Chains(alerts.records)
    manuscripts = Manuscripts(hazards, staff, below.communes, below.names)
    enrolled = ExerciseDevices(store, staff, below.devices, on.audit, clock)
    exercise_jobs = ExerciseJobs(
        alerts.records, alerts.open_alerts, enrolled, on.notifications, on.jobs, clock
    )
    same_people = SamePeople(IdentityPaperRepository(store, on.sealer))
    issuing = Issuing(
        store,
        drafts,
        staff,
        same_people,
        chains,
        manuscripts,
        alerts.acceptance,
        exercise_jobs,
        BreakGlass(store, hazards, on.notifications),
        ApprovalCalls(staff, hazards, on.notifications),
        on.audit,
        clock,
    )
    return ComposingServices(
        hazards=hazards,
        drafting=Drafting(drafts, staff, hazards, below.communes, chains, on.idempotency, clock),
        previewing=Previewing(staff, chains, manuscripts, below.communes, on.notifications, clock),
        progress=ProgressOfWarnings(staff, alerts.records, alerts.open_alerts, on.notifications),
        issuing=issuing,
        rule_drafts=RuleDrafts(drafts, staff, hazards, below.communes, chains, issuing, clock),
        same_people=same_people,
        exercise_devices=enrolled,
        exercise_jobs=exercise_jobs,
        data=ComposingData(drafts),
    )
