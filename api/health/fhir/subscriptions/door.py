"""The interactions with Subscriptions."""

from api.health.fhir.errors import InteractionNotSupported
from api.health.fhir.exchange import FhirAnswer, FhirRequest
from api.health.fhir.r4 import read_resource
from api.health.fhir.search_parameters import SearchQuery
from api.health.fhir.searching import Found, bundle_of
from api.health.fhir.shown import Answers, both, shown
from api.health.fhir.subscriptions.records import Subscription
from api.health.fhir.subscriptions.resources import subscription_resource
from api.health.fhir.subscriptions.service import Subscribing
from api.health.fhir.systems.access import SystemCaller
from api.health.fhir.systems.scopes import Permission
from api.health.fhir.terms import Terms


class SubscriptionDoor:
    def __init__(self, terms: Terms, subscribing: Subscribing) -> None:
        self._terms = terms
        self._subscribing = subscribing

    def answers(self, rest: tuple[str, ...]) -> Answers:
        """Return who answers which method at an address. Raises InteractionNotSupported."""
        if not rest:
            searching = both(Permission.SEARCH, self._search)
            return {**searching, "POST": (Permission.CREATE, self._create)}
        if len(rest) != 1 or rest[0][:1] in ("$", "_", ""):
            raise InteractionNotSupported
        return {
            **both(Permission.READ, self._read),
            "PUT": (Permission.UPDATE, self._update),
            "DELETE": (Permission.DELETE, self._delete),
        }

    async def _create(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        request.check_sends_json()
        sent = await read_resource(request.body, "Subscription")
        made = await self._subscribing.create(caller, sent)
        resource = subscription_resource(self._terms, made, with_secret=True)
        where = f"{self._terms.base}/Subscription/{made.id}"
        return FhirAnswer(201, resource, {**shown(resource, None).headers, "location": where})

    async def _read(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        return self._shown(await self._subscribing.own(caller, request.path[1]), request)

    async def _search(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        query = SearchQuery(request.query, (), strict=request.is_strict)
        found = await self._subscribing.all(caller)
        page = Found([subscription_resource(self._terms, it) for it in found], None)
        return FhirAnswer(200, bundle_of(self._terms, "Subscription", query, page))

    async def _update(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        version = request.version()
        request.check_sends_json()
        sent = await read_resource(request.body, "Subscription")
        changed = await self._subscribing.change(caller, request.path[1], version, sent)
        return self._shown(changed, None)

    async def _delete(self, request: FhirRequest, caller: SystemCaller) -> FhirAnswer:
        await self._subscribing.remove(caller, request.path[1])
        return FhirAnswer(204, None)

    def _shown(self, one: Subscription, request: FhirRequest | None) -> FhirAnswer:
        return shown(subscription_resource(self._terms, one), request)
