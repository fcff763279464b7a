"""Whom we speak to and who is asking: sign-in, people, their devices, staff and privacy."""
