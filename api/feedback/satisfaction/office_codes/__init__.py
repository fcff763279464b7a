"""Codes to be scanned at the desks of offices, and rating an office by one."""
