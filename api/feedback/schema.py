"""What the slice adds to the roots of the contract."""

import strawberry

from api.feedback.categories.schema import CategoriesQuery
from api.feedback.desk.schema import DeskMutation, DeskQueries
from api.feedback.feedback_error import FeedbackErrors
from api.feedback.open_data.schema import OpenDataQuery
from api.feedback.reports.schema import ReportsMutation, ReportsQuery

__all__ = ["FeedbackErrors", "FeedbackMutation", "FeedbackQuery"]


@strawberry.type
class FeedbackQuery(CategoriesQuery, ReportsQuery, DeskQueries, OpenDataQuery):
    pass


@strawberry.type
class FeedbackMutation(ReportsMutation, DeskMutation):
    pass
