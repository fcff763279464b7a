"""Until when an agency has to act, and who is told when it does not."""
