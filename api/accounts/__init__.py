"""Whom we speak to: the devices people register. Sign-in and profiles come here too."""
