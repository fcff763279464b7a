"""Accounts, transfers and entries: every movement twice, every invariant in one transaction."""
