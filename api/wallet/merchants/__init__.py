"""Paying a merchant, giving back, and the day of a merchant."""
