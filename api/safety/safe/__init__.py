"""Who is safe: told to people one names, and counted in a commune after a warning."""
