"""Subscriptions of facilities' systems: changes of their appointments, told in order, at least once."""
