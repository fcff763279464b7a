"""What the door can do, for machines: the CapabilityStatement, and SMART's configuration."""

from collections.abc import Mapping, Sequence

from api.health.fhir.appointment_search import PARAMETERS
from api.health.fhir.exchange import FHIR_JSON, Resource
from api.health.fhir.searching import PublicResource
from api.health.fhir.systems.key_sets import ALGORITHMS
from api.health.fhir.systems.scopes import ALL, RESOURCES, text_of
from api.health.fhir.terms import Terms
from locales import SOURCE
from locales.province import province_name, with_province

FHIR_VERSION = "4.0.1"
_SINCE = "2026-11-28"
_SECURITY = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_GUIDE = "http://fhir.org/guides/argonaut-scheduling/OperationDefinition/appointment-"


def capability_statement(terms: Terms, public: Sequence[PublicResource]) -> Resource:
    resources = [_resource(it.kind, ("read", "search-type"), it.parameters) for it in public]
    return {
        "resourceType": "CapabilityStatement",
        "id": "laocai",
        "url": f"{terms.base}/metadata",
        "name": "LaoCaiHealth",
        "title": with_province("{province}: places at hospitals and clinics", SOURCE),
        "status": "active",
        "date": _SINCE,
        "kind": "instance",
        "implementation": {"description": province_name(SOURCE), "url": terms.base},
        "fhirVersion": FHIR_VERSION,
        "format": [FHIR_JSON, "json"],
        "rest": [
            {
                "mode": "server",
                "security": _security(terms),
                "resource": [*resources, _appointment(), _subscription()],
            }
        ],
    }


def smart_configuration(terms: Terms) -> Resource:
    """Return the document of SMART App Launch 2, section "Conformance", for systems alone."""
    return {
        "issuer": terms.base,
        "token_endpoint": f"{terms.base}/token",
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": sorted(ALGORITHMS.values()),
        "scopes_supported": text_of(ALL).split(" "),
        "capabilities": ["client-confidential-asymmetric", "permission-v2"],
    }


def _security(terms: Terms) -> Resource:
    uris = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
    return {
        "extension": [
            {"url": uris, "extension": [{"url": "token", "valueUri": f"{terms.base}/token"}]}
        ],
        "service": [{"coding": [{"system": _SECURITY, "code": "SMART-on-FHIR"}]}],
        "description": f"SMART Backend Services for {' and '.join(RESOURCES)}; the rest is public.",
    }


def _resource(kind: str, interactions: Sequence[str], parameters: Mapping[str, str]) -> Resource:
    known = [
        {"name": name, "type": type_}
        for name, type_ in sorted(parameters.items())
        if ":" not in name  # modifiers are no parameters of their own
    ]
    return {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        "versioning": "versioned-update" if "update" in interactions else "versioned",
        "readHistory": False,
        "updateCreate": False,
        **({"searchParam": known} if known else {}),
    }


def _appointment() -> Resource:
    operations = [
        {"name": name, "definition": f"{_GUIDE}{name}"} for name in ("find", "hold", "book")
    ]
    resource = _resource("Appointment", ("read", "search-type", "update"), PARAMETERS)
    resource["searchParam"].append({"name": "patient", "type": "reference"})
    return {**resource, "operation": operations}


def _subscription() -> Resource:
    interactions = ("read", "search-type", "create", "update", "delete")
    return _resource("Subscription", interactions, {})
