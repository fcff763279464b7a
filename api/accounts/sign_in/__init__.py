"""Who is there: one-time codes, sessions, access tokens and their keys."""
