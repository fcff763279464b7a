"""What the slice adds to the roots of the contract."""

import strawberry

from api.feedback.categories.schema import CategoriesQuery
from api.feedback.channels.schema import ChannelsMutation, ChannelsQuery
from api.feedback.desk.schema import DeskMutation, DeskQueries
from api.feedback.feedback_error import FeedbackErrors
from api.feedback.open_data.schema import OpenDataQuery
from api.feedback.reports.schema import ReportsMutation, ReportsQuery
from api.feedback.satisfaction.desk.schema import OfficeDeskMutation, OfficeDeskQuery
from api.feedback.satisfaction.schema import SatisfactionMutation, SatisfactionQuery

__all__ = ["FeedbackErrors", "FeedbackMutation", "FeedbackQuery"]


@strawberry.type
class FeedbackQuery(
    CategoriesQuery,
    ReportsQuery,
    DeskQueries,
    SatisfactionQuery,
    OfficeDeskQuery,
    ChannelsQuery,
    OpenDataQuery,
):
    pass


@strawberry.type
class FeedbackMutation(
    ReportsMutation,
    DeskMutation,
    SatisfactionMutation,
    OfficeDeskMutation,
    ChannelsMutation,
):
    pass
