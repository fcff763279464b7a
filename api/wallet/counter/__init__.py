"""Paying in and out in cash, at a counter."""
