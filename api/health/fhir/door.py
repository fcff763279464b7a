"""The door: which request is which interaction, who may make it, and how it is answered."""

from api.health.appointments.records import Appointment
from api.health.fhir.appointment_search import PARAMETERS, AppointmentSearch
from api.health.fhir.booking_operations import BookingOperations
from api.health.fhir.capability import capability_statement, smart_configuration
from api.health.fhir.errors import (
    InteractionNotAllowed,
    InteractionNotSupported,
    TokenMissing,
)
from api.health.fhir.exchange import FhirAnswer, FhirRequest, Resource
from api.health.fhir.facility_bookings import FacilityBookings
from api.health.fhir.finding import Finding
from api.health.fhir.search_parameters import SearchQuery
from api.health.fhir.searching import PublicResource, bundle_of, entry_of
from api.health.fhir.shown import Answers, both, shown
from api.health.fhir.subscriptions.door import SubscriptionDoor
from api.health.fhir.systems.access import SystemAccess, SystemCaller
from api.health.fhir.systems.scopes import Permission
from api.health.fhir.terms import Terms
from api.health.fhir.updating import Updating
from api.kit.addresses import line_of
from api.kit.limits import Allowance, Limits

OF_A_SYSTEM = Allowance(600, 60)
OF_AN_ADDRESS = Allowance(300, 60)
PUBLIC_SECONDS = 30
"""For how long anybody may keep what is public: places are taken meanwhile."""
_CACHED = {"cache-control": f"public, max-age={PUBLIC_SECONDS}"}


class FhirDoor:
    """`public`: what anybody may read."""

    def __init__(
        self,
        terms: Terms,
        public: tuple[PublicResource, ...],
        access: SystemAccess,
        bookings: FacilityBookings,
        search: AppointmentSearch,
        finding: Finding,
        operations: BookingOperations,
        updating: Updating,
        subscriptions: SubscriptionDoor,
        limits: Limits,
    ) -> None:
        self.terms = terms
        self.access = access
        self._public = {one.kind: one for one in public}
        self._bookings = bookings
        self._search = search
        self._finding = finding
        self._operations = operations
        self._updating = updating
        self._subscriptions = subscriptions
        self._limits = limits
        self._metadata = capability_statement(terms, public)

    async def answer(self, request: FhirRequest, token: str | None) -> FhirAnswer:
        """Answer a request. `token`: the bearer token that came with it.

        Raises FhirProblem, HealthProblem, IdempotencyProblem, PageProblem and TooManyRequests.
        """
        caller = await self._caller(request, token)
        if request.path == (".well-known", "smart-configuration"):
            _check_method(request, ("GET", "HEAD"))
            return FhirAnswer(200, smart_configuration(self.terms), _CACHED)
        request.check_accepts_json()
        if request.path == ("metadata",):
            _check_method(request, ("GET", "HEAD"))
            return FhirAnswer(200, self._metadata, _CACHED)
        kind, rest = (request.path or ("",))[0], request.path[1:]
        if kind in self._public:
            return await self._read_public(self._public[kind], request, rest)
        return await self._of_systems(kind, rest, request, caller)

    async def _caller(self, request: FhirRequest, token: str | None) -> SystemCaller | None:
        line = line_of(request.address)
        try:
            caller = await self.access.caller(token)
        except TokenMissing:
            await self._limits.check("fhir.address", line, OF_AN_ADDRESS)
            raise
        if caller is None:
            await self._limits.check("fhir.address", line, OF_AN_ADDRESS)
        else:
            await self._limits.check("fhir.system", caller.system.id, OF_A_SYSTEM)
        return caller

    async def _read_public(
        self, known: PublicResource, request: FhirRequest, rest: tuple[str, ...]
    ) -> FhirAnswer:
        if not rest or rest == ("_search",):
            _check_method(request, ("POST",) if rest else ("GET", "HEAD"))
            query = SearchQuery(request.query, known.parameters, strict=request.is_strict)
            found = await known.search(query)
            return FhirAnswer(200, bundle_of(self.terms, known.kind, query, found), _CACHED)
        _check_depth(rest)
        _check_method(request, ("GET", "HEAD"))
        return shown(await known.read(rest[0]), request, _CACHED)

    async def _of_systems(
        self, kind: str, rest: tuple[str, ...], request: FhirRequest, caller: SystemCaller | None
    ) -> FhirAnswer:
        answers = self._answers(kind, rest)
        if caller is None:
            raise TokenMissing(address=f"{self.terms.base}/.well-known/smart-configuration")
        _check_method(request, tuple(answers))
        permission, answering = answers[request.method]
        caller.require(kind, permission)
        return await answering(request, caller)

    def _answers(self, kind: str, rest: tuple[str, ...]) -> Answers:
        """Return who answers which method at an address. Raises InteractionNotSupported."""
        if kind == "Subscription":
            return self._subscriptions.answers(rest)
        if kind != "Appointment":
            raise InteractionNotSupported
        if not rest:
            return both(Permission.SEARCH, self._search_appointments)
        if rest == ("_search",):
            return {"POST": (Permission.SEARCH, self._search_appointments)}
        if rest == ("$find",):
            find = (Permission.SEARCH, self._find)
            return {"GET": find, "HEAD": find, "POST": find}
        if rest == ("$hold",):
            return {"POST": (Permission.CREATE, self._hold)}
        if rest == ("$book",):
            return {"POST": (Permission.CREATE, self._book)}
        _check_depth(rest)
        return {
            **both(Permission.READ, self._read_appointment),
            "PUT": (Permission.UPDATE, self._update),
        }

    async def _search_appointments(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        query = SearchQuery(request.query, PARAMETERS, strict=request.is_strict)
        found = await self._search.search(caller, query)
        return FhirAnswer(200, bundle_of(self.terms, "Appointment", query, found))

    async def _read_appointment(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        appointment = await self._bookings.own(caller, request.path[1])
        return shown(await self._search.shown(appointment), request)

    async def _find(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        return FhirAnswer(200, await self._finding.find(caller, request))

    async def _hold(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        return await self._bundle(await self._operations.hold(caller, request))

    async def _book(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        return await self._bundle(await self._operations.book(caller, request))

    async def _update(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        version = request.version()
        appointment_id = request.path[1]
        sent = await self._updating.read(request, appointment_id)
        current = await self._bookings.own(caller, appointment_id)
        seen = await self._search.shown(current)
        wanted = await self._updating.wanted(sent, current, seen, version)
        changed = await self._bookings.change(caller, appointment_id, wanted)
        answer = shown(await self._search.shown(changed), None)
        if changed.moved_to is None:
            return answer
        there = f"{self.terms.base}/Appointment/{changed.moved_to}"
        return FhirAnswer(200, answer.resource, {**answer.headers, "location": there})

    async def _bundle(self, appointment: Appointment) -> FhirAnswer:
        resource = await self._search.shown(appointment)
        bundle: Resource = {
            "resourceType": "Bundle",
            "type": "searchset",
            "total": 1,
            "entry": [entry_of(self.terms, resource)],
        }
        return FhirAnswer(200, bundle, shown(resource, None).headers)


def _check_method(request: FhirRequest, allowed: tuple[str, ...]) -> None:
    if request.method not in allowed:
        raise InteractionNotAllowed(", ".join(allowed))


def _check_depth(rest: tuple[str, ...]) -> None:
    """Raise InteractionNotSupported for whatever is not one id: history, compartments, operations."""
    if len(rest) != 1 or rest[0][:1] in ("$", "_", ""):
        raise InteractionNotSupported
