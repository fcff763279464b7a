"""Roads, trails and places that are closed: for how long, which part, and why."""
