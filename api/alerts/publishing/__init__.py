"""Warnings for other systems: an Atom feed, CAP 1.2 messages and GeoJSON, open to all."""
