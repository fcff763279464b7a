"""What the desk of a facility does with its day: walk-ins, delays, lists, and the end of a session."""
