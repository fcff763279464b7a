"""Backups of the embedded store and what lies beside it in the data folder."""
