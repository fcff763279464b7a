"""Items of one matter, grouped as they come, and what clerks do with the groups."""
