"""A guide in the pocket: tours, days planned, and one search over all of it."""
