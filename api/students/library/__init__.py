"""Books lent on the card."""
