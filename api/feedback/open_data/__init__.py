"""What the province publishes of reports: a map, a table for each month, and how agencies did."""
