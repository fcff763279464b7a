"""The door for civic apps and agencies' systems: Open311's GeoReport v2, and updates as FixMyStreet has them."""
