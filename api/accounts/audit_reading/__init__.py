"""The audit log, as administrators and auditors read it."""
