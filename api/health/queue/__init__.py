"""The queue of a session: who is there, who is called next, and when the others may expect to be."""
