"""What was observed: the last value, all values of 30 days, and two years by the hour."""
