"""Which agency a report goes to, and why."""
