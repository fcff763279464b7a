"""Warnings: CAP 1.2 messages in, the right phones and the right language out."""
