"""Warnings as officers make them: drafted, previewed, approved by a second person, issued and ended."""
