"""Who waits for a place, and to whom one that becomes free is offered."""
