"""Our enumerations as the contract has them: whoever speaks GraphQL takes them from here, told to it already."""

import strawberry

from api.feedback.satisfaction.offices import OfficeKind
from api.feedback.satisfaction.records import Grade, RatedKind, Reason, Source

__all__ = ["Grade", "OfficeKind", "RatedKind", "Reason", "Source"]

strawberry.enum(Grade, name="SatisfactionGrade", description="The best first.")
strawberry.enum(
    RatedKind,
    name="RatedKind",
    description="REPORT: one that has ended. VISIT: to a hospital or clinic. OFFICE: something at a desk.",
)
strawberry.enum(
    Source,
    name="RatingSource",
    description="INTERACTION: of whoever went through it, once each. OFFICE_CODE: of whoever scanned a code at"
    " a desk, once a device and day.",
)
strawberry.enum(Reason, name="RatingReason", description="What a grade is about, good or bad.")
strawberry.enum(OfficeKind, name="OfficeKind", description="FACILITY: a hospital or clinic.")
