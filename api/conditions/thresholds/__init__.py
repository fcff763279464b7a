"""Rules on what is observed: when they are met, an officer gets a draft, or a warning is issued."""
