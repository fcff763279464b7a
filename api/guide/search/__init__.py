"""One search over all that can be found, whichever slice holds it."""
