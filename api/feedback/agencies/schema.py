import strawberry

from api.context import Info
from api.feedback.agencies.agency import Agency, AgencyKind
from api.kit.schema_types import LocalizedText

strawberry.enum(
    AgencyKind,
    name="ReportAgencyKind",
    description="OFFICE: of the province's People's Committee. OWNER: of a road or a net.",
)


@strawberry.type(description="Who answers for reports.")
class ReportAgency:
    id: strawberry.ID
    kind: AgencyKind
    name: LocalizedText
    commune_code: strawberry.ID | None

    @classmethod
    def of(cls, agency: Agency, info: Info) -> "ReportAgency":
        code = agency.commune_code
        return cls(
            id=strawberry.ID(agency.id),
            kind=agency.kind,
            name=LocalizedText.needed(agency.names, info.context.language),
            commune_code=strawberry.ID(code) if code else None,
        )


def agency_of(agency_id: str, info: Info) -> ReportAgency:
    agencies = info.context.services.feedback.agencies
    return ReportAgency.of(agencies.agency(agency_id), info)
