"""Rosters that a school sends as a file: read, checked, applied."""
