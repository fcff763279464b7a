"""What people may demand: consents, all that is kept of them, and to be forgotten."""
