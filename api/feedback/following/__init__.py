"""Who reported or joined, and how they hear of every step."""
