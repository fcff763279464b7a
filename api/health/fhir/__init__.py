"""The FHIR R4 door: what a hospital's own system reads, books and is told of."""
