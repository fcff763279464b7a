"""Somebody wants to be called by a desk, at a time that both have."""
