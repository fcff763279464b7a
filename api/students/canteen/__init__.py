"""Meals paid with the card, within what a guardian allows a day."""
