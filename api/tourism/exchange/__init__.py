"""Places to and from other systems: schema.org JSON-LD, and GeoJSON (RFC 7946)."""
