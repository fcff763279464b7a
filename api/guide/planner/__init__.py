"""Plans of one to seven days: which places, in which order, at what time, and why."""
