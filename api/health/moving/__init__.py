"""When a facility has to cancel: those who had a place are told, and offered the nearest equal ones."""
