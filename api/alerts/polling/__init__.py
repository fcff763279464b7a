"""Feeds of agencies that we read ourselves, because nobody posts to us."""
