"""Events and festivals: when they are held, by the sun or by the moon, and what became of that this year."""
