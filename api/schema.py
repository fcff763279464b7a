"""The schema: one base class per slice, nothing else.

`python -m api.schema` prints it; `make schema` keeps the print in graphql/schema.graphql.
"""

import sys
from collections.abc import Iterable
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext
from typing_extensions import override

from api.accounts.schema import AccountErrors, AccountsMutation, AccountsQuery
from api.alerts.by_sms.schema import WarningSmsMutation, WarningSmsQuery
from api.alerts.composing.composing_error import AlertDraftErrors
from api.alerts.composing.mutations_schema import ComposingMutation
from api.alerts.composing.progress_schema import AlertProgressQuery
from api.alerts.composing.schema import ComposingQuery
from api.alerts.relays.schema import RelaysMutation, RelaysQuery
from api.alerts.schema import AlertsQuery, AlertsSubscription
from api.alerts.stays.schema import StaysMutation, StaysQuery
from api.bot.handoff.callbacks.schema import CallbackMutation, CallbackQuery
from api.bot.handoff.schema import HandoffMutation, HandoffQuery, HandoffSubscription
from api.bot.schema import ChatErrors, ChatMutation, ChatQuery
from api.bot.unanswered.schema import UnansweredMutation, UnansweredQuery
from api.conditions.schema import ConditionErrors, ConditionsMutation, ConditionsQuery
from api.credentials.credential_error import CredentialErrors
from api.credentials.gates.schema import GatesMutation, GatesQuery
from api.credentials.scans.schema import ScansMutation, ScansQuery
from api.credentials.schema import CredentialsMutation, CredentialsQuery
from api.feedback.schema import FeedbackErrors, FeedbackMutation, FeedbackQuery
from api.guide.narrations.schema import NarrationsMutation
from api.guide.packs.schema import PackQueries
from api.guide.planner.schema import PlannerQuery, TripRefusals
from api.guide.search.schema import SearchQueries
from api.guide.tours.schema import ToursQuery
from api.health.schema import HealthErrors, HealthMutation, HealthQuery, HealthSubscription
from api.kit.attribute_executor import AttributeExecutor
from api.kit.presented_errors import PresentedErrors, all_presented
from api.kit.remembered_documents import DocumentMemory, RememberedDocuments
from api.kit.schema_types import SCALARS
from api.media.schema import MediaErrors, MediaMutation, MediaQuery
from api.operations.schema import OperationsQuery
from api.safety.schema import (
    SafetyErrors,
    SafetyMutation,
    SafetyQuery,
    SafetySubscription,
)
from api.students.schema import StudentErrors, StudentsMutation, StudentsQuery
from api.tourism.closures.schema import ClosuresMutation, ClosuresQuery
from api.tourism.editing.conflict_error import PlaceConflictErrors
from api.tourism.editing.schema import EditingMutation, EditingQuery
from api.tourism.emergency.schema import EmergencyQuery
from api.tourism.events.conflict_error import EventConflictErrors
from api.tourism.events.mutations_schema import EventsMutation
from api.tourism.events.schema import EventsQuery
from api.tourism.reviews.moderation.moderated_review import ReviewConflictErrors
from api.tourism.reviews.moderation.schema import ModerationMutation, ModerationQuery
from api.tourism.reviews.schema import ReviewsMutation, ReviewsQuery
from api.tourism.schema import TourismQuery
from api.tourism.tourism_error import TourismErrors
from api.tourism.trails.schema import TrailsMutation, TrailsQuery
from api.tourist_cards.card_error import CardErrors
from api.tourist_cards.schema import TouristCardsMutation, TouristCardsQuery
from api.wallet.schema import WalletMutation, WalletQuery
from api.wallet.wallet_error import WalletErrors

_CHARACTERS_REMEMBERED = 65_536


class Schema(strawberry.Schema):
    """Strawberry's schema with our extensions; errors are logged where they are presented."""

    @override
    def process_errors(
        self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Present what never passed a resolver, such as variables that could not be read."""
        if execution_context is not None:
            errors[:] = all_presented(errors, execution_context.context)


def schema_of(
    query: type,
    mutation: type | None = None,
    subscription: type | None = None,
    exception_handlers: Iterable[strawberry.ExceptionHandler[Any, Any]] = (),
) -> Schema:
    """Build a schema that remembers valid documents and presents errors."""
    memory = DocumentMemory(_CHARACTERS_REMEMBERED)
    return Schema(
        query,
        mutation,
        subscription,
        config=StrawberryConfig(scalar_map=SCALARS),
        execution_context_class=AttributeExecutor,
        exception_handlers=exception_handlers,
        extensions=[PresentedErrors, lambda: RememberedDocuments(memory)],
    )


@strawberry.type
class Query(
    TourismQuery,
    ChatQuery,
    HandoffQuery,
    CallbackQuery,
    UnansweredQuery,
    AlertsQuery,
    ConditionsQuery,
    ComposingQuery,
    AlertProgressQuery,
    WarningSmsQuery,
    RelaysQuery,
    StaysQuery,
    AccountsQuery,
    SearchQueries,
    ToursQuery,
    ClosuresQuery,
    TrailsQuery,
    EditingQuery,
    MediaQuery,
    PackQueries,
    ReviewsQuery,
    ModerationQuery,
    EventsQuery,
    EmergencyQuery,
    PlannerQuery,
    CredentialsQuery,
    GatesQuery,
    ScansQuery,
    WalletQuery,
    TouristCardsQuery,
    StudentsQuery,
    FeedbackQuery,
    SafetyQuery,
    HealthQuery,
    OperationsQuery,
):
    pass


@strawberry.type
class Mutation(
    AccountsMutation,
    ComposingMutation,
    WarningSmsMutation,
    RelaysMutation,
    StaysMutation,
    ChatMutation,
    HandoffMutation,
    CallbackMutation,
    UnansweredMutation,
    ConditionsMutation,
    ClosuresMutation,
    TrailsMutation,
    EditingMutation,
    MediaMutation,
    ReviewsMutation,
    ModerationMutation,
    EventsMutation,
    NarrationsMutation,
    CredentialsMutation,
    GatesMutation,
    ScansMutation,
    WalletMutation,
    TouristCardsMutation,
    StudentsMutation,
    FeedbackMutation,
    SafetyMutation,
    HealthMutation,
):
    pass


@strawberry.type
class Subscription(AlertsSubscription, HealthSubscription, SafetySubscription, HandoffSubscription):
    pass


schema = schema_of(
    Query,
    Mutation,
    Subscription,
    exception_handlers=[
        AccountErrors(),
        AlertDraftErrors(),
        ChatErrors(),
        PlaceConflictErrors(),
        EventConflictErrors(),
        ReviewConflictErrors(),
        TourismErrors(),
        CardErrors(),
        MediaErrors(),
        TripRefusals(),
        CredentialErrors(),
        WalletErrors(),
        StudentErrors(),
        FeedbackErrors(),
        SafetyErrors(),
        HealthErrors(),
        ConditionErrors(),
    ],
)

if __name__ == "__main__":
    sys.stdout.write(schema.as_str() + "\n")
