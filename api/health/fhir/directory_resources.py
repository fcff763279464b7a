"""Facilities, services and practitioners as resources: Organization, Location, HealthcareService, Practitioner."""

from api.health.directory.records import Facility, HealthcareService, Practitioner, ServiceMode
from api.health.fhir.exchange import Resource
from api.health.fhir.terms import Terms, reference, text_of, with_version

_LANGUAGES = "urn:ietf:bcp:47"
_LOCATION_PHYSICAL = "http://terminology.hl7.org/CodeSystem/location-physical-type"
_ORGANIZATION_TYPE = "http://terminology.hl7.org/CodeSystem/organization-type"


def organization_of(terms: Terms, facility: Facility) -> Resource:
    return with_version(
        {
            "resourceType": "Organization",
            "id": facility.id,
            "identifier": [{"system": terms.facilities, "value": facility.id}],
            "active": True,
            "type": [{"coding": [{"system": _ORGANIZATION_TYPE, "code": "prov"}]}],
            "name": text_of(facility.names),
            **_aliases(facility),
            "address": [{"text": facility.address, "country": "VN"}],
        }
    )


def location_of(terms: Terms, facility: Facility) -> Resource:
    position = facility.position
    return with_version(
        {
            "resourceType": "Location",
            "id": facility.id,
            "identifier": [{"system": terms.facilities, "value": facility.id}],
            "status": "active",
            "name": text_of(facility.names),
            **_aliases(facility),
            "mode": "instance",
            "address": {"text": facility.address, "country": "VN"},
            "physicalType": {"coding": [{"system": _LOCATION_PHYSICAL, "code": "si"}]},
            "position": {"longitude": position.longitude, "latitude": position.latitude},
            "managingOrganization": reference("Organization", facility.id),
        }
    )


def healthcare_service_of(terms: Terms, service: HealthcareService) -> Resource:
    specialty = terms.specialty(service.specialty)
    is_remote = service.mode is ServiceMode.REMOTE
    return with_version(
        {
            "resourceType": "HealthcareService",
            "id": service.id,
            "active": service.is_active,
            "providedBy": reference("Organization", service.facility_id),
            "type": [specialty],
            "specialty": [specialty],
            "location": [reference("Location", service.facility_id)],
            "name": text_of(service.names),
            "characteristic": [
                {
                    "coding": [
                        {
                            "system": terms.service_modes,
                            "code": "remote" if is_remote else "in-person",
                        }
                    ]
                }
            ],
            "appointmentRequired": True,
            **({"extraDetails": text_of(service.preparation)} if service.preparation else {}),
        }
    )


def practitioner_of(practitioner: Practitioner) -> Resource:
    return with_version(
        {
            "resourceType": "Practitioner",
            "id": practitioner.id,
            "active": practitioner.is_active,
            "name": [{"text": practitioner.name}],
            **(
                {"qualification": [{"code": {"text": practitioner.qualification}}]}
                if practitioner.qualification
                else {}
            ),
            **_spoken(practitioner),
        }
    )


def _aliases(facility: Facility) -> Resource:
    name = text_of(facility.names)
    others = sorted({text for text in facility.names.values() if text != name})
    return {"alias": others} if others else {}


def _spoken(practitioner: Practitioner) -> Resource:
    spoken = [
        {"coding": [{"system": _LANGUAGES, "code": language}]}
        for language in practitioner.languages
    ]
    return {"communication": spoken} if spoken else {}
