"""Who came when, who left, who is missing and why."""
