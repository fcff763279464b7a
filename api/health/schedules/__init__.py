"""When a service is given: weekly sessions, and the days on which they are not held."""
