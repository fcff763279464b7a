"""The systems of facilities: registered with their keys, and let in as SMART Backend Services has it."""
