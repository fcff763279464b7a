"""What the assistant did not understand, counted for the editors, and nobody's words among it."""
